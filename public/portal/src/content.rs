//! What the pages say about the election: the sealed manifest, checked once at the start.

use std::fs;
use std::path::Path;

use ballot::SealedManifest;
use ballot::manifest::{Channel, ChannelHours, Contest, Manifest, ManifestError, OptionItem};
use ballot::text::Text;
use crypto::Hash;
use crypto::wire::TopLevel as _;
use ui::Lang;
use ui::calendar::Window;

/// Longest manifest that is read.
const MAX_MANIFEST: usize = 4 * 1024 * 1024;

/// The election as sealed.
#[derive(Clone, Debug)]
pub struct Content {
    sealed: SealedManifest,
    bytes: Vec<u8>,
    hash: Hash,
}

/// Why the manifest is refused.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The file cannot be read.
    #[error("cannot read the manifest: {0}")]
    Read(#[from] std::io::Error),
    /// It is not a sealed manifest, or a signature is missing.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Its hash is not the pinned one.
    #[error("the manifest is not that of the pinned election")]
    OtherElection,
    /// There is nothing to vote on.
    #[error("the manifest has no contest")]
    NoContest,
}

impl Content {
    /// Reads and checks the sealed manifest.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn read(path: &Path, pinned: Option<&str>) -> Result<Self, ContentError> {
        let bytes = fs::read(path)?;
        Self::from_bytes(bytes, pinned)
    }

    /// Checks the bytes of a sealed manifest.
    ///
    /// # Errors
    /// [`ContentError`].
    pub fn from_bytes(bytes: Vec<u8>, pinned: Option<&str>) -> Result<Self, ContentError> {
        if bytes.len() > MAX_MANIFEST {
            return Err(ContentError::OtherElection);
        }
        let sealed = SealedManifest::from_bytes(&bytes).map_err(ManifestError::from)?;
        let hash = sealed.check()?;
        if pinned.is_some_and(|pin| Hash::from_hex(pin) != Some(hash)) {
            return Err(ContentError::OtherElection);
        }
        if sealed.manifest.contests.is_empty() {
            return Err(ContentError::NoContest);
        }
        Ok(Self {
            sealed,
            bytes,
            hash,
        })
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.sealed.manifest
    }

    /// Its canonical bytes, as booths fetch them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The election hash.
    #[must_use]
    pub fn hash(&self) -> &Hash {
        &self.hash
    }

    /// The contest of the pages (the first one).
    ///
    /// # Panics
    /// Never: a manifest without a contest is refused.
    #[must_use]
    pub fn contest(&self) -> Option<&Contest> {
        self.manifest().contests.first()
    }

    /// The proposals in the order of their printed numbers.
    #[must_use]
    pub fn proposals(&self) -> Vec<&OptionItem> {
        let mut all: Vec<&OptionItem> = self
            .contest()
            .map_or(Vec::new(), |c| c.options.iter().collect());
        all.sort_by_key(|o| o.number);
        all
    }

    /// The proposal with a printed number.
    #[must_use]
    pub fn proposal(&self, number: u16) -> Option<&OptionItem> {
        self.proposals().into_iter().find(|o| o.number == number)
    }

    /// A channel's windows with the effective close: where a window ended with the sealed close,
    /// an extension moves it.
    #[must_use]
    pub fn windows(&self, channel: &ChannelHours, close_at: u64) -> Vec<Window> {
        let sealed = self.manifest().close_at;
        channel
            .windows
            .iter()
            .map(|w| Window {
                opens: w.opens,
                closes: if w.closes == sealed {
                    close_at
                } else {
                    w.closes
                },
            })
            .collect()
    }

    /// The three channels in the order of the announcement: venue, counter, home.
    #[must_use]
    pub fn channels(&self) -> Vec<&ChannelHours> {
        [Channel::Home, Channel::Counter, Channel::Venue]
            .into_iter()
            .filter_map(|kind| self.manifest().channel(kind))
            .collect()
    }

    /// All moments at which something changes, in order, for the demo's clock.
    #[must_use]
    pub fn boundaries(&self, close_at: u64) -> Vec<u64> {
        let m = self.manifest();
        let mut all: Vec<u64> = self
            .channels()
            .into_iter()
            .flat_map(|c| self.windows(c, close_at))
            .flat_map(|w| [w.opens, w.closes])
            .collect();
        // Not far past the close in one step: the board would halt.
        all.extend([
            close_at.saturating_sub(30_000),
            close_at,
            close_at.saturating_add(30_000),
            close_at.saturating_add(m.drain_ms).saturating_add(1000),
            m.announce_at,
        ]);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// One language of a manifest text; Japanese where it was left empty.
#[must_use]
pub fn say(lang: Lang, text: &Text) -> &str {
    lang.pick(&text.ja, &text.en, &text.plain)
}
