//! Baseline JPEG: the limits that are read off the header, then the decoder.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use zeroize::Zeroizing;

use crate::picture::error::PictureError;
use crate::rgb::Rgb;

/// The longest file.
const MAX_BYTES: usize = 512 * 1024;
/// The longest side.
const MAX_SIDE: u16 = 2000;
/// The shortest side: below it no face is found anyway.
const MIN_SIDE: u16 = 64;

const SOI: [u8; 2] = [0xff, 0xd8];
/// Start of frame, baseline.
const SOF0: u8 = 0xc0;
/// Start of scan.
const SOS: u8 = 0xda;

/// Checks length, form, dimensions and components without decoding.
pub(crate) fn check(bytes: &[u8]) -> Result<(), PictureError> {
    if bytes.is_empty() || bytes.len() > MAX_BYTES {
        return Err(PictureError::Length);
    }
    let mut rest = bytes.strip_prefix(&SOI).ok_or(PictureError::Form)?;
    let mut frame_seen = false;
    loop {
        let (marker, body, tail) = segment(rest).ok_or(PictureError::Form)?;
        rest = tail;
        match marker {
            SOS if frame_seen => return Ok(()),
            SOS => return Err(PictureError::Form),
            SOF0 if frame_seen => return Err(PictureError::Form),
            SOF0 => {
                check_frame(body)?;
                frame_seen = true;
            }
            // Every other start of frame: progressive, lossless, arithmetic. C4, C8 and CC are
            // tables, not frames.
            0xc1..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Err(PictureError::Coding);
            }
            _ => {}
        }
    }
}

/// One marker segment: its marker, its body, and what follows.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&first, mut rest) = bytes.split_first()?;
    if first != 0xff {
        return None;
    }
    let marker = loop {
        let (&byte, tail) = rest.split_first()?;
        rest = tail;
        // Fill bytes may stand before a marker.
        if byte != 0xff {
            break byte;
        }
    };
    // Markers without a body have no place before the first scan.
    if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd9) {
        return None;
    }
    let (length, _) = rest.split_first_chunk::<2>()?;
    let (whole, tail) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    Some((marker, whole.get(2..)?, tail))
}

fn check_frame(body: &[u8]) -> Result<(), PictureError> {
    let (&[precision, h1, h0, w1, w0, components], rest) =
        body.split_first_chunk::<6>().ok_or(PictureError::Form)?;
    let sides = MIN_SIDE..=MAX_SIDE;
    let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
    if !sides.contains(&height) || !sides.contains(&width) {
        return Err(PictureError::Dimensions);
    }
    if precision != 8 || !matches!(components, 1 | 3) {
        return Err(PictureError::Components);
    }
    (rest.len() == usize::from(components) * 3)
        .then_some(())
        .ok_or(PictureError::Form)
}

/// Decodes bytes that [`check`] let through.
pub(crate) fn decode(bytes: &[u8]) -> Result<Rgb, PictureError> {
    check(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg);
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(u32::from(MAX_SIDE));
    limits.max_image_height = Some(u32::from(MAX_SIDE));
    limits.max_alloc = Some(64 * 1024 * 1024);
    reader.limits(limits);
    let rgb = match reader.decode().map_err(|_| PictureError::Corrupt)? {
        DynamicImage::ImageRgb8(i) => Rgb::new(i.width(), i.height(), i.into_raw()),
        DynamicImage::ImageLuma8(i) => Rgb::from_grey(i.width(), i.height(), i.into_raw()),
        other => {
            drop(Zeroizing::new(other.into_bytes()));
            None
        }
    };
    rgb.ok_or(PictureError::Corrupt)
}

#[cfg(test)]
mod tests;
