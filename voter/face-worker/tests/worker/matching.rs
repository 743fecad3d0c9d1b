//! Same person, other person, no person, two persons, no light.

use face::{FaceEngine as _, Outcome, Picture, Policy, PolicyError, Reason, Unavailable};
use image::codecs::jpeg::JpegEncoder;

use crate::support::{assets, card, engine, frame, session, template};

const YES: Outcome = Outcome::Accepted;

#[test]
fn the_same_person_is_accepted_and_another_refused_after_three() {
    let mut engine = engine();
    for (own, other) in [("a", "b"), ("b", "a")] {
        for number in 1..=3 {
            let mut session = session(&mut engine, &format!("{own}-card.jp2"));
            let picture = frame(&format!("{own}-frame-{number}.jpg"));
            assert_eq!(
                session.judge(&mut engine, &[picture]),
                YES,
                "{own} {number}"
            );
        }
        let mut session = session(&mut engine, &format!("{own}-card.jp2"));
        let answers: Vec<Outcome> = (1..=3)
            .map(|number| {
                let picture = frame(&format!("{other}-frame-{number}.jpg"));
                session.judge(&mut engine, &[picture])
            })
            .collect();
        assert_eq!(
            answers,
            [
                Outcome::TryAgain {
                    reason: Reason::NoMatch,
                    attempts_left: 2
                },
                Outcome::TryAgain {
                    reason: Reason::NoMatch,
                    attempts_left: 1
                },
                Outcome::Refused {
                    reason: Reason::AttemptsUsed
                },
            ]
        );
        // The right person cannot reopen it.
        let late = session.judge(&mut engine, &[frame(&format!("{own}-frame-1.jpg"))]);
        assert_eq!(
            late,
            Outcome::Refused {
                reason: Reason::AttemptsUsed
            }
        );
    }
}

#[test]
fn camera_pictures_are_not_the_card_photo() {
    let mut engine = engine();
    let (a, b) = (card("a-card.jp2"), card("b-card.jp2"));
    let (a, b) = (template(&mut engine, &a), template(&mut engine, &b));
    for number in 1..=8 {
        let own = template(&mut engine, &frame(&format!("a-frame-{number}.jpg")));
        let other = template(&mut engine, &frame(&format!("b-frame-{number}.jpg")));
        for (same, different) in [
            (engine.distance(&a, &own), engine.distance(&a, &other)),
            (engine.distance(&b, &other), engine.distance(&b, &own)),
        ] {
            assert!(same > 0.15 && same < 0.45, "same person at {same}");
            assert!(different > 0.6, "other person at {different}");
        }
    }
}

#[test]
fn the_demos_own_cards_are_neither_their_camera_pictures_nor_of_the_stranger() {
    // Persona 32 of the first seed is the one that is planted with another person's face; even
    // numbers, counted from 0, have face a, odd ones b, and three of eight camera pictures.
    let mut engine = engine();
    for number in [0_usize, 1, 31] {
        let photo = std::fs::read(assets(&format!("personas/2-1/{number:05}.jp2"))).unwrap();
        let photo = template(&mut engine, &Picture::card(photo).unwrap());
        let (own, other) = if number % 2 == 0 {
            ("a", "b")
        } else {
            ("b", "a")
        };
        for n in 0..3 {
            let shown = (number / 2 + n) % 8 + 1;
            let camera = template(&mut engine, &frame(&format!("{own}-frame-{shown}.jpg")));
            let same = engine.distance(&photo, &camera);
            assert!(
                same > 0.15 && same < 0.45,
                "{number}: same person at {same}"
            );
            // Whoever holds the wrong card has the first persona's camera pictures of that face.
            let stranger = frame(&format!("{other}-frame-{}.jpg", n + 1));
            let stranger = template(&mut engine, &stranger);
            let different = engine.distance(&photo, &stranger);
            assert!(different > 0.6, "{number}: other person at {different}");
        }
    }
}

#[test]
fn two_real_pictures_of_one_head_lie_between_yes_and_no() {
    // The rendered character in another scene: 0.451 from its portrait.
    let mut engine = engine();
    let portrait = template(&mut engine, &frame("rendered-face.jpg"));
    let scene = template(&mut engine, &frame("rendered-body.jpg"));
    let distance = engine.distance(&portrait, &scene);
    let policy = Policy::default();
    assert!(
        distance > policy.accept_at_most && distance <= policy.reject_above,
        "{distance}"
    );
}

#[test]
fn unusable_pictures_are_told_apart_and_use_no_attempt() {
    let mut engine = engine();
    let mut session = session(&mut engine, "a-card.jp2");
    for (name, reason) in [
        ("none-cat.jpg", Reason::NoFace),
        ("none-cup.jpg", Reason::NoFace),
        ("two.jpg", Reason::SeveralFaces),
        ("a-dark.jpg", Reason::TooDark),
        ("b-dark.jpg", Reason::TooDark),
        ("a-far.jpg", Reason::TooSmall),
        ("b-far.jpg", Reason::TooSmall),
    ] {
        let answer = session.judge(&mut engine, &[frame(name)]);
        assert_eq!(
            answer,
            Outcome::TryAgain {
                reason,
                attempts_left: 3
            },
            "{name}"
        );
    }
    let answer = session.judge(&mut engine, &[frame("a-frame-2.jpg")]);
    assert_eq!(answer, YES);
}

#[test]
fn the_card_photo_itself_is_not_a_camera_picture() {
    let mut engine = engine();
    let photo = card("a-card.jp2").decode().unwrap();
    let mut again = Vec::new();
    JpegEncoder::new_with_quality(&mut again, 80)
        .encode(
            photo.pixels(),
            photo.width(),
            photo.height(),
            image::ExtendedColorType::Rgb8,
        )
        .unwrap();
    let mut session = session(&mut engine, "a-card.jp2");
    let answer = session.judge(&mut engine, &[Picture::frame(again).unwrap()]);
    assert_eq!(
        answer,
        Outcome::TryAgain {
            reason: Reason::SamePicture,
            attempts_left: 2
        }
    );
}

#[test]
fn the_reference_model_is_named_and_needs_a_written_word() {
    let engine = engine();
    assert_eq!(engine.info().name, "dlib 20.0.0");
    assert_eq!(
        engine.info().landmarks_sha256[..4],
        [0xc4, 0xb1, 0xe9, 0x80]
    );
    assert_eq!(
        engine.info().recognition_sha256[..4],
        [0x55, 0x53, 0x3b, 0x28]
    );
    assert_eq!(
        Policy::default().check_engine(engine.info()),
        Err(PolicyError::UnvalidatedModel)
    );
}

#[test]
fn a_killed_worker_says_neither_yes_nor_no() {
    let mut engine = engine();
    let mut session = session(&mut engine, "a-card.jp2");
    crate::support::signal(engine.process_id().unwrap(), "-KILL");
    let gone = Outcome::Unavailable(Unavailable::Died);
    for _ in 0..5 {
        assert_eq!(session.judge(&mut engine, &[frame("a-frame-1.jpg")]), gone);
        assert_eq!(session.judge(&mut engine, &[frame("b-frame-1.jpg")]), gone);
    }
    assert!(!engine.is_running() && engine.process_id().is_none());
    // No attempt was lost, and a new worker goes on where the old one was.
    assert_eq!(session.attempts_left(), 3);
    engine.restart().unwrap();
    assert_eq!(session.judge(&mut engine, &[frame("a-frame-1.jpg")]), YES);
}
