//! What registrars post: how many credentials they issued.

use super::kind;
use ballot::manifest::Channel;
use crypto::Hash;
use crypto::signed::Statement;
use crypto::wire::{Reader, Wire, WireError, Writer};

/// What a registrar issued in one channel on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelCount {
    /// The channel.
    pub channel: Channel,
    /// Credentials (*first* tokens).
    pub first: u32,
    /// *again* tokens.
    pub again: u32,
    /// Credentials that two of the staff allowed after the face step had not.
    pub staff_accepted: u32,
    /// Persons whom two of the staff turned away after the face step.
    pub staff_refused: u32,
    /// Credentials of voters who were assisted.
    pub assisted: u32,
}

impl ChannelCount {
    /// Tokens of a channel without a staff desk.
    #[must_use]
    pub fn unattended(channel: Channel, first: u32, again: u32) -> Self {
        Self {
            channel,
            first,
            again,
            staff_accepted: 0,
            staff_refused: 0,
            assisted: 0,
        }
    }
}

impl Wire for ChannelCount {
    fn write(&self, w: &mut Writer) {
        self.channel.write(w);
        w.u32(self.first);
        w.u32(self.again);
        w.u32(self.staff_accepted);
        w.u32(self.staff_refused);
        w.u32(self.assisted);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            channel: Channel::read(r)?,
            first: r.u32()?,
            again: r.u32()?,
            staff_accepted: r.u32()?,
            staff_refused: r.u32()?,
            assisted: r.u32()?,
        })
    }
}

/// A registrar's counts of one day and the Merkle root of its evidence, signed by the registrar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The election.
    pub election: Hash,
    /// Index in the manifest.
    pub registrar: u16,
    /// Days since 1970-01-01 (JST calendar of the election).
    pub day: u32,
    /// Counts of that day, channels increasing.
    pub counts: Vec<ChannelCount>,
    /// Incidents of that day (captured credentials reported at the counter).
    pub incidents: u32,
    /// Merkle root over all evidence so far.
    pub root: [u8; 32],
}

impl Statement for Evidence {
    const PURPOSE: &'static str = "board-evidence";
    const TYPE: u8 = kind::EVIDENCE;
}

impl Wire for Evidence {
    fn write(&self, w: &mut Writer) {
        self.election.write(w);
        w.u16(self.registrar);
        w.u32(self.day);
        w.list(&self.counts);
        w.u32(self.incidents);
        w.raw(&self.root);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            election: Hash::read(r)?,
            registrar: r.u16()?,
            day: r.u32()?,
            counts: r.list(8)?,
            incidents: r.u32()?,
            root: r.array()?,
        })
    }
}
