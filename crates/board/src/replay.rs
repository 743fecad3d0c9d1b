//! Re-runs a whole record against the state machine: what `verify` and trustees do.

use crate::check::{CHUNK, Checked, check_many};
use crate::entry::kind;
use crate::finality::FinalityCertificate;
use crate::header::{Header, genesis};
use crate::network::NetworkConfig;
use crate::record::{MANIFEST, RecordError, RecordReader, Source, check_names, views};
use crate::state::{BlockError, Election, State};
use ballot::SealedManifest;
use crypto::Hash;
use crypto::wire::TopLevel as _;
use rand_core::CryptoRng;
use std::collections::{BTreeMap, VecDeque};
use std::io::Read as _;

/// A block read and not yet applied.
struct Pending {
    header: Header,
    entries: Vec<Vec<u8>>,
}

/// A replay in progress.
pub struct Replay<'a> {
    reader: RecordReader<'a>,
    state: State,
    namespace: Vec<u8>,
    committee: Vec<[u8; 32]>,
    ready: VecDeque<(Header, Vec<Result<Checked, crypto::Rule>>)>,
    /// The next certificate and its bytes' header digest.
    certificate: Option<FinalityCertificate>,
    certified: bool,
    counts: BTreeMap<u8, u64>,
    certificates: u64,
}

impl core::fmt::Debug for Replay<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Replay(height {})", self.state.tip().height)
    }
}

impl<'a> Replay<'a> {
    /// Reads and checks the genesis block (rules R8.01–R8.03).
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open(source: &'a dyn Source) -> Result<Self, RecordError> {
        check_names(source)?;
        let mut reader = RecordReader::open(source)?;
        let (header, entries) = reader.next_block()?.ok_or(RecordError::Genesis)?;
        let [config] = entries.as_slice() else {
            return Err(RecordError::Genesis);
        };
        let network = NetworkConfig::from_bytes(config).map_err(|_| RecordError::Genesis)?;
        if header != genesis(&network) {
            return Err(RecordError::Genesis);
        }
        let mut replay = Self {
            reader,
            state: State::genesis(&network),
            namespace: network.namespace(),
            committee: network.committee(),
            ready: VecDeque::new(),
            certificate: None,
            certified: false,
            counts: BTreeMap::new(),
            certificates: 0,
        };
        replay.read_certificate()?;
        Ok(replay)
    }
    /// The board after the last applied block.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
    /// Entries applied, by type byte.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<u8, u64> {
        &self.counts
    }
    /// Certificates checked.
    #[must_use]
    pub fn certificates(&self) -> u64 {
        self.certificates
    }
    fn read_certificate(&mut self) -> Result<(), RecordError> {
        let height = self.state.tip().height.saturating_add(1);
        self.certificate = match self.reader.next_certificate()? {
            None => None,
            Some(bytes) => Some(
                FinalityCertificate::from_bytes(&bytes)
                    .map_err(|error| RecordError::Finality { height, error })?,
            ),
        };
        Ok(())
    }
    /// Reads blocks until there are enough ballots for a good batch; stops behind a block that may
    /// change what entries are checked against.
    fn fill<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Result<(), RecordError> {
        let mut pending: Vec<Pending> = Vec::new();
        let mut waiting = 0;
        while waiting < 2 * CHUNK {
            let Some((header, entries)) = self.reader.next_block()? else {
                break;
            };
            waiting += entries.len().max(1);
            let turning = entries
                .iter()
                .any(|e| matches!(e.get(1), Some(&kind::SETUP | &kind::SEAL)));
            pending.push(Pending { header, entries });
            if turning {
                break;
            }
        }
        let all: Vec<&[u8]> = pending
            .iter()
            .flat_map(|p| p.entries.iter().map(Vec::as_slice))
            .collect();
        let mut checked = check_many(self.state.context(), &all, rng).into_iter();
        for p in &pending {
            let of_block = checked.by_ref().take(p.entries.len()).collect();
            self.ready.push_back((p.header.clone(), of_block));
        }
        Ok(())
    }
    /// Checks and applies the next block; false at the end of the record.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn step<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Result<bool, RecordError> {
        if self.ready.is_empty() {
            self.fill(rng)?;
        }
        let Some((header, results)) = self.ready.pop_front() else {
            return if self.certified && self.certificate.is_none() {
                Ok(false)
            } else {
                Err(RecordError::Certificates)
            };
        };
        let height = header.height;
        let refused = |error| RecordError::Block { height, error };
        let mut checked = Vec::with_capacity(results.len());
        for (index, result) in results.into_iter().enumerate() {
            checked.push(result.map_err(|rule| refused(BlockError::Entry { index, rule }))?);
        }
        self.state = self.state.apply_block(&header, &checked).map_err(refused)?;
        for c in &checked {
            *self.counts.entry(c.kind()).or_default() += 1;
        }
        self.take_certificate(height)?;
        Ok(true)
    }
    fn take_certificate(&mut self, height: u64) -> Result<(), RecordError> {
        let digest = *self.state.digest();
        self.certified = false;
        let Some(c) = self.certificate.as_ref().filter(|c| c.payload == digest) else {
            return Ok(());
        };
        c.verify(&self.committee, &self.namespace, &digest)
            .map_err(|error| RecordError::Finality { height, error })?;
        self.certified = true;
        self.certificates += 1;
        self.read_certificate()
    }
}

/// Rule R8.05: `manifest.bin` is the manifest sealed on the board. Returns the election.
///
/// # Errors
/// [`RecordError`].
pub fn check_manifest<'s>(
    state: &'s State,
    manifest: &SealedManifest,
) -> Result<&'s Election, RecordError> {
    let hash = manifest.check().map_err(RecordError::Manifest)?;
    let election = state.election(&hash).ok_or(RecordError::Sealed)?;
    if election.sealed() == Some(manifest) {
        Ok(election)
    } else {
        Err(RecordError::Sealed)
    }
}

/// Reads `manifest.bin` (rule R1.02).
///
/// # Errors
/// [`RecordError`].
pub fn read_manifest(source: &dyn Source) -> Result<SealedManifest, RecordError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(crate::header::MAX_ENTRY_BYTES).unwrap_or(u64::MAX);
    source
        .open(MANIFEST)?
        .take(limit + 1)
        .read_to_end(&mut bytes)?;
    SealedManifest::from_bytes(&bytes).map_err(|e| RecordError::Manifest(e.into()))
}

/// Rule R8.06: every view is what the board gives, byte for byte.
///
/// # Errors
/// [`RecordError::View`].
pub fn check_views(source: &dyn Source, election: &Election) -> Result<usize, RecordError> {
    let wanted = views(election).ok_or(RecordError::Sealed)?;
    for (name, text) in &wanted {
        let mut found = Vec::new();
        let limit = u64::try_from(text.len()).unwrap_or(u64::MAX);
        source
            .open(name)?
            .take(limit.saturating_add(1))
            .read_to_end(&mut found)?;
        if found != text.as_bytes() {
            return Err(RecordError::View((*name).to_owned()));
        }
    }
    Ok(wanted.len())
}

/// What two verifiers compare: H(election hash, digest of the last header).
#[must_use]
pub fn record_digest(state: &State, election: &Hash) -> Hash {
    crypto::hash::hash("record", &[election.as_bytes(), state.digest()])
}
