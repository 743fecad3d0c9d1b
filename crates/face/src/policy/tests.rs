//! Numbers that make no sense must not start a booth.

use super::{Policy, PolicyError};
use crate::engine::{EngineInfo, ModelOrigin};
use crate::gate::Gates;

#[test]
fn the_default_is_sound() {
    assert_eq!(Policy::default().check(), Ok(()));
}

#[test]
fn each_rule_is_checked() {
    let plain = Policy::default();
    let gates = |g: Gates| Policy { gates: g, ..plain };
    let cases = [
        (
            Policy {
                accept_at_most: 0.6,
                ..plain
            },
            PolicyError::Thresholds,
        ),
        (
            Policy {
                accept_at_most: f32::NAN,
                ..plain
            },
            PolicyError::Thresholds,
        ),
        (
            Policy {
                reject_above: 1.01,
                ..plain
            },
            PolicyError::Thresholds,
        ),
        (
            Policy {
                reject_above: f32::INFINITY,
                ..plain
            },
            PolicyError::Thresholds,
        ),
        (
            Policy {
                same_picture_below: -0.1,
                ..plain
            },
            PolicyError::Thresholds,
        ),
        (
            Policy {
                same_picture_below: 0.45,
                ..plain
            },
            PolicyError::Thresholds,
        ),
        (
            Policy {
                attempts: 0,
                ..plain
            },
            PolicyError::Attempts,
        ),
        (
            Policy {
                attempts: 11,
                ..plain
            },
            PolicyError::Attempts,
        ),
        (
            Policy {
                max_pictures: 0,
                ..plain
            },
            PolicyError::Pictures,
        ),
        (
            Policy {
                max_pictures_per_attempt: 31,
                ..plain
            },
            PolicyError::Pictures,
        ),
        (
            gates(Gates {
                min_brightness: 230,
                ..plain.gates
            }),
            PolicyError::Gates,
        ),
        (
            gates(Gates {
                min_score: f64::NAN,
                ..plain.gates
            }),
            PolicyError::Gates,
        ),
        (
            gates(Gates {
                second_face_percent: 0,
                ..plain.gates
            }),
            PolicyError::Gates,
        ),
    ];
    for (policy, wanted) in cases {
        assert_eq!(policy.check(), Err(wanted), "{policy:?}");
    }
}

#[test]
fn the_reference_model_needs_a_written_word() {
    let engine = |origin| EngineInfo {
        name: String::new(),
        origin,
        landmarks_sha256: [0; 32],
        recognition_sha256: [0; 32],
    };
    let (strict, lax) = (
        Policy::default(),
        Policy {
            accept_unvalidated_face_model: true,
            ..Policy::default()
        },
    );
    let reference = engine(ModelOrigin::Reference);
    assert_eq!(
        strict.check_engine(&reference),
        Err(PolicyError::UnvalidatedModel)
    );
    assert_eq!(lax.check_engine(&reference), Ok(()));
    assert_eq!(strict.check_engine(&engine(ModelOrigin::Operator)), Ok(()));
    assert_eq!(strict.check_engine(&engine(ModelOrigin::None)), Ok(()));
}

#[test]
fn configuration_refuses_unknown_keys() {
    let read = |text: &str| toml::from_str::<Policy>(text);
    assert_eq!(read("").unwrap(), Policy::default());
    let some =
        read("attempts = 2\nliveness = 'not-checked'\n[gates]\nmin_brightness = 60").unwrap();
    assert_eq!((some.attempts, some.gates.min_brightness), (2, 60));
    for wrong in [
        "atempts = 2",
        "liveness = 'yes'",
        "[gates]\nbrightness = 1",
        "attempts = 300",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
