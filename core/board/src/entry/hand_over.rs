//! The validators of a network change: on the order of two officers the new set accepts, and the
//! old set certifies it (spec 06 §6).

use super::kind;
use super::officers::{OfficerSignatures, read_pair, write_pair};
use crate::network::{MAX_VALIDATORS, check_validators, hand_over_namespace, take_over_namespace};
use ballot::manifest::Validator;
use crypto::Hash;
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};

/// Purpose of the officers' signatures.
pub const HAND_OVER_PURPOSE: &str = "officer-hand-over";

/// From the block after this entry on, these validators run the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// A sealed election whose officers order it.
    pub election: Hash,
    /// Number of hand-overs on this board with this one.
    pub epoch: u64,
    /// All validators from then on, strictly increasing by engine key.
    pub validators: Vec<Validator>,
    /// Last ms before which a block may hold it, exclusive.
    pub until: u64,
    /// Two officers of the election.
    pub officers: OfficerSignatures,
    /// Each of the new validators accepts with its engine key, in their order.
    pub accepted: Vec<[u8; 64]>,
    /// (index in the old set, its engine key's signature), indices increasing.
    pub certificate: Vec<(u16, [u8; 64])>,
}

impl HandOver {
    /// What the two officers sign, with [`HAND_OVER_PURPOSE`].
    #[must_use]
    pub fn order(election: &Hash, epoch: u64, validators: &[Validator], until: u64) -> Vec<u8> {
        let mut w = Writer::top(kind::HAND_OVER);
        election.write(&mut w);
        w.u64(epoch);
        w.list(validators);
        w.u64(until);
        w.finish()
    }
    /// What the officers signed here.
    #[must_use]
    pub fn ordered(&self) -> Vec<u8> {
        Self::order(&self.election, self.epoch, &self.validators, self.until)
    }
    fn write_ordered(&self, w: &mut Writer) {
        w.raw(&self.ordered());
        write_pair(w, &self.officers);
    }
    /// What the new set's engine keys sign on the network with this id: the order and who gave it.
    #[must_use]
    pub fn accepting(&self, network: &[u8; 32]) -> Vec<u8> {
        let mut w = Writer::new();
        self.write_ordered(&mut w);
        crate::finality::framed(&take_over_namespace(network), &w.finish())
    }
    /// What the old set's engine keys sign on the network with this id: everything before their
    /// own signatures.
    #[must_use]
    pub fn certified(&self, network: &[u8; 32]) -> Vec<u8> {
        let mut w = Writer::new();
        self.write_ordered(&mut w);
        for signature in &self.accepted {
            w.raw(signature);
        }
        crate::finality::framed(&hand_over_namespace(network), &w.finish())
    }
}

impl Wire for HandOver {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.u64(self.epoch);
        w.list(&self.validators);
        w.u64(self.until);
        write_pair(w, &self.officers);
        for signature in &self.accepted {
            w.raw(signature);
        }
        w.u32(u32::try_from(self.certificate.len()).unwrap_or(u32::MAX));
        for (index, signature) in &self.certificate {
            w.u16(*index);
            w.raw(signature);
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let election = Hash::read(r)?;
        let epoch = r.u64()?;
        let validators: Vec<Validator> = r.list(MAX_VALIDATORS)?;
        check_validators(&validators)?;
        let until = r.u64()?;
        let officers = read_pair(r)?;
        let accepted = validators
            .iter()
            .map(|_| r.array())
            .collect::<Result<_, WireError>>()?;
        let n = r.count(MAX_VALIDATORS)?;
        let certificate = (0..n)
            .map(|_| Ok((r.u16()?, r.array()?)))
            .collect::<Result<_, WireError>>()?;
        Ok(Self {
            election,
            epoch,
            validators,
            until,
            officers,
            accepted,
            certificate,
        })
    }
}

impl TopLevel for HandOver {
    const TYPE: u8 = kind::HAND_OVER;
}
