//! The same on PostgreSQL.

use crate::card_step::{crashed, newest_session, race_challenges, restored};
use crate::concurrency::{race, race_again};
use crate::fixture::VISIT;
use crate::hang_up::hangs_up;
use crate::start::other_card_key;
use crate::two::{journey, kiosk};
use registrar::store::{Claim, Content, EvidenceRow, Store};
use testkit::postgres::Postgres;

#[tokio::test(flavor = "multi_thread")]
async fn real_a_74_postgres_a_new_session_takes_the_place_of_the_old_one() {
    let postgres = Postgres::start();
    newest_session(postgres.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_74_postgres_two_replicas_answer_one_of_all_challenges() {
    let postgres = Postgres::start();
    race_challenges(postgres.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_74_postgres_a_restored_database_gives_no_second_answer() {
    let postgres = Postgres::start();
    restored(postgres.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_74_postgres_a_crash_burns_the_nonce_and_costs_a_card_step() {
    let postgres = Postgres::start();
    crashed(postgres.url()).await;
}

/// The second registrar has a SQLite file: two parties need not choose the same.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_72_postgres_a_further_ballot_needs_the_card_of_the_first_at_two_registrars() {
    let postgres = Postgres::start();
    journey(Some(postgres.url()), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_54_postgres_a_kiosks_ballot_is_not_replaced_from_home() {
    let postgres = Postgres::start();
    kiosk(Some(postgres.url()), None).await;
}

#[tokio::test]
async fn real_postgres_a_client_that_hangs_up_finds_its_token_and_its_answer() {
    let postgres = Postgres::start();
    hangs_up(Some(postgres.url())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_postgres_a_registrar_does_not_start_with_another_card_key() {
    let postgres = Postgres::start();
    other_card_key(postgres.url()).await;
}

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

/// A report has the leaves of all pages of its day, its parts are kept as they were made, and two
/// replicas post the same bytes.
#[tokio::test(flavor = "multi_thread")]
async fn real_postgres_reports_are_made_once_in_parts() {
    let postgres = Postgres::start();
    let stores = [
        Store::open(&postgres.url()).await.unwrap(),
        Store::open(&postgres.url()).await.unwrap(),
    ];
    let key = |n: u16| {
        let mut key = [3; 32];
        key[..2].copy_from_slice(&n.to_be_bytes());
        key
    };
    for n in 0..1_005u16 {
        let row = EvidenceRow {
            id: key(n),
            kind: "first",
            channel: "home",
            day: 1 + u32::from(n == 7),
            sealed: key(n.reverse_bits()).to_vec(),
        };
        let claim = stores[0]
            .claim_first(&key(n), &key(n), &row, VISIT)
            .await
            .unwrap();
        assert_eq!(claim, Claim::New);
    }
    let leaf = |sealed: &[u8]| <[u8; 32]>::try_from(sealed).unwrap();
    let halves = |content: &Content| {
        assert!(content.leaves.is_sorted_by(|a, b| a < b));
        let (a, b) = content.leaves.split_at(600);
        vec![a.concat(), b.concat()]
    };
    let none = |_: &Content| panic!("a report is made once");
    let made = stores[0].make_report(1, &leaf, halves).await.unwrap();
    let lengths: Vec<usize> = made.iter().map(|p| p.entry.len() / 32).collect();
    assert_eq!(lengths, [600, 404]);
    assert_eq!(stores[1].make_report(1, &leaf, none).await.unwrap(), made);
    let late = EvidenceRow {
        id: [9; 32],
        kind: "first",
        channel: "home",
        day: 1,
        sealed: vec![1],
    };
    let claim = stores[1]
        .claim_first(&[9; 32], &[9; 32], &late, VISIT)
        .await;
    assert_eq!(claim.unwrap(), Claim::DayOver);
    stores[1].finish_part(1, 0).await.unwrap();
    let now = stores[0].report(1).await.unwrap();
    assert_eq!((now[0].is_final, now[1].is_final), (true, false));
}
