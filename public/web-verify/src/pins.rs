//! Whose signatures count, and what ballots of the election look like.

use ballot::BallotRules;
use ballot::{Manifest, SealedManifest};
use board::Committee;
use crypto::Hash;
use crypto::hash::to_hex;
use crypto::wire::TopLevel as _;
use serde::Serialize;
use verify::Trust;

/// Why there is nothing to check against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPins {
    /// Neither a trust file nor a manifest is there.
    Nothing,
    /// The trust file cannot be read.
    Trust,
    /// The manifest breaks a rule.
    Manifest(String),
    /// Rule R1.10: practice where a real election is meant, or the reverse.
    Practice,
    /// The manifest is of a later term than the trust file, and nothing here leads from one to the
    /// other: a record does.
    LaterTerm,
    /// No question that its relays carry holds a ballot or survey answer: a fault of its making.
    TooLong,
    /// Rules R8.07, R8.08: the manifest is not by the authority or network of the trust file.
    Untrusted(&'static str),
}

impl core::fmt::Display for NoPins {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Nothing => f.write_str("no trust file and no manifest"),
            Self::Trust => f.write_str("the trust file cannot be read"),
            Self::Manifest(why) => f.write_str(why),
            Self::Practice => f.write_str(
                "the manifest is for practice and the trust file for real elections, or the \
                 reverse (R1.10)",
            ),
            Self::TooLong => {
                f.write_str("this election's ballots or survey answers are too long for a relay")
            }
            Self::LaterTerm => f.write_str(
                "the validators were handed over after the trust file was made: check the record",
            ),
            Self::Untrusted(rule) => {
                write!(
                    f,
                    "the manifest is not by the authority and network of the trust file ({rule})"
                )
            }
        }
    }
}

impl std::error::Error for NoPins {}

/// Pinned keys, and the election when a manifest is at hand.
#[derive(Debug)]
pub struct Pins {
    /// Network and validators.
    pub committee: Committee,
    /// The manifest, its hash and its rules of ballots.
    pub election: Option<Known>,
    /// Whether they come from a trust file, or only from the manifest itself.
    pub trusted: bool,
}

/// An election whose manifest was read and checked (rules R1.02–R1.08).
#[derive(Debug)]
pub struct Known {
    /// What the manifest says.
    pub manifest: Manifest,
    /// Election hash.
    pub hash: Hash,
    /// What its ballots are checked against.
    pub rules: BallotRules,
}

/// What a person compares with a printed source when there is no trust file.
#[derive(Debug, Serialize)]
pub struct Compare {
    /// Whether a trust file was given and fits.
    pub trusted: bool,
    /// Network id.
    pub network: String,
    /// Validators' Ed25519 keys.
    pub validators: Vec<String>,
    /// Key of the authority.
    pub authority: Option<String>,
    /// Election hash.
    pub election_hash: Option<String>,
    /// A rehearsal or demonstration.
    pub practice: bool,
    /// Title of the vote: Japanese, English.
    pub title: Option<(String, String)>,
}

impl Pins {
    /// Reads what is there. A manifest that does not fit the trust file is refused.
    ///
    /// # Errors
    /// [`NoPins`].
    pub fn read(trust: Option<&[u8]>, manifest: Option<&[u8]>) -> Result<Self, NoPins> {
        let trust = trust.map(Trust::parse).transpose();
        let trust = trust.map_err(|_| NoPins::Trust)?;
        let election = manifest.map(known).transpose()?;
        let committee = match (&trust, &election) {
            (Some(t), _) => Committee::new(t.network, 0, t.validators.clone()),
            (None, Some(e)) => Committee::from(&e.manifest),
            (None, None) => return Err(NoPins::Nothing),
        };
        if let (Some(t), Some(e)) = (&trust, &election) {
            if e.manifest.check_practice(t.practice).is_err() {
                return Err(NoPins::Practice);
            }
            if e.manifest.authority.as_bytes() != &t.authority {
                return Err(NoPins::Untrusted("R8.07"));
            }
            if e.manifest.epoch != 0 && e.manifest.network == t.network {
                return Err(NoPins::LaterTerm);
            }
            if Committee::from(&e.manifest) != committee {
                return Err(NoPins::Untrusted("R8.08"));
            }
        }
        Ok(Self {
            committee,
            election,
            trusted: trust.is_some(),
        })
    }
    /// What to compare.
    #[must_use]
    pub fn compare(&self) -> Compare {
        let e = self.election.as_ref();
        let m = e.map(|e| &e.manifest);
        Compare {
            trusted: self.trusted,
            network: to_hex(&self.committee.network),
            validators: self.committee.keys().iter().map(|k| to_hex(k)).collect(),
            authority: m.map(|m| m.authority.to_hex()),
            election_hash: e.map(|e| e.hash.to_hex()),
            practice: m.is_some_and(|m| m.practice),
            title: m.map(|m| (m.title.ja.clone(), m.title.en.clone())),
        }
    }
}

fn known(bytes: &[u8]) -> Result<Known, NoPins> {
    let why = |e: ballot::manifest::ManifestError| NoPins::Manifest(e.to_string());
    let sealed = SealedManifest::from_bytes(bytes).map_err(|e| why(e.into()))?;
    let hash = sealed.check().map_err(why)?;
    Ok(Known {
        rules: BallotRules::new(&sealed.manifest),
        manifest: sealed.manifest,
        hash,
    })
}
