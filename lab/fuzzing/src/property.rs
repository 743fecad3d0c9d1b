//! The properties that a decoder of canonical bytes must have.

use crypto::wire::TopLevel;

/// Where a byte string is cut for the question whether a prefix decodes.
fn cuts(len: usize) -> impl Iterator<Item = usize> {
    let back = [1, 2, 4, 32, 64, 65].map(|n| len.checked_sub(n));
    let front = [0, 1, 2, 3, len / 2, len / 3].map(Some);
    back.into_iter()
        .chain(front)
        .flatten()
        .filter(move |n| *n < len)
}

/// If the bytes decode: the value's encoding is the same bytes, no prefix decodes, and nothing may
/// follow. Says whether they decode.
pub(crate) fn canonical<T>(
    bytes: &[u8],
    decode: impl Fn(&[u8]) -> Option<T>,
    encode: impl Fn(&T) -> Vec<u8>,
) -> bool {
    let Some(value) = decode(bytes) else {
        return false;
    };
    assert!(
        encode(&value) == bytes,
        "a value with a second byte string: {}",
        crypto::hash::to_hex(bytes.get(..200).unwrap_or(bytes))
    );
    self_delimiting(bytes, decode);
    true
}

/// Of bytes that decode, no prefix does, and nothing may follow.
pub(crate) fn self_delimiting<T>(bytes: &[u8], decode: impl Fn(&[u8]) -> Option<T>) {
    for n in cuts(bytes.len()) {
        let prefix = bytes.get(..n).unwrap_or_default();
        assert!(decode(prefix).is_none(), "the first {n} bytes decode too");
    }
    for tail in [0, 1, 0x30, 0xff] {
        let longer = [bytes, &[tail]].concat();
        assert!(decode(&longer).is_none(), "{tail:02x} may follow");
    }
}

/// [`canonical`] for a top-level value.
pub(crate) fn top<T: TopLevel>(bytes: &[u8]) -> bool {
    canonical(bytes, |b| T::from_bytes(b).ok(), T::to_bytes)
}
