//! What can go wrong in a call to dlib.

use core::fmt;

/// A call that dlib could not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DlibError {
    /// The pixel slice does not have `width * height * 3` bytes, or a side is 0 or too long.
    BadPicture,
    /// A model could not be read; the text comes from dlib.
    Model(String),
    /// dlib threw an exception; the text comes from dlib.
    Thrown(String),
}

impl fmt::Display for DlibError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadPicture => f.write_str("pixel count does not fit width and height"),
            Self::Model(text) => write!(f, "model not usable: {text}"),
            Self::Thrown(text) => write!(f, "dlib: {text}"),
        }
    }
}

impl core::error::Error for DlibError {}
