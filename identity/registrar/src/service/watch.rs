//! What happens without a request: sessions expire, the night's rewrite, the daily report.

use std::time::Duration;

use super::Registrar;
use crate::hours::japan_day;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);
/// How long a report that could not be posted waits, in ticks.
const RETRY: u32 = 15;

impl Registrar {
    /// Runs until dropped.
    pub async fn watch(&self) {
        let mut day = japan_day(self.clock.now_ms());
        let mut pause = 0u32;
        loop {
            tokio::time::sleep(TICK).await;
            let now_ms = self.clock.now_ms();
            self.sessions.sweep(now_ms);
            self.end_pauses(now_ms).await;
            let today = japan_day(now_ms);
            if today != day {
                day = today;
                self.night().await;
            }
            pause = pause.saturating_sub(1);
            if self.report && pause == 0 && !self.days_due(now_ms).is_empty() {
                match self.report_due().await {
                    Ok(0) => {}
                    Ok(posted) => tracing::info!("{posted} daily reports are on the board"),
                    Err(error) => {
                        tracing::warn!("a daily report could not be posted: {error}");
                        pause = RETRY;
                    }
                }
            }
        }
    }

    /// A time that is kept of a person goes as soon as it is over.
    async fn end_pauses(&self, now_ms: u64) {
        if let Err(error) = self.store.end_pauses(now_ms).await {
            tracing::error!("waits that are over could not be forgotten: {error}");
        }
    }

    /// The nightly rewrite; also done when the program stops.
    pub async fn night(&self) {
        if let Err(error) = self.store.rewrite().await {
            tracing::error!("the nightly rewrite failed: {error}");
        }
    }
}
