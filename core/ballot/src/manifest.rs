//! The sealed manifest: everything a verifier, a booth and a node believe about an election.
//!
//! `election_hash` = H(`manifest`, canonical bytes). Group, generators, keys and option list always
//! come from here, never from the message being checked (spec 01).

mod content;
mod crowd;
mod hours;
mod parts;
mod windows;

pub use crowd::{MAX_BUCKET_BITS, MIN_BUCKET, MIN_PRACTICE_BUCKET, Relay};
pub use hours::ShutDoor;
pub use parts::{
    AnswerOption, Channel, ChannelHours, Contest, Eligibility, Entitled, Help, Notice, Officer,
    OptionItem, Place, Question, QuestionKind, Registrar, Release, TieKind, TieRule, Trustee,
    Trustees, Validator, Window,
};
pub use windows::{
    AGAIN_GRACE_MS, AGAIN_LAG_MS, MAX_AGAIN_WINDOW_MS, MAX_AGAIN_WINDOWS, again_windows,
};

use crate::rules;
use crate::salt;
use crate::text::{Text, TextFault};
use content::{differ, in_order};
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::x25519::is_sealable;
use crypto::{Hash, Point, Rule};
use rand_core::CryptoRng;

/// Purpose of the signatures under a manifest.
pub const MANIFEST_PURPOSE: &str = "manifest";

/// Shortest drain: a few rounds of the validators (ms).
pub const MIN_DRAIN_MS: u64 = 20_000;
/// Longest drain (ms).
pub const MAX_DRAIN_MS: u64 = 600_000;
/// How far the close may be moved at most, and how long after the last possible close the
/// announcement may be (ms).
pub const MAX_WAIT_MS: u64 = 30 * 24 * 3_600_000;

/// Everything that is fixed when the election is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Id of the validator network the board runs on: H of its configuration, first 32 bytes.
    pub network: [u8; 32],
    /// Entry hash of the `Setup` entry the ceremony belongs to.
    pub setup: Hash,
    /// Short machine name.
    pub id: String,
    /// True for rehearsals and demonstrations: every page says so, and rule R1.10 refuses it
    /// wherever a real election is meant.
    pub practice: bool,
    /// Title.
    pub title: Text,
    /// Who holds the election.
    pub municipality: Text,
    /// Whom voters can ask.
    pub help: Help,
    /// Who may vote.
    pub eligibility: Eligibility,
    /// How many bits of its voting key a look-up shows, 0 for none: the others of one bucket are
    /// the crowd it hides in.
    pub bucket_bits: u8,
    /// What is voted on.
    pub contests: Vec<Contest>,
    /// What decides between equally many votes.
    pub tie_rule: TieRule,
    /// Where and when credentials are issued.
    pub channels: Vec<ChannelHours>,
    /// Rooms of counters and venues.
    pub places: Vec<Place>,
    /// When each window of the *again* keys begins (ms).
    pub again_windows: Vec<u64>,
    /// Ballots are taken while time < `close_at` (ms).
    pub close_at: u64,
    /// Blocks accept ballots that were promised before the close for so long after it.
    pub drain_ms: u64,
    /// No `Extend` may move the close beyond this time (ms).
    pub extend_limit: u64,
    /// `Announce` is refused before this time; a day later shares count without it (ms).
    pub announce_at: u64,
    /// Trustees refuse to decrypt fewer counted ballots.
    pub min_counted: u32,
    /// Key holders and the joint key.
    pub trustees: Trustees,
    /// Bodies that check identity.
    pub registrars: Vec<Registrar>,
    /// People of whom two must sign Open, Extend, Resume, Drain, Announce and salt destruction.
    pub officers: Vec<Officer>,
    /// The authority that holds the election.
    pub authority: Point,
    /// HPKE keys of the auditors who can open evidence.
    pub auditors: Vec<[u8; 32]>,
    /// Bodies that run the board.
    pub validators: Vec<Validator>,
    /// How often validators had been handed over on this network before the seal.
    pub epoch: u64,
    /// Address of the public pages.
    pub portal: String,
    /// Bodies that pass requests of booths and pages on to the validators.
    pub relays: Vec<Relay>,
    /// Channels (as tags) in which the face step is required.
    pub face_required: Vec<Channel>,
    /// Questions asked after the vote.
    pub survey: Vec<Question>,
    /// Published rules and notices by key (result policy …).
    pub notices: Vec<Notice>,
    /// Booth programs voters may use.
    pub releases: Vec<Release>,
}

/// Why a manifest is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestError {
    /// Rule R1.02: not canonical bytes, or a field outside its range.
    Bytes(WireError),
    /// Rule R1.03: 2t > n, n ≤ 15, ids 1…n in order.
    Trustees,
    /// Rule R1.04: windows are not ordered, half-open and before the close.
    Windows,
    /// Rule R1.05: no contest, registrar, validator, or fewer than two officers; a key, pin or
    /// address twice; a modulus that is even or shorter than 2048 bits; an auditor's or gateway's
    /// key that nothing can be sealed to.
    Parties,
    /// Rule R1.06: the times are not in order, or the drain is shorter or longer than allowed.
    Times,
    /// Rule R1.07: the authority's signature is wrong.
    AuthoritySignature,
    /// Rule R1.08: fewer than t trustees signed, or a trustee's signature is wrong.
    TrusteeSignatures,
    /// Rule R1.09: the hash is not the one that was expected.
    Hash,
    /// Rule R1.10: practice where a real election is meant, or the reverse.
    Practice,
    /// Rule R1.11: a place outside its channel's hours, or a counter or venue without a place.
    Places,
    /// Rule R1.12: a text that does not show what it holds.
    Text(TextFault),
    /// Rule R1.12: two options of a contest with titles that look alike.
    Titles,
    /// Rule R1.13: an id, number or address that is empty, out of range or there twice.
    Ids,
    /// Rule R1.14: a table of salts that is too small or too large.
    Salts,
    /// Rule R1.15: windows of the *again* keys that do not cover the vote, are too long, or have
    /// not one key of every registrar.
    AgainWindows,
    /// Rule R1.16: buckets that are too small a crowd.
    Bucket,
    /// Rule R1.17: a relay twice, or one that another party of the election runs.
    Relays,
}

impl ManifestError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Bytes(_) => rules::MANIFEST_BYTES,
            Self::Trustees => rules::MANIFEST_TRUSTEES,
            Self::Windows => rules::MANIFEST_WINDOWS,
            Self::Parties => rules::MANIFEST_PARTIES,
            Self::Times => rules::MANIFEST_TIMES,
            Self::AuthoritySignature => rules::MANIFEST_AUTHORITY,
            Self::TrusteeSignatures => rules::MANIFEST_SIGNED,
            Self::Hash => rules::MANIFEST_HASH,
            Self::Practice => rules::MANIFEST_PRACTICE,
            Self::Places => rules::MANIFEST_PLACES,
            Self::Text(_) | Self::Titles => rules::MANIFEST_TEXTS,
            Self::Ids => rules::MANIFEST_IDS,
            Self::Salts => rules::MANIFEST_SALTS,
            Self::AgainWindows => rules::MANIFEST_AGAIN_WINDOWS,
            Self::Bucket => rules::MANIFEST_BUCKET,
            Self::Relays => rules::MANIFEST_RELAYS,
        }
    }
}

impl core::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Text(fault) => write!(f, "manifest refused: {fault} ({})", self.rule()),
            _ => write!(f, "manifest refused: {self:?} ({})", self.rule()),
        }
    }
}

impl std::error::Error for ManifestError {}

impl From<WireError> for ManifestError {
    fn from(e: WireError) -> Self {
        Self::Bytes(e)
    }
}

impl Manifest {
    /// H(`manifest`, canonical bytes).
    #[must_use]
    pub fn election_hash(&self) -> Hash {
        crypto::hash::hash("manifest", &[&self.to_bytes()])
    }
    /// The signature with which the authority and t trustees seal this manifest.
    pub fn sign<R: CryptoRng + ?Sized>(&self, key: &SigningKey, rng: &mut R) -> Signature {
        key.sign(MANIFEST_PURPOSE, self.election_hash().as_bytes(), rng)
    }
    /// Opening of the first channel (ms).
    #[must_use]
    pub fn opens_at(&self) -> u64 {
        self.channels
            .iter()
            .flat_map(|c| c.windows.iter().map(|w| w.opens))
            .min()
            .unwrap_or(self.close_at)
    }
    /// The hours of one channel.
    #[must_use]
    pub fn channel(&self, kind: Channel) -> Option<&ChannelHours> {
        self.channels.iter().find(|c| c.kind == kind)
    }
    /// Bytes of every ballot entry of this election: one length for all.
    #[must_use]
    pub fn ballot_len(&self) -> usize {
        let contests: usize = self
            .contests
            .iter()
            .map(|c| 4 + c.shape.encoded_len())
            .sum();
        let head = 2 + 64 + 32 + 4 + 64 + 2;
        let registrars = self.registrars.len();
        let (tokens, card) = (4 + 256 * registrars, 4 + 32 * registrars + 32 + 32 + 1);
        head + tokens + card + 4 + contests + 64
    }
    /// Rules R1.03–R1.06 and R1.11–R1.17.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn check(&self) -> Result<(), ManifestError> {
        self.trustees.check()?;
        let ends = |c: &ChannelHours| c.windows.iter().all(|w| w.closes <= self.close_at);
        let fits = |c: &ChannelHours| in_order(&c.windows) && ends(c);
        if !self.channels.iter().all(fits) {
            return Err(ManifestError::Windows);
        }
        let nobody = self.contests.is_empty()
            || self.registrars.is_empty()
            || self.validators.is_empty()
            || self.channels.is_empty();
        let boxes = self.validators.iter().map(|v| &v.hpke);
        let sealable = self.auditors.iter().chain(boxes).all(is_sealable);
        if nobody || self.officers.len() < 2 || !self.parties_differ() || !sealable {
            return Err(ManifestError::Parties);
        }
        let ordered = self.close_at <= self.announce_at && self.close_at <= self.extend_limit;
        let ordered = ordered && self.extend_limit <= self.close_at.saturating_add(MAX_WAIT_MS);
        let latest = self.extend_limit.saturating_add(MAX_WAIT_MS);
        let drains = (MIN_DRAIN_MS..=MAX_DRAIN_MS).contains(&self.drain_ms);
        if !ordered || !drains || self.announce_at > latest || self.opens_at() >= self.close_at {
            return Err(ManifestError::Times);
        }
        content::check_places(self)?;
        content::check_texts(self)?;
        content::check_ids(self)?;
        self.check_salts()?;
        self.check_again_windows()?;
        crowd::check_bucket(self)?;
        crowd::check_relays(self)
    }
    /// Rule R1.14.
    fn check_salts(&self) -> Result<(), ManifestError> {
        let depths = salt::depths(self.practice);
        let fits = |r: &Registrar| depths.contains(&r.salt_depth);
        if self.registrars.iter().all(fits) {
            Ok(())
        } else {
            Err(ManifestError::Salts)
        }
    }
    /// Whether the election is of the kind that the reader means (rule R1.10).
    ///
    /// # Errors
    /// [`ManifestError::Practice`].
    pub fn check_practice(&self, meant: bool) -> Result<(), ManifestError> {
        if self.practice == meant {
            Ok(())
        } else {
            Err(ManifestError::Practice)
        }
    }
    /// Every text that people read in it, in every language: for lists that are looked at before
    /// it is sealed.
    #[must_use]
    pub fn words(&self) -> Vec<&str> {
        content::words(self)
    }
    /// What the signers of tokens cannot see, their keys must say: one key, one kind, one body.
    fn parties_differ(&self) -> bool {
        let (registrars, validators) = (&self.registrars, &self.validators);
        let moduli = || {
            registrars
                .iter()
                .flat_map(|r| [&r.first, &r.survey].into_iter().chain(&r.again))
        };
        let full = |m: &[u8; 256]| m[0] >= 0x80 && m[255] & 1 == 1;
        moduli().all(full)
            && differ(moduli())
            && differ(self.officers.iter().map(|o| o.key))
            && differ(registrars.iter().map(|r| r.key))
            && differ(registrars.iter().map(|r| r.spki))
            && differ(registrars.iter().map(|r| &r.origin))
            && differ(validators.iter().map(|v| v.engine_key))
            && differ(validators.iter().map(|v| v.node_key))
            && differ(validators.iter().map(|v| v.hpke))
    }
}

/// A manifest with the signatures that seal it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedManifest {
    /// The manifest.
    pub manifest: Manifest,
    /// By the authority over the election hash.
    pub authority_signature: Signature,
    /// By trustees (id, signature), ids increasing.
    pub trustee_signatures: Vec<(u16, Signature)>,
}

impl SealedManifest {
    /// All rules of a manifest: canonical, consistent, signed by the authority and ≥ t trustees.
    /// Returns the election hash.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn check(&self) -> Result<Hash, ManifestError> {
        let m = &self.manifest;
        m.check()?;
        let hash = m.election_hash();
        schnorr::verify(
            &m.authority,
            MANIFEST_PURPOSE,
            hash.as_bytes(),
            &self.authority_signature,
        )
        .map_err(|_| ManifestError::AuthoritySignature)?;
        let mut last = 0;
        for (id, signature) in &self.trustee_signatures {
            let trustee = m
                .trustees
                .members
                .iter()
                .find(|t| t.id == *id)
                .ok_or(ManifestError::TrusteeSignatures)?;
            if *id <= last {
                return Err(ManifestError::TrusteeSignatures);
            }
            last = *id;
            schnorr::verify(&trustee.key, MANIFEST_PURPOSE, hash.as_bytes(), signature)
                .map_err(|_| ManifestError::TrusteeSignatures)?;
        }
        if self.trustee_signatures.len() < usize::from(m.trustees.t) {
            return Err(ManifestError::TrusteeSignatures);
        }
        Ok(hash)
    }
    /// [`Self::check`], and the hash is `expected` (rule R1.09).
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn check_is(&self, expected: &Hash) -> Result<(), ManifestError> {
        if self.check()? == *expected {
            Ok(())
        } else {
            Err(ManifestError::Hash)
        }
    }
}

impl Wire for SealedManifest {
    fn write(&self, w: &mut Writer) {
        self.manifest.write(w);
        self.authority_signature.write(w);
        w.u32(u32::try_from(self.trustee_signatures.len()).unwrap_or(u32::MAX));
        for (id, s) in &self.trustee_signatures {
            w.u16(*id);
            s.write(w);
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let manifest = Manifest::read(r)?;
        let authority_signature = Signature::read(r)?;
        let n = r.count(15)?;
        let trustee_signatures = (0..n)
            .map(|_| Ok((r.u16()?, Signature::read(r)?)))
            .collect::<Result<_, WireError>>()?;
        Ok(Self {
            manifest,
            authority_signature,
            trustee_signatures,
        })
    }
}

impl TopLevel for SealedManifest {
    const TYPE: u8 = 2;
}

impl TopLevel for Manifest {
    const TYPE: u8 = 1;
}

impl Wire for Manifest {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        self.setup.write(w);
        w.text(&self.id);
        w.u8(u8::from(self.practice));
        self.title.write(w);
        self.municipality.write(w);
        self.help.write(w);
        self.eligibility.write(w);
        w.u8(self.bucket_bits);
        w.list(&self.contests);
        self.tie_rule.write(w);
        w.list(&self.channels);
        w.list(&self.places);
        w.list(&self.again_windows);
        w.u64(self.close_at);
        w.u64(self.drain_ms);
        w.u64(self.extend_limit);
        w.u64(self.announce_at);
        w.u32(self.min_counted);
        self.trustees.write(w);
        w.list(&self.registrars);
        w.list(&self.officers);
        self.authority.write(w);
        w.list(&self.auditors);
        w.list(&self.validators);
        w.u64(self.epoch);
        w.text(&self.portal);
        w.list(&self.relays);
        w.list(&self.face_required);
        w.list(&self.survey);
        w.list(&self.notices);
        w.list(&self.releases);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            setup: Hash::read(r)?,
            id: r.text(64)?,
            practice: r.bool()?,
            title: Text::read(r)?,
            municipality: Text::read(r)?,
            help: Help::read(r)?,
            eligibility: Eligibility::read(r)?,
            bucket_bits: r.u8()?,
            contests: r.list(16)?,
            tie_rule: TieRule::read(r)?,
            channels: r.list(8)?,
            places: r.list(64)?,
            again_windows: r.list(MAX_AGAIN_WINDOWS)?,
            close_at: r.u64()?,
            drain_ms: r.u64()?,
            extend_limit: r.u64()?,
            announce_at: r.u64()?,
            min_counted: r.u32()?,
            trustees: Trustees::read(r)?,
            registrars: r.list(8)?,
            officers: r.list(64)?,
            authority: Point::read(r)?,
            auditors: r.list(16)?,
            validators: r.list(32)?,
            epoch: r.u64()?,
            portal: r.text(256)?,
            relays: r.list(4)?,
            face_required: r.list(8)?,
            survey: r.list(64)?,
            notices: r.list(64)?,
            releases: r.list(64)?,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
