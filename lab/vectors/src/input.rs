//! Reading a vector's inputs; a vector of ours that lacks a field is a fault of the generator.

use crypto::hash::{from_hex, to_hex};
use crypto::{Encoded, Hash, Point, Scalar};
use serde_json::{Map, Value};

/// The inputs of one vector.
#[derive(Clone, Copy, Debug)]
pub struct In<'a>(pub &'a Map<String, Value>);

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: impl AsRef<[u8]>) -> Value {
    Value::String(to_hex(bytes.as_ref()))
}

/// Scalars as hexadecimal.
pub fn scalars(list: &[Scalar]) -> Value {
    list.iter().map(|s| hex(s.as_bytes())).collect()
}

/// Encodings as hexadecimal.
pub fn points(list: &[Encoded]) -> Value {
    list.iter().map(|p| hex(p.0)).collect()
}

/// The bytes of a hexadecimal value.
pub fn bytes_of(value: &Value) -> Vec<u8> {
    from_hex(value.as_str().expect("hexadecimal text")).expect("hexadecimal")
}

/// A fixed number of bytes of a hexadecimal value.
pub fn array_of<const N: usize>(value: &Value) -> [u8; N] {
    bytes_of(value).try_into().expect("another length")
}

/// A scalar of a hexadecimal value.
pub fn scalar_of(value: &Value) -> Scalar {
    Option::from(Scalar::from_canonical_bytes(array_of(value))).expect("a reduced scalar")
}

impl<'a> In<'a> {
    /// Any field.
    pub fn get(self, name: &str) -> &'a Value {
        self.0
            .get(name)
            .unwrap_or_else(|| panic!("no field {name}"))
    }
    /// A field that may be missing.
    pub fn maybe(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }
    pub fn bytes(self, name: &str) -> Vec<u8> {
        bytes_of(self.get(name))
    }
    pub fn array<const N: usize>(self, name: &str) -> [u8; N] {
        array_of(self.get(name))
    }
    pub fn hash(self, name: &str) -> Hash {
        Hash(self.array(name))
    }
    pub fn scalar(self, name: &str) -> Scalar {
        scalar_of(self.get(name))
    }
    pub fn point(self, name: &str) -> Point {
        Point::from_bytes(&self.array(name)).expect("a point that is not the identity")
    }
    pub fn text(self, name: &str) -> &'a str {
        self.get(name).as_str().expect("text")
    }
    pub fn list(self, name: &str) -> &'a [Value] {
        self.get(name).as_array().expect("a list")
    }
    pub fn number(self, name: &str) -> u64 {
        self.get(name).as_u64().expect("a number")
    }
    pub fn u16(self, name: &str) -> u16 {
        u16::try_from(self.number(name)).expect("below 65536")
    }
    pub fn u32(self, name: &str) -> u32 {
        u32::try_from(self.number(name)).expect("below 2^32")
    }
    pub fn object(self, name: &str) -> In<'a> {
        In(self.get(name).as_object().expect("an object"))
    }
}
