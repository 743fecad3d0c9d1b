//! Two finality certificates that exclude each other, and who is to blame for them (spec 08 §5).

use super::finding::{Finding, Name};
use board::network::tolerated;
use board::record::{RecordError, RecordReader, Source};
use board::{Committee, FinalityCertificate, Header, Receipt, State};
use crypto::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// Who is to blame for two certificates of blocks that exclude each other; engine keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signers {
    /// Both certificates are of one round: each of these finalised two blocks in it, which nobody
    /// does who follows the protocol.
    Twice(BTreeSet<[u8; 32]>),
    /// Of two rounds. Whoever signed both may have been shown false votes between them. But for the
    /// later one, at least f + 1 signers of the earlier one must have voted in its round for another
    /// block or for none.
    Earlier {
        /// f + 1.
        at_least: usize,
        /// Who signed the earlier one.
        keys: BTreeSet<[u8; 32]>,
    },
}

/// A certificate and its block's height.
struct Certified {
    certificate: FinalityCertificate,
    height: u64,
}

impl Certified {
    fn round(&self) -> (u64, u64) {
        (self.certificate.epoch, self.certificate.view)
    }
    fn signers(&self, committee: &Committee) -> BTreeSet<[u8; 32]> {
        let keys = committee.term(self.height).map_or(&[][..], |t| &t.keys);
        let signed = self.certificate.signatures.iter();
        signed.filter_map(|(i, _)| keys.get(*i).copied()).collect()
    }
}

/// Both are verified, and their blocks exclude each other: none descends from the other.
fn blame(committee: &Committee, one: &Certified, other: &Certified) -> Signers {
    if one.round() == other.round() {
        let both = one.signers(committee);
        return Signers::Twice(
            both.intersection(&other.signers(committee))
                .copied()
                .collect(),
        );
    }
    let earlier = if one.round() < other.round() {
        one
    } else {
        other
    };
    let size = committee.term(earlier.height).map_or(0, |t| t.keys.len());
    Signers::Earlier {
        at_least: tolerated(size) + 1,
        keys: earlier.signers(committee),
    }
}

/// Who is to blame for two receipts that exclude each other: of one height they show two headers.
/// None when they do not exclude each other.
///
/// # Errors
/// The rule that one of them breaks.
pub fn two_histories(
    committee: &Committee,
    one: &Receipt,
    other: &Receipt,
) -> Result<Option<Signers>, Rule> {
    for receipt in [one, other] {
        let holds = receipt.verify(committee, &receipt.entry);
        holds.map_err(|e| e.rule())?;
    }
    let shown: BTreeMap<u64, [u8; 32]> =
        one.headers.iter().map(|h| (h.height, h.digest())).collect();
    let parts = |h: &Header| shown.get(&h.height).is_some_and(|d| *d != h.digest());
    if !other.headers.iter().any(parts) {
        return Ok(None);
    }
    let (Some(one), Some(other)) = (certificate(one), certificate(other)) else {
        return Ok(None);
    };
    Ok(Some(blame(committee, &one, &other)))
}

/// A receipt's certificate and the height of its block.
fn certificate(receipt: &Receipt) -> Option<Certified> {
    Some(Certified {
        certificate: FinalityCertificate::from_bytes(&receipt.certificate).ok()?,
        height: receipt.headers.last()?.height,
    })
}

/// The digests of a record's chain.
pub(super) struct Histories(BTreeMap<u64, [u8; 32]>);

impl Histories {
    pub(super) fn begin(state: &State) -> Self {
        let mut own = Self(BTreeMap::new());
        own.note(state);
        own
    }
    pub(super) fn note(&mut self, state: &State) {
        self.0.insert(state.tip().height, *state.digest());
    }
    /// The receipt against the record's own chain.
    pub(super) fn judge(
        &self,
        source: &dyn Source,
        end: &State,
        receipt: &Receipt,
        ballot: &[u8],
    ) -> Result<Option<Finding>, RecordError> {
        if let Err(e) = receipt.verify_entry(end.committee(), ballot) {
            return Ok(Some(Finding::BadReceipt(e.rule())));
        }
        if receipt.height > end.tip().height {
            return Ok(Some(Finding::RecordTooShort));
        }
        let other = |h: &&Header| {
            let here = self.0.get(&h.height);
            here.is_some_and(|digest| *digest != h.digest())
        };
        let Some(parted) = receipt.headers.iter().find(other) else {
            return Ok(None);
        };
        let theirs = self.certified_from(source, parted.height)?;
        let (Some(mine), Some(theirs)) = (certificate(receipt), theirs) else {
            return Ok(None);
        };
        Ok(Some(match blame(end.committee(), &mine, &theirs) {
            Signers::Twice(keys) => Finding::SignedTwice(Name::all(end, &keys)),
            Signers::Earlier { at_least, keys } => Finding::TwoHistories {
                at_least,
                who: Name::all(end, &keys),
            },
        }))
    }
    /// The record's first certificate of this height or a later one.
    fn certified_from(
        &self,
        source: &dyn Source,
        height: u64,
    ) -> Result<Option<Certified>, RecordError> {
        let heights: BTreeMap<[u8; 32], u64> = self
            .0
            .range(height..)
            .map(|(height, digest)| (*digest, *height))
            .collect();
        let mut reader = RecordReader::open(source)?;
        while let Some(bytes) = reader.next_certificate()? {
            let Ok(certificate) = FinalityCertificate::from_bytes(&bytes) else {
                continue;
            };
            if let Some(height) = heights.get(&certificate.payload).copied() {
                return Ok(Some(Certified {
                    certificate,
                    height,
                }));
            }
        }
        Ok(None)
    }
}
