//! Messages survive the way there and back, and nonsense is refused.

use super::{
    LoadFault, MAX_MESSAGE, Request, Response, encode_analyse, encode_template, read_message,
    write_message,
};
use crate::engine::{Analysis, EngineInfo, Face, ModelOrigin};
use crate::picture::{Picture, PictureError, PictureKind};
use crate::quality::Quality;
use crate::template::{TEMPLATE_LEN, Template};

fn frame() -> Picture {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::new(64, 64);
    image::codecs::jpeg::JpegEncoder::new(&mut bytes)
        .encode_image(&picture)
        .unwrap();
    Picture::frame(bytes).unwrap()
}

fn face() -> Face {
    Face {
        rect: [-3, 4, 100, 104],
        score: 1.25,
        points: [[10, 20], [30, 20], [60, 20], [80, 20], [45, 60]],
        quality: Quality {
            brightness: 120,
            contrast: 40,
            sharpness: 300,
        },
    }
}

#[test]
fn requests_there_and_back() {
    let picture = frame();
    match Request::decode(&encode_analyse(&picture)).unwrap() {
        Request::Analyse(back) => assert_eq!(back.bytes(), picture.bytes()),
        Request::Template(..) => unreachable!("another request"),
    }
    match Request::decode(&encode_template(&picture, &face())).unwrap() {
        Request::Template(back, of) => {
            assert_eq!((back.kind(), of), (PictureKind::Frame, face()));
            assert_eq!(back.bytes(), picture.bytes());
        }
        Request::Analyse(_) => unreachable!("another request"),
    }
}

#[test]
fn the_worker_checks_limits_itself() {
    let bomb = [1u8, 1, 0xff, 0xd8, 0xff, 0xc2, 0, 4, 0, 0];
    assert_eq!(
        Request::decode(&bomb).err(),
        Some(Some(PictureError::Coding))
    );
    for nonsense in [&[][..], &[0], &[9, 1], &[1], &[1, 7, 0xff], &[2, 0, 0]] {
        assert_eq!(Request::decode(nonsense).err(), Some(None), "{nonsense:?}");
    }
}

#[test]
fn answers_there_and_back() {
    let info = EngineInfo {
        name: "dlib 20.0.0".to_owned(),
        origin: ModelOrigin::Operator,
        landmarks_sha256: [1; 32],
        recognition_sha256: [2; 32],
    };
    let seen = Analysis {
        width: 640,
        height: 480,
        brightness: 99,
        faces: vec![face(); 2],
    };
    let template = Template::new([0.5; TEMPLATE_LEN]).unwrap();
    let answers = [
        Response::Ready(info),
        Response::NotReady(LoadFault::ModelHash),
        Response::Seen(seen),
        Response::Template(template),
        Response::Refused(PictureError::Corrupt),
        Response::Fault,
    ];
    for answer in answers {
        let bytes = answer.encode();
        let back = Response::decode(&bytes).unwrap();
        assert_eq!(*back.encode(), *bytes);
        if !matches!(answer, Response::Ready(_)) {
            let mut more = bytes.to_vec();
            more.push(0);
            assert!(
                Response::decode(&more).is_none(),
                "a byte too many: {answer:?}"
            );
        }
    }
    let many = Analysis {
        width: 1,
        height: 1,
        brightness: 0,
        faces: vec![face(); 17],
    };
    match Response::decode(&Response::Seen(many).encode()).unwrap() {
        Response::Seen(seen) => assert_eq!(seen.faces.len(), 16),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    let mut bytes = Response::Template(Template::new([0.5; TEMPLATE_LEN]).unwrap())
        .encode()
        .to_vec();
    bytes[1..5].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(Response::decode(&bytes).is_none());
    let seen = |face| {
        Response::Seen(Analysis {
            width: 1,
            height: 1,
            brightness: 0,
            faces: vec![face],
        })
    };
    assert!(
        Response::decode(
            &seen(Face {
                score: f64::NAN,
                ..face()
            })
            .encode()
        )
        .is_none()
    );
    assert!(
        Response::decode(
            &seen(Face {
                rect: [i32::MIN; 4],
                ..face()
            })
            .encode()
        )
        .is_none()
    );
}

#[test]
fn nothing_private_is_printed() {
    let template = Response::Template(Template::new([0.123_45; TEMPLATE_LEN]).unwrap());
    assert_eq!(format!("{template:?}"), "Template(Template(..))");
    let printed = format!("{:?}", Request::Analyse(frame()));
    assert!(printed.starts_with("Analyse(Picture(Frame, "), "{printed}");
}

#[test]
fn message_lengths() {
    let mut pipe = Vec::new();
    write_message(&mut pipe, b"abc").unwrap();
    assert_eq!(pipe, b"\x03\0\0\0abc");
    assert_eq!(
        read_message(&mut &pipe[..]).unwrap().unwrap().as_slice(),
        b"abc"
    );
    assert!(read_message(&mut &b""[..]).unwrap().is_none());
    for broken in [
        &b"\x03\0"[..],
        b"\x03\0\0\0ab",
        b"\0\0\0\0",
        b"\xff\xff\xff\xff",
    ] {
        assert!(read_message(&mut &broken[..]).is_err(), "{broken:?}");
    }
    assert!(write_message(&mut pipe, &[]).is_err());
    assert!(write_message(&mut pipe, &vec![0; MAX_MESSAGE + 1]).is_err());
}

#[test]
fn random_bytes_never_panic() {
    let mut state = 1u64;
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..state % 200)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                u8::try_from(state >> 56).unwrap()
            })
            .collect();
        let mut tagged = bytes.clone();
        if let Some(first) = tagged.first_mut() {
            *first %= 6;
        }
        let _ = (
            Request::decode(&bytes),
            Response::decode(&bytes),
            Response::decode(&tagged),
        );
        state = state.wrapping_add(0x9e37_79b9);
    }
}
