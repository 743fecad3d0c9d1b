//! Where the board keeps what grows with the number of ballots.
//!
//! A node needs cheap copies of many states and keeps everything in persistent maps ([`Memory`]).
//! A verifier goes through one chain once and may keep the same tables outside of memory; it
//! writes its own [`Store`]. The rules are the same code for both, and so are their answers.

use crypto::Hash;
use imbl::OrdMap;
use std::fmt::Debug;

/// A key or value as bytes, for stores outside of memory. For keys the order of the bytes is the
/// order of the values, and no key's bytes are the beginning of another's.
pub trait Item: Clone + Debug {
    /// Appends the bytes.
    fn put(&self, out: &mut Vec<u8>);
    /// Reads what [`Item::put`] wrote; none for anything else.
    fn take(bytes: &[u8]) -> Option<Self>;
}

/// A map. What it answers is exact: an approximation would decide about rules.
pub trait Table<K, V>: Clone + Debug {
    /// The value of this key.
    fn get(&mut self, key: &K) -> Option<V>;
    /// Adds or replaces.
    fn insert(&mut self, key: K, value: V);
    /// Everything, in the order of the keys.
    fn each(&mut self, f: &mut dyn FnMut(&K, &V));
}

/// Makes tables. A store that cannot read or write any more remembers that, answers anything, and
/// is asked by whoever made it before an answer of the board is believed.
pub trait Store: Clone + Debug {
    /// Its tables. A copy of a table need not be independent of the original: whoever copies
    /// states uses [`Memory`].
    type Table<K: Item + Ord, V: Item>: Table<K, V>;
    /// A new table with nothing in it.
    fn table<K: Item + Ord, V: Item>(&self) -> Self::Table<K, V>;
}

/// Persistent maps in memory: a copy costs nothing and stays as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory;

impl Store for Memory {
    type Table<K: Item + Ord, V: Item> = OrdMap<K, V>;
    fn table<K: Item + Ord, V: Item>(&self) -> OrdMap<K, V> {
        OrdMap::new()
    }
}

impl<K: Item + Ord, V: Item> Table<K, V> for OrdMap<K, V> {
    fn get(&mut self, key: &K) -> Option<V> {
        Self::get(self, key).cloned()
    }
    fn insert(&mut self, key: K, value: V) {
        Self::insert(self, key, value);
    }
    fn each(&mut self, f: &mut dyn FnMut(&K, &V)) {
        self.iter().for_each(|(k, v)| f(k, v));
    }
}

impl Item for Hash {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl Item for [u8; 32] {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok()
    }
}

impl Item for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0] => Some(false),
            [1] => Some(true),
            _ => None,
        }
    }
}

impl Item for u8 {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// A voting key and a number.
impl Item for ([u8; 32], u32) {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
        out.extend_from_slice(&self.1.to_be_bytes());
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        let (key, number) = bytes.split_first_chunk()?;
        Some((*key, u32::from_be_bytes(number.try_into().ok()?)))
    }
}

/// A committed entry hash and a voting key.
impl Item for (Hash, [u8; 32]) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        out.extend_from_slice(&self.1);
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        let (hash, key) = bytes.split_first_chunk()?;
        Some((Hash(*hash), key.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests;
