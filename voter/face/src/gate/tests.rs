//! One face, large enough, in the light.

use super::Gates;
use crate::engine::{Analysis, Face};
use crate::quality::Quality;
use crate::verdict::Reason;

fn good() -> Face {
    Face {
        rect: [200, 150, 380, 330],
        score: 1.2,
        points: [[220, 200], [250, 200], [340, 200], [310, 200], [280, 260]],
        quality: Quality {
            brightness: 140,
            contrast: 45,
            sharpness: 80,
        },
    }
}

fn seen(faces: Vec<Face>) -> Analysis {
    Analysis {
        width: 640,
        height: 480,
        brightness: 120,
        faces,
    }
}

fn frame(faces: Vec<Face>) -> Result<(), Reason> {
    Gates::default().frame(&seen(faces)).map(|_| ())
}

#[test]
fn a_good_face_passes() {
    assert_eq!(good().eye_distance(), 90);
    assert_eq!(good().area(), 180 * 180);
    assert_eq!(frame(vec![good()]), Ok(()));
}

#[test]
fn each_bound_has_its_reason() {
    let light = |brightness, contrast, sharpness| Face {
        quality: Quality {
            brightness,
            contrast,
            sharpness,
        },
        ..good()
    };
    let near = Face {
        points: [[0, 0], [10, 0], [60, 0], [70, 0], [35, 30]],
        ..good()
    };
    let far = Face {
        points: [[0, 0], [10, 0], [59, 0], [69, 0], [35, 30]],
        ..good()
    };
    for (face, wanted) in [
        (light(49, 45, 80), Err(Reason::TooDark)),
        (light(50, 45, 80), Ok(())),
        (light(225, 45, 80), Ok(())),
        (light(226, 45, 80), Err(Reason::TooBright)),
        (light(140, 11, 80), Err(Reason::Blurred)),
        (light(140, 45, 14), Err(Reason::Blurred)),
        (near, Ok(())),
        (far, Err(Reason::TooSmall)),
        (
            Face {
                score: 0.29,
                ..good()
            },
            Err(Reason::NoFace),
        ),
    ] {
        assert_eq!(frame(vec![face]), wanted, "{face:?}");
    }
    assert_eq!(frame(vec![]), Err(Reason::NoFace));
    let night = Analysis {
        brightness: 10,
        ..seen(vec![])
    };
    assert_eq!(Gates::default().frame(&night), Err(Reason::TooDark));
}

#[test]
fn a_second_face_counts_when_it_is_large_and_sure() {
    let other = |side: i32, score| Face {
        rect: [0, 0, side, side],
        score,
        ..good()
    };
    assert_eq!(
        frame(vec![good(), other(180, 1.0)]),
        Err(Reason::SeveralFaces)
    );
    // 15 % of 180² is 4860: 69² is below, 70² above.
    assert_eq!(frame(vec![good(), other(69, 1.0)]), Ok(()));
    assert_eq!(
        frame(vec![good(), other(70, 1.0)]),
        Err(Reason::SeveralFaces)
    );
    assert_eq!(frame(vec![good(), other(180, 0.1)]), Ok(()));
    // Twice the very same face is still two.
    assert_eq!(
        frame(vec![other(180, 1.0), good()]),
        Err(Reason::SeveralFaces)
    );
}

#[test]
fn two_identical_reports_are_two_faces() {
    assert_eq!(frame(vec![good(), good()]), Err(Reason::SeveralFaces));
}

#[test]
fn a_card_needs_one_face_and_no_light() {
    let dark = Quality {
        brightness: 5,
        contrast: 2,
        sharpness: 1,
    };
    let card = Face {
        quality: dark,
        ..good()
    };
    assert!(Gates::default().card(&seen(vec![card])).is_ok());
    assert_eq!(Gates::default().card(&seen(vec![])), Err(Reason::NoFace));
    assert_eq!(
        Gates::default().card(&seen(vec![good(), good()])),
        Err(Reason::SeveralFaces)
    );
}
