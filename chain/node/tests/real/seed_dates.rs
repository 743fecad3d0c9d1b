//! The seed's own dates at a real gateway: a ballot sent at every edge of every channel.

use crate::chain::{DEMO_CLOCK, HOUR, committee_of, final_receipt, node_key};
use crate::cluster::{Cluster, Node};
use crate::election::{Election, Times};
use api::node::Refusal;
use board::Committee;
use crypto::Hash;
use crypto::wire::TopLevel as _;
use host::clock::DemoClock;
use testkit::boundaries::{Moment, hours, moments};

/// What a gateway says to a ballot: `in` or the rule, under its signature.
async fn asked(cluster: &Cluster, ballot: &[u8]) -> String {
    let (status, body) = cluster.nodes[0].post(ballot).await.unwrap();
    if status == 202 {
        return "in".to_owned();
    }
    let refusal = Refusal::from_bytes(&body).unwrap();
    refusal.answer.verify(&node_key(cluster, 0)).unwrap();
    assert!(matches!(status, 409 | 422), "{status}");
    refusal.answer.body.rule.unwrap().to_string()
}

async fn seed_election(cluster: &Cluster) -> (Election, Committee) {
    let windows: Vec<_> = hours().into_iter().flat_map(|h| h.windows).collect();
    let times = Times {
        opens: windows.iter().map(|w| w.opens).min().unwrap(),
        close: windows.iter().map(|w| w.closes).max().unwrap(),
        drain: 60_000,
    };
    let (rules, committee) = committee_of(cluster);
    let node: &Node = &cluster.nodes[0];
    let election = Election::open_with(&rules, node, 7, times, hours()).await;
    (election, committee)
}

/// A running clock does not stay at one millisecond: the rows a millisecond before an edge are for
/// the rules alone (`rules::boundaries`), those a second before it and at it are sent here.
fn rows() -> Vec<Moment> {
    let mut rows = moments();
    rows.retain(|moment| moment.at_ms.is_multiple_of(1000));
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn real_ballots_at_every_boundary_of_the_seed() {
    let rows = rows();
    let mut cluster = Cluster::new(1, DEMO_CLOCK);
    let clock = cluster.clock_file();
    DemoClock::step_to(&clock, rows[0].at_ms - HOUR).unwrap();
    cluster.start().await;
    let (election, committee) = seed_election(&cluster).await;
    let ballots: Vec<_> = (0u64..)
        .zip(&rows)
        .map(|(n, _)| election.ballot(n, 1, 1, Hash::ZERO))
        .collect();
    let (mut taken, mut sharp) = (0, 0);
    for same in (0..rows.len())
        .collect::<Vec<_>>()
        .chunk_by(|a, b| rows[*a].at_ms == rows[*b].at_ms)
    {
        DemoClock::step_to(&clock, rows[same[0]].at_ms).unwrap();
        let next = rows.get(same[same.len() - 1] + 1);
        let edge = next.map_or(u64::MAX, |next| next.at_ms);
        let mut inside = Vec::new();
        for n in same {
            let (row, ballot) = (&rows[*n], &ballots[*n]);
            let said = asked(&cluster, ballot).await;
            let now = cluster.nodes[0].status().await.unwrap().now_ms;
            // On a machine that stood still for a second the clock may have passed the next edge.
            if now < edge {
                assert_eq!(said, row.says.board, "{}", row.name);
                sharp += 1;
            }
            if said == "in" {
                inside.push(ballot);
            }
        }
        // Before the clock is stepped: a leap of hours over the close with nothing final in between
        // is a halt (chapter 05 §5).
        for ballot in &inside {
            final_receipt(&cluster.nodes[0], &committee, ballot).await;
        }
        taken += inside.len();
    }
    assert!(sharp + 2 >= rows.len(), "{sharp} of {}", rows.len());
    let shown = cluster.nodes[0].status().await.unwrap().elections.remove(0);
    assert_eq!(shown.received, u64::try_from(taken).unwrap());
}
