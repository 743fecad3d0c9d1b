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

/// Most leaves in one entry: so many fit into 256 KiB.
pub const PART_LEAVES: usize = 8000;
/// Most entries of one day's report.
pub const MAX_PARTS: u64 = 512;

/// A leaf hash: names one sealed record of evidence (chapter 08 §4).
pub type Leaf = [u8; 32];

/// A part of what a registrar reports about one day: counts, and a leaf hash for each token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The election.
    pub election: Hash,
    /// Index in the manifest.
    pub registrar: u16,
    /// Days since 1970-01-01 (JST calendar of the election).
    pub day: u32,
    /// Counts of that day, channels increasing; the same in every part.
    pub counts: Vec<ChannelCount>,
    /// Incidents of that day; the same in every part.
    pub incidents: u32,
    /// Which part of the day's report, from 0.
    pub part: u16,
    /// Leaf hashes of the sealed records of that day, increasing through all parts.
    pub leaves: Vec<Leaf>,
}

impl Evidence {
    /// Tokens of the day: what the leaves of all parts add up to.
    #[must_use]
    pub fn tokens(&self) -> u64 {
        let of = |c: &ChannelCount| u64::from(c.first) + u64::from(c.again);
        self.counts.iter().map(of).sum()
    }
    /// How many parts the day's report has.
    #[must_use]
    pub fn parts(&self) -> u64 {
        self.tokens().div_ceil(PART_LEAVES as u64).max(1)
    }
    /// Rule R5.36, as far as one part shows it: channels increase, leaves increase and are as many
    /// as the counts leave for this part.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let full = u64::from(self.part).saturating_mul(PART_LEAVES as u64);
        let left = self.tokens().saturating_sub(full);
        let channels = self.counts.iter().map(|c| c.channel);
        channels.clone().zip(channels.skip(1)).all(|(a, b)| a < b)
            && self.parts() <= MAX_PARTS
            && u64::from(self.part) < self.parts()
            && self.leaves.len() as u64 == left.min(PART_LEAVES as u64)
            && self.leaves.is_sorted_by(|a, b| a < b)
    }
    /// The parts of a report: this one, with all the day's leaves in it and in any order, divided.
    #[must_use]
    pub fn divided(mut self) -> Vec<Self> {
        let mut leaves = core::mem::take(&mut self.leaves);
        leaves.sort_unstable();
        let mut chunks: Vec<&[Leaf]> = leaves.chunks(PART_LEAVES).collect();
        if chunks.is_empty() {
            chunks.push(&[]);
        }
        let part = |(part, leaves): (u16, &&[Leaf])| Self {
            part,
            leaves: leaves.to_vec(),
            ..self.clone()
        };
        (0u16..).zip(&chunks).map(part).collect()
    }
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
        w.u16(self.part);
        w.u32(u32::try_from(self.leaves.len()).unwrap_or(u32::MAX));
        for leaf in &self.leaves {
            w.raw(leaf);
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let (election, registrar, day) = (Hash::read(r)?, r.u16()?, r.u32()?);
        let (counts, incidents, part) = (r.list(8)?, r.u32()?, r.u16()?);
        let n = r.count(PART_LEAVES)?;
        let leaves = (0..n).map(|_| r.array()).collect::<Result<_, _>>()?;
        Ok(Self {
            election,
            registrar,
            day,
            counts,
            incidents,
            part,
            leaves,
        })
    }
}

#[cfg(test)]
mod tests;
