//! Addresses that two officers give a sealed election in place of wrong ones.

use ballot::text::is_id;
use crypto::wire::{Reader, Wire, WireError, Writer};
use std::collections::BTreeSet;

/// Longest address, in bytes.
const MAX_ADDRESS: usize = 256;
/// Most hints, as in a start file.
const MAX_HINTS: usize = 16;

/// Where the public pages are and where a booth may ask for the manifest. The newest of an election
/// is in force; before the first one, those of the manifest and of the start file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hints {
    /// 1 for the first of an election, then one more each time.
    pub number: u32,
    /// Address of the public pages.
    pub portal: String,
    /// Addresses where the manifest can be had.
    pub hints: Vec<String>,
}

impl Hints {
    /// Rule R5.72: addresses as a manifest may have them, at least one hint, none twice.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let distinct: BTreeSet<&String> = self.hints.iter().collect();
        is_id(&self.portal)
            && self.hints.iter().all(|hint| is_id(hint))
            && !self.hints.is_empty()
            && distinct.len() == self.hints.len()
    }
}

impl Wire for Hints {
    fn write(&self, w: &mut Writer) {
        w.u32(self.number);
        w.text(&self.portal);
        w.u32(u32::try_from(self.hints.len()).unwrap_or(u32::MAX));
        for hint in &self.hints {
            w.text(hint);
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let (number, portal) = (r.u32()?, r.text(MAX_ADDRESS)?);
        let n = r.count(MAX_HINTS)?;
        let hints = (0..n).map(|_| r.text(MAX_ADDRESS));
        Ok(Self {
            number,
            portal,
            hints: hints.collect::<Result<_, _>>()?,
        })
    }
}
