use refusal::Refusal as _;
use serde_json::json;

use super::Refusal;

#[test]
fn the_members_on_the_wire() {
    let table = [
        (Refusal::Malformed, json!({"reason": "malformed"})),
        (
            Refusal::NotOpen { next_opening_ms: 1 },
            json!({"reason": "not_open", "next_opening_ms": 1}),
        ),
        (
            Refusal::Closed { closed_ms: 2 },
            json!({"reason": "closed", "closed_ms": 2}),
        ),
        (
            Refusal::ChannelClosed {
                next_opening_ms: None,
                home_open: true,
            },
            json!({"reason": "channel_closed", "home_open": true}),
        ),
        (
            Refusal::CertificateExpired { not_after_ms: 3 },
            json!({"reason": "certificate_expired", "not_after_ms": 3}),
        ),
        (
            Refusal::AgainTooOften { retry_ms: 4 },
            json!({"reason": "again_too_often", "retry_ms": 4}),
        ),
    ];
    for (refusal, expected) in table {
        assert_eq!(serde_json::to_value(refusal).unwrap(), expected);
        let mut more = expected;
        more["member_of_a_later_version"] = json!([]);
        assert_eq!(serde_json::from_value::<Refusal>(more).unwrap(), refusal);
    }
}

#[test]
fn a_time_that_is_missing_makes_it_no_refusal() {
    for reason in [
        "not_open",
        "closed",
        "certificate_expired",
        "again_too_often",
        "x",
    ] {
        let bare = json!({ "reason": reason });
        assert!(serde_json::from_value::<Refusal>(bare).is_err(), "{reason}");
    }
}

/// Which of the three failed is for the operator's eyes, never for the voter's.
#[test]
fn what_cannot_be_checked_now_is_one_code() {
    let codes = [
        Refusal::TicketUnchecked,
        Refusal::RevocationUnknown,
        Refusal::DayOver,
        Refusal::AgainPending,
    ]
    .map(|refusal| (refusal.status(), refusal.code().as_str()));
    assert_eq!(codes, [(503, "E-10"); 4]);
}

/// Nothing is lost, and the next step is the same: the card once more.
#[test]
fn what_a_new_card_step_repairs_is_one_code() {
    for refusal in [
        Refusal::NonceGone,
        Refusal::SessionReplaced,
        Refusal::WindowOver,
    ] {
        assert_eq!((refusal.status(), refusal.code().as_str()), (403, "E-26c"));
    }
}
