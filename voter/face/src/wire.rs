//! The messages between this crate and its worker process: a length (u32, little-endian), then a
//! tag and fixed fields. Both sides check everything; a message that makes no sense ends the
//! conversation.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use crate::engine::{Analysis, EngineInfo, Face, ModelOrigin};
use crate::picture::{Picture, PictureError, PictureKind};
use crate::quality::Quality;
use crate::template::{TEMPLATE_LEN, Template};

mod bytes;

use bytes::{Reader, Writer};

/// The longest message: one picture and a little.
pub const MAX_MESSAGE: usize = 600 * 1024;
/// How many faces an answer may hold.
const MAX_FACES: usize = 16;
const MAX_NAME: usize = 100;

/// What the worker is asked.
#[derive(Debug)]
pub enum Request {
    /// Decode and find faces.
    Analyse(Picture),
    /// Decode and describe this face.
    Template(Picture, Face),
}

/// What the worker says.
#[derive(Debug)]
pub enum Response {
    /// Said once, when the models are loaded.
    Ready(EngineInfo),
    /// The models could not be loaded. The worker ends after it.
    NotReady(LoadFault),
    /// The faces of a picture.
    Seen(Analysis),
    /// The template of a face.
    Template(Template),
    /// The picture was refused.
    Refused(PictureError),
    /// The engine threw.
    Fault,
}

/// Why a worker did not begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoadFault {
    /// A model file is not there or cannot be read.
    #[error("a model file is missing or cannot be read")]
    ModelMissing,
    /// A model file does not have the hash it should have.
    #[error("a model file does not have the configured hash")]
    ModelHash,
    /// The engine could not use a model file.
    #[error("the engine cannot use a model file")]
    ModelBroken,
    /// The process could not lock itself in.
    #[error("this system does not let the worker lock itself in")]
    Confinement,
}

/// Reads one message; `None` at a clean end.
///
/// # Errors
/// Any error of the pipe, or `InvalidData` for a length out of bounds.
pub fn read_message(from: &mut impl Read) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let mut length = [0u8; 4];
    let mut filled = 0;
    while let Some(rest) = length.get_mut(filled..).filter(|r| !r.is_empty()) {
        match from.read(rest) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length == 0 || length > MAX_MESSAGE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = Zeroizing::new(vec![0u8; length]);
    from.read_exact(&mut body)?;
    Ok(Some(body))
}

/// Writes one message.
///
/// # Errors
/// Any error of the pipe, or `InvalidInput` for a message out of bounds.
pub fn write_message(to: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    if body.is_empty() || body.len() > MAX_MESSAGE {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    to.write_all(&length.to_le_bytes())?;
    to.write_all(body)?;
    to.flush()
}

/// The bytes of [`Request::Analyse`].
#[must_use]
pub fn encode_analyse(picture: &Picture) -> Zeroizing<Vec<u8>> {
    let mut w = Writer::default();
    w.u8(1);
    put_picture(&mut w, picture);
    w.finish()
}

/// The bytes of [`Request::Template`].
#[must_use]
pub fn encode_template(picture: &Picture, face: &Face) -> Zeroizing<Vec<u8>> {
    let mut w = Writer::default();
    w.u8(2);
    put_face(&mut w, face);
    put_picture(&mut w, picture);
    w.finish()
}

impl Request {
    /// Reads a request; the picture's limits are checked again on this side.
    ///
    /// # Errors
    /// `Some` limit of the picture, or `None` for bytes that are no request.
    pub fn decode(bytes: &[u8]) -> Result<Self, Option<PictureError>> {
        let mut r = Reader::new(bytes);
        match r.u8().ok_or(None)? {
            1 => Ok(Self::Analyse(get_picture(&mut r)?)),
            2 => {
                let face = get_face(&mut r).ok_or(None)?;
                Ok(Self::Template(get_picture(&mut r)?, face))
            }
            _ => Err(None),
        }
    }
}

impl Response {
    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut w = Writer::default();
        match self {
            Self::Ready(info) => {
                w.u8(0);
                w.u8(origin_code(info.origin));
                w.put(&info.landmarks_sha256);
                w.put(&info.recognition_sha256);
                w.put(info.name.as_bytes());
            }
            Self::NotReady(fault) => {
                w.u8(1);
                w.u8(load_code(*fault));
            }
            Self::Seen(seen) => {
                w.u8(2);
                w.u32(seen.width);
                w.u32(seen.height);
                w.u8(seen.brightness);
                for face in seen.faces.iter().take(MAX_FACES) {
                    put_face(&mut w, face);
                }
            }
            Self::Template(template) => {
                w.u8(3);
                for number in template.numbers() {
                    w.put(&number.to_le_bytes());
                }
            }
            Self::Refused(error) => {
                w.u8(4);
                w.u8(picture_code(*error));
            }
            Self::Fault => w.u8(5),
        }
        w.finish()
    }

    /// Reads an answer; `None` for bytes that are not one.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut r = Reader::new(bytes);
        let response = match r.u8()? {
            0 => {
                let origin = origin_of(r.u8()?)?;
                let landmarks_sha256 = r.array()?;
                let recognition_sha256 = r.array()?;
                let name = core::str::from_utf8(r.rest()).ok()?;
                if name.len() > MAX_NAME || name.chars().any(char::is_control) {
                    return None;
                }
                let name = name.to_owned();
                Self::Ready(EngineInfo {
                    name,
                    origin,
                    landmarks_sha256,
                    recognition_sha256,
                })
            }
            1 => Self::NotReady(load_of(r.u8()?)?),
            2 => Self::Seen(get_analysis(&mut r)?),
            3 => {
                let mut numbers = Zeroizing::new([0f32; TEMPLATE_LEN]);
                for number in numbers.iter_mut() {
                    *number = f32::from_le_bytes(r.array()?);
                }
                Self::Template(Template::new(*numbers)?)
            }
            4 => Self::Refused(picture_of(r.u8()?)?),
            5 => Self::Fault,
            _ => return None,
        };
        r.is_empty().then_some(response)
    }
}

fn get_analysis(r: &mut Reader<'_>) -> Option<Analysis> {
    let (width, height, brightness) = (r.u32()?, r.u32()?, r.u8()?);
    let mut faces = Vec::new();
    while !r.is_empty() {
        if faces.len() == MAX_FACES {
            return None;
        }
        faces.push(get_face(r)?);
    }
    Some(Analysis {
        width,
        height,
        brightness,
        faces,
    })
}

fn put_picture(w: &mut Writer, picture: &Picture) {
    w.u8(match picture.kind() {
        PictureKind::Card => 0,
        PictureKind::Frame => 1,
    });
    w.put(picture.bytes());
}

fn get_picture(r: &mut Reader<'_>) -> Result<Picture, Option<PictureError>> {
    let kind = match r.u8().ok_or(None)? {
        0 => PictureKind::Card,
        1 => PictureKind::Frame,
        _ => return Err(None),
    };
    Picture::new(kind, r.rest().to_vec()).map_err(Some)
}

fn put_face(w: &mut Writer, face: &Face) {
    for n in face
        .rect
        .into_iter()
        .chain(face.points.into_iter().flatten())
    {
        w.put(&n.to_le_bytes());
    }
    w.put(&face.score.to_le_bytes());
    w.u8(face.quality.brightness);
    w.u8(face.quality.contrast);
    w.put(&face.quality.sharpness.to_le_bytes());
}

fn get_face(r: &mut Reader<'_>) -> Option<Face> {
    let mut rect = [0i32; 4];
    let mut points = [[0i32; 2]; 5];
    for n in rect.iter_mut().chain(points.iter_mut().flatten()) {
        *n = i32::from_le_bytes(r.array()?);
        // Far outside any picture: not from our engine, and not for it either.
        if !(-10_000..=10_000).contains(n) {
            return None;
        }
    }
    let score = f64::from_le_bytes(r.array()?);
    if !score.is_finite() {
        return None;
    }
    let (brightness, contrast) = (r.u8()?, r.u8()?);
    let sharpness = u16::from_le_bytes(r.array()?);
    Some(Face {
        rect,
        score,
        points,
        quality: Quality {
            brightness,
            contrast,
            sharpness,
        },
    })
}

fn origin_code(origin: ModelOrigin) -> u8 {
    match origin {
        ModelOrigin::Reference => 0,
        ModelOrigin::Operator => 1,
        ModelOrigin::None => 2,
    }
}

fn origin_of(code: u8) -> Option<ModelOrigin> {
    [
        ModelOrigin::Reference,
        ModelOrigin::Operator,
        ModelOrigin::None,
    ]
    .into_iter()
    .find(|&o| origin_code(o) == code)
}

fn load_code(fault: LoadFault) -> u8 {
    match fault {
        LoadFault::ModelMissing => 0,
        LoadFault::ModelHash => 1,
        LoadFault::ModelBroken => 2,
        LoadFault::Confinement => 3,
    }
}

fn load_of(code: u8) -> Option<LoadFault> {
    use LoadFault::{Confinement, ModelBroken, ModelHash, ModelMissing};
    [ModelMissing, ModelHash, ModelBroken, Confinement]
        .into_iter()
        .find(|&f| load_code(f) == code)
}

fn picture_code(error: PictureError) -> u8 {
    match error {
        PictureError::Length => 0,
        PictureError::Form => 1,
        PictureError::Dimensions => 2,
        PictureError::Components => 3,
        PictureError::Coding => 4,
        PictureError::Corrupt => 5,
    }
}

fn picture_of(code: u8) -> Option<PictureError> {
    use PictureError::{Coding, Components, Corrupt, Dimensions, Form, Length};
    [Length, Form, Dimensions, Components, Coding, Corrupt]
        .into_iter()
        .find(|&e| picture_code(e) == code)
}

#[cfg(test)]
mod tests;
