//! Attempts, thresholds and endings, with an engine that says what the test tells it to.

use std::collections::VecDeque;

use super::{MatchSession, StartError};
use crate::engine::{
    Analysis, EngineError, EngineInfo, Face, FaceEngine, ModelOrigin, Unavailable,
};
use crate::picture::{Picture, PictureError};
use crate::policy::Policy;
use crate::quality::Quality;
use crate::template::{TEMPLATE_LEN, Template};
use crate::verdict::{Outcome, Reason};

const YES: Outcome = Outcome::Accepted;

/// One picture's story: a face at this distance, no face, or no engine.
#[derive(Clone, Copy)]
enum Say {
    Face(f32),
    Nobody,
    Broken,
    Gone,
}

/// Tells one story after another and counts how often it was asked.
struct Scripted {
    info: EngineInfo,
    stories: VecDeque<Say>,
    distance: f32,
    asked: usize,
}

impl Scripted {
    fn new(stories: &[Say]) -> Self {
        let info = EngineInfo {
            name: "scripted".to_owned(),
            origin: ModelOrigin::Operator,
            landmarks_sha256: [0; 32],
            recognition_sha256: [0; 32],
        };
        let mut all = VecDeque::from([Say::Face(0.0)]);
        all.extend(stories);
        Self {
            info,
            stories: all,
            distance: 0.0,
            asked: 0,
        }
    }
}

impl FaceEngine for Scripted {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    fn analyse(&mut self, _: &Picture) -> Result<Analysis, EngineError> {
        self.asked += 1;
        let mut seen = Analysis {
            width: 640,
            height: 480,
            brightness: 120,
            faces: Vec::new(),
        };
        match self.stories.pop_front().unwrap_or(Say::Gone) {
            Say::Face(distance) => {
                self.distance = distance;
                seen.faces.push(Face {
                    rect: [200, 150, 380, 330],
                    score: 1.2,
                    points: [[220, 200], [250, 200], [340, 200], [310, 200], [280, 260]],
                    quality: Quality {
                        brightness: 140,
                        contrast: 45,
                        sharpness: 80,
                    },
                });
                Ok(seen)
            }
            Say::Nobody => Ok(seen),
            Say::Broken => Err(EngineError::Picture(PictureError::Corrupt)),
            Say::Gone => Err(EngineError::Unavailable(Unavailable::Died)),
        }
    }

    fn template(&mut self, _: &Picture, _: &Face) -> Result<Template, EngineError> {
        let mut numbers = [0.0; TEMPLATE_LEN];
        numbers[7] = self.distance;
        Ok(Template::new(numbers).unwrap())
    }
}

fn frame() -> Picture {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::new(64, 64);
    image::codecs::jpeg::JpegEncoder::new(&mut bytes)
        .encode_image(&picture)
        .unwrap();
    Picture::frame(bytes).unwrap()
}

fn begin(stories: &[Say], policy: Policy) -> (Scripted, MatchSession) {
    let mut engine = Scripted::new(stories);
    let session = MatchSession::start(&mut engine, &frame(), &policy).unwrap();
    (engine, session)
}

/// Judges one picture after another.
fn play(stories: &[Say], policy: Policy) -> Vec<Outcome> {
    let (mut engine, mut session) = begin(stories, policy);
    stories
        .iter()
        .map(|_| session.judge(&mut engine, &[frame()]))
        .collect()
}

fn again(reason: Reason, attempts_left: u8) -> Outcome {
    Outcome::TryAgain {
        reason,
        attempts_left,
    }
}

#[test]
fn thresholds_to_the_edge() {
    for (distance, wanted) in [
        (0.119, again(Reason::SamePicture, 2)),
        (0.12, YES),
        (0.45, YES),
        (0.450_1, again(Reason::Unsure, 2)),
        (0.55, again(Reason::Unsure, 2)),
        (0.550_1, again(Reason::NoMatch, 2)),
        (1.5, again(Reason::NoMatch, 2)),
    ] {
        assert_eq!(
            play(&[Say::Face(distance)], Policy::default()),
            [wanted],
            "{distance}"
        );
    }
}

#[test]
fn three_misses_end_it_for_good() {
    let miss = Say::Face(0.75);
    let (mut engine, mut session) = begin(&[miss, miss, miss, Say::Face(0.3)], Policy::default());
    let mut judge = |engine: &mut Scripted| session.judge(engine, &[frame()]);
    assert_eq!(judge(&mut engine), again(Reason::NoMatch, 2));
    assert_eq!(judge(&mut engine), again(Reason::NoMatch, 1));
    let refused = Outcome::Refused {
        reason: Reason::AttemptsUsed,
    };
    assert_eq!(judge(&mut engine), refused);
    // The right face comes too late, and is not even looked at.
    assert_eq!(judge(&mut engine), refused);
    assert_eq!(engine.asked, 4);
    assert_eq!(session.outcome(), Some(refused));
    assert!(refused.is_final());
}

#[test]
fn a_yes_is_final_too() {
    let (mut engine, mut session) = begin(&[Say::Face(0.3), Say::Face(0.9)], Policy::default());
    assert_eq!(session.judge(&mut engine, &[frame()]), YES);
    assert_eq!(session.judge(&mut engine, &[frame()]), YES);
    assert_eq!(engine.asked, 2);
    assert!(YES.is_final());
}

#[test]
fn bad_pictures_use_no_attempt_but_are_counted() {
    let policy = Policy {
        max_pictures: 3,
        ..Policy::default()
    };
    assert_eq!(
        play(
            &[Say::Nobody, Say::Broken, Say::Nobody, Say::Face(0.3)],
            policy
        ),
        [
            again(Reason::NoFace, 3),
            again(Reason::Unreadable, 3),
            Outcome::Refused {
                reason: Reason::TooManyPictures
            },
            Outcome::Refused {
                reason: Reason::TooManyPictures
            },
        ]
    );
    let (_, mut session) = begin(
        &[],
        Policy {
            max_pictures: 2,
            ..Policy::default()
        },
    );
    assert_eq!(session.unreadable(), again(Reason::Unreadable, 3));
    assert_eq!(
        session.unreadable(),
        Outcome::Refused {
            reason: Reason::TooManyPictures
        }
    );
}

#[test]
fn no_engine_is_no_answer_and_uses_nothing() {
    let gone = Outcome::Unavailable(Unavailable::Died);
    assert!(!gone.is_final());
    assert_eq!(
        play(
            &[Say::Gone, Say::Gone, Say::Gone, Say::Gone, Say::Face(0.3)],
            Policy::default()
        ),
        [gone, gone, gone, gone, YES]
    );
    let mut engine = Scripted::new(&[]);
    engine.stories.clear();
    let start = MatchSession::start(&mut engine, &frame(), &Policy::default());
    assert_eq!(
        start.err(),
        Some(StartError::Unavailable(Unavailable::Died))
    );
}

#[test]
fn several_pictures_are_one_attempt() {
    let judge = |distances: &[f32]| {
        let stories: Vec<Say> = distances.iter().map(|&d| Say::Face(d)).collect();
        let (mut engine, mut session) = begin(&stories, Policy::default());
        let frames: Vec<Picture> = stories.iter().map(|_| frame()).collect();
        session.judge(&mut engine, &frames)
    };
    // The middle one of the best three decides, the worse one of two.
    assert_eq!(judge(&[0.9, 0.3, 0.9, 0.5, 0.9]), again(Reason::Unsure, 2));
    assert_eq!(judge(&[0.9, 0.3, 0.44, 0.4, 0.9]), YES);
    assert_eq!(judge(&[0.3, 0.9]), again(Reason::NoMatch, 2));
    // One lucky picture among many does not help, the card's own photo among them spoils it.
    assert_eq!(judge(&[0.44, 0.5, 0.6]), again(Reason::Unsure, 2));
    assert_eq!(judge(&[0.3, 0.3, 0.05]), again(Reason::SamePicture, 2));
}

#[test]
fn more_pictures_than_allowed_are_not_looked_at() {
    let policy = Policy {
        max_pictures_per_attempt: 2,
        ..Policy::default()
    };
    let (mut engine, mut session) = begin(&[Say::Nobody; 5], policy);
    let frames: Vec<Picture> = (0..5).map(|_| frame()).collect();
    assert_eq!(
        session.judge(&mut engine, &frames),
        again(Reason::NoFace, 3)
    );
    assert_eq!(engine.asked, 3);
    assert_eq!(session.judge(&mut engine, &[]), again(Reason::NoFace, 3));
}

#[test]
fn what_goes_out_does_not_tell_near_from_far() {
    assert_eq!(Reason::Unsure.code(), Reason::NoMatch.code());
    assert_eq!(Reason::Unsure.is_quality(), Reason::NoMatch.is_quality());
    assert!(Reason::TooDark.is_quality() && !Reason::NoMatch.is_quality());
    let (_, session) = begin(&[], Policy::default());
    assert!(format!("{session:?}").contains("card: Template(..)"));
}
