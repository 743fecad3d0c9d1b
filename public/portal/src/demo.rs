//! The demo's clock button. It exists only if the configuration says practice and names the demo's
//! clock file.

use std::path::PathBuf;

use host::clock::{ClockError, DemoClock};

/// Moves the demo's clock.
#[derive(Clone, Debug)]
pub struct DemoHands(PathBuf);

impl DemoHands {
    /// None unless this is for practice with the demo's clock.
    #[must_use]
    pub fn new(practice: bool, clock: &host::clock::ClockConfig) -> Option<Self> {
        let file = clock.file.clone()?;
        (practice && clock.demo).then_some(Self(file))
    }

    /// Moves to a moment, ms.
    ///
    /// # Errors
    /// [`ClockError`].
    pub fn step_to(&self, target_ms: u64) -> Result<u64, ClockError> {
        DemoClock::step_to(&self.0, target_ms)
    }
}

/// The next boundary after now.
#[must_use]
pub fn next(boundaries: &[u64], now_ms: u64) -> Option<u64> {
    boundaries.iter().copied().find(|b| *b > now_ms)
}
