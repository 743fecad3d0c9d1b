//! The demo's clock file: what every process of the demo adds to the real time.
//!
//! 16 bytes, `i64` nanoseconds and `u64` generation, little-endian, replaced atomically. The clock
//! is stepped and never goes back. The button on the portal's page writes the file too, so the file
//! alone decides.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

/// The clock file.
pub struct Clock {
    path: PathBuf,
}

/// What the file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Setting {
    offset_ns: i64,
    generation: u64,
}

impl Clock {
    /// Starts the clock at `now_ms`.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn start(path: &Path, now_ms: u64) -> Result<Self> {
        let clock = Self {
            path: path.to_owned(),
        };
        clock.set(now_ms, 1)?;
        Ok(clock)
    }

    /// The demo's time in ms.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn now_ms(&self) -> Result<u64> {
        let offset_ms = self.setting()?.offset_ns / 1_000_000;
        Ok(real_ms().saturating_add_signed(offset_ms))
    }

    /// Jumps forward to `target_ms`; an instant already past changes nothing.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn step_to(&mut self, target_ms: u64) -> Result<bool> {
        if target_ms <= self.now_ms()? {
            return Ok(false);
        }
        self.set(target_ms, self.setting()?.generation + 1)?;
        Ok(true)
    }

    fn setting(&self) -> Result<Setting> {
        let bytes = fs::read(&self.path).context("the demo's clock")?;
        let (offset, generation) = bytes
            .split_first_chunk()
            .and_then(|(offset, rest)| Some((offset, rest.first_chunk()?)))
            .context("the demo's clock file is too short")?;
        Ok(Setting {
            offset_ns: i64::from_le_bytes(*offset),
            generation: u64::from_le_bytes(*generation),
        })
    }

    fn set(&self, target_ms: u64, generation: u64) -> Result<()> {
        let target = i64::try_from(target_ms).context("time out of range")?;
        let real = i64::try_from(real_ms()).context("time out of range")?;
        let nanos = (target - real)
            .checked_mul(1_000_000)
            .context("time out of range")?;
        let mut bytes = nanos.to_le_bytes().to_vec();
        bytes.extend_from_slice(&generation.to_le_bytes());
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
