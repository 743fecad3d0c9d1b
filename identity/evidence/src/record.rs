//! The record itself, before encryption.

use crypto::Hash;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};

/// Every record is padded to this length.
pub const PADDED: usize = 5632;
const MAX_CERTIFICATE: usize = 2048;
const MAX_TEXT: usize = 512;
/// What eight registrars said: nonce, salt's leaf hash, W, V, π, whether the person existed, K, and
/// the signature.
const MAX_HEARD: usize = 4 + 8 * 322;

/// The evidence behind one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The election.
    pub election: Hash,
    /// `first` or `again`.
    pub kind: String,
    /// Channel of the session.
    pub channel: String,
    /// Day in Japan.
    pub day: u32,
    /// The card's certificate, DER.
    pub certificate: Vec<u8>,
    /// The authentication text.
    pub auth_text: Vec<u8>,
    /// The card's signature over it.
    pub card_signature: Vec<u8>,
    /// Outcome of the face step.
    pub face: String,
    /// Its reason code.
    pub face_reason: String,
    /// The window of the issuer key; 0 for *first*.
    pub window: u8,
    /// The blinded request.
    pub request: Vec<u8>,
    /// What the booth heard of all registrars, as it stands in what is signed.
    pub heard: Vec<u8>,
    /// The session key's signature over the request.
    pub request_signature: Vec<u8>,
}

impl Record {
    /// Canonical bytes, padded with zeros to one length.
    ///
    /// # Errors
    /// [`RecordError`] when the record is too long.
    pub fn padded(&self) -> Result<Vec<u8>, RecordError> {
        let mut w = Writer::new();
        w.bytes(&self.to_bytes());
        let mut bytes = w.finish();
        if bytes.len() > PADDED {
            return Err(RecordError);
        }
        bytes.resize(PADDED, 0);
        Ok(bytes)
    }

    /// Reads [`Self::padded`].
    ///
    /// # Errors
    /// [`RecordError`] unless the padding is zeros and the record canonical.
    pub fn from_padded(bytes: &[u8]) -> Result<Self, RecordError> {
        let mut r = Reader::new(bytes);
        let record = Self::from_bytes(r.bytes(PADDED).map_err(|_| RecordError)?);
        let left = r.left();
        let padding = r.raw(left).map_err(|_| RecordError)?;
        if bytes.len() != PADDED || padding.iter().any(|b| *b != 0) {
            return Err(RecordError);
        }
        record.map_err(|_| RecordError)
    }
}

impl Wire for Record {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.text(&self.kind);
        w.text(&self.channel);
        w.u32(self.day);
        w.bytes(&self.certificate);
        w.bytes(&self.auth_text);
        w.bytes(&self.card_signature);
        w.text(&self.face);
        w.text(&self.face_reason);
        w.u8(self.window);
        w.bytes(&self.request);
        w.bytes(&self.heard);
        w.bytes(&self.request_signature);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            kind: r.text(16)?,
            channel: r.text(16)?,
            day: r.u32()?,
            certificate: r.bytes(MAX_CERTIFICATE)?.to_vec(),
            auth_text: r.bytes(MAX_TEXT)?.to_vec(),
            card_signature: r.bytes(256)?.to_vec(),
            face: r.text(16)?,
            face_reason: r.text(32)?,
            window: r.u8()?,
            request: r.bytes(256)?.to_vec(),
            heard: r.bytes(MAX_HEARD)?.to_vec(),
            request_signature: r.bytes(64)?.to_vec(),
        })
    }
}

impl TopLevel for Record {
    const TYPE: u8 = 0x70;
}

/// The record is too long or its bytes are not canonical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordError;
