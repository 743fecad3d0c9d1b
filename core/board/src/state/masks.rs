//! What the state keeps of a ballot's check lines (spec 05 §4.1).

use crate::store::Item;
use ballot::opening::Masks;
use crypto::Hash;
use std::sync::Arc;

/// The check lines of a ballot on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BallotMasks {
    /// Nothing was opened.
    Shut {
        /// Height of the ballot's block.
        height: u64,
        /// The encrypted numbers.
        masks: Arc<Masks>,
    },
    /// One side was, by the `Opening` with this entry hash.
    Open(Hash),
}

impl Item for BallotMasks {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Shut { height, masks } => {
                out.push(0);
                out.extend_from_slice(&height.to_le_bytes());
                out.extend_from_slice(&masks.0);
            }
            Self::Open(entry) => {
                out.push(1);
                entry.put(out);
            }
        }
    }
    fn take(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (0, rest) => {
                let (height, masks) = rest.split_first_chunk()?;
                Some(Self::Shut {
                    height: u64::from_le_bytes(*height),
                    masks: Arc::new(Masks(masks.into())),
                })
            }
            (1, entry) => Hash::take(entry).map(Self::Open),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
