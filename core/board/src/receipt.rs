//! Receipts: inclusion of one entry in a final block (conventions D14, spec 06 §4).

use crate::committee::Committee;
use crate::entry::kind;
use crate::finality::{self, FinalityCertificate, FinalityError};
use crate::header::Header;
use crate::rules;
use ballot::code::confirmation_code;
use ballot::{Ballot, CheckBallot};
use crypto::merkle::{self, MAX_PATH, Node};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Rule};

/// Most headers between a block and its first certified descendant.
pub const MAX_HEADERS: usize = 256;

/// Proof that an entry is on the board and final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Confirmation code: `XXXXX-XXXXX-XXXXX-XXXXX`.
    pub code: String,
    /// Hash of the entry.
    pub entry: Hash,
    /// The two pictures, for a ballot.
    pub pictures: Option<[u8; 2]>,
    /// Height of its block.
    pub height: u64,
    /// Its position in the block.
    pub index: u32,
    /// Audit path from the entry to the block's root.
    pub path: Vec<Node>,
    /// The block's header and its descendants up to the certified one.
    pub headers: Vec<Header>,
    /// Certificate of the last header.
    pub certificate: Vec<u8>,
}

/// Why a receipt is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptError {
    /// Rule R6.30: not canonical bytes.
    Bytes(WireError),
    /// Rule R6.31: of another entry, or its code, pictures or hash do not belong to the entry.
    Entry,
    /// Rule R6.32: headers are not one chain of this network from the stated height.
    Headers,
    /// Rule R6.33: the audit path does not lead to the block's root.
    Path,
    /// Rule R6.26: headers of two terms.
    Term,
    /// Rules R6.20–R6.25: the certificate.
    Finality(FinalityError),
}

impl ReceiptError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Bytes(_) => rules::RECEIPT_BYTES,
            Self::Entry => rules::RECEIPT_ENTRY,
            Self::Headers => rules::RECEIPT_HEADERS,
            Self::Path => rules::RECEIPT_PATH,
            Self::Term => rules::RECEIPT_TERM,
            Self::Finality(e) => e.rule(),
        }
    }
}

impl core::fmt::Display for ReceiptError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "receipt refused: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for ReceiptError {}

impl From<FinalityError> for ReceiptError {
    fn from(e: FinalityError) -> Self {
        Self::Finality(e)
    }
}

/// The pictures of a ballot or check ballot; `None` for other entries.
#[must_use]
pub fn pictures_of(entry: &[u8]) -> Option<[u8; 2]> {
    match *entry.get(1)? {
        kind::BALLOT => Ballot::from_bytes(entry).ok().map(|b| b.pictures),
        kind::CHECK_BALLOT => CheckBallot::from_bytes(entry)
            .ok()
            .map(|s| s.ballot.pictures),
        _ => None,
    }
}

impl Receipt {
    /// Puts a receipt together for entry number `index` of the block whose entries have these
    /// hashes; none when there is no such entry.
    #[must_use]
    pub fn new(
        entry: &[u8],
        hashes: &[Hash],
        index: u32,
        headers: Vec<Header>,
        certificate: Vec<u8>,
    ) -> Option<Self> {
        let hash = crypto::hash::entry_hash(entry);
        let path = merkle::path(&crate::header::leaves(hashes), usize::try_from(index).ok()?)?;
        Some(Self {
            code: confirmation_code(&hash),
            entry: hash,
            pictures: pictures_of(entry),
            height: headers.first()?.height,
            index,
            path,
            headers,
            certificate,
        })
    }
    /// Time of the block that holds the entry (ms).
    #[must_use]
    pub fn time_ms(&self) -> Option<u64> {
        self.headers.first().map(|h| h.time_ms)
    }
    /// Everything but pictures and bytes of the entry: the entry with this hash is on the board of
    /// this network and final.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify(&self, committee: &Committee, entry: &Hash) -> Result<(), ReceiptError> {
        if self.entry != *entry || self.code != confirmation_code(entry) {
            return Err(ReceiptError::Entry);
        }
        let (first, last) = match (self.headers.first(), self.headers.last()) {
            (Some(first), Some(last)) if first.height == self.height => (first, last),
            _ => return Err(ReceiptError::Headers),
        };
        let linked = self
            .headers
            .iter()
            .zip(self.headers.iter().skip(1))
            .all(|(a, b)| {
                b.parent == a.digest()
                    && a.height.checked_add(1) == Some(b.height)
                    && b.time_ms > a.time_ms
            });
        if !linked || self.headers.iter().any(|h| h.network != committee.network) {
            return Err(ReceiptError::Headers);
        }
        let leaf = merkle::leaf(entry.as_bytes());
        let (index, size) = (u64::from(self.index), u64::from(first.count));
        if merkle::root_from_path(&leaf, index, size, &self.path) != Some(first.entries_root) {
            return Err(ReceiptError::Path);
        }
        let epoch = |h: &Header| committee.term(h.height).map(|t| t.epoch);
        if epoch(first) != epoch(last) {
            return Err(ReceiptError::Term);
        }
        let certificate = FinalityCertificate::from_bytes(&self.certificate)?;
        Ok(committee.verify(&certificate, last.height, &last.digest())?)
    }
    /// [`Self::verify`] for an entry whose bytes are at hand: hash and pictures are compared too.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn verify_entry(&self, committee: &Committee, entry: &[u8]) -> Result<(), ReceiptError> {
        if self.pictures != pictures_of(entry) {
            return Err(ReceiptError::Entry);
        }
        self.verify(committee, &crypto::hash::entry_hash(entry))
    }
    /// Reads a receipt (rule R6.30).
    ///
    /// # Errors
    /// [`ReceiptError::Bytes`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ReceiptError> {
        Self::from_bytes(bytes).map_err(ReceiptError::Bytes)
    }
}

impl Wire for Receipt {
    fn write(&self, w: &mut Writer) {
        w.text(&self.code);
        self.entry.write(w);
        w.option(self.pictures.as_ref());
        w.u64(self.height);
        w.u32(self.index);
        w.list(&self.path);
        w.list(&self.headers);
        w.bytes(&self.certificate);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            code: r.text(23)?,
            entry: Hash::read(r)?,
            pictures: r.option()?,
            height: r.u64()?,
            index: r.u32()?,
            path: r.list(MAX_PATH)?,
            headers: r.list(MAX_HEADERS)?,
            certificate: r.bytes(finality::MAX_BYTES)?.to_vec(),
        })
    }
}

impl TopLevel for Receipt {
    const TYPE: u8 = 7;
}
