//! What a matching engine must offer, whoever made it.

use crate::picture::{Picture, PictureError};
use crate::quality::Quality;
use crate::template::Template;

/// Whose model an engine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelOrigin {
    /// The reference model: known to be weak on many faces, not validated for any electorate.
    Reference,
    /// A model the operator named by its hash.
    Operator,
    /// There is no model: people look.
    None,
}

/// Which engine this is; safe to log and to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// Name and version, for example `dlib 20.0.0`.
    pub name: String,
    /// Whose model it is.
    pub origin: ModelOrigin,
    /// SHA-256 of the landmark model.
    pub landmarks_sha256: [u8; 32],
    /// SHA-256 of the recognition model.
    pub recognition_sha256: [u8; 32],
}

/// One face in a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Left, top, right, bottom in pixels of the decoded picture.
    pub rect: [i32; 4],
    /// The detector's confidence.
    pub score: f64,
    /// Two corners of one eye, two of the other, below the nose.
    pub points: [[i32; 2]; 5],
    /// Measures of this part of the picture.
    pub quality: Quality,
}

impl Face {
    /// Width times height of the rectangle.
    #[must_use]
    pub fn area(&self) -> u64 {
        let [left, top, right, bottom] = self.rect;
        let side = |a: i32, b: i32| u64::try_from(i64::from(b) - i64::from(a)).unwrap_or(0);
        side(left, right) * side(top, bottom)
    }

    /// Distance between the middles of the eyes, in pixels.
    #[must_use]
    pub fn eye_distance(&self) -> u64 {
        let [a, b, c, d, _] = self.points;
        let twice = |i: usize| {
            let at = |p: [i32; 2]| i64::from(p.get(i).copied().unwrap_or(0));
            (at(a) + at(b)).abs_diff(at(c) + at(d))
        };
        let squared = twice(0)
            .saturating_pow(2)
            .saturating_add(twice(1).saturating_pow(2));
        squared.isqrt() / 2
    }
}

/// What an engine saw in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// Width of the decoded picture the rectangles refer to.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// Mean luminance of the whole picture, 0 to 255.
    pub brightness: u8,
    /// The faces, largest first.
    pub faces: Vec<Face>,
}

/// Why there is no answer at all. Never a yes and never a no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// By configuration people look instead.
    Manual,
    /// The engine was stopped or died.
    Died,
    /// The engine did not answer in time and was stopped.
    TimedOut,
    /// The engine answered something that makes no sense and was stopped.
    BrokeProtocol,
    /// The engine reported a fault of its own.
    Fault,
}

/// A call to an engine that gave no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The picture cannot be used; the engine is well.
    #[error("picture: {0}")]
    Picture(PictureError),
    /// There is no engine to ask.
    #[error("no engine: {0:?}")]
    Unavailable(Unavailable),
}

/// A matching engine. One caller at a time.
pub trait FaceEngine: Send {
    /// Which engine this is.
    fn info(&self) -> &EngineInfo;

    /// Decodes a picture and finds the faces in it.
    ///
    /// # Errors
    /// [`EngineError`]: the picture, or the engine.
    fn analyse(&mut self, picture: &Picture) -> Result<Analysis, EngineError>;

    /// Describes one face that [`FaceEngine::analyse`] found in the same picture.
    ///
    /// # Errors
    /// [`EngineError`]: the picture, or the engine.
    fn template(&mut self, picture: &Picture, face: &Face) -> Result<Template, EngineError>;

    /// How far two faces are apart; smaller is more alike.
    fn distance(&self, a: &Template, b: &Template) -> f32 {
        a.distance(b)
    }
}
