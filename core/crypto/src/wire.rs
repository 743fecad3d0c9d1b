//! Canonical bytes (conventions D2): one byte string per value, and no other is accepted.
//!
//! Integers little-endian; `bytes` = u32 length + bytes; `list` = u32 count + items; option = one
//! byte 0/1; text = UTF-8 in NFC, of characters assigned in Unicode 14.0, with u32 length; enum = u8 tag. A top-level value starts with
//! [`VERSION`] and its type byte.

use crate::assigned::is_assigned;
use unicode_normalization::UnicodeNormalization as _;

/// Version byte at the head of every top-level value.
pub const VERSION: u8 = 2;

/// Why bytes are not the canonical form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// The bytes end before the value does (R0.01).
    Truncated,
    /// Bytes are left after the value (R0.01).
    Trailing,
    /// Unknown format version (R0.02).
    Version(u8),
    /// Another kind of top-level value (R0.02).
    Type(u8),
    /// An enum tag or option byte that means nothing (R0.05).
    Tag(u8),
    /// A length or count above the field's limit (R0.03).
    TooLong,
    /// Text that is not UTF-8 in NFC, or has a character that Unicode 14.0 does not assign (R0.04).
    Text,
    /// 32 bytes that are not a canonical group element, or the identity where it is refused
    /// (R0.06).
    Point,
    /// 32 bytes that are not a scalar below the group order (R0.07).
    Scalar,
    /// A number outside the range the spec fixes for the field.
    Range,
    /// Items that must be in strictly increasing order are not.
    Order,
}

impl core::fmt::Display for WireError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "not canonical bytes: {self:?}")
    }
}

impl std::error::Error for WireError {}

/// Collects canonical bytes.
#[derive(Default, Clone, Debug)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty writer.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// A writer that starts with version and type of a top-level value.
    #[must_use]
    pub fn top(kind: u8) -> Self {
        Self(vec![VERSION, kind])
    }
    /// The bytes written so far.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
    /// One byte.
    pub fn u8(&mut self, v: u8) {
        self.0.push(v);
    }
    /// Two bytes, little-endian.
    pub fn u16(&mut self, v: u16) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }
    /// Four bytes, little-endian.
    pub fn u32(&mut self, v: u32) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }
    /// Eight bytes, little-endian.
    pub fn u64(&mut self, v: u64) {
        self.0.extend_from_slice(&v.to_le_bytes());
    }
    /// Fixed-length bytes, no length in front.
    pub fn raw(&mut self, v: &[u8]) {
        self.0.extend_from_slice(v);
    }
    /// Bytes with their length as u32 in front.
    ///
    /// # Panics
    /// When `v` is longer than 4 GiB, which no field of the spec allows.
    pub fn bytes(&mut self, v: &[u8]) {
        self.u32(u32::try_from(v.len()).expect("fields are far below 4 GiB"));
        self.raw(v);
    }
    /// Text, brought to NFC. A character that Unicode 14.0 does not assign is written as it is, and
    /// [`Reader::text`] refuses it.
    pub fn text(&mut self, v: &str) {
        self.bytes(v.nfc().collect::<String>().as_bytes());
    }
    /// A count, then the items.
    ///
    /// # Panics
    /// When there are 2³² items or more, which no field of the spec allows.
    pub fn list<T: Wire>(&mut self, items: &[T]) {
        self.u32(u32::try_from(items.len()).expect("lists are far below 2^32 items"));
        for item in items {
            item.write(self);
        }
    }
    /// 0, or 1 and the value.
    pub fn option<T: Wire>(&mut self, v: Option<&T>) {
        match v {
            None => self.u8(0),
            Some(v) => {
                self.u8(1);
                v.write(self);
            }
        }
    }
}

/// Reads canonical bytes and refuses everything else.
#[derive(Clone, Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader over `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
    /// A reader behind version and type of a top-level value.
    ///
    /// # Errors
    /// [`WireError::Version`], [`WireError::Type`], [`WireError::Truncated`].
    pub fn top(bytes: &'a [u8], kind: u8) -> Result<Self, WireError> {
        let mut r = Self(bytes);
        let version = r.u8()?;
        if version != VERSION {
            return Err(WireError::Version(version));
        }
        let found = r.u8()?;
        if found == kind {
            Ok(r)
        } else {
            Err(WireError::Type(found))
        }
    }
    /// Refuses left-over bytes.
    ///
    /// # Errors
    /// [`WireError::Trailing`].
    pub fn end(self) -> Result<(), WireError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(WireError::Trailing)
        }
    }
    /// How many bytes are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.len()
    }
    /// The next `n` bytes.
    ///
    /// # Errors
    /// [`WireError::Truncated`].
    pub fn raw(&mut self, n: usize) -> Result<&'a [u8], WireError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(WireError::Truncated)?;
        self.0 = tail;
        Ok(head)
    }
    /// The next `N` bytes as an array.
    ///
    /// # Errors
    /// [`WireError::Truncated`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        self.raw(N)?.try_into().map_err(|_| WireError::Truncated)
    }
    /// One byte.
    ///
    /// # Errors
    /// [`WireError::Truncated`].
    pub fn u8(&mut self) -> Result<u8, WireError> {
        let [b] = self.array::<1>()?;
        Ok(b)
    }
    /// Two bytes, little-endian.
    ///
    /// # Errors
    /// [`WireError::Truncated`].
    pub fn u16(&mut self) -> Result<u16, WireError> {
        Ok(u16::from_le_bytes(self.array()?))
    }
    /// Four bytes, little-endian.
    ///
    /// # Errors
    /// [`WireError::Truncated`].
    pub fn u32(&mut self) -> Result<u32, WireError> {
        Ok(u32::from_le_bytes(self.array()?))
    }
    /// Eight bytes, little-endian.
    ///
    /// # Errors
    /// [`WireError::Truncated`].
    pub fn u64(&mut self) -> Result<u64, WireError> {
        Ok(u64::from_le_bytes(self.array()?))
    }
    /// A boolean: 0 or 1.
    ///
    /// # Errors
    /// [`WireError::Tag`], [`WireError::Truncated`].
    pub fn bool(&mut self) -> Result<bool, WireError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            t => Err(WireError::Tag(t)),
        }
    }
    /// Length-prefixed bytes of at most `max`.
    ///
    /// # Errors
    /// [`WireError::TooLong`], [`WireError::Truncated`].
    pub fn bytes(&mut self, max: usize) -> Result<&'a [u8], WireError> {
        let n = self.count(max)?;
        self.raw(n)
    }
    /// Length-prefixed NFC text of at most `max` bytes, of assigned characters.
    ///
    /// # Errors
    /// [`WireError::Text`], [`WireError::TooLong`], [`WireError::Truncated`].
    pub fn text(&mut self, max: usize) -> Result<String, WireError> {
        let s = core::str::from_utf8(self.bytes(max)?).map_err(|_| WireError::Text)?;
        if s.chars().all(is_assigned) && s.nfc().eq(s.chars()) {
            Ok(s.to_owned())
        } else {
            Err(WireError::Text)
        }
    }
    /// A count of at most `max`.
    ///
    /// # Errors
    /// [`WireError::TooLong`], [`WireError::Truncated`].
    pub fn count(&mut self, max: usize) -> Result<usize, WireError> {
        let n = usize::try_from(self.u32()?).map_err(|_| WireError::TooLong)?;
        if n <= max {
            Ok(n)
        } else {
            Err(WireError::TooLong)
        }
    }
    /// A list of at most `max` items.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn list<T: Wire>(&mut self, max: usize) -> Result<Vec<T>, WireError> {
        let n = self.count(max)?;
        (0..n).map(|_| T::read(self)).collect()
    }
    /// An optional value.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn option<T: Wire>(&mut self) -> Result<Option<T>, WireError> {
        if self.bool()? {
            Ok(Some(T::read(self)?))
        } else {
            Ok(None)
        }
    }
}

/// A value with canonical bytes.
pub trait Wire: Sized {
    /// Appends the value's bytes.
    fn write(&self, w: &mut Writer);
    /// Reads the value.
    ///
    /// # Errors
    /// Any [`WireError`].
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError>;
}

/// A value that travels or is hashed by itself: version, type, body, nothing after it.
pub trait TopLevel: Wire {
    /// The type byte.
    const TYPE: u8;

    /// The canonical bytes.
    fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::top(Self::TYPE);
        self.write(&mut w);
        w.finish()
    }
    /// Reads the whole of `bytes`.
    ///
    /// # Errors
    /// Any [`WireError`].
    fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::top(bytes, Self::TYPE)?;
        let v = Self::read(&mut r)?;
        r.end()?;
        Ok(v)
    }
}

impl<const N: usize> Wire for [u8; N] {
    fn write(&self, w: &mut Writer) {
        w.raw(self);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        r.array()
    }
}

impl Wire for u16 {
    fn write(&self, w: &mut Writer) {
        w.u16(*self);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        r.u16()
    }
}

impl Wire for u32 {
    fn write(&self, w: &mut Writer) {
        w.u32(*self);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        r.u32()
    }
}

impl Wire for u64 {
    fn write(&self, w: &mut Writer) {
        w.u64(*self);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        r.u64()
    }
}

#[cfg(test)]
mod tests;
