//! Tag-length-value as cards write it.

/// Reads one element with the given tag; lengths of one, two and three bytes are known.
/// Returns the value, the element with its tag and length, and what follows.
pub(crate) fn take<'a>(bytes: &'a [u8], tag: &[u8]) -> Option<Element<'a>> {
    let body = bytes.strip_prefix(tag)?;
    let (length, body) = match body {
        [n @ 0..=0x7F, rest @ ..] => (usize::from(*n), rest),
        [0x81, n, rest @ ..] => (usize::from(*n), rest),
        [0x82, a, b, rest @ ..] => (usize::from(u16::from_be_bytes([*a, *b])), rest),
        _ => return None,
    };
    let (value, rest) = body.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len().checked_sub(rest.len())?)?;
    Some(Element { value, whole, rest })
}

pub(crate) struct Element<'a> {
    pub(crate) value: &'a [u8],
    pub(crate) whole: &'a [u8],
    pub(crate) rest: &'a [u8],
}
