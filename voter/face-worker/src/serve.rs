//! Requests in, answers out.

use std::io::{self, Read, Write};

use dlib_sys::{Dlib, DlibError, Found, Rgb as Pixels};
use face::wire::{Request, Response, read_message, write_message};
use face::{Analysis, EngineInfo, Face, Picture, Rgb, Template, measure};

/// The loaded engine.
pub(crate) struct Engine {
    dlib: Dlib,
    info: EngineInfo,
}

impl Engine {
    pub(crate) fn new(dlib: Dlib, info: EngineInfo) -> Self {
        Self { dlib, info }
    }

    pub(crate) fn info(&self) -> EngineInfo {
        self.info.clone()
    }

    fn analyse(&mut self, picture: &Picture) -> Response {
        let rgb = match picture.decode() {
            Ok(rgb) => rgb,
            Err(error) => return Response::Refused(error),
        };
        let found = pixels(&rgb).and_then(|p| self.dlib.detect(p));
        let Ok(found) = found else {
            return Response::Fault;
        };
        let whole = [0, 0, i32::MAX, i32::MAX];
        let brightness = measure(&rgb, whole).map_or(0, |q| q.brightness);
        let faces = found.iter().filter_map(|f| face_of(f, &rgb)).collect();
        Response::Seen(Analysis {
            width: rgb.width(),
            height: rgb.height(),
            brightness,
            faces,
        })
    }

    fn template(&mut self, picture: &Picture, face: &Face) -> Response {
        let rgb = match picture.decode() {
            Ok(rgb) => rgb,
            Err(error) => return Response::Refused(error),
        };
        let found = Found {
            rect: face.rect,
            score: face.score,
            points: face.points,
        };
        pixels(&rgb)
            .and_then(|p| self.dlib.describe(p, &found))
            .ok()
            .and_then(Template::new)
            .map_or(Response::Fault, Response::Template)
    }
}

fn pixels(rgb: &Rgb) -> Result<Pixels<'_>, DlibError> {
    Pixels::new(rgb.pixels(), rgb.width(), rgb.height())
}

fn face_of(found: &Found, rgb: &Rgb) -> Option<Face> {
    let quality = measure(rgb, found.rect)?;
    Some(Face {
        rect: found.rect,
        score: found.score,
        points: found.points,
        quality,
    })
}

/// Answers until the input ends. A message that is no request ends it too, with an error.
pub(crate) fn serve(
    engine: &mut Engine,
    input: &mut impl Read,
    output: &mut impl Write,
) -> io::Result<()> {
    while let Some(message) = read_message(input)? {
        let answer = match Request::decode(&message) {
            Ok(Request::Analyse(picture)) => engine.analyse(&picture),
            Ok(Request::Template(picture, face)) => engine.template(&picture, &face),
            Err(Some(error)) => Response::Refused(error),
            Err(None) => return Err(io::ErrorKind::InvalidData.into()),
        };
        write_message(output, &answer.encode())?;
    }
    Ok(())
}
