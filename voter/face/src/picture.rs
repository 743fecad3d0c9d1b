//! A picture as it arrived: bytes whose limits were checked before any decoder saw them.

pub(crate) mod error;

use core::fmt;

use zeroize::Zeroizing;

use crate::rgb::Rgb;
use crate::{jp2, jpeg};
pub use error::PictureError;

/// Where a picture comes from, which says what form and size it may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// The photo of a card: JPEG 2000, at most 64 KiB.
    Card,
    /// A camera frame: baseline JPEG, at most 512 KiB.
    Frame,
}

/// A picture within its limits, not yet decoded. Wiped on drop, never printed.
pub struct Picture {
    kind: PictureKind,
    bytes: Zeroizing<Vec<u8>>,
}

impl Picture {
    /// Takes the photo of a card after checking its header.
    ///
    /// # Errors
    /// [`PictureError`] naming the limit that is broken.
    pub fn card(bytes: Vec<u8>) -> Result<Self, PictureError> {
        Self::new(PictureKind::Card, bytes)
    }

    /// Takes a camera frame after checking its header.
    ///
    /// # Errors
    /// [`PictureError`] naming the limit that is broken.
    pub fn frame(bytes: Vec<u8>) -> Result<Self, PictureError> {
        Self::new(PictureKind::Frame, bytes)
    }

    /// Takes a picture of a kind after checking its header.
    ///
    /// # Errors
    /// [`PictureError`] naming the limit that is broken.
    pub fn new(kind: PictureKind, bytes: Vec<u8>) -> Result<Self, PictureError> {
        let bytes = Zeroizing::new(bytes);
        match kind {
            PictureKind::Card => jp2::check(&bytes)?,
            PictureKind::Frame => jpeg::check(&bytes)?,
        }
        Ok(Self { kind, bytes })
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> PictureKind {
        self.kind
    }

    /// The bytes as they arrived.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Decodes, and brings the longer side to between 400 and 800 pixels. Run by the worker.
    ///
    /// # Errors
    /// [`PictureError::Corrupt`], or a limit that only the decoder could see broken.
    pub fn decode(&self) -> Result<Rgb, PictureError> {
        let full = match self.kind {
            PictureKind::Card => jp2::decode(&self.bytes)?,
            PictureKind::Frame => jpeg::decode(&self.bytes)?,
        };
        Ok(full.fit(400, 800))
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({:?}, {} bytes)", self.kind, self.bytes.len())
    }
}
