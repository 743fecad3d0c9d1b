//! The specified rules hold; the documented limits are seen; every broken rule is found.

use super::properties::{
    BOTH, CLEAN, GONE, HISTORY, LAST, ONE, OUTLIVED, OWN_CARD, OWN_CHOICE, OWN_RIGHT, PRESENT,
    REVOTE, UNLINKED,
};
use super::*;
use crate::explore::{Found, all, until};

/// Everything that must be reachable.
const WANTED: [&str; 2] = [BOTH, REVOTE];

fn scenario() -> Scenario {
    Scenario {
        corrupt_voter: true,
        corrupt_registrars: false,
        rogue_registrar: false,
        lying_nodes: false,
        theft: Theft::Nothing,
        rounds: 2,
        nonces: 3,
        ballots: 2,
        turns: false,
    }
}

fn search(scenario: Scenario, rules: Rules) -> Found {
    let found = all(Credential { scenario, rules });
    println!("{} states, {:#?}", found.states, found.paths);
    found
}

/// Under the specified rules nothing but the wanted states and `limits` may be found.
fn holds_but(scenario: Scenario, limits: &[&str]) -> Found {
    under(Rules::specified(), scenario, limits)
}

/// The same under these rules.
fn under(rules: Rules, scenario: Scenario, limits: &[&str]) -> Found {
    let found = search(scenario, rules);
    let names = found.names();
    assert!(limits.iter().all(|l| names.contains(l)), "{names:?}");
    assert!(
        names
            .iter()
            .all(|n| WANTED.contains(n) || limits.contains(n)),
        "{names:?}"
    );
    found
}

/// With one rule off, `property` breaks.
fn breaks(scenario: Scenario, property: &'static str, off: impl FnOnce(&mut Rules)) {
    let mut rules = Rules::specified();
    off(&mut rules);
    let found = until(Credential { scenario, rules }, property);
    println!("{} states, {:#?}", found.states, found.paths);
    assert!(found.path(property).is_some(), "{:?}", found.names());
}

#[test]
fn network_attacker_with_a_voter_of_his_own_breaks_nothing() {
    let s = Scenario {
        rounds: 3,
        nonces: 4,
        ..scenario()
    };
    let found = holds_but(s, &[]);
    assert!(WANTED.iter().all(|w| found.path(w).is_some()));
    assert!(found.states > 1000, "{}", found.states);
}

#[test]
fn lying_nodes_break_nothing() {
    let s = Scenario {
        lying_nodes: true,
        corrupt_voter: false,
        rounds: 3,
        ..scenario()
    };
    holds_but(s, &[]);
}

#[test]
fn a_38_withheld_ballots_never_replace_a_later_one() {
    let s = Scenario {
        corrupt_voter: false,
        rounds: 3,
        ballots: 3,
        ..scenario()
    };
    let found = holds_but(s, &[]);
    assert!(found.path(REVOTE).is_some());
}

#[test]
fn a_44_stolen_secret_without_any_card_casts_nothing_of_its_own() {
    // It can still be quicker than the voter with a token of the voter's own session.
    let s = Scenario {
        corrupt_voter: false,
        theft: Theft::Secret,
        rounds: 3,
        nonces: 4,
        ballots: 3,
        ..scenario()
    };
    holds_but(s, &[]);
}

#[test]
fn a_44_documented_limit_a_secret_stolen_before_the_first_ballot() {
    let s = Scenario {
        theft: Theft::Secret,
        ..scenario()
    };
    let found = holds_but(s, &[OWN_CARD]);
    let path = found.path(OWN_CARD).unwrap();
    assert!(path.iter().any(|step| step.contains("Steal")), "{path:?}");
    assert!(
        path.iter()
            .any(|s| s.contains("card: Corrupt") && s.contains("key: Honest, seq: 1")),
        "the thief's card asks for the victim's first ballot: {path:?}"
    );
}

#[test]
fn documented_limit_malware_in_the_session_uses_the_voters_right() {
    let s = Scenario {
        theft: Theft::Session,
        corrupt_voter: false,
        ..scenario()
    };
    // Still not more than one ballot a person, and none without the card's signature.
    holds_but(s, &[OWN_RIGHT]);
}

#[test]
fn a_44_stolen_credential_signature_gives_nothing() {
    let s = Scenario {
        theft: Theft::Signature,
        ..scenario()
    };
    holds_but(s, &[]);
}

#[test]
fn a_44_card_and_pin_after_the_close_give_nothing() {
    let s = Scenario {
        theft: Theft::CardAfterClose,
        corrupt_voter: false,
        rounds: 3,
        nonces: 4,
        ballots: 3,
        ..scenario()
    };
    holds_but(s, &[]);
}

#[test]
fn documented_limit_all_registrars_together_stuff_the_box() {
    let s = Scenario {
        corrupt_registrars: true,
        corrupt_voter: false,
        ..scenario()
    };
    // Even they neither vote with the voter's key nor learn its secret.
    holds_but(s, &[ONE, OWN_RIGHT, PRESENT]);
}

#[test]
fn broken_requests_not_bound_to_the_session() {
    breaks(scenario(), OWN_RIGHT, |r| r.session_bound = false);
}

#[test]
fn broken_number_not_in_the_signed_text() {
    let s = Scenario {
        theft: Theft::Secret,
        corrupt_voter: false,
        ..scenario()
    };
    breaks(s, OWN_CARD, |r| r.nonce_signed = false);
}

#[test]
fn broken_number_taken_twice() {
    breaks(scenario(), PRESENT, |r| r.nonce_once = false);
}

#[test]
fn broken_second_first_request_answered() {
    breaks(scenario(), ONE, |r| r.one_first = false);
}

#[test]
fn broken_token_without_the_voting_key() {
    breaks(scenario(), ONE, |r| r.token_for_key = false);
}

#[test]
fn broken_token_without_the_number() {
    let s = Scenario {
        ballots: 3,
        rounds: 1,
        ..scenario()
    };
    // Either tells the place; both off, one token serves two ballots.
    breaks(s, PRESENT, |r| {
        r.token_for_seq = false;
        r.token_for_prev = false;
    });
}

#[test]
fn broken_first_token_taken_for_further_ballots() {
    breaks(scenario(), PRESENT, |r| r.token_kind = false);
}

#[test]
fn broken_secret_without_salt_after_the_close() {
    let s = Scenario {
        theft: Theft::CardAfterClose,
        corrupt_voter: false,
        ..scenario()
    };
    breaks(s, UNLINKED, |r| r.salted = false);
}

#[test]
fn broken_secret_without_salt_and_a_stolen_signature() {
    let s = Scenario {
        theft: Theft::Signature,
        ..scenario()
    };
    breaks(s, OWN_CHOICE, |r| r.salted = false);
}

#[test]
fn broken_answers_after_the_close_need_the_salt_keys_too() {
    let s = Scenario {
        theft: Theft::CardAfterClose,
        corrupt_voter: false,
        ..scenario()
    };
    breaks(s, UNLINKED, |r| {
        r.silent_after_close = false;
        r.salt_destroyed = false;
    });
    let one_wall_left = |off: fn(&mut Rules)| {
        let mut rules = Rules::specified();
        off(&mut rules);
        let found = search(s, rules);
        assert!(found.path(UNLINKED).is_none(), "{:?}", found.names());
    };
    one_wall_left(|r| r.silent_after_close = false);
    one_wall_left(|r| r.salt_destroyed = false);
}

#[test]
fn broken_board_without_numbers_lets_a_withheld_ballot_win() {
    let s = Scenario {
        corrupt_voter: false,
        ..scenario()
    };
    breaks(s, LAST, |r| {
        r.seq_checked = false;
        r.prev_checked = false;
    });
}

#[test]
fn broken_board_without_prev_hides_another_history() {
    let s = Scenario {
        lying_nodes: true,
        corrupt_voter: false,
        rounds: 3,
        ..scenario()
    };
    breaks(s, HISTORY, |r| r.prev_checked = false);
}

/// Malware in one session, and everything it can take away: the voter alone, three ballots.
fn infected(theft: Theft) -> Scenario {
    Scenario {
        corrupt_voter: false,
        theft,
        rounds: 2,
        nonces: 4,
        ballots: 3,
        ..scenario()
    }
}

#[test]
fn a_52_malware_of_the_first_visit_replaces_nothing_later() {
    // It still can hand in a voting key of its own: the owner then has none (documented limit).
    holds_but(infected(Theft::FirstVisit), &[OWN_RIGHT]);
}

#[test]
fn a_52_broken_token_without_predecessor_outlives_a_clean_vote() {
    let rules = Rules {
        token_for_prev: false,
        ..Rules::specified()
    };
    let found = under(rules, later_visit(), &[CLEAN, GONE]);
    let path = found.path(CLEAN).unwrap();
    assert!(path.iter().any(|step| step == "Leave"), "{path:?}");
}

fn later_visit() -> Scenario {
    Scenario {
        rounds: 3,
        ..infected(Theft::LaterVisit)
    }
}

#[test]
fn a_52_malware_of_a_later_visit_has_that_one_ballot() {
    holds_but(later_visit(), &[GONE]);
}

#[test]
fn a_52_broken_pause_lets_the_first_visit_keep_tokens() {
    let s = infected(Theft::FirstVisit);
    breaks(s, CLEAN, |r| r.pause = false);
    breaks(s, GONE, |r| r.pause = false);
}

#[test]
fn broken_pause_gives_two_ballots_for_one_card_signature() {
    breaks(scenario(), PRESENT, |r| r.pause = false);
}

#[test]
fn a_44_a_stolen_secret_with_another_card_replaces_nothing() {
    let s = Scenario {
        theft: Theft::LaterSecret,
        ..scenario()
    };
    holds_but(s, &[]);
    breaks(s, OWN_CARD, |r| r.own_card = false);
}

/// One sitting with malware, then the end of its window.
fn turning() -> Scenario {
    Scenario {
        turns: true,
        ..later_visit()
    }
}

#[test]
fn a_73_what_malware_kept_dies_with_its_window() {
    holds_but(turning(), &[GONE]);
}

#[test]
fn a_73_broken_window_lets_hoarded_tokens_live() {
    breaks(turning(), OUTLIVED, |r| r.window = false);
}

/// With w of the person the attacker needs the card no more, only tokens, which any card gets.
#[test]
fn a_74_broken_nonce_that_a_restored_database_brings_back() {
    breaks(later_visit(), CLEAN, |r| r.nonce_in_memory = false);
}

/// Malware of a first sitting in which the card stays, and a registrar that works with it.
fn colluding() -> Scenario {
    Scenario {
        rogue_registrar: true,
        ..infected(Theft::LongVisit)
    }
}

/// The one *again* of a sitting in which the card stayed is all it has, as without the registrar.
#[test]
fn a_72_a_registrars_key_cannot_depend_on_the_others() {
    let limits = [OWN_RIGHT, GONE];
    holds_but(colluding(), &limits);
    let alone = Scenario {
        rogue_registrar: false,
        ..colluding()
    };
    holds_but(alone, &limits);
}

#[test]
fn a_72_broken_key_proof_opens_further_ballots() {
    let mut rules = Rules::specified();
    rules.key_proven = false;
    let found = until(
        Credential {
            scenario: colluding(),
            rules,
        },
        CLEAN,
    );
    let path = found.path(CLEAN).expect("a clean vote is replaced");
    assert!(path.iter().any(|step| step == "Depend"), "{path:?}");
}
