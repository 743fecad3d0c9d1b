//! Pictures made from a picture: another crop, light, turn of the head, noise.

use image::{GrayImage, Luma, Rgb, RgbImage};

/// A small generator of repeatable numbers (SplitMix64). Not for secrets.
pub(super) struct Dice(u64);

impl Dice {
    /// Starts from a seed and a name, so that two uses never share a sequence.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let mix = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, mix))
    }

    /// A number from -1 to 1.
    pub(super) fn around(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let top = u16::try_from((z ^ (z >> 31)) >> 48).unwrap_or(0);
        f32::from(top) / 32_767.5 - 1.0
    }

    /// A number between two bounds.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.around() + 1.0) / 2.0
    }
}

/// How a picture is taken of a head in another picture.
#[derive(Clone, Copy)]
pub(super) struct Shot {
    /// Middle of the face in the original.
    pub centre: (f32, f32),
    /// Width of the face in the original.
    pub face: f32,
    /// Size of the new picture.
    pub size: (u32, u32),
    /// Width of the face in the new picture.
    pub new_face: f32,
    /// Middle of the face in the new picture, from its middle, in parts of the face's width.
    pub offset: (f32, f32),
    /// Roll of the head in radians.
    pub roll: f32,
    /// Turn of the head: how far the front of the face moves sideways, in parts of its width.
    pub turn: f32,
    /// Left and right exchanged.
    pub mirror: bool,
    /// Exponent of the light; above 1 is darker.
    pub gamma: f32,
    /// Factor of the light.
    pub gain: f32,
    /// Light from one side: factor between -1 and 1.
    pub side_light: f32,
    /// Noise in grey levels.
    pub noise: f32,
}

impl Shot {
    /// Straight, well lit.
    pub(super) fn plain(centre: (f32, f32), face: f32, size: (u32, u32), new_face: f32) -> Self {
        Self {
            centre,
            face,
            size,
            new_face,
            offset: (0.0, 0.0),
            roll: 0.0,
            turn: 0.0,
            mirror: false,
            gamma: 1.0,
            gain: 1.0,
            side_light: 0.0,
            noise: 0.0,
        }
    }

    /// Takes the picture.
    pub(super) fn take(&self, from: &RgbImage, dice: &mut Dice) -> RgbImage {
        let (width, height) = self.size;
        let (sin, cos) = self.roll.sin_cos();
        let middle = (
            real(width) / 2.0 + self.offset.0 * self.new_face,
            real(height) / 2.0 + self.offset.1 * self.new_face,
        );
        let light: [f32; 256] = core::array::from_fn(|i| {
            let level = f32::from(u8::try_from(i).unwrap_or(u8::MAX)) / 255.0;
            255.0 * self.gain * level.powf(self.gamma)
        });
        RgbImage::from_fn(width, height, |x, y| {
            // In face widths from the middle of the face.
            let (dx, dy) = (
                (real(x) - middle.0) / self.new_face,
                (real(y) - middle.1) / self.new_face,
            );
            let (mut u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
            // The nearer to the middle of the face, the nearer to the viewer, the further it moves.
            let depth = (1.0 - (u / 0.8).powi(2) - (v / 1.0).powi(2)).max(0.0);
            u -= self.turn * depth;
            if self.mirror {
                u = -u;
            }
            let at = (self.centre.0 + u * self.face, self.centre.1 + v * self.face);
            let side = 1.0 + self.side_light * dx.clamp(-1.0, 1.0);
            let noise = self.noise * dice.around();
            Rgb(sample(from, at, &light).map(|c| byte(c * side + noise)))
        })
    }
}

/// The luminance, as on a card.
pub(super) fn grey(from: &RgbImage) -> GrayImage {
    GrayImage::from_fn(from.width(), from.height(), |x, y| {
        let Rgb([r, g, b]) = *from.get_pixel(x, y);
        let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
        Luma([u8::try_from(sum / 1000).unwrap_or(u8::MAX)])
    })
}

/// Bilinear, under a given light; beyond the edge the edge goes on.
fn sample(from: &RgbImage, (x, y): (f32, f32), light: &[f32; 256]) -> [f32; 3] {
    let (x, y) = (
        x.clamp(0.0, real(from.width() - 1)),
        y.clamp(0.0, real(from.height() - 1)),
    );
    let (x0, y0) = (whole(x), whole(y));
    let (x1, y1) = (
        (x0 + 1).min(from.width() - 1),
        (y0 + 1).min(from.height() - 1),
    );
    let (fx, fy) = (x - real(x0), y - real(y0));
    let at = |x, y| {
        from.get_pixel(x, y)
            .0
            .map(|c| light.get(usize::from(c)).copied().unwrap_or(0.0))
    };
    let (a, b, c, d) = (at(x0, y0), at(x1, y0), at(x0, y1), at(x1, y1));
    core::array::from_fn(|i| {
        let get = |p: &[f32; 3]| p.get(i).copied().unwrap_or(0.0);
        let top = get(&a) + (get(&b) - get(&a)) * fx;
        let low = get(&c) + (get(&d) - get(&c)) * fx;
        top + (low - top) * fy
    })
}

/// A coordinate as a real number; pictures are far smaller than 2^16.
fn real(v: u32) -> f32 {
    f32::from(u16::try_from(v).unwrap_or(u16::MAX))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the pixels of a picture by the caller; casts of floats saturate"
)]
fn whole(v: f32) -> u32 {
    v as u32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte in this very line"
)]
fn byte(v: f32) -> u8 {
    v.round().clamp(0.0, 255.0) as u8
}
