//! Cases for two decoders that share nothing: a chain, and at each of its heights changed entries,
//! blocks, manifests, certificates and receipts, often signed again, each with the verdict of this
//! implementation. Another verifier reads the file and must name the same rule.
//!
//! One case a line, words separated by spaces, bytes in hexadecimal (a dash for none), the
//! verdict last (`ok` or a rule):
//!
//! ```text
//! genesis NETWORK                the Network value
//! block HEADER ENTRY…            the next block; it is accepted
//! try HEADER [ENTRY…] VERDICT    a block that is judged on the state so far, and forgotten
//! manifest BYTES VERDICT         a sealed manifest by itself
//! certificate DIGEST BYTES VERDICT
//! receipt ENTRY BYTES VERDICT    with the entry's bytes at hand
//! ```

mod resign;

use crate::mutate::Mutator;
use crate::seeds::{WORLD, World};
use board::check::check_stateless;
use board::finality::FinalityCertificate;
use board::{BlockError, Header, Receipt, State};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Rule};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Distances of a tried block's time from its parent's (ms): usual, next to nothing, past a halt,
/// past every window.
const STEPS: [u64; 5] = [1000, 1000, 1, 61_000, 100_000_000_000];

/// Writes about `cases` cases; the same seed gives the same file.
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, cases: usize, seed: u64) -> io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let world = &*WORLD;
    let mut batch = Batch {
        world,
        mutator: Mutator::new(seed),
        rng: ChaCha20Rng::seed_from_u64(seed),
        near: Vec::new(),
    };
    writeln!(out, "genesis {}", word_of(&world.lab.network().to_bytes()))?;
    for _ in 0..cases / 10 {
        batch.manifest(&mut out)?;
        batch.certificate(&mut out)?;
        batch.receipt(&mut out)?;
    }
    let mut state = State::genesis(world.lab.network());
    let chain = world.lab.chain.get(1..).unwrap_or_default();
    for (height, stored) in chain.iter().enumerate() {
        let near = chain.get(height.saturating_sub(2)..).unwrap_or_default();
        let near = near.iter().take(5).flat_map(|s| &s.block.entries);
        batch.near = near.cloned().collect();
        for _ in 0..cases * 7 / 10 / chain.len().max(1) {
            batch.attempt(&state, &mut out)?;
        }
        let (header, entries) = (&stored.block.header, &stored.block.entries);
        let next = judge(&state, header, entries, &mut batch.rng);
        state = next.expect("a good chain");
        write!(out, "block {}", word_of(&header.to_bytes()))?;
        words(&mut out, entries)?;
        writeln!(out)?;
    }
    out.flush()
}

/// Hexadecimal; a dash for no bytes.
fn word_of(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    crypto::hash::to_hex(bytes)
}

fn words(out: &mut impl Write, entries: &[Vec<u8>]) -> io::Result<()> {
    entries
        .iter()
        .try_for_each(|e| write!(out, " {}", word_of(e)))
}

fn word<T>(verdict: &Result<T, Rule>) -> String {
    match verdict {
        Ok(_) => "ok".to_owned(),
        Err(rule) => rule.to_string(),
    }
}

/// The state after a block, or the rule that refuses it: first every entry by itself, in order.
fn judge(
    state: &State,
    header: &Header,
    entries: &[Vec<u8>],
    rng: &mut ChaCha20Rng,
) -> Result<State, Rule> {
    let checked = entries
        .iter()
        .map(|e| check_stateless(state.context(), e, rng))
        .collect::<Result<Vec<_>, _>>()?;
    let next = state.apply_block(header, &checked);
    next.map_err(|e: BlockError| e.rule())
}

struct Batch<'a> {
    world: &'a World,
    mutator: Mutator,
    rng: ChaCha20Rng,
    /// Entries of the chain around the present height: more of them are refused late.
    near: Vec<Vec<u8>>,
}

impl Batch<'_> {
    fn manifest(&mut self, out: &mut impl Write) -> io::Result<()> {
        let seed = vec![self.world.manifest.to_bytes()];
        let mut bytes = self.mutator.next(&seed);
        if self.mutator.below(2) == 0
            && let Ok(s) = ballot::SealedManifest::from_bytes(&bytes)
        {
            let parties = &self.world.lab.parties;
            bytes = parties.seal(s.manifest, &mut self.rng).to_bytes();
        }
        let verdict = ballot::SealedManifest::from_bytes(&bytes)
            .map_err(ballot::manifest::ManifestError::Bytes)
            .and_then(|s| s.check())
            .map_err(|e| e.rule());
        writeln!(out, "manifest {} {}", word_of(&bytes), word(&verdict))
    }

    fn certificate(&mut self, out: &mut impl Write) -> io::Result<()> {
        let chain = self.world.lab.chain.get(1..).unwrap_or_default();
        let pick = self.mutator.below(chain.len());
        let stored = chain.get(pick).expect("below its length");
        let seeds: Vec<Vec<u8>> = stored.certificate.iter().cloned().collect();
        let bytes = self.mutator.next(&seeds);
        // Every other time the certificate of another block.
        let other = chain.get(self.mutator.below(2 * chain.len()));
        let digest = other.unwrap_or(stored).block.header.digest();
        let committee = &self.world.committee;
        let namespace = board::network::namespace(&committee.network);
        let verdict = FinalityCertificate::from_bytes(&bytes)
            .and_then(|c| c.verify(committee.keys(), &namespace, &digest))
            .map_err(|e| e.rule());
        let (digest, bytes) = (word_of(&digest), word_of(&bytes));
        writeln!(out, "certificate {digest} {bytes} {}", word(&verdict))
    }

    fn receipt(&mut self, out: &mut impl Write) -> io::Result<()> {
        let (receipt, entry) = &self.world.receipt;
        let bytes = self.mutator.next(&[receipt.to_bytes()]);
        let entry = if self.mutator.below(8) == 0 {
            self.mutator.next(core::slice::from_ref(entry))
        } else {
            entry.clone()
        };
        let verdict = Receipt::decode(&bytes)
            .and_then(|r| r.verify_entry(&self.world.committee, &entry))
            .map_err(|e| e.rule());
        let (entry, bytes) = (word_of(&entry), word_of(&bytes));
        writeln!(out, "receipt {entry} {bytes} {}", word(&verdict))
    }

    /// One entry most of the time, sometimes a few, sometimes under a changed header.
    fn attempt(&mut self, state: &State, out: &mut impl Write) -> io::Result<()> {
        let count = [1, 1, 1, 1, 1, 1, 2, 3].get(self.mutator.below(8));
        let mut entries: Vec<Vec<u8>> = (0..*count.unwrap_or(&1)).map(|_| self.entry()).collect();
        if self.mutator.below(2) == 0 {
            entries.sort_by_key(|e| (e.get(1) == Some(&15), board::entry_hash(e)));
        }
        let hashes: Vec<Hash> = entries.iter().map(|e| board::entry_hash(e)).collect();
        let step = STEPS.get(self.mutator.below(STEPS.len())).unwrap_or(&1000);
        let time = state.tip().time_ms.saturating_add(*step);
        let mut header = Header::next(state.tip(), time, &hashes);
        if self.mutator.below(16) == 0
            && let Ok(changed) = Header::from_bytes(&self.mutator.next(&[header.to_bytes()]))
        {
            header = changed;
        }
        let verdict = judge(state, &header, &entries, &mut self.rng);
        write!(out, "try {}", word_of(&header.to_bytes()))?;
        words(out, &entries)?;
        writeln!(out, " {}", word(&verdict))
    }

    /// An entry as it is, changed, or changed and signed again.
    fn entry(&mut self) -> Vec<u8> {
        let all = self.near.is_empty() || self.mutator.below(3) == 0;
        let entries = if all { &self.world.entries } else { &self.near };
        let how = self.mutator.below(8);
        if how == 0 {
            let pick = self.mutator.below(entries.len());
            return entries.get(pick).cloned().unwrap_or_default();
        }
        let bytes = self.mutator.next(entries);
        if how < 3 {
            return bytes;
        }
        let tokens = self.mutator.below(4) != 0;
        resign::resign(&self.world.lab, &bytes, tokens, &mut self.rng).unwrap_or(bytes)
    }
}
