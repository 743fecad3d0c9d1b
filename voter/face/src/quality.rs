//! Properties of a face's picture that do not depend on whose it is.

use zeroize::Zeroizing;

use crate::rgb::Rgb;

/// Simple measures over the face's rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quality {
    /// Mean luminance, 0 to 255.
    pub brightness: u8,
    /// Standard deviation of the luminance.
    pub contrast: u8,
    /// Mean absolute second difference of the luminance, in tenths.
    pub sharpness: u16,
}

/// Measures the part of a picture inside left, top, right, bottom; `None` if that part is empty.
#[must_use]
pub fn measure(picture: &Rgb, rect: [i32; 4]) -> Option<Quality> {
    let clamp = |v: i32, max: u32| u32::try_from(v.max(0)).unwrap_or(0).min(max);
    let [left, top, right, bottom] = rect;
    let (left, right) = (clamp(left, picture.width()), clamp(right, picture.width()));
    let (top, bottom) = (
        clamp(top, picture.height()),
        clamp(bottom, picture.height()),
    );
    if right <= left || bottom <= top {
        return None;
    }
    let (mut count, mut sum, mut squares, mut edges) = (0u64, 0u64, 0u64, 0u64);
    let mut above = Zeroizing::new(Vec::new());
    for y in top..bottom {
        let row = luminance_row(picture, y, left, right)?;
        for (x, &v) in row.iter().enumerate() {
            count += 1;
            sum += v;
            squares += v * v;
            let before = x
                .checked_sub(1)
                .and_then(|b| row.get(b))
                .copied()
                .unwrap_or(v);
            let after = row.get(x + 1).copied().unwrap_or(v);
            let up = above.get(x).copied().unwrap_or(v);
            edges += (2 * v).abs_diff(before + after) + v.abs_diff(up);
        }
        above = row;
    }
    let mean = sum.checked_div(count)?;
    let variance = (squares / count).saturating_sub(mean * mean);
    Some(Quality {
        brightness: u8::try_from(mean).unwrap_or(u8::MAX),
        contrast: u8::try_from(variance.isqrt()).unwrap_or(u8::MAX),
        sharpness: u16::try_from(10 * edges / count).unwrap_or(u16::MAX),
    })
}

/// The luminance (ITU-R BT.601, integers) of part of a row.
fn luminance_row(picture: &Rgb, y: u32, left: u32, right: u32) -> Option<Zeroizing<Vec<u64>>> {
    let at =
        |x: u32| usize::try_from((u64::from(y) * u64::from(picture.width()) + u64::from(x)) * 3);
    let bytes = picture.pixels().get(at(left).ok()?..at(right).ok()?)?;
    let (pixels, _) = bytes.as_chunks::<3>();
    let luminance = |&[r, g, b]: &[u8; 3]| {
        (299 * u64::from(r) + 587 * u64::from(g) + 114 * u64::from(b)) / 1000
    };
    Some(Zeroizing::new(pixels.iter().map(luminance).collect()))
}
