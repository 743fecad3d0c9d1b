//! Wall clocks. Programs pass a [`WallClock`] around and never ask the system.
//!
//! The demo clock adds an offset from a file of 16 bytes (`i64` nanoseconds,
//! `u64` generation, both little-endian), so that a whole election can be
//! stepped through in minutes. Optimised builds refuse it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Milliseconds in a day.
pub const DAY_MS: u64 = 86_400_000;

/// Where a program takes the time from.
#[derive(Clone, Debug)]
pub enum WallClock {
    /// The operating system's clock.
    System,
    /// The operating system's clock plus an offset read from a file.
    Demo(DemoClock),
    /// A clock that does not move until a test moves it.
    Manual(ManualClock),
}

impl WallClock {
    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        match self {
            Self::System => system_ms(),
            Self::Demo(clock) => clock.now_ms(),
            Self::Manual(clock) => clock.0.load(Ordering::SeqCst),
        }
    }

    /// How often the demo clock has been stepped; 0 for every other clock.
    #[must_use]
    pub fn generation(&self) -> u64 {
        match self {
            Self::Demo(clock) => clock.read().1,
            Self::System | Self::Manual(_) => 0,
        }
    }

    /// Whether pages must say that the time shown is not the real one.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        !matches!(self, Self::System)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the system clock"
)]
fn system_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A clock for tests: it shows what [`ManualClock::set_ms`] said last.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// A clock that shows `now_ms`.
    #[must_use]
    pub fn new(now_ms: u64) -> Self {
        Self(Arc::new(AtomicU64::new(now_ms)))
    }

    /// Moves every copy of this clock.
    pub fn set_ms(&self, now_ms: u64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }

    /// The same clock as a [`WallClock`].
    #[must_use]
    pub fn wall(&self) -> WallClock {
        WallClock::Manual(self.clone())
    }
}

/// The demo's stepped clock. A file that cannot be read leaves the last offset
/// in force.
#[derive(Clone, Debug)]
pub struct DemoClock {
    path: PathBuf,
    last: Arc<(AtomicI64, AtomicU64)>,
}

impl DemoClock {
    /// A clock that follows the file at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            last: Arc::new((AtomicI64::new(0), AtomicU64::new(0))),
        }
    }

    fn now_ms(&self) -> u64 {
        let offset_ms = self.read().0 / 1_000_000;
        system_ms().saturating_add_signed(offset_ms)
    }

    fn read(&self) -> (i64, u64) {
        if let Some((offset, generation)) = read_file(&self.path) {
            self.last.0.store(offset, Ordering::SeqCst);
            self.last.1.store(generation, Ordering::SeqCst);
        }
        (
            self.last.0.load(Ordering::SeqCst),
            self.last.1.load(Ordering::SeqCst),
        )
    }

    /// Steps the clock: writes the offset and the next generation in one
    /// atomic replacement of the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set_offset(path: &Path, offset_ns: i64) -> Result<u64, ClockError> {
        let generation = read_file(path).map_or(1, |(_, generation)| generation.saturating_add(1));
        let temporary = path.with_extension("new");
        let mut bytes = offset_ns.to_le_bytes().to_vec();
        bytes.extend_from_slice(&generation.to_le_bytes());
        let write = || -> std::io::Result<()> {
            let mut file = fs::File::create(&temporary)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&temporary, path)
        };
        write().map_err(|cause| ClockError::Write {
            path: path.to_owned(),
            cause,
        })?;
        Ok(generation)
    }

    /// Steps the clock so that it shows `target_ms` now.
    ///
    /// # Errors
    /// When the file cannot be written or the step does not fit the format.
    pub fn step_to(path: &Path, target_ms: u64) -> Result<u64, ClockError> {
        let target = i64::try_from(target_ms).map_err(|_| ClockError::Range)?;
        let now = i64::try_from(system_ms()).map_err(|_| ClockError::Range)?;
        let offset = target
            .checked_sub(now)
            .and_then(|ms| ms.checked_mul(1_000_000));
        Self::set_offset(path, offset.ok_or(ClockError::Range)?)
    }
}

fn read_file(path: &Path) -> Option<(i64, u64)> {
    let bytes = fs::read(path).ok()?;
    let (offset, generation) = bytes.split_first_chunk::<8>()?;
    let generation: [u8; 8] = generation.try_into().ok()?;
    Some((i64::from_le_bytes(*offset), u64::from_le_bytes(generation)))
}

/// The `[clock]` section of a configuration file. Without it the system clock
/// is used.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClockConfig {
    /// Set to `true` to follow the demo's stepped clock.
    #[serde(default)]
    pub demo: bool,
    /// The demo clock's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

impl ClockConfig {
    /// A section that follows the demo clock at `file`.
    #[must_use]
    pub fn demo(file: &Path) -> Self {
        Self {
            demo: true,
            file: Some(file.to_owned()),
        }
    }

    /// Opens the clock the section names.
    ///
    /// # Errors
    /// [`ClockError::Release`] in an optimised build with `demo = true`,
    /// [`ClockError::Section`] when `demo` and `file` do not go together.
    pub fn open(&self) -> Result<WallClock, ClockError> {
        match (self.demo, &self.file) {
            (false, None) => Ok(WallClock::System),
            (true, Some(_)) if !cfg!(debug_assertions) => Err(ClockError::Release),
            (true, Some(file)) => Ok(WallClock::Demo(DemoClock::new(file))),
            (true, None) | (false, Some(_)) => Err(ClockError::Section),
        }
    }
}

/// Why a clock could not be opened or stepped.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The configuration of a release build asks for the demo clock.
    #[error("[clock] demo = true is refused: this is a release build")]
    Release,
    /// `demo` without `file` or the reverse.
    #[error("[clock] needs both demo = true and file, or neither")]
    Section,
    /// A step that does not fit 64 bits of nanoseconds.
    #[error("the demo clock cannot be moved that far")]
    Range,
    /// The clock file could not be written.
    #[error("cannot write the demo clock {path}: {cause}")]
    Write {
        /// The clock file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

#[cfg(test)]
mod tests;
