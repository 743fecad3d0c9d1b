//! JPEG 2000: the limits that are read off the header, then the decoder.

use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};
use zeroize::Zeroizing;

use crate::picture::error::PictureError;
use crate::rgb::Rgb;

/// The longest file.
const MAX_BYTES: usize = 64 * 1024;
/// The longest side and the most pixels (1200 × 1600).
const MAX_SIDE: u32 = 1600;
const MAX_PIXELS: u64 = 1200 * 1600;
/// The most tiles: a card's photo needs one.
const MAX_TILES: u64 = 64;
const MAX_LEVELS: u8 = 10;
const MAX_LAYERS: u16 = 32;
/// The smallest precinct: 2^4 samples; smaller ones only cost memory.
const MIN_PRECINCT: u8 = 4;

const SIGNATURE: &[u8] = b"\x00\x00\x00\x0cjP  \r\n\x87\n";
const SOC_SIZ: &[u8] = &[0xff, 0x4f, 0xff, 0x51];
const COD: u8 = 0x52;
const COC: u8 = 0x53;
const SOT: u8 = 0x90;

/// Checks every limit without decoding: length, form, dimensions, components, coding.
pub(crate) fn check(bytes: &[u8]) -> Result<(), PictureError> {
    if bytes.is_empty() || bytes.len() > MAX_BYTES {
        return Err(PictureError::Length);
    }
    let stream = codestream(bytes).ok_or(PictureError::Form)?;
    let mut rest = Reader(stream.strip_prefix(SOC_SIZ).ok_or(PictureError::Form)?);
    let siz = rest.segment().ok_or(PictureError::Form)?;
    check_siz(siz)?;
    loop {
        let marker = rest.u16().ok_or(PictureError::Form)?;
        let [high, low] = marker.to_be_bytes();
        if high != 0xff {
            return Err(PictureError::Form);
        }
        if low == SOT {
            return Ok(());
        }
        let body = rest.segment().ok_or(PictureError::Form)?;
        match low {
            COD => check_cod(body)?,
            // Component by component coding could undo what COD promised.
            COC => return Err(PictureError::Coding),
            _ => {}
        }
    }
}

/// The codestream within a JP2 file, or the bytes themselves if they are one.
fn codestream(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(SOC_SIZ) {
        return Some(bytes);
    }
    let mut rest = Reader(bytes.strip_prefix(SIGNATURE)?);
    loop {
        let length = rest.u32()?;
        let kind = rest.take(4)?;
        let body = match length {
            0 => rest.0,
            1 => {
                let long = usize::try_from(rest.u64()?).ok()?;
                rest.take(long.checked_sub(16)?)?
            }
            n => rest.take(usize::try_from(n).ok()?.checked_sub(8)?)?,
        };
        match kind {
            b"jp2c" => return Some(body),
            // A palette multiplies components after the header was checked.
            b"pclr" => return None,
            _ if length == 0 => return None,
            _ => {}
        }
    }
}

/// Image and tile size: at most 1200 × 1600, one or three 8-bit components, none subsampled.
fn check_siz(body: &[u8]) -> Result<(), PictureError> {
    let mut r = Reader(body);
    r.u16().ok_or(PictureError::Form)?;
    let mut words = [0u32; 8];
    for word in &mut words {
        *word = r.u32().ok_or(PictureError::Form)?;
    }
    let [right, bottom, left, top, tile_w, tile_h, tile_x, tile_y] = words;
    let width = right.checked_sub(left).ok_or(PictureError::Dimensions)?;
    let height = bottom.checked_sub(top).ok_or(PictureError::Dimensions)?;
    let pixels = u64::from(width) * u64::from(height);
    let sides = 1..=MAX_SIDE;
    if !sides.contains(&width) || !sides.contains(&height) || pixels > MAX_PIXELS {
        return Err(PictureError::Dimensions);
    }
    if tile_w == 0 || tile_h == 0 || tile_x > left || tile_y > top {
        return Err(PictureError::Coding);
    }
    let across = u64::from(right - tile_x).div_ceil(u64::from(tile_w));
    let down = u64::from(bottom - tile_y).div_ceil(u64::from(tile_h));
    if across * down > MAX_TILES {
        return Err(PictureError::Coding);
    }
    let components = r.u16().ok_or(PictureError::Form)?;
    if components != 1 && components != 3 {
        return Err(PictureError::Components);
    }
    for _ in 0..components {
        // Unsigned, 8 bits, not subsampled.
        if r.take(3).ok_or(PictureError::Form)? != [7, 1, 1] {
            return Err(PictureError::Components);
        }
    }
    r.0.is_empty().then_some(()).ok_or(PictureError::Form)
}

/// Coding style: few layers, few levels, no tiny precincts.
fn check_cod(body: &[u8]) -> Result<(), PictureError> {
    let mut r = Reader(body);
    let style = r.u8().ok_or(PictureError::Form)?;
    r.u8().ok_or(PictureError::Form)?;
    let layers = r.u16().ok_or(PictureError::Form)?;
    r.u8().ok_or(PictureError::Form)?;
    let levels = r.u8().ok_or(PictureError::Form)?;
    r.take(4).ok_or(PictureError::Form)?;
    if layers == 0 || layers > MAX_LAYERS || levels > MAX_LEVELS {
        return Err(PictureError::Coding);
    }
    if style & 1 == 1 {
        let small = |p: &u8| (p & 15) < MIN_PRECINCT || (p >> 4) < MIN_PRECINCT;
        if r.0.iter().any(small) {
            return Err(PictureError::Coding);
        }
    }
    Ok(())
}

/// Decodes bytes that [`check`] let through.
pub(crate) fn decode(bytes: &[u8]) -> Result<Rgb, PictureError> {
    check(bytes)?;
    let settings = DecodeSettings::default();
    let image = Image::new(bytes, &settings).map_err(|_| PictureError::Corrupt)?;
    let (width, height) = (image.width(), image.height());
    if u64::from(width) * u64::from(height) > MAX_PIXELS || image.has_alpha() {
        return Err(PictureError::Dimensions);
    }
    let channels = image.color_space().num_channels();
    if channels != 1 && channels != 3 {
        return Err(PictureError::Components);
    }
    let mut context = DecoderContext::default();
    let decoded = image
        .decode(&mut context)
        .map_err(|_| PictureError::Corrupt)?;
    let count = u64::try_from(decoded.components().len()).map_err(|_| PictureError::Corrupt)?;
    let samples = u64::from(width) * u64::from(height);
    let whole = |c: &hayro_jpeg2000::ComponentData| u64::try_from(c.samples().len()) == Ok(samples);
    if count != u64::from(channels) || !decoded.components().iter().all(whole) {
        return Err(PictureError::Corrupt);
    }
    let mut data = Zeroizing::new(decoded.data_u8());
    let data = core::mem::take(&mut *data);
    let rgb = match channels {
        1 => Rgb::from_grey(width, height, data),
        _ => Rgb::new(width, height, data),
    };
    rgb.ok_or(PictureError::Corrupt)
}

/// Reads big-endian numbers off a slice.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn u8(&mut self) -> Option<u8> {
        let (&first, tail) = self.0.split_first()?;
        self.0 = tail;
        Some(first)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_be_bytes)
    }

    /// A marker segment's body: its own two length bytes count, and are left out.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let length = usize::from(self.u16()?);
        self.take(length.checked_sub(2)?)
    }
}

#[cfg(test)]
mod tests;
