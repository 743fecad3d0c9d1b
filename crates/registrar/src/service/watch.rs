//! What happens without a request: sessions expire, the night's rewrite, the revocation list.

use std::time::Duration;

use super::Registrar;
use crate::hours::japan_day;

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(20);

impl Registrar {
    /// Runs until dropped.
    pub async fn watch(&self) {
        let mut day = japan_day(self.clock.now_ms());
        loop {
            tokio::time::sleep(TICK).await;
            let now_ms = self.clock.now_ms();
            self.sessions.sweep(now_ms);
            let today = japan_day(now_ms);
            if today != day {
                day = today;
                self.night().await;
            }
        }
    }

    /// The nightly rewrite; also done when the program stops.
    pub async fn night(&self) {
        if let Err(error) = self.store.rewrite().await {
            tracing::error!("the nightly rewrite failed: {error}");
        }
    }
}
