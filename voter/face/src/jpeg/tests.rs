//! Headers that must be refused before any decoder runs, and damaged data that must not hurt.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

use super::{check, decode};
use crate::picture::error::PictureError;

fn jpeg() -> Vec<u8> {
    let picture = RgbImage::from_fn(96, 64, |x, y| {
        Rgb([
            u8::try_from(x * 2).unwrap(),
            u8::try_from(y * 3).unwrap(),
            90,
        ])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 80)
        .encode_image(&picture)
        .unwrap();
    bytes
}

/// Where the body of the start of frame begins.
fn frame_at(bytes: &[u8]) -> usize {
    bytes.windows(2).position(|w| w == [0xff, 0xc0]).unwrap() + 4
}

#[test]
fn a_picture_decodes() {
    let decoded = decode(&jpeg()).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (96, 64));
    assert_eq!(decoded.pixels().len(), 96 * 64 * 3);
}

#[test]
fn bombs_are_refused_by_their_header() {
    use PictureError::{Coding, Components, Dimensions, Form, Length};
    let patch = |offset: usize, with: &[u8]| {
        let mut bytes = jpeg();
        let at = frame_at(&bytes) + offset;
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
    let marker = |m: u8| {
        let mut bytes = jpeg();
        let at = frame_at(&bytes) - 3;
        bytes[at] = m;
        bytes
    };
    let twice = {
        let mut bytes = jpeg();
        let at = frame_at(&bytes) - 4;
        let frame = bytes[at..at + 19].to_vec();
        bytes.splice(at..at, frame);
        bytes
    };
    let mut long = jpeg();
    long.resize(512 * 1024 + 1, 0);
    let cases = [
        (
            "60000 x 60000",
            patch(1, &[0xea, 0x60, 0xea, 0x60]),
            Dimensions,
        ),
        ("2001 wide", patch(3, &[0x07, 0xd1]), Dimensions),
        ("height told later", patch(1, &[0, 0]), Dimensions),
        ("four components", patch(5, &[4]), Components),
        ("two components", patch(5, &[2]), Components),
        ("one component of three", patch(5, &[1]), Form),
        ("12 bits", patch(0, &[12]), Components),
        ("progressive", marker(0xc2), Coding),
        ("lossless", marker(0xc3), Coding),
        ("arithmetic", marker(0xc9), Coding),
        ("two frames", twice, Form),
        ("no frame", marker(0xe5), Form),
        ("too long", long, Length),
        ("nothing", Vec::new(), Length),
        ("another form", b"\x89PNG\r\n\x1a\n".to_vec(), Form),
    ];
    for (name, bytes, wanted) in cases {
        assert_eq!(check(&bytes), Err(wanted), "{name}");
        assert!(decode(&bytes).is_err(), "{name}");
    }
    let whole = jpeg();
    let header = frame_at(&whole) + 15;
    for cut in 0..header {
        assert!(check(&whole[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn damage_is_an_error_or_a_picture_never_a_panic() {
    let whole = jpeg();
    let mut state = 7u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(state >> 8).unwrap()
    };
    let (mut fine, mut refused) = (0, 0);
    for _ in 0..500 {
        let mut bytes = whole.clone();
        for _ in 0..1 + next() % 6 {
            let at = next() % bytes.len();
            bytes[at] = u8::try_from(next() % 256).unwrap();
        }
        bytes.truncate(bytes.len() - next() % 40);
        match decode(&bytes) {
            Ok(picture) => {
                assert!(picture.width() <= 2000 && picture.height() <= 2000);
                fine += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(fine > 0 && refused > 0, "{fine} decoded, {refused} refused");
}
