//! Binary values inside JSON and TOML: lower-case hexadecimal of the exact length, read while the
//! text around it is, so that a request that was parsed is well-formed.

use core::fmt;
use core::str::FromStr;

use ballot::own_card::key_proof::KeyProof;
use crypto::hash::{from_hex, to_hex};
use crypto::schnorr::Signature;
use crypto::wire::{Reader, Wire, Writer};
use crypto::{Hash, Point, Scalar};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// A value with one canonical string of bytes.
pub trait HexValue: Sized {
    /// What is expected, for error messages: "32 bytes", "a public key".
    const WHAT: &'static str;
    /// The bytes.
    fn to_bytes(&self) -> Zeroizing<Vec<u8>>;
    /// From exactly these bytes; none when they are no such value.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

/// A value as lower-case hexadecimal. Every value has one spelling.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hex<T>(pub T);

/// At most `MAX` bytes as lower-case hexadecimal.
#[derive(Clone, PartialEq, Eq)]
pub struct Bounded<const MAX: usize>(Vec<u8>);

/// At most `MAX` bytes as lower-case hexadecimal.
pub type HexBytes<const MAX: usize> = Hex<Bounded<MAX>>;

impl<const MAX: usize> Hex<Bounded<MAX>> {
    /// These bytes; more than `MAX` are written all the same, and every reader refuses them.
    #[must_use]
    pub fn of(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Bounded(bytes.into()))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.0
    }

    /// The bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0.0
    }
}

impl<const N: usize> HexValue for [u8; N] {
    const WHAT: &'static str = "bytes of the right number";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.to_vec())
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }
}

impl<const MAX: usize> HexValue for Bounded<MAX> {
    const WHAT: &'static str = "not too many bytes";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.clone())
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() <= MAX).then(|| Self(bytes.to_vec()))
    }
}

impl HexValue for Hash {
    const WHAT: &'static str = "a hash of 64 bytes";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.to_vec())
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl HexValue for Point {
    const WHAT: &'static str = "a public key of 32 bytes";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.as_bytes().to_vec())
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes.try_into().ok()?)
    }
}

impl HexValue for Scalar {
    const WHAT: &'static str = "a number of 32 bytes below the group's order";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.as_bytes().to_vec())
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::from_canonical_bytes(bytes.try_into().ok()?).into()
    }
}

impl HexValue for Signature {
    const WHAT: &'static str = "a signature of 64 bytes";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        written(self)
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        read_whole(bytes)
    }
}

impl HexValue for KeyProof {
    const WHAT: &'static str = "a person key's proof of 128 bytes";
    fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        written(self)
    }
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        read_whole(bytes)
    }
}

fn written(value: &impl Wire) -> Zeroizing<Vec<u8>> {
    let mut w = Writer::new();
    value.write(&mut w);
    Zeroizing::new(w.finish())
}

fn read_whole<T: Wire>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader).ok()?;
    reader.end().ok()?;
    Some(value)
}

impl<T: HexValue> fmt::Display for Hex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Zeroizing::new(to_hex(&self.0.to_bytes())))
    }
}

impl<T: fmt::Debug> fmt::Debug for Hex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> fmt::Debug for Bounded<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// Not the hexadecimal of such a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the lower-case hexadecimal of {0}")]
pub struct BadHex(&'static str);

impl<T: HexValue> FromStr for Hex<T> {
    type Err = BadHex;

    fn from_str(text: &str) -> Result<Self, BadHex> {
        from_hex(text)
            .map(Zeroizing::new)
            .and_then(|bytes| T::from_bytes(&bytes))
            .map(Self)
            .ok_or(BadHex(T::WHAT))
    }
}

impl<T: HexValue> Serialize for Hex<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(to_hex(&self.0.to_bytes())))
    }
}

impl<'de, T: HexValue> Deserialize<'de> for Hex<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
