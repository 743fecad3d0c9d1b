//! What stays the same from voter to voter: the election and this booth's place in it.

use std::sync::Arc;

use ballot::manifest::{Channel, ChannelHours, Contest, Entitled, Manifest, OptionItem};
use crypto::Hash;
use host::WallClock;

/// The election as checked at the start, and where this booth is.
#[derive(Clone, Debug)]
pub struct ElectionContext {
    /// The manifest, all signatures checked.
    pub manifest: Arc<Manifest>,
    /// Its hash.
    pub election: Hash,
    /// Address of the public pages: the newest that officers gave the election, or the manifest's.
    pub portal: String,
    /// Home, counter or venue.
    pub channel: Channel,
    /// The station's id at a kiosk.
    pub station: Option<String>,
    /// For the advice on the first page only; votes go by the nodes' time.
    pub clock: WallClock,
    /// How far the machine's clock was ahead of the nodes' at the start (ms), if that is much.
    pub clock_error: Option<i64>,
}

/// A clock that is this far off shows other times than the pages speak of.
const CLOCK_TOLERANCE_MS: u64 = 3 * 60_000;

/// How far `here` is ahead of `nodes` (ms; less than 0: behind), if it is more than three minutes.
#[must_use]
pub fn clock_error(here: u64, nodes: u64) -> Option<i64> {
    let far = here.abs_diff(nodes) > CLOCK_TOLERANCE_MS;
    far.then(|| here.cast_signed().saturating_sub(nodes.cast_signed()))
}

impl ElectionContext {
    /// The one contest this booth shows. [`ElectionContext::supported`] holds for every place in use.
    #[must_use]
    pub fn contest(&self) -> Option<&Contest> {
        self.manifest.contests.first()
    }

    /// Whether this program can show the election: one contest with exactly one mark, for whoever
    /// has a card.
    #[must_use]
    pub fn supported(manifest: &Manifest) -> bool {
        if manifest.eligibility.entitled != Entitled::AnyCard {
            return false;
        }
        match manifest.contests.as_slice() {
            [one] => one.shape.k_min() == 1 && one.shape.k_max() == 1,
            _ => false,
        }
    }

    /// The proposals, in the manifest's order.
    #[must_use]
    pub fn options(&self) -> &[OptionItem] {
        self.contest()
            .map(|c| c.options.as_slice())
            .unwrap_or_default()
    }

    /// Number of proposals.
    #[must_use]
    pub fn count(&self) -> u16 {
        u16::try_from(self.options().len()).unwrap_or(u16::MAX)
    }

    /// The index of a printed number.
    #[must_use]
    pub fn index_of(&self, number: u16) -> Option<u16> {
        self.options()
            .iter()
            .zip(0u16..)
            .find(|(o, _)| o.number == number)
            .map(|(_, i)| i)
    }

    /// The proposals in the order this voter sees them, each with its index. Numbers stay.
    #[must_use]
    pub fn rotated(&self, start: u16) -> Vec<&OptionItem> {
        let options = self.options();
        let n = options.len().max(1);
        let start = usize::from(start) % n;
        options
            .iter()
            .cycle()
            .skip(start)
            .take(options.len())
            .collect()
    }

    /// This channel's hours.
    #[must_use]
    pub fn hours(&self) -> Option<&ChannelHours> {
        self.manifest.channel(self.channel)
    }

    /// Whether this channel asks for the face step.
    #[must_use]
    pub fn face_required(&self) -> bool {
        self.manifest.face_required.contains(&self.channel)
    }
}

#[cfg(test)]
mod tests;
