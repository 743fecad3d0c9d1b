use super::*;
use crypto::schnorr::SigningKey;
use testkit::election::{Lab, Options};

/// A list is made anew when the board has grown and ten seconds are over, and not before: a block
/// every second costs no list every second.
#[tokio::test]
async fn a_list_is_made_at_most_every_ten_seconds() {
    let mut lab = Lab::open(Options::small());
    let election = lab.election;
    let key = SigningKey::generate(&mut rand::rng());
    let network = lab.parties.network.id();
    let speaker = Arc::new(Speaker::new(key, network));
    let lists = Lists::default();
    let name = (election, 0);
    let start = 1_000_000;
    let empty = lists.of(&lab.state, name, &speaker, start).await.unwrap();
    let same = lists.of(&lab.state, name, &speaker, start + 60_000).await;
    assert_eq!(same, Some(empty.clone()), "the board has not grown");
    lab.cast(0, 1);
    for now in [start, start + 9_999] {
        let young = lists.of(&lab.state, name, &speaker, now).await;
        assert_eq!(young, Some(empty.clone()), "{now}");
    }
    let full = lists
        .of(&lab.state, name, &speaker, start + 10_000)
        .await
        .unwrap();
    assert_ne!(full, empty);
    let rows = |bytes: &[u8]| {
        api::node::Listing::from_bytes(bytes)
            .unwrap()
            .body
            .rows
            .len()
    };
    assert_eq!((rows(&empty), rows(&full)), (0, 1));
    // The clock is set back: a list of the future is not young.
    lab.cast(1, 1);
    let back = lists
        .of(&lab.state, name, &speaker, start - 5_000)
        .await
        .unwrap();
    assert_eq!(rows(&back), 2);
    let none = lists.of(&lab.state, (election, 1), &speaker, start).await;
    assert_eq!(none, None, "no bucket of this number");
}
