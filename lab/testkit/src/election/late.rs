//! What nodes promise at the close.

use super::Lab;
use board::entry::{Entry, Late, Seen};
use board::judgement::Judgement;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use rand_chacha::ChaCha20Rng;

/// The `Seen` of an entry under this key, for this validator, height and time.
pub fn promise(
    key: &SigningKey,
    network: [u8; 32],
    entry: &Hash,
    (validator, height, time_ms): (u16, u64, u64),
    rng: &mut ChaCha20Rng,
) -> Seen {
    let body = Judgement {
        network,
        entry: *entry,
        rule: None,
        height,
        time_ms,
    };
    Seen {
        validator,
        height,
        time_ms,
        signature: body.signed(key, rng).signature,
    }
}

impl Lab {
    /// The `Seen` of this validator for an entry, given at `time_ms` by its clock.
    pub fn seen(&mut self, validator: u16, entry: &Hash, time_ms: u64) -> Seen {
        let key = self.parties.nodes[usize::from(validator)].clone();
        self.seen_by(validator, &key, entry, time_ms)
    }
    /// A `Seen` in the name of this validator under any key.
    pub fn seen_by(
        &mut self,
        validator: u16,
        key: &SigningKey,
        entry: &Hash,
        time_ms: u64,
    ) -> Seen {
        let network = self.network().id();
        promise(key, network, entry, (validator, 3, time_ms), &mut self.rng)
    }
    /// The `Late` for a ballot or check ballot that as few validators as it takes, the first ones,
    /// promised at `time_ms`.
    pub fn late(&mut self, ballot: &[u8], time_ms: u64) -> Late {
        let entry = board::entry_hash(ballot);
        let needed = board::network::tolerated(self.state.validators().len()) + 1;
        let needed = u16::try_from(needed).expect("few");
        let seen = (0..needed).map(|v| self.seen(v, &entry, time_ms)).collect();
        Late {
            election: self.election,
            entry,
            seen,
        }
    }
    /// A ballot behind its `Late`, promised a millisecond before the close.
    pub fn promised(&mut self, ballot: Vec<u8>) -> Vec<Vec<u8>> {
        let time_ms = self.close_at() - 1;
        let late = self.late(&ballot, time_ms);
        vec![Entry::Late(Box::new(late)).encode(), ballot]
    }
}
