//! The demo's clock file: what every process of the demo adds to the real time.
//!
//! 16 bytes, `i64` nanoseconds and `u64` generation, little-endian, replaced atomically. The clock
//! is stepped and never goes back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

/// The file and what was written to it last.
pub struct Clock {
    path: PathBuf,
    offset_ms: i64,
    generation: u64,
}

impl Clock {
    /// Starts the clock at `now_ms`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn start(path: &Path, now_ms: u64) -> Result<Self> {
        let mut clock = Self {
            path: path.to_owned(),
            offset_ms: 0,
            generation: 0,
        };
        clock.set(now_ms)?;
        Ok(clock)
    }

    /// The demo's time in ms.
    pub fn now_ms(&self) -> u64 {
        real_ms().saturating_add_signed(self.offset_ms)
    }

    /// Jumps forward to `target_ms`; an instant already past changes nothing.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn step_to(&mut self, target_ms: u64) -> Result<bool> {
        if target_ms <= self.now_ms() {
            return Ok(false);
        }
        self.set(target_ms)?;
        Ok(true)
    }

    fn set(&mut self, target_ms: u64) -> Result<()> {
        let target = i64::try_from(target_ms).context("time out of range")?;
        let real = i64::try_from(real_ms()).context("time out of range")?;
        self.offset_ms = target - real;
        self.generation += 1;
        let nanos = self
            .offset_ms
            .checked_mul(1_000_000)
            .context("time out of range")?;
        let mut bytes = nanos.to_le_bytes().to_vec();
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        let next = self.path.with_extension("next");
        fs::write(&next, bytes)?;
        fs::rename(&next, &self.path).context("cannot set the demo's clock")
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the demo's clock starts from the real one"
)]
fn real_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
