//! SHA-512 with a domain-separation tag and length-prefixed fields (spec 01).

use crate::wire::{Reader, Wire, WireError, Writer};
use sha2::{Digest as _, Sha512};

/// Prefix of every domain-separation tag.
pub const DST_PREFIX: &str = "irefuda/v2/";

/// 64 bytes of SHA-512.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 64]);

impl Hash {
    /// 64 zero bytes: "no earlier value".
    pub const ZERO: Self = Self([0; 64]);

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
    /// Lower-case hexadecimal of all 64 bytes.
    #[must_use]
    pub fn to_hex(&self) -> String {
        to_hex(&self.0)
    }
    /// Reads 128 lower-case hexadecimal digits.
    #[must_use]
    pub fn from_hex(s: &str) -> Option<Self> {
        from_hex(s)?.try_into().ok().map(Self)
    }
}

impl core::fmt::Debug for Hash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let hex = self.to_hex();
        write!(f, "Hash({}…)", hex.get(..16).unwrap_or_default())
    }
}

impl core::fmt::Display for Hash {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl Wire for Hash {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.0);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self(r.array()?))
    }
}

/// Lower-case hexadecimal. No table and no branch depends on the bytes.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Reads lower-case hexadecimal of even length. Every byte string has exactly one spelling: upper
/// case, a sign or a space is refused.
#[must_use]
pub fn from_hex(s: &str) -> Option<Vec<u8>> {
    base16ct::lower::decode_vec(s).ok()
}

/// SHA-512 over length-framed items: u64 little-endian length, then the bytes.
#[derive(Clone)]
pub(crate) struct Framed(Sha512);

impl Framed {
    pub(crate) fn new(purpose: &str) -> Self {
        let mut f = Self(Sha512::new());
        f.add(&[DST_PREFIX.as_bytes(), purpose.as_bytes()]);
        f
    }
    /// One field made of several pieces.
    pub(crate) fn add(&mut self, pieces: &[&[u8]]) {
        let len: usize = pieces.iter().map(|p| p.len()).sum();
        self.0
            .update(u64::try_from(len).unwrap_or(u64::MAX).to_le_bytes());
        for p in pieces {
            self.0.update(p);
        }
    }
    pub(crate) fn finish(&self) -> [u8; 64] {
        self.0.clone().finalize().into()
    }
}

/// H = SHA-512(DST ‖ fields), every item length-framed; DST = `irefuda/v2/<purpose>`.
#[must_use]
pub fn hash(purpose: &str, fields: &[&[u8]]) -> Hash {
    let mut f = Framed::new(purpose);
    for field in fields {
        f.add(&[field]);
    }
    Hash(f.finish())
}

/// The entry hash. Of a ballot it gives the confirmation code that voters compare (conventions D4).
#[must_use]
pub fn entry_hash(entry: &[u8]) -> Hash {
    hash("fingerprint", &[entry])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_framed() {
        assert_ne!(hash("t", &[b"ab", b"c"]), hash("t", &[b"a", b"bc"]));
        assert_ne!(hash("t", &[b"ab"]), hash("u", &[b"ab"]));
        assert_ne!(hash("t", &[]), hash("t", &[b""]));
    }

    #[test]
    fn hex_round_trip() {
        let h = hash("t", &[b"x"]);
        assert_eq!(Hash::from_hex(&h.to_hex()), Some(h));
        assert_eq!(Hash::from_hex("zz"), None);
    }

    /// S-16: `+f` was read as `0f`, and upper case as lower case.
    #[test]
    fn hex_has_one_spelling() {
        assert_eq!(from_hex("0f"), Some(vec![15]));
        assert_eq!(from_hex(""), Some(Vec::new()));
        for other in ["+f", "0F", "aB", "0", " 0f", "0f ", "0x", "-1", "０f", "é0"] {
            assert_eq!(from_hex(other), None, "{other:?}");
        }
        let upper = hash("t", &[b"x"]).to_hex().to_ascii_uppercase();
        assert_eq!(Hash::from_hex(&upper), None);
    }
}
