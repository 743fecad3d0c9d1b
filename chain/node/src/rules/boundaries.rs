//! Casts a real ballot at every row of the table of the seed's own dates: what the gateway says by
//! its clock, and what a block of that instant may hold.

use super::*;
use board::Phase;
use testkit::boundaries::{hours, moments};
use testkit::election::{Lab, MINUTE, Options};

/// An election with the seed's own hours, sealed, half a minute before the first opening.
fn seed() -> Lab {
    let channels = hours();
    let windows = channels.iter().flat_map(|hours| &hours.windows);
    let opens = windows.clone().map(|w| w.opens).min().unwrap();
    let close_at = windows.map(|w| w.closes).max().unwrap();
    let mut lab = Lab::new(Options {
        validators: 1,
        n: 3,
        t: 2,
        opens,
        ..Options::default()
    });
    lab.set_up();
    lab.run_ceremony();
    let mut manifest = lab.draft_manifest();
    manifest.places = testkit::election::places_of(&channels);
    manifest.channels = channels;
    manifest.close_at = close_at;
    manifest.extend_limit = close_at + 60 * MINUTE;
    manifest.announce_at = close_at + 30 * MINUTE;
    testkit::election::fit_windows(&mut manifest);
    lab.seal_as(manifest);
    lab.advance_to(opens - 30_000);
    let open = lab.open_act();
    lab.post_one(&open);
    lab
}

/// What the gateway answers: `in` or the rule, as its handler finds it.
fn asked(lab: &Lab, entry: &[u8], now_ms: u64) -> String {
    if let Err(rule) = lab.state.precheck(entry, now_ms) {
        return rule.to_string();
    }
    let checked = check(&lab.state, entry).expect("a good ballot");
    let time = now_ms.max(lab.now + 1);
    let verdict = lab.state.admit(&checked, time);
    verdict.map_or_else(|rule| rule.to_string(), |()| "in".to_owned())
}

#[test]
fn a_ballot_at_every_boundary_of_the_seed() {
    let mut lab = seed();
    let moments = moments();
    // Channels may share an edge: their ballots come at the same instant.
    for (n, same) in moments.chunk_by(|a, b| a.at_ms == b.at_ms).enumerate() {
        let at_ms = same[0].at_ms;
        lab.advance_to(at_ms - 1);
        let mut ballots = Vec::new();
        for (m, moment) in same.iter().enumerate() {
            let ballot = lab.ballot(10 * n + m, 1).to_bytes();
            let said = asked(&lab, &ballot, at_ms);
            assert_eq!(said, moment.says.board, "{}", moment.name);
            ballots.push(ballot);
        }
        // Blocks take what gateways took before the close for as long as the box drains.
        let fits = same[0].says.board == "in" || at_ms >= lab.close_at();
        if at_ms + board::state::LATE_FROM_MS >= lab.close_at() {
            assert!(lab.try_block(at_ms, &ballots).is_err(), "{}", same[0].name);
            let promised = ballots.into_iter().flat_map(|b| lab.promised(b));
            ballots = promised.collect();
        }
        let took = lab.try_block(at_ms, &ballots).is_ok();
        assert_eq!(took, fits, "{}", same[0].name);
    }
    let close_at = lab.close_at();
    lab.advance_to(close_at + MINUTE);
    assert!(lab.phase() > Phase::Halted);
    let ballot = lab.ballot(1000, 1).to_bytes();
    assert_eq!(asked(&lab, &ballot, close_at + MINUTE), "R5.22");
}
