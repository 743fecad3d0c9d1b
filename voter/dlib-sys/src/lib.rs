//! The one place of the workspace where unsafe code lives: a safe wrapper over a small C++
//! shim around dlib (frontal face detector, five landmarks, 128-number face descriptor).
//!
//! The caller hands over model bytes and decoded RGB pixels. This crate opens no file, knows
//! no threshold and keeps nothing of a picture after a call returns.

mod engine;
mod error;
mod ffi;

pub use engine::{Dlib, Found, Rgb};
pub use error::DlibError;

/// How many numbers describe a face.
pub const DESCRIPTOR_LEN: usize = 128;

/// The version of the dlib sources this crate was built from.
pub const DLIB_VERSION: &str = "20.0.0";

#[cfg(test)]
mod tests;
