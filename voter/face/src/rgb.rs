//! Decoded pixels, wiped when dropped.

use core::fmt;

use image::RgbImage;
use image::imageops::{FilterType, resize};
use zeroize::Zeroizing;

/// 8-bit RGB, row by row. Wiped on drop, never printed.
pub struct Rgb {
    width: u32,
    height: u32,
    pixels: Zeroizing<Vec<u8>>,
}

impl Rgb {
    /// Wraps pixels; `None` unless there are exactly `width * height * 3` bytes, at least one pixel.
    #[must_use]
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let pixels = Zeroizing::new(pixels);
        let wanted = u64::from(width) * u64::from(height) * 3;
        let fits = wanted > 0 && u64::try_from(pixels.len()) == Ok(wanted);
        fits.then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// The same value in every channel.
    pub(crate) fn from_grey(width: u32, height: u32, grey: Vec<u8>) -> Option<Self> {
        let grey = Zeroizing::new(grey);
        let pixels = grey.iter().flat_map(|&v| [v, v, v]).collect();
        Self::new(width, height, pixels)
    }

    /// Pixels across.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// All bytes.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Brings the longer side into `shortest..=longest`, keeping the proportions.
    pub(crate) fn fit(self, shortest: u32, longest: u32) -> Self {
        let side = self.width.max(self.height);
        let wanted = side.clamp(shortest, longest);
        if wanted == side {
            return self;
        }
        let scale = |v: u32| {
            let scaled = u64::from(v) * u64::from(wanted) / u64::from(side);
            u32::try_from(scaled).unwrap_or(wanted).max(1)
        };
        let (width, height) = (scale(self.width), scale(self.height));
        let mut pixels = self.pixels;
        let Some(full) = RgbImage::from_raw(self.width, self.height, core::mem::take(&mut *pixels))
        else {
            return Self {
                width: self.width,
                height: self.height,
                pixels,
            };
        };
        let small = resize(&full, width, height, FilterType::Triangle);
        drop(Zeroizing::new(full.into_raw()));
        Self {
            width,
            height,
            pixels: Zeroizing::new(small.into_raw()),
        }
    }
}

impl fmt::Debug for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rgb({}x{})", self.width, self.height)
    }
}
