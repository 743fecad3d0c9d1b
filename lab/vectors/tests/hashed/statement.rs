//! A statement as named fields, and what must happen when one changes.

use crypto::schnorr::{self, Signature};
use crypto::{Point, Scalar};
use sha2::{Digest as _, Sha512};

/// Name and bytes of a field.
pub type Field = (&'static str, Vec<u8>);
/// Purpose and names of the fields, in order.
pub type Tried = (String, Vec<String>);

/// A field that is hashed in a frame of its own.
pub fn field(name: &'static str, bytes: impl AsRef<[u8]>) -> Vec<Field> {
    vec![(name, bytes.as_ref().to_vec())]
}

/// SHA-512 over framed tag and fields, as chapter 01 §1 writes it. Fields of one inner list share
/// a frame.
pub fn framed(purpose: &str, frames: &[Vec<Field>]) -> [u8; 64] {
    let mut h = Sha512::new();
    let mut frame = |bytes: &[u8]| {
        h.update(u64::try_from(bytes.len()).unwrap().to_le_bytes());
        h.update(bytes);
    };
    frame(format!("irefuda/v2/{purpose}").as_bytes());
    for parts in frames {
        frame(
            &parts
                .iter()
                .flat_map(|(_, b)| b.clone())
                .collect::<Vec<u8>>(),
        );
    }
    h.finalize().into()
}

/// The hash mod ℓ.
pub fn challenge(purpose: &str, frames: &[Vec<Field>]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&framed(purpose, frames))
}

pub fn tried(purpose: &str, frames: &[Vec<Field>]) -> Tried {
    let names = frames.iter().flatten().map(|(name, _)| (*name).to_owned());
    (purpose.to_owned(), names.collect())
}

/// Every copy of the statement in which one bit of one field is changed.
pub fn changes(frames: &[Vec<Field>]) -> Vec<(&'static str, Vec<Vec<Field>>)> {
    let mut out = Vec::new();
    for (i, parts) in frames.iter().enumerate() {
        for (j, (name, bytes)) in parts.iter().enumerate() {
            let mut changed = frames.to_vec();
            match bytes.first() {
                Some(_) => changed[i][j].1[0] ^= 1,
                None => changed[i][j].1.push(1),
            }
            out.push((*name, changed));
        }
    }
    out
}

/// `value` is H(purpose, frames), and of no copy with one changed field.
pub fn hashed(purpose: &str, frames: &[Vec<Field>], value: &[u8]) -> Tried {
    holds(purpose, frames, |f| framed(purpose, f) == value)
}

/// `holds` is true of the statement and of no copy with one changed field.
pub fn holds(purpose: &str, frames: &[Vec<Field>], holds: impl Fn(&[Vec<Field>]) -> bool) -> Tried {
    assert!(holds(frames), "{purpose}: other fields are hashed");
    for (name, changed) in changes(frames) {
        assert!(!holds(&changed), "{purpose}: {name} does not count");
    }
    tried(purpose, frames)
}

/// `message` consists of these fields, and the signature covers each of them.
pub fn signed(
    purpose: &str,
    by: (&Point, &Signature),
    message: &[u8],
    fields: Vec<Field>,
) -> Tried {
    let (key, signature) = by;
    let bytes: Vec<u8> = fields.iter().flat_map(|(_, b)| b.clone()).collect();
    assert_eq!(bytes, message, "{purpose}: other fields are signed");
    holds(purpose, &[fields], |f| {
        let message: Vec<u8> = f.iter().flatten().flat_map(|(_, b)| b.clone()).collect();
        schnorr::verify(key, purpose, &message, signature).is_ok()
    })
}

/// Name of a field and what changes it.
pub type Change<T> = (&'static str, fn(&mut T));

/// A value of which every listed change gives another result.
pub fn changed<T, R: PartialEq>(
    purpose: &str,
    base: &T,
    value: impl Fn(&T) -> R,
    list: &[Change<T>],
) -> Tried
where
    T: Clone,
{
    let before = value(base);
    for (name, change) in list {
        let mut copy = base.clone();
        change(&mut copy);
        assert!(value(&copy) != before, "{purpose}: {name} does not count");
    }
    let names = list.iter().map(|(name, _)| (*name).to_owned());
    (purpose.to_owned(), names.collect())
}

/// Canonical bytes of a part, without version and type.
pub fn wire(value: &impl crypto::wire::Wire) -> Vec<u8> {
    let mut w = crypto::wire::Writer::new();
    value.write(&mut w);
    w.finish()
}

/// What `write` writes.
pub fn written(write: impl FnOnce(&mut crypto::wire::Writer)) -> Vec<u8> {
    let mut w = crypto::wire::Writer::new();
    write(&mut w);
    w.finish()
}
