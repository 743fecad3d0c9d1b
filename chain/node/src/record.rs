//! The public record as files (conventions D3), and as a tar in fixed order.

use crate::engine::Chain;
use crate::ledger::Ledger;
use crate::rules::{Block, Election, State};
use board::record::{self, RecordWriter};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::Mutex;

/// Name of the packed record.
const TAR: &str = "record.tar";

/// What a record is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The durable chain.
    pub chain: &'a Chain,
    /// States and tip.
    pub ledger: &'a Ledger,
    /// The genesis block, which the chain does not keep.
    pub genesis: &'a Block,
}

/// Why there is no record.
#[derive(Debug, thiserror::Error)]
pub enum NoRecord {
    /// No sealed election of this hash is on the board.
    #[error("no such sealed election on the board")]
    Election,
    /// More than one election is sealed on the board, and nobody said which is asked for.
    #[error("several elections are on the board")]
    Several,
    /// No recent block has a certificate of its own yet.
    #[error("no recent block is certified yet")]
    Certificate,
    /// The disk refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A record on disk; the folder goes when nobody reads it any more.
#[derive(Debug)]
pub struct Made {
    election: Hash,
    height: u64,
    folder: TempDir,
}

impl Made {
    /// The tar file.
    #[must_use]
    pub fn tar(&self) -> PathBuf {
        self.folder.path().join(TAR)
    }
}

/// The election with this hash; without one the only sealed election. Of several none is chosen
/// for the reader: it would be another's record for whoever asked for theirs.
fn chosen<'s>(state: &'s State, hash: Option<&Hash>) -> Result<&'s Election, NoRecord> {
    let mut sealed = state.elections().filter(|e| e.hash().is_some());
    match hash {
        Some(hash) => sealed.find(|e| e.hash() == Some(hash)),
        None => {
            let only = sealed.next();
            if sealed.next().is_some() {
                return Err(NoRecord::Several);
            }
            only
        }
    }
    .ok_or(NoRecord::Election)
}

/// Makes records one at a time and keeps the last one.
#[derive(Debug)]
pub struct Records {
    place: PathBuf,
    last: Mutex<Option<Arc<Made>>>,
}

impl Records {
    /// Records in `place`, a folder of their own, which is emptied first.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn new(place: PathBuf) -> io::Result<Self> {
        match fs::remove_dir_all(&place) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => fs::create_dir_all(&place)?,
        }
        Ok(Self {
            place,
            last: Mutex::default(),
        })
    }

    /// The record of an election (of the only sealed one without a hash) up to the last block that
    /// has its own certificate.
    ///
    /// # Errors
    /// Any [`NoRecord`].
    pub async fn make(
        &self,
        from: Sources<'_>,
        election: Option<&Hash>,
    ) -> Result<Arc<Made>, NoRecord> {
        let mut last = self.last.lock().await;
        let (height, state) = certified(from).await?;
        let found = chosen(&state, election)?;
        let election = *found.hash().ok_or(NoRecord::Election)?;
        if let Some(made) = last
            .as_ref()
            .filter(|m| m.height == height && m.election == election)
        {
            return Ok(Arc::clone(made));
        }
        let folder = TempDir::new_in(&self.place)?;
        if let Some(sealed) = found.sealed() {
            fs::write(folder.path().join(record::MANIFEST), sealed.to_bytes())?;
        }
        fs::create_dir(folder.path().join("view"))?;
        for (name, json) in record::views(found).unwrap_or_default() {
            fs::write(folder.path().join(name), json)?;
        }
        write_chain(from, folder.path(), height).await?;
        let place = folder.path().to_owned();
        blocking(move || pack(&place)).await?;
        let made = Arc::new(Made {
            election,
            height,
            folder,
        });
        *last = Some(Arc::clone(&made));
        Ok(made)
    }
}

/// The last height with a certificate of its own, and the state after it.
async fn certified(from: Sources<'_>) -> Result<(u64, State), NoRecord> {
    let mut height = from.ledger.height();
    while height > 0 {
        if from.chain.certificate(height).await.is_some() {
            let block = from.chain.block(height).await;
            let state = block.and_then(|block| from.ledger.state(&block.id()));
            return Ok((height, state.ok_or(NoRecord::Certificate)?));
        }
        height -= 1;
    }
    Err(NoRecord::Certificate)
}

/// Runs something that waits for the disk.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

async fn write_chain(from: Sources<'_>, folder: &Path, height: u64) -> Result<(), NoRecord> {
    let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let mut out = RecordWriter {
        blocks: file(record::BLOCKS)?,
        entries: file(record::ENTRIES)?,
        finality: file(record::FINALITY)?,
    };
    out.push(&from.genesis.header, &from.genesis.entries, None)?;
    let heights: Vec<u64> = (1..=height).collect();
    for some in heights.chunks(64) {
        let mut blocks = Vec::with_capacity(some.len());
        for h in some {
            let block = from.chain.block(*h).await.ok_or(NoRecord::Certificate)?;
            blocks.push((block, from.chain.certificate(*h).await));
        }
        out = blocking(move || {
            for (block, certificate) in &blocks {
                out.push(
                    block.header(),
                    &block.block().entries,
                    certificate.as_deref(),
                )?;
            }
            Ok(out)
        })
        .await?;
    }
    let files = [out.blocks, out.entries, out.finality];
    Ok(blocking(move || files.into_iter().try_for_each(|mut f| f.flush())).await?)
}

/// Packs a record folder: one archive for one record.
fn pack(folder: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(folder.join(TAR))?);
    for name in record::ORDER {
        let path = folder.join(name);
        let size = fs::metadata(&path)?.len();
        record::tar::write(&mut out, name, size, File::open(&path)?)?;
        fs::remove_file(&path)?;
    }
    record::tar::end(&mut out)?;
    out.flush()
}

#[cfg(test)]
mod tests;
