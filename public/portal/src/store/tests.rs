use super::*;

#[tokio::test]
async fn tickets_are_stored_as_hashes_and_forgotten() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("p.db");
    let store = Store::open(&format!("sqlite://{}", file.display()))
        .await
        .expect("a store");
    let ticket = Ticket::from([0x11; 16]);
    store.keep_ticket(&ticket, 10, 1000).await.expect("kept");
    assert_eq!(
        store.redeem(&ticket, "r", 1, 999).await.expect("asked"),
        Redeemed::Now(1000)
    );
    assert_eq!(
        store.redeem(&ticket, "r", 1, 999).await.expect("asked"),
        Redeemed::Before
    );
    assert_eq!(
        store.redeem(&ticket, "r", 1, 1000).await.expect("asked"),
        Redeemed::Unknown
    );
    let other = Ticket::random();
    store.keep_ticket(&other, 2000, 3000).await.expect("kept");
    assert_eq!(
        store.redeem(&ticket, "r", 1, 10).await.expect("asked"),
        Redeemed::Unknown
    );
    store.close().await;
    for name in ["p.db", "p.db-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap_or_default();
        let raw = [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77];
        assert!(
            !bytes.windows(8).any(|w| w == raw),
            "{name} holds the ticket"
        );
    }
}

#[tokio::test]
async fn an_answer_is_kept_once_and_tied_to_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/p.db", folder.path().display());
    let store = Store::open(&url).await.expect("a store");
    assert!(store.keep_answer(&[1; 32], "[1]").await.expect("kept"));
    assert!(!store.keep_answer(&[1; 32], "[2]").await.expect("kept"));
    assert!(store.keep_answer(&[2; 32], "[3]").await.expect("kept"));
    let mut answers = store.answers().await.expect("answers");
    answers.sort();
    assert_eq!(answers, ["[1]", "[3]"]);
}

#[tokio::test]
async fn every_field_of_what_the_portal_stores_counts() {
    let half = |purpose: &str, bytes: &[u8]| crypto::hash::hash(purpose, &[bytes]).0[..32].to_vec();
    let bytes: [u8; 16] = core::array::from_fn(|i| 17 * u8::try_from(i).expect("small"));
    let ticket = Ticket::from(bytes);
    assert_eq!(ticket.stored(), half("portal-ticket", &bytes));
    for i in 0..bytes.len() {
        let mut other = bytes;
        other[i] ^= 1;
        let other = Ticket::from(other);
        assert_ne!(other.stored(), ticket.stored(), "byte {i}");
    }

    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/p.db", folder.path().display());
    let store = Store::open(&url).await.expect("a store");
    let serials: Vec<[u8; 32]> = (0..32)
        .map(|i| std::array::from_fn(|at| u8::from(at == i)))
        .collect();
    for serial in &serials {
        assert!(store.keep_answer(serial, "[]").await.expect("kept"));
    }
    let rows = sqlx::query("SELECT serial FROM survey_used")
        .fetch_all(&store.pool)
        .await
        .expect("rows");
    let stored: std::collections::BTreeSet<Vec<u8>> = rows
        .iter()
        .map(|row| row.try_get(0).expect("bytes"))
        .collect();
    let wanted = serials.iter().map(|s| half("portal-survey", s)).collect();
    assert_eq!(stored, wanted);
    assert_eq!(stored.len(), 32);
}
