mod race;

use super::*;
use crate::tests::fixture::Fixture;

fn status(election: &Hash, phase: &str, close_at_ms: Option<u64>, now_ms: u64) -> Status {
    let json = serde_json::json!({
        "validator": "a", "network": "00".repeat(32), "height": 1, "head": "00".repeat(32),
        "block_time_ms": now_ms, "now_ms": now_ms, "entries": 1, "waiting": 0,
        "elections": [{
            "setup": "00".repeat(64), "election": election.to_hex(), "phase": phase,
            "close_at_ms": close_at_ms, "next_boundary_ms": null, "received": 0, "counted": 0,
            "spoiled": 0,
        }],
    });
    serde_json::from_value(json).unwrap()
}

/// "It closed on …" after an extension names the close that was ordered, not the planned one.
#[test]
fn the_close_of_a_closed_box_is_the_effective_one() {
    let f = Fixture::new();
    let nodes = Nodes::new(&f.sealed.manifest, f.hash()).unwrap();
    let planned = f.sealed.manifest.close_at;
    let extended = planned + 3_600_000;
    let after = extended + 86_400_000;
    let close = |phase: &str, close, now| nodes.close_of(&status(&f.hash(), phase, close, now));
    for phase in ["draining", "closed", "committed", "announced", "result"] {
        assert_eq!(close(phase, Some(extended), after), extended, "{phase}");
        assert_eq!(close(phase, None, after), planned, "{phase}");
    }
    assert_eq!(close("open", Some(extended), planned), extended);
    // A halted box takes nothing, whatever its close.
    assert_eq!(close("halted", Some(extended), planned - 1), planned - 1);
}

#[test]
fn a_70_from_two_minutes_before_the_close_every_node_gets_the_ballot() {
    let closes = 1_000_000;
    let at = |now| spread(Some(NodeTime { now, closes }));
    assert_eq!(at(closes - 120_001), Spread::Ballot);
    for now in [closes - 120_000, closes - 1, closes, u64::MAX] {
        assert_eq!(at(now), Spread::NearClose);
    }
    assert_eq!(spread(None), Spread::NearClose);
}
