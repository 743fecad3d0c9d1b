//! What the public record says: the reports with their leaf hashes, the count, the two digests that
//! draw a sample. Every rule of the board is applied on the way.

use ballot::Manifest;
use board::entry::{ChannelCount, Entry, Leaf, kind, peek_election};
use board::record::{RecordError, RecordReader, Source};
use board::replay::{Replay, check_manifest, read_manifest};
use crypto::Hash;
use rand_core::CryptoRng;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

/// A folder with the files of a record.
#[derive(Clone, Debug)]
pub struct RecordFolder(pub PathBuf);

impl Source for RecordFolder {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut out = Vec::new();
        for (folder, prefix) in [(self.0.clone(), ""), (self.0.join("view"), "view/")] {
            for item in fs::read_dir(folder)? {
                let item = item?;
                let name = item.file_name().to_string_lossy().into_owned();
                if !(prefix.is_empty() && name == "view") {
                    out.push(format!("{prefix}{name}"));
                }
            }
        }
        Ok(out)
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(BufReader::new(File::open(self.0.join(name))?)))
    }
}

/// A registrar's report of one day.
#[derive(Clone, Debug, Default)]
pub struct Reported {
    /// The counts.
    pub counts: Vec<ChannelCount>,
    /// The leaf hashes of the parts on the board.
    pub leaves: BTreeSet<Leaf>,
}

/// The part of a finished record that an audit needs.
#[derive(Clone, Debug)]
pub struct PublicRecord {
    /// The election hash.
    pub election: Hash,
    /// The manifest.
    pub manifest: Manifest,
    /// Digest of the close block.
    pub close_block: [u8; 32],
    /// Digest of the block with the result: no report is taken after it.
    pub result_block: [u8; 32],
    /// Ballots counted.
    pub counted: u64,
    /// Ballots replaced.
    pub overwritten: u64,
    /// Reports by (registrar, day).
    pub reports: BTreeMap<(u16, u32), Reported>,
}

impl PublicRecord {
    /// Replays the record of this election under every rule of the board and takes out what an
    /// audit needs. The views are not compared: `irefuda-verify` does that.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read<R: CryptoRng>(
        source: &dyn Source,
        election: &Hash,
        rng: &mut R,
    ) -> Result<Self, ReadError> {
        let mut replay = Replay::open(source)?;
        let sealed = read_manifest(source)?;
        if sealed.check().map_err(RecordError::Manifest)? != *election {
            return Err(ReadError::OtherElection);
        }
        while replay.step(rng)? {}
        let on_board = check_manifest(replay.state(), &sealed)?;
        let result = on_board.result().ok_or(ReadError::Unfinished)?;
        let target = on_board.target().ok_or(ReadError::Unfinished)?;
        let mut out = Self {
            election: *election,
            manifest: sealed.manifest.clone(),
            close_block: target.close_block,
            result_block: [0; 32],
            counted: result.counted,
            overwritten: result.overwritten,
            reports: BTreeMap::new(),
        };
        out.collect(source)?;
        Ok(out)
    }
    /// Reads the same blocks again for what the board's state does not keep.
    fn collect(&mut self, source: &dyn Source) -> Result<(), ReadError> {
        let mut reader = RecordReader::open(source)?;
        while let Some((header, entries)) = reader.next_block()? {
            for entry in &entries {
                if header.height == 0 || peek_election(entry) != Some(self.election) {
                    continue;
                }
                match entry.get(1) {
                    Some(&kind::EVIDENCE) => self.take(entry),
                    Some(&kind::RESULT) => self.result_block = header.digest(),
                    _ => {}
                }
            }
        }
        Ok(())
    }
    fn take(&mut self, entry: &[u8]) {
        if let Ok(Entry::Evidence(e)) = Entry::decode(entry) {
            let key = (e.body.registrar, e.body.day);
            let report = self.reports.entry(key).or_default();
            report.counts = e.body.counts;
            report.leaves.extend(e.body.leaves);
        }
    }
    /// One registrar's leaves with their days.
    #[must_use]
    pub fn leaves(&self, registrar: u16) -> BTreeMap<Leaf, u32> {
        let reports = self.reports.range((registrar, 0)..=(registrar, u32::MAX));
        reports
            .flat_map(|((_, day), report)| report.leaves.iter().map(|leaf| (*leaf, *day)))
            .collect()
    }
}

/// Why a record cannot be audited.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It breaks a rule, or cannot be read.
    #[error("the public record: {0}")]
    Record(#[from] RecordError),
    /// It is about another election.
    #[error("the record is about another election than the one asked for (R8.13)")]
    OtherElection,
    /// There is no result yet: reports are taken until then.
    #[error("the record has no result yet (R8.09): an audit begins after it")]
    Unfinished,
}
