//! The same on PostgreSQL.

use crate::concurrency::{race, race_again};
use crate::fixture::VISIT;
use registrar::store::{Claim, EvidenceRow, Store};
use testkit::postgres::Postgres;

#[tokio::test(flavor = "multi_thread")]
async fn real_a_47_postgres_two_replicas_give_one_credential() {
    let postgres = Postgres::start();
    race(postgres.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_52_postgres_two_replicas_grant_one_further_ballot_a_quarter_hour() {
    let postgres = Postgres::start();
    race_again(postgres.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_postgres_rows_are_rewritten_in_key_order() {
    let postgres = Postgres::start();
    let store = Store::open(&postgres.url()).await.unwrap();
    let ids: Vec<u8> = (0..100u8)
        .map(|n| n.wrapping_mul(97).wrapping_add(13))
        .collect();
    for id in &ids {
        let row = EvidenceRow {
            id: [*id; 32],
            kind: "first",
            channel: "home",
            day: 1,
            sealed: vec![*id; 50],
        };
        let claim = store
            .claim_first(&[*id; 32], &[*id; 32], &row, VISIT)
            .await
            .unwrap();
        assert_eq!(claim, Claim::New);
    }
    let before = store.evidence().await.unwrap();
    for _ in 0..3 {
        store.rewrite().await.unwrap();
    }
    assert_eq!(store.evidence().await.unwrap(), before);
    // Where the rows lie in the file is their key order, and one transaction wrote them all.
    let places = store.places().await.unwrap();
    assert_eq!(places.len(), 100);
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(places, sorted, "the file still shows the order of arrival");
    assert_eq!(store.writers().await.unwrap(), 1);
    let last = EvidenceRow {
        id: [[254; 16], [1; 16]].concat().try_into().unwrap(),
        kind: "first",
        channel: "home",
        day: 1,
        sealed: vec![],
    };
    assert_eq!(
        store
            .claim_first(
                &[[254; 16], [1; 16]].concat().try_into().unwrap(),
                &[1; 32],
                &last,
                VISIT
            )
            .await
            .unwrap(),
        Claim::New
    );
}
