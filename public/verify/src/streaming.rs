//! Checking a record of any size: several processors, and memory that does not grow with it.

use crate::report::Report;
use crate::run::{Expected, Work};
use crate::tables::{ExternalTables, Size};
use board::check::{CHUNK, check_many_on};
use board::record::Source;
use std::io;
use std::path::PathBuf;

/// How much of the machine may be used.
#[derive(Clone, Debug)]
pub struct Resources {
    /// Threads that check signatures, tokens and proofs.
    pub threads: usize,
    /// Memory for the board's tables in MiB. More ballots than it is made for (about 17,000 a MiB with
    /// twelve options) make the check slower, not larger and not less exact.
    pub memory: usize,
    /// Folder for temporary files (about 1.7 kB a ballot with twelve options, twice that while files
    /// are merged); without one, the system's.
    pub temporary: Option<PathBuf>,
}

impl Resources {
    /// All processors and 64 MiB.
    #[must_use]
    pub fn of_this_machine() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            memory: 64,
            temporary: None,
        }
    }
    /// Half of the memory for the filter, an eighth for the newest pairs; the rest is what their
    /// upkeep and the files that are merged need.
    fn size(&self) -> Size {
        let bytes = self.memory.max(1).saturating_mul(1024 * 1024);
        Size {
            filter: bytes / 2,
            fresh: bytes / 8,
            folder: self.temporary.clone(),
        }
    }
}

/// Checks a whole record as [`crate::verify`] does, with the same answer. `progress` is called with
/// the number of blocks done.
///
/// # Errors
/// A temporary file could not be written or read: nothing is said about the record then.
pub fn verify_streaming<'a>(
    source: &dyn Source,
    expected: impl Into<Expected<'a>>,
    resources: &Resources,
    progress: &mut dyn FnMut(u64),
) -> io::Result<Report> {
    let tables = ExternalTables::new(resources.size());
    let threads = resources.threads;
    let mut work = Work {
        source,
        expected: expected.into(),
        check: &mut |ctx, entries| check_many_on(ctx, entries, threads, rand::rng),
        read_ahead: 2 * CHUNK * threads.max(1),
        progress,
    };
    let report = work.report(tables.clone());
    tables.fault().map_or(Ok(report), Err)
}
