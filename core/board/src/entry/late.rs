//! Proof that a ballot was promised before the close: what lets it into a block that is made at the
//! close or after it (spec 05 §5).

use super::kind;
use crate::judgement::{Answer, Judgement};
use crate::network::MAX_VALIDATORS;
use crypto::schnorr::Signature;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Hash, Point};

/// One validator's `Seen` of a ballot, without what its `Late` says already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Who gave it: index among the validators in office, by increasing engine key.
    pub validator: u16,
    /// Height of that node's last final block then.
    pub height: u64,
    /// Time by that node's own clock (ms).
    pub time_ms: u64,
    /// Under the node key: the `Seen` that the poster got.
    pub signature: Signature,
}

impl Seen {
    /// Whether this node key promised this entry on the network with this id.
    #[must_use]
    pub fn is_by(&self, key: &Point, network: &[u8; 32], entry: &Hash) -> bool {
        let body = Judgement {
            network: *network,
            entry: *entry,
            rule: None,
            height: self.height,
            time_ms: self.time_ms,
        };
        let answer = Answer {
            body,
            signature: self.signature,
        };
        answer.verify(key).is_ok()
    }
}

impl Wire for Seen {
    fn write(&self, w: &mut Writer) {
        w.u16(self.validator);
        w.u64(self.height);
        w.u64(self.time_ms);
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            validator: r.u16()?,
            height: r.u64()?,
            time_ms: r.u64()?,
            signature: Signature::read(r)?,
        })
    }
}

/// Names a ballot or check ballot of the same block and who promised it before the close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// The election.
    pub election: Hash,
    /// Entry hash of the ballot or check ballot.
    pub entry: Hash,
    /// At least f + 1, strictly increasing by validator.
    pub seen: Vec<Seen>,
}

impl Wire for Late {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        self.entry.write(w);
        w.list(&self.seen);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            entry: Hash::read(r)?,
            seen: r.list(MAX_VALIDATORS)?,
        })
    }
}

impl TopLevel for Late {
    const TYPE: u8 = kind::LATE;
}
