//! The safe side: an owned engine, checked pictures, plain results.

use core::ffi::{CStr, c_char};
use core::ptr::NonNull;

use crate::ffi::{
    RawEngine, RawFace, irefuda_engine_describe, irefuda_engine_detect, irefuda_engine_free,
    irefuda_engine_new,
};
use crate::{DESCRIPTOR_LEN, DlibError};

/// The longest side of a picture this wrapper takes.
const MAX_SIDE: u32 = 4096;
/// How many faces a picture may report in detail.
const MAX_FACES: usize = 16;
const ERROR_LEN: usize = 256;

/// A borrowed picture: 8-bit RGB, row by row, without padding.
#[derive(Clone, Copy)]
pub struct Rgb<'a> {
    pixels: &'a [u8],
    width: u32,
    height: u32,
}

impl<'a> Rgb<'a> {
    /// Checks that `pixels` holds exactly `width * height` RGB triples.
    ///
    /// # Errors
    /// [`DlibError::BadPicture`] if it does not, or if a side is 0 or longer than 4096.
    pub fn new(pixels: &'a [u8], width: u32, height: u32) -> Result<Self, DlibError> {
        let sides = 1..=MAX_SIDE;
        let wanted = u64::from(width) * u64::from(height) * 3;
        let fits = u64::try_from(pixels.len()) == Ok(wanted);
        if !sides.contains(&width) || !sides.contains(&height) || !fits {
            return Err(DlibError::BadPicture);
        }
        Ok(Self {
            pixels,
            width,
            height,
        })
    }
}

/// One face found in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Left, top, right, bottom in pixels; may reach beyond the picture's edge.
    pub rect: [i32; 4],
    /// The detector's confidence; at least 0.
    pub score: f64,
    /// Five points (x, y): the two corners of one eye, the two of the other, below the nose.
    pub points: [[i32; 2]; 5],
}

/// A loaded engine. Not for use by two threads at once, hence the `&mut self`.
pub struct Dlib {
    raw: NonNull<RawEngine>,
}

#[expect(
    unsafe_code,
    reason = "the engine has no thread affinity; &mut self keeps calls apart"
)]
// SAFETY: the C++ object owns all it refers to and uses no thread-local state, so it may move
// to another thread; it is not `Sync`, so two threads never call it at once.
unsafe impl Send for Dlib {}

impl Dlib {
    /// Loads the landmark model and the recognition model from their bytes.
    ///
    /// # Errors
    /// [`DlibError::Model`] with dlib's own text if the bytes are not such models.
    pub fn load(shape: &[u8], net: &[u8]) -> Result<Self, DlibError> {
        let mut error = ErrorText::new();
        #[expect(unsafe_code, reason = "call into the shim")]
        // SAFETY: both slices outlive the call, which only reads them; `error` is a writable
        // buffer of the given length; the function is noexcept.
        let raw = unsafe {
            irefuda_engine_new(
                shape.as_ptr(),
                shape.len(),
                net.as_ptr(),
                net.len(),
                error.as_mut_ptr(),
                ERROR_LEN,
            )
        };
        NonNull::new(raw)
            .map(|raw| Self { raw })
            .ok_or_else(|| DlibError::Model(error.text()))
    }

    /// Finds faces, largest first, sixteen at most.
    ///
    /// # Errors
    /// [`DlibError::Thrown`] if dlib threw.
    pub fn detect(&mut self, picture: Rgb<'_>) -> Result<Vec<Found>, DlibError> {
        let mut error = ErrorText::new();
        let mut out = [RawFace::default(); MAX_FACES];
        #[expect(unsafe_code, reason = "call into the shim")]
        // SAFETY: `raw` came from irefuda_engine_new and lives until drop; `Rgb` guarantees
        // width*height*3 readable bytes; `out` has MAX_FACES writable places; noexcept.
        let found = unsafe {
            irefuda_engine_detect(
                self.raw.as_ptr(),
                picture.pixels.as_ptr(),
                picture.width,
                picture.height,
                out.as_mut_ptr(),
                i32::try_from(MAX_FACES).unwrap_or(0),
                error.as_mut_ptr(),
                ERROR_LEN,
            )
        };
        let found = usize::try_from(found).map_err(|_| DlibError::Thrown(error.text()))?;
        Ok(out.iter().take(found).map(Found::from_raw).collect())
    }

    /// Describes one face that [`Dlib::detect`] found in the same picture.
    ///
    /// # Errors
    /// [`DlibError::Thrown`] if dlib threw.
    pub fn describe(
        &mut self,
        picture: Rgb<'_>,
        face: &Found,
    ) -> Result<[f32; DESCRIPTOR_LEN], DlibError> {
        let mut error = ErrorText::new();
        let mut out = [0f32; DESCRIPTOR_LEN];
        let raw_face = face.to_raw();
        #[expect(unsafe_code, reason = "call into the shim")]
        // SAFETY: as in `detect`; `raw_face` is readable and `out` has room for the 128 numbers
        // the shim writes.
        let done = unsafe {
            irefuda_engine_describe(
                self.raw.as_ptr(),
                picture.pixels.as_ptr(),
                picture.width,
                picture.height,
                &raw const raw_face,
                out.as_mut_ptr(),
                error.as_mut_ptr(),
                ERROR_LEN,
            )
        };
        if done == 0 {
            Ok(out)
        } else {
            Err(DlibError::Thrown(error.text()))
        }
    }
}

impl Drop for Dlib {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "call into the shim")]
        // SAFETY: `raw` came from irefuda_engine_new and is freed exactly once, here.
        unsafe {
            irefuda_engine_free(self.raw.as_ptr());
        }
    }
}

impl Found {
    fn from_raw(raw: &RawFace) -> Self {
        let [a, b, c, d, e, f, g, h, i, j] = raw.points;
        Self {
            rect: [raw.left, raw.top, raw.right, raw.bottom],
            score: raw.score,
            points: [[a, b], [c, d], [e, f], [g, h], [i, j]],
        }
    }

    fn to_raw(self) -> RawFace {
        let [left, top, right, bottom] = self.rect;
        let [[a, b], [c, d], [e, f], [g, h], [i, j]] = self.points;
        let points = [a, b, c, d, e, f, g, h, i, j];
        RawFace {
            left,
            top,
            right,
            bottom,
            score: self.score,
            points,
        }
    }
}

/// A buffer into which the shim writes a zero-terminated text.
struct ErrorText([u8; ERROR_LEN]);

impl ErrorText {
    fn new() -> Self {
        Self([0; ERROR_LEN])
    }

    fn as_mut_ptr(&mut self) -> *mut c_char {
        self.0.as_mut_ptr().cast()
    }

    fn text(&self) -> String {
        CStr::from_bytes_until_nul(&self.0)
            .map(|c| c.to_string_lossy().into_owned())
            .unwrap_or_default()
    }
}
