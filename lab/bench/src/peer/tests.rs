//! The job is done, whatever it costs.

use super::*;

#[test]
fn every_peer_of_ours_does_the_whole_job() {
    // Each asserts inside that its ballots verify and that the votes come out.
    let mut peers = vec![ours(5)];
    peers.extend(classic(5));
    assert!(
        peers
            .iter()
            .all(|p| p.encrypt > 0.0 && p.verify > 0.0 && p.tally > 0.0)
    );
    let [irefuda, classic, _] = &peers[..] else {
        panic!("three");
    };
    assert_eq!(classic.bytes, 12 * 64 + 12 * 128 + 64);
    assert!(irefuda.bytes < classic.bytes, "tokens included");
    assert_eq!(table(&peers).len(), 4);
}
