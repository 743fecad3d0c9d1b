//! Entries this node has promised to bring on the board, on disk before the promise is given.
//!
//! `seen.log`: records of u32 length + entry, u32 length + answer, 8 bytes of SHA-256 over both. In a
//! record of another validator's promise the 32 bytes of its node key stand in the entry's place; no
//! entry is that short.
//! A broken tail (the process died while it wrote) is cut off at start.

use crate::promise::NodeKey;
use api::node::Answer;
use bytes::Bytes;
use crypto::wire::TopLevel as _;
use sha2::{Digest as _, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;

/// Above so many owed records the log is not rewritten for every one that is settled.
const BACKLOG: usize = 2000;
const MAX_RECORD: usize = 1024 * 1024;

/// One promised entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The entry.
    pub entry: Bytes,
    /// The signed answer its poster got.
    pub answer: Bytes,
}

impl Stored {
    /// What another validator promised.
    #[must_use]
    pub fn heard(key: &NodeKey, answer: &Answer) -> Self {
        Self {
            entry: Bytes::copy_from_slice(key),
            answer: Bytes::from(answer.to_bytes()),
        }
    }
    /// Whose promise this is, when it is another validator's.
    #[must_use]
    pub fn other(&self) -> Option<(NodeKey, Answer)> {
        let key = NodeKey::try_from(&*self.entry).ok()?;
        Some((key, Answer::from_bytes(&self.answer).ok()?))
    }
}

enum Job {
    Append(Stored, watch::Sender<bool>),
    Rewrite(Vec<Stored>),
}

/// The open log. Writing happens on its own thread; one sync serves all records that wait.
pub struct Log {
    /// None only while the log is being closed.
    jobs: Option<std::sync::mpsc::Sender<Job>>,
    thread: Option<std::thread::JoinHandle<()>>,
    records: AtomicUsize,
}

impl Log {
    /// Opens the log in `folder` and reads what is in it.
    ///
    /// # Errors
    /// When the file cannot be read, cut or opened.
    pub fn open(folder: &Path) -> io::Result<(Self, Vec<Stored>)> {
        fs::create_dir_all(folder)?;
        let path = folder.join("seen.log");
        let mut bytes = Vec::new();
        match File::open(&path) {
            Ok(mut file) => drop(file.read_to_end(&mut bytes)?),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(e),
        }
        let (stored, good) = parse(&bytes);
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        if good != bytes.len() {
            file.set_len(u64::try_from(good).unwrap_or(u64::MAX))?;
        }
        file.sync_all()?;
        sync_folder(folder)?;
        let (jobs, inbox) = std::sync::mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("seen-log".to_owned())
            .spawn(move || {
                while let Ok(first) = inbox.recv() {
                    if let Err(e) = write_round(&mut file, &path, first, &inbox) {
                        // A promise that cannot be kept must not be given.
                        tracing::error!("cannot write {}: {e}; stopping", path.display());
                        std::process::exit(1);
                    }
                }
            })?;
        Ok((
            Self {
                jobs: Some(jobs),
                thread: Some(thread),
                records: AtomicUsize::new(stored.len()),
            },
            stored,
        ))
    }

    /// Appends a record. The receiver turns true when it is on disk, and its sender goes when it
    /// never will be.
    #[must_use]
    pub fn append(&self, stored: Stored) -> watch::Receiver<bool> {
        let (done, receiver) = watch::channel(false);
        self.records.fetch_add(1, Ordering::Relaxed);
        // Without the thread the process is ending and the sender is dropped.
        self.send(Job::Append(stored, done));
        receiver
    }
    /// Whether the log is worth rewriting when only `live` records are still owed: whenever
    /// something in it is settled, but a very long backlog only when half of it is.
    #[must_use]
    pub fn holds_more_than(&self, live: &[Stored]) -> bool {
        let records = self.records.load(Ordering::Relaxed);
        if live.len() > BACKLOG {
            records > 2 * live.len()
        } else {
            records > live.len()
        }
    }
    /// Replaces the log by these records.
    pub fn rewrite(&self, live: Vec<Stored>) {
        self.records.store(live.len(), Ordering::Relaxed);
        // Without the thread the process is ending; the old log holds more, which does no harm.
        self.send(Job::Rewrite(live));
    }
}

impl Log {
    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // An error means that the thread is gone, which ends the process.
            let _ = jobs.send(job);
        }
    }
}

impl Drop for Log {
    /// Writes what is queued before the log is let go.
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported there.
            let _ = thread.join();
        }
    }
}

fn write_round(
    file: &mut File,
    path: &Path,
    first: Job,
    inbox: &std::sync::mpsc::Receiver<Job>,
) -> io::Result<()> {
    let mut waiting = Vec::new();
    let mut buffer = Vec::new();
    let mut job = Some(first);
    while let Some(next) = job {
        match next {
            Job::Append(stored, done) => {
                record(&stored, &mut buffer);
                waiting.push(done);
            }
            Job::Rewrite(live) => {
                // The records that wait are among the live ones or final already.
                buffer.clear();
                *file = replace(path, &live)?;
            }
        }
        job = if buffer.len() < MAX_RECORD {
            inbox.try_recv().ok()
        } else {
            None
        };
    }
    if !buffer.is_empty() {
        file.write_all(&buffer)?;
        file.sync_data()?;
    }
    for done in waiting {
        // The poster may have gone.
        let _ = done.send(true);
    }
    Ok(())
}

fn replace(path: &Path, live: &[Stored]) -> io::Result<File> {
    let fresh: PathBuf = path.with_extension("new");
    let mut out = BufWriter::new(File::create(&fresh)?);
    for stored in live {
        let mut buffer = Vec::new();
        record(stored, &mut buffer);
        out.write_all(&buffer)?;
    }
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()?;
    fs::rename(&fresh, path)?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))?;
    OpenOptions::new().append(true).open(path)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Appends one record to `out`.
pub fn record(stored: &Stored, out: &mut Vec<u8>) {
    for part in [&stored.entry, &stored.answer] {
        out.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend_from_slice(part);
    }
    out.extend_from_slice(&checksum(stored));
}

fn checksum(stored: &Stored) -> [u8; 8] {
    let mut hash = Sha256::new();
    hash.update(
        u64::try_from(stored.entry.len())
            .unwrap_or(u64::MAX)
            .to_le_bytes(),
    );
    hash.update(&stored.entry);
    hash.update(&stored.answer);
    let full: [u8; 32] = hash.finalize().into();
    let mut short = [0; 8];
    short.copy_from_slice(&full[..8]);
    short
}

/// The whole records at the head of `bytes`, and how long they are.
#[must_use]
pub fn parse(bytes: &[u8]) -> (Vec<Stored>, usize) {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((stored, tail)) = parse_one(rest) {
        out.push(stored);
        rest = tail;
    }
    (out, bytes.len() - rest.len())
}

fn parse_one(bytes: &[u8]) -> Option<(Stored, &[u8])> {
    let (entry, rest) = part(bytes)?;
    let (answer, rest) = part(rest)?;
    let (sum, rest) = rest.split_at_checked(8)?;
    let stored = Stored {
        entry: Bytes::copy_from_slice(entry),
        answer: Bytes::copy_from_slice(answer),
    };
    (sum == checksum(&stored)).then_some((stored, rest))
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    if length > MAX_RECORD {
        None
    } else {
        rest.split_at_checked(length)
    }
}

#[cfg(test)]
mod tests;
