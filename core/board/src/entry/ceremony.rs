//! What trustees post while they make the key.

use super::kind;
use ceremony::Message;
use crypto::Hash;
use crypto::signed::Statement;
use crypto::wire::{Reader, Wire, WireError, Writer};

/// A trustee's message of the key ceremony, signed by the trustee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CeremonyEntry {
    /// Entry hash of the setup.
    pub setup: Hash,
    /// Who speaks.
    pub trustee: u16,
    /// The message; its kind is its round.
    pub message: Message,
}

impl Statement for CeremonyEntry {
    const PURPOSE: &'static str = "board-ceremony";
    const TYPE: u8 = kind::CEREMONY;
}

impl Wire for CeremonyEntry {
    fn write(&self, w: &mut Writer) {
        self.setup.write(w);
        w.u16(self.trustee);
        self.message.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            setup: Hash::read(r)?,
            trustee: r.u16()?,
            message: Message::read(r)?,
        })
    }
}
