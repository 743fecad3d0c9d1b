//! The portal's store on PostgreSQL.

use portal::start::Ticket;
use portal::store::{Redeemed, Store};
use testkit::postgres::Postgres;

#[tokio::test(flavor = "multi_thread")]
async fn real_postgres_two_portals_redeem_a_ticket_once() {
    let postgres = Postgres::start();
    let url = postgres.url();
    let (one, two) = (Store::open(&url).await, Store::open(&url).await);
    let stores = [one.expect("a store"), two.expect("a store")];
    let ticket = Ticket::random();
    stores[0].keep_ticket(&ticket, 1, 1000).await.expect("kept");
    let asked: Vec<_> = (0..32)
        .map(|i| {
            let (store, ticket) = (stores[i % 2].clone(), ticket.clone());
            tokio::spawn(async move { store.redeem(&ticket, "registrar-1", 1, 10).await })
        })
        .collect();
    let mut good = 0;
    for answer in asked {
        let answer = answer.await.expect("joined").expect("asked");
        good += usize::from(answer == Redeemed::Now(1000));
    }
    assert_eq!(good, 1);
    assert!(stores[0].keep_answer(&[7; 32], "[1]").await.expect("kept"));
    assert!(!stores[1].keep_answer(&[7; 32], "[2]").await.expect("kept"));
    assert_eq!(stores[1].answers().await.expect("answers"), ["[1]"]);
    for store in &stores {
        store.close().await;
    }
}
