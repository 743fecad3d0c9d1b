//! Numbers that make no sense must not start a booth.

use super::{Policy, PolicyError};
use crate::engine::{EngineInfo, ModelOrigin};

#[test]
fn the_default_is_sound() {
    assert_eq!(Policy::default().check(), Ok(()));
}

/// What a test does to a sound policy.
type Change = fn(&mut Policy);

#[test]
fn each_rule_is_checked() {
    use PolicyError::{Attempts, Gates, Pictures, Thresholds};
    let cases: [(PolicyError, Change); 13] = [
        (Thresholds, |p| p.accept_at_most = 0.6),
        (Thresholds, |p| p.accept_at_most = f32::NAN),
        (Thresholds, |p| p.reject_above = 1.01),
        (Thresholds, |p| p.reject_above = f32::INFINITY),
        (Thresholds, |p| p.same_picture_below = -0.1),
        (Thresholds, |p| p.same_picture_below = 0.45),
        (Attempts, |p| p.attempts = 0),
        (Attempts, |p| p.attempts = 11),
        (Pictures, |p| p.max_pictures = 0),
        (Pictures, |p| p.max_pictures_per_attempt = 31),
        (Gates, |p| p.gates.min_brightness = 230),
        (Gates, |p| p.gates.min_score = f64::NAN),
        (Gates, |p| p.gates.second_face_percent = 0),
    ];
    for (wanted, change) in cases {
        let mut policy = Policy::default();
        change(&mut policy);
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
    let some = read("attempts = 2\n[gates]\nmin_brightness = 60").unwrap();
    assert_eq!((some.attempts, some.gates.min_brightness), (2, 60));
    for wrong in [
        "atempts = 2",
        // Nothing judges it, so nobody can ask for it.
        "liveness = 'not-checked'",
        "[gates]\nbrightness = 1",
        "attempts = 300",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
