//! Relays that take a question and give no answer in any time a voter has: the next relay is asked
//! while somebody still waits, and "too slow" is not "nobody there".

use crate::cluster::Cluster;
use crate::relay::{RelayProcess, vote, with};
use api::node::BucketRow;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use ballot::manifest::Relay;
use ballot::text::Text;
use client::{NodeError, Outcome, Quorum, Spread};
use crypto::{Hash, Point};
use host::serve::Server;
use host::tls::Identity;
use oblivious::{ANSWER_TYPE, MAX_SEALED_QUESTION};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How a relay wastes time.
#[derive(Clone, Copy, Debug)]
enum Slow {
    /// Takes the question and says nothing.
    Hangs,
    /// Begins a good answer and gives a byte a second.
    Trickles,
}

async fn waste(slow: Slow) -> Response {
    match slow {
        Slow::Hangs => std::future::pending().await,
        Slow::Trickles => {
            let byte = futures::stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                Some((Ok::<_, std::io::Error>(Bytes::from_static(&[0])), ()))
            });
            let kind = [(header::CONTENT_TYPE, ANSWER_TYPE)];
            (kind, Body::from_stream(byte)).into_response()
        }
    }
}

async fn relay(slow: Slow) -> (Relay, Arc<AtomicUsize>) {
    let asked = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&asked);
    let identity = Identity::generate().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let server = server.body_limit(MAX_SEALED_QUESTION);
    let listed = Relay {
        name: Text::new("のろい", "Slow", "のろい"),
        origin: format!("https://{}", server.local_addr().unwrap()),
        spki: identity.pin().0,
    };
    let take = move |_: Bytes| {
        count.fetch_add(1, Ordering::SeqCst);
        waste(slow)
    };
    let routes = Router::new().route("/v1/nodes/{spki}", post(take));
    tokio::spawn(server.run(routes, std::future::pending()));
    (listed, asked)
}

/// Lists of voting keys that nodes were asked for.
fn lists(cluster: &Cluster) -> usize {
    let notes = cluster.nodes.iter().map(|node| {
        let notes = node.folder().join("clock-notes");
        std::fs::read_to_string(notes).unwrap_or_default()
    });
    notes.map(|text| text.matches("/v1/buckets/").count()).sum()
}

/// The row of a key: a list may be ten seconds old.
async fn newest(quorum: &Quorum, vk: &Point, election: &Hash) -> BucketRow {
    for _ in 0..100 {
        let row = quorum.row(vk, election, 0, Duration::from_secs(20)).await;
        if let Ok(Some(row)) = row {
            return row;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    unreachable!("no row");
}

/// The slow relay gets its share of the time and no more; alone, it brings nothing, and nobody
/// says that there is none.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_81_a_relay_that_gives_no_answer_does_not_keep_the_next_from_being_asked() {
    let mut cluster = Cluster::new(4, "note_requests = \"OWN-CLOCK-notes\"");
    cluster.start().await;
    let mut good = RelayProcess::start(&cluster);
    good.wait().await;
    let (election, committee) = vote(&cluster).await;
    for (n, slow) in (1u64..).zip([Slow::Hangs, Slow::Trickles]) {
        let (listed, asked) = relay(slow).await;
        let both = with(&election, vec![listed.clone(), good.listed.clone()]);
        // Whichever is asked first: as long as a voter looks at one page.
        while asked.load(Ordering::SeqCst) == 0 {
            let quorum = Quorum::of(&both, Duration::from_secs(10)).unwrap();
            let statuses = quorum.statuses(Duration::from_secs(6)).await;
            assert_eq!(statuses.len(), 4, "{slow:?}");
        }
        // A ballot of a new voter each time, until the slow one was asked for one.
        asked.store(0, Ordering::SeqCst);
        let mut voter = 100 * n;
        while asked.load(Ordering::SeqCst) == 0 {
            let quorum = Quorum::of(&both, Duration::from_secs(10)).unwrap();
            voter += 1;
            let ballot = election.ballot(voter, 2, 1, Hash::ZERO);
            let posted = quorum.post(&ballot, Spread::Ballot, Duration::from_secs(40));
            let Outcome::Final(receipt) = posted.await else {
                unreachable!("{slow:?}: not final");
            };
            receipt.verify_entry(&committee, &ballot).unwrap();
        }
        let vk = election.voter(voter).public();
        cluster.level().await;
        if n == 1 {
            // The first lists of this board: f + 1 nodes are asked for megabytes, and not all.
            let only = with(&election, vec![good.listed.clone()]);
            let quorum = Quorum::of(&only, Duration::from_secs(10)).unwrap();
            let row = quorum
                .row(&vk, &election.hash, 0, Duration::from_secs(60))
                .await;
            assert_eq!(row.unwrap().unwrap().seq, 1);
            assert_eq!(lists(&cluster), quorum.enough());
        }
        let quorum = Quorum::of(&both, Duration::from_secs(10)).unwrap();
        let row = newest(&quorum, &vk, &election.hash).await;
        assert_eq!(row.seq, 1);

        let alone = with(&election, vec![listed]);
        let short = Duration::from_secs(2);
        let quorum = Quorum::of(&alone, short).unwrap();
        assert!(quorum.statuses(short).await.is_empty());
        let last = quorum.last(&vk, &election.hash, short).await;
        assert!(matches!(last, Err(NodeError::Late)), "{slow:?}: {last:?}");
        let row = quorum.row(&vk, &election.hash, 0, short).await;
        assert!(matches!(row, Err(NodeError::Late)), "{slow:?}: {row:?}");
        let ballot = election.ballot(50 + n, 2, 1, Hash::ZERO);
        let outcome = quorum.post(&ballot, Spread::NearClose, short).await;
        let told = matches!(outcome, Outcome::NoRelay { unsent: false });
        assert!(told, "{slow:?}: {outcome:?}");
    }
    good.stop();
    let short = Duration::from_secs(5);
    let gone = with(&election, vec![good.listed.clone()]);
    let gone = Quorum::of(&gone, short).unwrap();
    let vk = election.voter(1).public();
    let row = gone.row(&vk, &election.hash, 0, short).await;
    assert!(matches!(row, Err(NodeError::NoRelay)), "{row:?}");
}
