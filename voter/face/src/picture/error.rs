//! Why a picture was refused, one variant for each limit.

/// A picture was refused before or while it was decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No bytes, or more than the kind allows.
    #[error("no bytes or too many")]
    Length,
    /// The bytes do not begin like a picture of this kind.
    #[error("not a picture of the expected form")]
    Form,
    /// Too many pixels, too long a side, or none at all.
    #[error("width or height out of bounds")]
    Dimensions,
    /// Not one or three components of eight bits.
    #[error("components other than one or three of eight bits")]
    Components,
    /// A coding that is not needed here and could cost much (tiles, layers, scans).
    #[error("a coding outside what is accepted")]
    Coding,
    /// The decoder refused it.
    #[error("the decoder refused it")]
    Corrupt,
}
