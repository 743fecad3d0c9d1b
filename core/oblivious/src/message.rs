//! Binary HTTP of known length (RFC 9292), as far as a node's interface needs it: no header and no
//! trailer fields, padded with zeros. A length has one spelling here, the shortest; what stands
//! behind the last field must be zeros.

use zeroize::Zeroize as _;

/// Longest path with its query.
const MAX_PATH: usize = 512;
/// Longest method, scheme or authority that is read.
const MAX_WORD: usize = 255;
/// Bytes of a question around its path and content: framing, method, scheme, authority, and the
/// lengths of path, fields, content and trailers.
const FRAME: usize = 1 + 5 + 6 + 1 + 2 + 1 + 4 + 1;
/// Longest question without its content.
pub(crate) const HEAD: usize = FRAME + 320;

/// What a question does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Looks something up.
    Get,
    /// Hands something over.
    Post,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A question.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// Path and query, from the first `/` on.
    pub path: String,
    /// Content.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Status, 200…599.
    pub status: u16,
    /// Content.
    pub body: Vec<u8>,
}

// What is asked is never printed: a log would hold what the relay must not learn.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Request({} bytes)", self.body.len())
    }
}

impl core::fmt::Debug for Response {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why a binary message is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageError {
    /// Another framing than a question or an answer of known length, as asked for.
    Framing,
    /// Bytes are missing.
    Truncated,
    /// A length that is not in its shortest spelling, or longer than allowed.
    Length,
    /// Neither GET nor POST.
    Method,
    /// Another scheme than https.
    Scheme,
    /// Not a path of printable ASCII characters that begins with `/`.
    Path,
    /// A status outside 200…599.
    Status,
    /// Header or trailer fields.
    Fields,
    /// Something else than zeros behind the message.
    Padding,
    /// It does not fit the length it is to be padded to.
    TooLong,
}

impl core::fmt::Display for MessageError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "binary message refused: {self:?}")
    }
}

impl core::error::Error for MessageError {}

impl Request {
    /// A look-up.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::Get,
            path: path.into(),
            body: Vec::new(),
        }
    }
    /// Something handed over.
    #[must_use]
    pub fn post(path: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: Method::Post,
            path: path.into(),
            body: body.into(),
        }
    }
    /// The message, padded to exactly `length` bytes.
    ///
    /// # Errors
    /// [`MessageError::Path`] and [`MessageError::TooLong`].
    pub fn encode(&self, length: usize) -> Result<Vec<u8>, MessageError> {
        check_path(&self.path)?;
        let mut out = vec![0];
        for word in [self.method.as_str(), "https", "", self.path.as_str()] {
            bytes(&mut out, word.as_bytes())?;
        }
        finish(out, &self.body, length)
    }
    /// Reads a message. The authority is not looked at: a door answers for itself alone.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn decode(message: &[u8]) -> Result<Self, MessageError> {
        let mut rest = message;
        if number(&mut rest)? != 0 {
            return Err(MessageError::Framing);
        }
        let method = match word(&mut rest, MAX_WORD)? {
            b"GET" => Method::Get,
            b"POST" => Method::Post,
            _ => return Err(MessageError::Method),
        };
        if word(&mut rest, MAX_WORD)? != b"https" {
            return Err(MessageError::Scheme);
        }
        let _authority = word(&mut rest, MAX_WORD)?;
        let path = core::str::from_utf8(word(&mut rest, MAX_PATH)?);
        let path = path.map_err(|_| MessageError::Path)?;
        check_path(path)?;
        Ok(Self {
            method,
            path: path.to_owned(),
            body: content(rest)?,
        })
    }
}

impl Response {
    /// The message, padded to the first of `lengths` that holds it.
    ///
    /// # Errors
    /// [`MessageError::Status`] and [`MessageError::TooLong`].
    pub fn encode(&self, lengths: &[usize]) -> Result<Vec<u8>, MessageError> {
        if !(200..=599).contains(&self.status) {
            return Err(MessageError::Status);
        }
        let mut out = vec![1];
        varint(&mut out, usize::from(self.status))?;
        let needed = out.len() + self.body.len() + varint_len(self.body.len()) + 2;
        let length = lengths.iter().copied().find(|length| needed <= *length);
        finish(out, &self.body, length.ok_or(MessageError::TooLong)?)
    }
    /// Reads a message.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn decode(message: &[u8]) -> Result<Self, MessageError> {
        let mut rest = message;
        if number(&mut rest)? != 1 {
            return Err(MessageError::Framing);
        }
        let status = u16::try_from(number(&mut rest)?).map_err(|_| MessageError::Status)?;
        if !(200..=599).contains(&status) {
            return Err(MessageError::Status);
        }
        Ok(Self {
            status,
            body: content(rest)?,
        })
    }
}

fn check_path(path: &str) -> Result<(), MessageError> {
    let good = path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic());
    if good && path.len() <= MAX_PATH {
        Ok(())
    } else {
        Err(MessageError::Path)
    }
}

/// Fields, content, trailers, padding.
fn finish(mut out: Vec<u8>, body: &[u8], length: usize) -> Result<Vec<u8>, MessageError> {
    out.push(0);
    bytes(&mut out, body)?;
    out.push(0);
    if out.len() > length {
        out.zeroize();
        return Err(MessageError::TooLong);
    }
    out.resize(length, 0);
    Ok(out)
}

/// Content behind an empty list of fields; nothing but zeros may follow. Parts that are empty may be
/// left out at the end (RFC 9292, section 3.8).
fn content(mut rest: &[u8]) -> Result<Vec<u8>, MessageError> {
    if !rest.is_empty() && number(&mut rest)? != 0 {
        return Err(MessageError::Fields);
    }
    let body = if rest.is_empty() {
        &[]
    } else {
        word(&mut rest, usize::MAX)?
    };
    if !rest.is_empty() && number(&mut rest)? != 0 {
        return Err(MessageError::Fields);
    }
    if rest.iter().any(|byte| *byte != 0) {
        return Err(MessageError::Padding);
    }
    Ok(body.to_vec())
}

/// Bytes with their length in front.
fn bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), MessageError> {
    varint(out, bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(())
}

fn word<'m>(rest: &mut &'m [u8], most: usize) -> Result<&'m [u8], MessageError> {
    let length = usize::try_from(number(rest)?).map_err(|_| MessageError::Length)?;
    if length > most {
        return Err(MessageError::Length);
    }
    let (word, after) = rest
        .split_at_checked(length)
        .ok_or(MessageError::Truncated)?;
    *rest = after;
    Ok(word)
}

/// Bytes that a length takes (RFC 9000, section 16).
fn varint_len(value: usize) -> usize {
    match value {
        0..=0x3f => 1,
        0x40..=0x3fff => 2,
        _ => 4,
    }
}

fn varint(out: &mut Vec<u8>, value: usize) -> Result<(), MessageError> {
    let value = u32::try_from(value).map_err(|_| MessageError::TooLong)?;
    let [a, b, c, d] = value.to_be_bytes();
    match value {
        0..=0x3f => out.push(d),
        0x40..=0x3fff => out.extend([0x40 | c, d]),
        0x4000..=0x3fff_ffff => out.extend([0x80 | a, b, c, d]),
        _ => return Err(MessageError::TooLong),
    }
    Ok(())
}

fn number(rest: &mut &[u8]) -> Result<u64, MessageError> {
    let (first, after) = rest.split_first().ok_or(MessageError::Truncated)?;
    let more = (1usize << (first >> 6)) - 1;
    let (tail, after) = after
        .split_at_checked(more)
        .ok_or(MessageError::Truncated)?;
    let start = u64::from(first & 0x3f);
    let value = tail.iter().fold(start, |n, b| (n << 8) | u64::from(*b));
    let least = [0u64, 0x40, 0x4000, 0x4000_0000]
        .get(usize::from(first >> 6))
        .copied();
    if least.is_none_or(|least| value < least) {
        return Err(MessageError::Length);
    }
    *rest = after;
    Ok(value)
}

#[cfg(test)]
mod tests;
