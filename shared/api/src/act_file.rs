//! `act.json`: an order of the officers on its way from the office to two of them and back
//! (decision record on officers). The bytes in it are those that officers sign; nothing else in the
//! file is believed.

use std::collections::BTreeMap;

use ballot::manifest::Officer;
use board::entry::{OfficerSignatures, Order};
use crypto::schnorr::Signature;
use serde::{Deserialize, Serialize};

use crate::hex::{Hex, HexBytes};

/// Version of the format.
const VERSION: u32 = 1;
/// No entry but a `Seal` is longer.
const MAX_ORDER: usize = 256 * 1024;

/// The file as JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    v: u32,
    order: HexBytes<MAX_ORDER>,
    signatures: Vec<Countersignature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Countersignature {
    officer: u16,
    signature: Hex<Signature>,
}

/// An order and who signed it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActFile {
    /// What is ordered.
    pub order: Order,
    /// Signatures by index of the officer in the manifest. Not verified by reading the file.
    pub signatures: BTreeMap<u16, Signature>,
}

/// Why a file with an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAct {
    /// Not JSON of this form, another version, or an officer twice.
    #[error("操作のファイルではありません / this is not a file with an officers' act")]
    Format,
    /// The bytes in it are no order.
    #[error("操作のファイルの中身が読めません / the bytes in this file are no act of officers")]
    Order,
    /// Two files hold different orders.
    #[error("ファイルの操作が互いに違います / these files hold different acts")]
    Different,
    /// A signature that is not by the officer it names.
    #[error("{0}番の署名は、その担当者のものではありません / signature {0} is not by that officer")]
    Signature(u16),
    /// Fewer than two officers signed.
    #[error("二人の担当者の署名が必要です（いま{0}人） / two officers must sign; {0} did")]
    TooFew(usize),
}

impl ActFile {
    /// An order that nobody signed yet.
    #[must_use]
    pub fn unsigned(order: Order) -> Self {
        Self {
            order,
            signatures: BTreeMap::new(),
        }
    }
    /// Reads a file.
    ///
    /// # Errors
    /// [`BadAct::Format`] and [`BadAct::Order`].
    pub fn parse(bytes: &[u8]) -> Result<Self, BadAct> {
        let file: File = serde_json::from_slice(bytes).map_err(|_| BadAct::Format)?;
        let order = Order::from_bytes(file.order.as_bytes()).map_err(|_| BadAct::Order)?;
        let count = file.signatures.len();
        let pairs = file.signatures.into_iter();
        let signatures: BTreeMap<_, _> = pairs.map(|c| (c.officer, c.signature.0)).collect();
        if file.v != VERSION || signatures.len() != count {
            return Err(BadAct::Format);
        }
        Ok(Self { order, signatures })
    }
    /// The file's text.
    ///
    /// # Errors
    /// Never, unless serialising JSON fails.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let pairs = self.signatures.iter();
        let signatures = pairs.map(|(officer, signature)| Countersignature {
            officer: *officer,
            signature: Hex(*signature),
        });
        let file = File {
            v: VERSION,
            order: HexBytes::of(self.order.to_bytes()),
            signatures: signatures.collect(),
        };
        Ok(serde_json::to_string_pretty(&file)? + "\n")
    }
    /// Adds the signatures of another copy of the same order.
    ///
    /// # Errors
    /// [`BadAct::Different`].
    pub fn merge(&mut self, other: Self) -> Result<(), BadAct> {
        if self.order != other.order {
            return Err(BadAct::Different);
        }
        self.signatures.extend(other.signatures);
        Ok(())
    }
    /// Whether every signature is by the officer it names.
    ///
    /// # Errors
    /// [`BadAct::Signature`] for the first that is not.
    pub fn verify(&self, officers: &[Officer]) -> Result<(), BadAct> {
        let signed = |(index, signature): (&u16, &Signature)| {
            let officer = officers.get(usize::from(*index));
            officer.is_some_and(|o| self.order.is_signed_by(&o.key, signature))
        };
        let mut all = self.signatures.iter();
        match all.find(|pair| !signed(*pair)) {
            Some((index, _)) => Err(BadAct::Signature(*index)),
            None => Ok(()),
        }
    }
    /// The first two signatures, in the order of the board.
    ///
    /// # Errors
    /// [`BadAct::TooFew`].
    pub fn two(&self) -> Result<OfficerSignatures, BadAct> {
        let mut pairs = self.signatures.iter().map(|(i, s)| (*i, *s));
        match (pairs.next(), pairs.next()) {
            (Some(first), Some(second)) => Ok([first, second]),
            _ => Err(BadAct::TooFew(self.signatures.len())),
        }
    }
}
