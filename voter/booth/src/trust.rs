//! What this program believes before it has read anything: compiled into a released booth, from a
//! file in the demo.

use api::trust::{BadTrust, TrustFile, Version};
use ballot::Manifest;
use crypto::Point;

/// Keys a booth starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// The authority that holds elections.
    pub authority: Point,
    /// Id of the validator network.
    pub network: [u8; 32],
    /// Engine keys of the validators.
    pub validators: Vec<[u8; 32]>,
    /// Lowest version of this program that may be used.
    pub minimum_booth: Version,
    /// Whether practice elections are meant; otherwise real ones.
    pub practice: bool,
}

impl Trust {
    /// Reads `trust.json`.
    ///
    /// # Errors
    /// [`BadTrust`].
    pub fn parse(bytes: &[u8]) -> Result<Self, BadTrust> {
        let file = TrustFile::parse(bytes)?;
        Ok(Self {
            authority: file.authority.0,
            network: file.network.0,
            validators: file.validators(),
            minimum_booth: file.minimum_booth,
            practice: file.practice,
        })
    }

    /// Whether a manifest belongs to the authority, the network and the validators known here.
    #[must_use]
    pub fn knows(&self, manifest: &Manifest) -> bool {
        let mut pinned = self.validators.clone();
        let mut named: Vec<_> = manifest.validators.iter().map(|v| v.engine_key).collect();
        pinned.sort_unstable();
        named.sort_unstable();
        manifest.authority == self.authority && manifest.network == self.network && pinned == named
    }

    /// Whether `program` is not older than the minimum.
    #[must_use]
    pub fn allows(&self, program: &str) -> bool {
        program
            .parse::<Version>()
            .is_ok_and(|version| version >= self.minimum_booth)
    }
}
