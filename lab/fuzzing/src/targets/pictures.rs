//! Pictures and the face worker's pipe.

use face::wire::{LoadFault, Request, Response, encode_analyse, encode_template};
use face::{Analysis, EngineInfo, Face, ModelOrigin, Picture, PictureError, Quality, Template};

const COLOUR: &[u8] = include_bytes!("../../seeds/colour.jp2");
const GREY: &[u8] = include_bytes!("../../seeds/grey.j2k");

/// What decodes is within the limits, and decodes the same again.
fn picture(picture: Result<Picture, PictureError>) -> bool {
    let Ok(picture) = picture else {
        return false;
    };
    let Ok(rgb) = picture.decode() else {
        return false;
    };
    assert!(rgb.width() <= 800 && rgb.height() <= 800 && rgb.width().max(rgb.height()) >= 400);
    let wanted = u64::from(rgb.width()) * u64::from(rgb.height()) * 3;
    assert_eq!(u64::try_from(rgb.pixels().len()), Ok(wanted));
    true
}

pub(super) fn jp2(bytes: &[u8]) -> bool {
    picture(Picture::card(bytes.to_vec()))
}

pub(super) fn jp2_seeds() -> Vec<Vec<u8>> {
    vec![COLOUR.to_vec(), GREY.to_vec()]
}

pub(super) fn jpeg(bytes: &[u8]) -> bool {
    picture(Picture::frame(bytes.to_vec()))
}

pub(super) fn jpeg_seeds() -> Vec<Vec<u8>> {
    let colour = image::RgbImage::from_fn(64, 72, |x, y| {
        image::Rgb([x, y, x * y].map(|v| u8::try_from(v & 0xff).unwrap_or(0)))
    });
    let grey = image::GrayImage::from_fn(64, 64, |x, y| {
        image::Luma([u8::try_from((x ^ y) & 0xff).unwrap_or(0)])
    });
    let (mut a, mut b) = (Vec::new(), Vec::new());
    image::codecs::jpeg::JpegEncoder::new(&mut a)
        .encode_image(&colour)
        .expect("memory takes everything");
    image::codecs::jpeg::JpegEncoder::new(&mut b)
        .encode_image(&grey)
        .expect("memory takes everything");
    vec![a, b]
}

pub(super) fn request(bytes: &[u8]) -> bool {
    let Ok(request) = Request::decode(bytes) else {
        return false;
    };
    let again = match &request {
        Request::Analyse(picture) => encode_analyse(picture),
        Request::Template(picture, face) => encode_template(picture, face),
    };
    assert_eq!(*again, bytes, "a second byte string for one request");
    true
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

pub(super) fn request_seeds() -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for bytes in jpeg_seeds() {
        let picture = Picture::frame(bytes).expect("within limits");
        out.push(encode_analyse(&picture).to_vec());
        out.push(encode_template(&picture, &face()).to_vec());
    }
    let card = Picture::card(COLOUR.to_vec()).expect("within limits");
    out.push(encode_analyse(&card).to_vec());
    out
}

pub(super) fn answer(bytes: &[u8]) -> bool {
    let Some(answer) = Response::decode(bytes) else {
        return false;
    };
    assert_eq!(
        *answer.encode(),
        bytes,
        "a second byte string for one answer"
    );
    true
}

pub(super) fn answer_seeds() -> Vec<Vec<u8>> {
    let info = EngineInfo {
        name: "engine 1".to_owned(),
        origin: ModelOrigin::Reference,
        landmarks_sha256: [1; 32],
        recognition_sha256: [2; 32],
    };
    let seen = Analysis {
        width: 640,
        height: 480,
        brightness: 100,
        faces: vec![face(), face()],
    };
    let template = Template::new([0.25; face::TEMPLATE_LEN]).expect("finite");
    let answers = [
        Response::Ready(info),
        Response::NotReady(LoadFault::ModelHash),
        Response::Seen(seen),
        Response::Template(template),
        Response::Refused(PictureError::Coding),
        Response::Fault,
    ];
    answers.iter().map(|a| a.encode().to_vec()).collect()
}
