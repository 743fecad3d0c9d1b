//! Whether a picture is good enough to be compared at all.

use serde::{Deserialize, Serialize};

use crate::engine::{Analysis, Face};
use crate::verdict::Reason;

/// Bounds a face's picture must keep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Gates {
    /// The least confidence of the detector at which something counts as a face.
    pub min_score: f64,
    /// A further face counts from this share of the largest one's area, in per cent.
    pub second_face_percent: u64,
    /// The least distance between the eyes in a camera picture, in pixels.
    pub min_eye_distance: u64,
    /// The same in the photo of a card.
    pub min_eye_distance_card: u64,
    /// The least and the greatest mean luminance of the face.
    pub min_brightness: u8,
    /// The greatest mean luminance of the face.
    pub max_brightness: u8,
    /// The least standard deviation of the luminance.
    pub min_contrast: u8,
    /// The least sharpness, see [`Quality`](crate::Quality).
    pub min_sharpness: u16,
}

impl Default for Gates {
    fn default() -> Self {
        Self {
            min_score: 0.3,
            second_face_percent: 15,
            min_eye_distance: 60,
            min_eye_distance_card: 40,
            min_brightness: 50,
            max_brightness: 225,
            min_contrast: 12,
            min_sharpness: 15,
        }
    }
}

impl Gates {
    /// The one face of a camera picture, if every bound is kept.
    pub(crate) fn frame<'a>(&self, seen: &'a Analysis) -> Result<&'a Face, Reason> {
        let face = self.sole_face(seen)?;
        if face.eye_distance() < self.min_eye_distance {
            return Err(Reason::TooSmall);
        }
        if face.quality.brightness < self.min_brightness {
            return Err(Reason::TooDark);
        }
        if face.quality.brightness > self.max_brightness {
            return Err(Reason::TooBright);
        }
        if face.quality.contrast < self.min_contrast || face.quality.sharpness < self.min_sharpness
        {
            return Err(Reason::Blurred);
        }
        Ok(face)
    }

    /// The one face of a card's photo; light and sharpness were the issuing office's affair.
    pub(crate) fn card<'a>(&self, seen: &'a Analysis) -> Result<&'a Face, Reason> {
        let face = self.sole_face(seen)?;
        if face.eye_distance() < self.min_eye_distance_card {
            return Err(Reason::TooSmall);
        }
        Ok(face)
    }

    fn sole_face<'a>(&self, seen: &'a Analysis) -> Result<&'a Face, Reason> {
        let sure = seen.faces.iter().filter(|f| f.score >= self.min_score);
        let Some(face) = sure.clone().max_by_key(|f| f.area()) else {
            let dark = seen.brightness < self.min_brightness;
            return Err(if dark {
                Reason::TooDark
            } else {
                Reason::NoFace
            });
        };
        let large = |f: &&Face| f.area() * 100 >= face.area() * self.second_face_percent;
        if sure.filter(large).count() > 1 {
            return Err(Reason::SeveralFaces);
        }
        Ok(face)
    }
}

#[cfg(test)]
mod tests;
