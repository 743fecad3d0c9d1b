//! What lies on disk does not show in which order people came.

use std::fs;

use crate::card_client::Booth;
use crate::cards::PEOPLE;
use crate::fixture::{City, VISIT};
use registrar::store::{EvidenceRow, Store};
use sha2::{Digest as _, Sha256, Sha512};

/// Kendall's tau between two orders of the same things: 1 same, −1 reversed, about 0 unrelated.
fn tau(a: &[usize]) -> f64 {
    let mut sum = 0.0;
    let mut pairs = 0.0;
    for i in 0..a.len() {
        for j in i + 1..a.len() {
            sum += if a[i] < a[j] { 1.0 } else { -1.0 };
            pairs += 1.0;
        }
    }
    sum / pairs
}

#[tokio::test]
async fn tables_are_in_the_order_of_their_keys_which_is_not_that_of_arrival() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let mut arrival: Vec<Vec<u8>> = Vec::new();
    for n in 0..PEOPLE {
        let card = city.cards.person(n);
        booth.first_visit(&card).await;
        let now = city.registrar.store().evidence().await.unwrap();
        let new: Vec<_> = now
            .into_iter()
            .filter(|row| !arrival.contains(row))
            .collect();
        assert_eq!(new.len(), 1);
        arrival.extend(new);
    }
    // A dump without any ORDER BY is in key order, which is that of an HMAC.
    let dump = city.registrar.store().dump().await.unwrap();
    let mut sorted = dump.clone();
    sorted.sort();
    assert_eq!(dump, sorted);

    // And key order is not the order of arrival.
    let keyed = city.registrar.store().evidence().await.unwrap();
    let ranks: Vec<usize> = arrival
        .iter()
        .map(|row| keyed.iter().position(|k| k == row).unwrap())
        .collect();
    assert!(tau(&ranks).abs() < 0.9, "{ranks:?}");
}

/// Where each record's first bytes lie in the database file, by record.
async fn layout(order: &[u8], night: bool) -> Vec<usize> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let store = Store::open(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    let content = |n: u8| Sha512::digest([n]).to_vec();
    for n in order {
        let id: [u8; 32] = Sha256::digest([*n]).into();
        let mut sealed = content(*n);
        sealed.resize(4600, *n);
        let row = EvidenceRow {
            id,
            kind: "first",
            channel: "home",
            day: 1,
            sealed,
        };
        store
            .claim_first(&id, &[*n; 32], &row, VISIT)
            .await
            .unwrap();
    }
    if night {
        store.rewrite().await.unwrap();
    }
    store.close().await;
    assert!(
        !folder.path().join("a.db-wal").exists(),
        "the write-ahead log stays behind"
    );
    let bytes = fs::read(&file).unwrap();
    let find = |n: u8| {
        let content = content(n);
        let starts = bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == content[0]);
        starts
            .map(|(at, _)| at)
            .find(|at| bytes[*at..].starts_with(&content))
            .unwrap()
    };
    (0..60).map(find).collect()
}

#[tokio::test]
async fn after_the_night_the_file_is_the_same_whoever_came_first() {
    let up: Vec<u8> = (0..60).collect();
    let down: Vec<u8> = up.iter().rev().copied().collect();
    assert_ne!(
        layout(&up, false).await,
        layout(&down, false).await,
        "nothing to hide?"
    );
    assert_eq!(layout(&up, true).await, layout(&down, true).await);
}

#[tokio::test]
async fn the_schema_has_no_time_and_no_sequence() {
    for sql in [
        include_str!("../../migrations/sqlite/0001_registrar.sql"),
        include_str!("../../migrations/postgres/0001_registrar.sql"),
    ] {
        let code: String = sql
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .collect::<Vec<_>>()
            .join("\n")
            .to_lowercase();
        for word in [
            "time",
            "serial",
            "autoincrement",
            "sequence",
            "default now",
            "date",
        ] {
            assert!(!code.contains(word), "{word} in the schema");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!(
        "sqlite://{}",
        folder.path().join("a.db").display()
    ))
    .await;
    store.unwrap();
}
