//! Re-runs a whole record against the state machine: what `verify` and trustees do.

use crate::check::{CHUNK, Checked, StaticContext, check_many};
use crate::entry::kind;
use crate::finality::FinalityCertificate;
use crate::header::{Header, genesis};
use crate::network::NetworkConfig;
use crate::record::{MANIFEST, RecordError, RecordReader, Source, check_names, each_view};
use crate::state::{BlockError, Election, State};
use crate::store::{Memory, Store};
use ballot::SealedManifest;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Rule};
use rand_core::CryptoRng;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Read};

/// A block read and not yet applied.
struct Pending {
    header: Header,
    entries: Vec<Vec<u8>>,
}

/// A block whose entries were checked one by one.
struct Ready {
    header: Header,
    entries: Vec<Result<Checked, Rule>>,
}

/// Checks entries as [`check_many`] does, perhaps on several processors.
pub type Checker<'c> = dyn FnMut(&StaticContext, &[&[u8]]) -> Vec<Result<Checked, Rule>> + 'c;

/// Blocks that are read and checked ahead hold about this many entries, if nobody asks for more:
/// enough for a batch of proofs.
pub const READ_AHEAD: usize = 2 * CHUNK;
/// Bytes of entries after which no further block is read ahead.
const READ_AHEAD_BYTES: usize = 4 * 1024 * 1024;

/// A replay in progress.
pub struct Replay<'a, S: Store = Memory> {
    reader: RecordReader<'a>,
    state: State<S>,
    read_ahead: usize,
    ready: VecDeque<Ready>,
    /// Why nothing can be read behind the blocks that are ready.
    torn: Option<RecordError>,
    /// The next certificate and its bytes' header digest.
    certificate: Option<FinalityCertificate>,
    certified: bool,
    counts: BTreeMap<u8, u64>,
    certificates: u64,
}

impl<S: Store> core::fmt::Debug for Replay<'_, S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Replay(height {})", self.state.tip().height)
    }
}

impl<'a> Replay<'a> {
    /// Reads and checks the genesis block (rules R8.01–R8.03); everything is kept in memory.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open(source: &'a dyn Source) -> Result<Self, RecordError> {
        Self::open_with(source, Memory, READ_AHEAD)
    }
}

impl<'a, S: Store> Replay<'a, S> {
    /// [`Replay::open`] with tables in `store`; `read_ahead` entries are checked together.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open_with(
        source: &'a dyn Source,
        store: S,
        read_ahead: usize,
    ) -> Result<Self, RecordError> {
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
            state: State::at_genesis(&network, store),
            read_ahead,
            ready: VecDeque::new(),
            torn: None,
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
    pub fn state(&self) -> &State<S> {
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
    /// Reads blocks until there are enough ballots for a good batch; stops after a block that may
    /// change what entries are checked against. An item that cannot be read is reported after
    /// the blocks before it.
    fn fill(&mut self, check: &mut Checker<'_>) {
        let mut pending: Vec<Pending> = Vec::new();
        let (mut waiting, mut bytes) = (0, 0);
        while waiting < self.read_ahead && bytes < READ_AHEAD_BYTES {
            let (header, entries) = match self.reader.next_block() {
                Ok(Some(block)) => block,
                Ok(None) => break,
                Err(e) => {
                    self.torn = Some(e);
                    break;
                }
            };
            waiting += entries.len().max(1);
            bytes += entries.iter().map(Vec::len).sum::<usize>();
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
        let mut checked = check(self.state.context(), &all).into_iter();
        for p in &pending {
            self.ready.push_back(Ready {
                header: p.header.clone(),
                entries: checked.by_ref().take(p.entries.len()).collect(),
            });
        }
    }
    /// Checks and applies the next block; false at the end of the record.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn step<R: CryptoRng + ?Sized>(&mut self, rng: &mut R) -> Result<bool, RecordError> {
        self.step_with(&mut |ctx, entries| check_many(ctx, entries, rng))
    }
    /// [`Replay::step`] with another way to check many entries.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn step_with(&mut self, check: &mut Checker<'_>) -> Result<bool, RecordError> {
        if self.ready.is_empty() && self.torn.is_none() {
            self.fill(check);
        }
        let Some(Ready { header, entries }) = self.ready.pop_front() else {
            return match self.torn.take() {
                Some(torn) => Err(torn),
                None if self.certified && self.certificate.is_none() => Ok(false),
                None => Err(RecordError::Certificates),
            };
        };
        let height = header.height;
        let refused = |error| RecordError::Block { height, error };
        let mut checked = Vec::with_capacity(entries.len());
        for (index, result) in entries.into_iter().enumerate() {
            checked.push(result.map_err(|rule| refused(BlockError::Entry { index, rule }))?);
        }
        self.state.take_block(&header, &checked).map_err(refused)?;
        let hands_over = checked.iter().any(|c| c.kind() == kind::HAND_OVER);
        for c in &checked {
            *self.counts.entry(c.kind()).or_default() += 1;
        }
        self.take_certificate(height)?;
        if hands_over && !self.certified {
            return Err(RecordError::Certificates);
        }
        Ok(true)
    }
    fn take_certificate(&mut self, height: u64) -> Result<(), RecordError> {
        let digest = *self.state.digest();
        self.certified = false;
        let Some(c) = self.certificate.as_ref().filter(|c| c.payload == digest) else {
            return Ok(());
        };
        let committee = self.state.committee();
        committee
            .verify(c, height, &digest)
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
pub fn check_manifest<'s, S: Store>(
    state: &'s State<S>,
    manifest: &SealedManifest,
) -> Result<&'s Election<S>, RecordError> {
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
pub fn check_views<S: Store>(
    source: &dyn Source,
    election: &Election<S>,
) -> Result<usize, RecordError> {
    let mut files: Vec<Compared<'_>> = Vec::new();
    let mut fault = None;
    let sealed = each_view(election, &mut |name, text| {
        if fault.is_none() {
            fault = compare_piece(source, &mut files, name, text).err();
        }
    });
    sealed.ok_or(RecordError::Sealed)?;
    fault.map_or(Ok(()), Err)?;
    for file in &mut files {
        file.end()?;
    }
    Ok(files.len())
}

/// Compares the next piece of this view; a new name means that the file before is complete.
fn compare_piece<'a>(
    source: &'a dyn Source,
    files: &mut Vec<Compared<'a>>,
    name: &'static str,
    text: &str,
) -> Result<(), RecordError> {
    if files.last().is_none_or(|f| f.name != name) {
        files.last_mut().map_or(Ok(()), Compared::end)?;
        let found = source.open(name)?;
        files.push(Compared { name, found });
    }
    files.last_mut().map_or(Ok(()), |f| f.goes_on(text))
}

/// A view file that is read along with what it must say.
struct Compared<'a> {
    name: &'static str,
    found: Box<dyn Read + 'a>,
}

impl Compared<'_> {
    fn other(&self) -> RecordError {
        RecordError::View(self.name.to_owned())
    }
    fn goes_on(&mut self, text: &str) -> Result<(), RecordError> {
        let mut found = vec![0; text.len()];
        match self.found.read_exact(&mut found) {
            Ok(()) if found == text.as_bytes() => Ok(()),
            Ok(()) => Err(self.other()),
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Err(self.other()),
            Err(e) => Err(RecordError::Io(e)),
        }
    }
    /// Nothing may be left. Asked again, it finds nothing again.
    fn end(&mut self) -> Result<(), RecordError> {
        let mut more = Vec::new();
        if self.found.by_ref().take(1).read_to_end(&mut more)? == 0 {
            Ok(())
        } else {
            Err(self.other())
        }
    }
}

/// What two verifiers compare: H(election hash, digest of the last header).
#[must_use]
pub fn record_digest<S: Store>(state: &State<S>, election: &Hash) -> Hash {
    crypto::hash::hash("record", &[election.as_bytes(), state.digest()])
}
