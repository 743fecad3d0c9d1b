//! The revocation list, fetched over HTTP and kept while it is fresh. Doubt is a refusal.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use host::http::{HttpError, limited, plain_client};
use jpki::{RevocationList, Verified};

use crate::card::{Cards, usable};
use crate::config::JpkiConfig;
use crate::refusal::{Refusal, of_card};

/// The largest list taken: a whole country's.
const MAX_LIST: usize = 256 * 1024 * 1024;

/// After a failed fetch a usable list is used this long before the next attempt.
const PAUSE_MS: u64 = 60_000;
/// The same without a usable list: waiting requests then share one failure.
const SHORT_PAUSE_MS: u64 = 2_000;
/// How long a voter waits for a newer list while a usable one is held.
const PATIENCE: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Held {
    list: Arc<RevocationList>,
    fetched_ms: u64,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// When the last fetch failed; none after one that did not.
    failed_ms: Option<u64>,
    /// Fetches that have ended.
    ended: u64,
}

struct Source {
    url: String,
    keep_ms: u64,
    client: reqwest::Client,
    state: Mutex<State>,
    /// Held by the one fetch under way, never by a request that has a usable list.
    fetching: tokio::sync::Mutex<()>,
}

/// The list held now.
pub struct CrlCache(Arc<Source>);

impl core::fmt::Debug for CrlCache {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CrlCache({})", self.0.url)
    }
}

impl CrlCache {
    /// An empty cache for the list at the configured address.
    ///
    /// # Errors
    /// [`HttpError::Setup`].
    pub fn new(config: &JpkiConfig) -> Result<Self, HttpError> {
        Ok(Self(Arc::new(Source {
            url: config.crl_url.clone(),
            keep_ms: config.crl_seconds.saturating_mul(1000),
            client: plain_client(Duration::from_secs(10))?,
            state: Mutex::default(),
            fetching: tokio::sync::Mutex::new(()),
        })))
    }

    /// Refuses a revoked certificate, and every certificate while no list is at hand that was
    /// made after the opening and is valid now.
    ///
    /// # Errors
    /// [`Refusal::Revoked`] or [`Refusal::RevocationUnknown`].
    pub async fn check(
        &self,
        cards: &Arc<Cards>,
        checked: &Verified,
        now_ms: u64,
        opens_ms: u64,
    ) -> Result<(), Refusal> {
        let began = Instant::now();
        let list = self.list(cards, now_ms, opens_ms).await?;
        let now_ms = later(now_ms, began);
        list.check(checked, now_ms, opens_ms).map_err(of_card)
    }

    async fn list(
        &self,
        cards: &Arc<Cards>,
        now_ms: u64,
        opens_ms: u64,
    ) -> Result<Arc<RevocationList>, Refusal> {
        let began = Instant::now();
        let held = self.0.usable(now_ms, opens_ms);
        let ended = match &held {
            Some(held) if self.0.rests(held, now_ms) => return Ok(Arc::clone(&held.list)),
            _ => self.0.lock().ended,
        };
        if held.is_none() && self.0.failed_within(SHORT_PAUSE_MS, now_ms) {
            return Err(Refusal::RevocationUnknown);
        }
        // The fetch goes on when this request has stopped waiting for it.
        let (source, cards) = (Arc::clone(&self.0), Arc::clone(cards));
        let fetch = tokio::spawn(async move { source.refresh(&cards, ended, now_ms).await });
        let patience = match held {
            Some(_) => PATIENCE,
            None => Duration::MAX,
        };
        let _ = tokio::time::timeout(patience, fetch).await;
        let held = self.0.usable(later(now_ms, began), opens_ms);
        held.map(|held| held.list).ok_or(Refusal::RevocationUnknown)
    }
}

/// The time now: a list that was made while this request waited for it is not from the future.
fn later(now_ms: u64, began: Instant) -> u64 {
    let passed = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    // Both were rounded down to a whole millisecond.
    now_ms.saturating_add(passed).saturating_add(2)
}

impl Source {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn usable(&self, now_ms: u64, opens_ms: u64) -> Option<Held> {
        let state = self.lock();
        let held = state.held.as_ref();
        held.filter(|held| usable(&held.list, now_ms, opens_ms))
            .cloned()
    }

    /// Whether a usable list needs no fetch now: it is fresh, or the last attempt has just failed.
    fn rests(&self, held: &Held, now_ms: u64) -> bool {
        // A clock that was moved back makes the list look older than no time at all.
        let age = now_ms.checked_sub(held.fetched_ms);
        age.is_some_and(|age| age < self.keep_ms) || self.failed_within(PAUSE_MS, now_ms)
    }

    fn failed_within(&self, pause_ms: u64, now_ms: u64) -> bool {
        let failed = self.lock().failed_ms;
        failed
            .and_then(|failed| now_ms.checked_sub(failed))
            .is_some_and(|ago| ago < pause_ms)
    }

    /// Fetches unless another fetch ended since `ended` was read.
    async fn refresh(&self, cards: &Cards, ended: u64, now_ms: u64) {
        let _one = self.fetching.lock().await;
        if self.lock().ended != ended {
            return;
        }
        let fetched = self.fetch(cards).await;
        let mut state = self.lock();
        state.ended += 1;
        match fetched {
            Ok(list) => {
                state.failed_ms = None;
                state.held = Some(Held {
                    list: Arc::new(list),
                    fetched_ms: now_ms,
                });
            }
            Err(why) => {
                tracing::warn!("the revocation list cannot be fetched: {why}");
                state.failed_ms = Some(now_ms);
            }
        }
    }

    async fn fetch(&self, cards: &Cards) -> Result<RevocationList, String> {
        let response = self.client.get(&self.url).send().await;
        let response = response.map_err(|e| HttpError::unreachable(&e).to_string())?;
        if !response.status().is_success() {
            return Err(format!("status {}", response.status().as_u16()));
        }
        let bytes = limited(response, MAX_LIST)
            .await
            .map_err(|e| e.to_string())?;
        cards.list(&bytes).map_err(|e| e.to_string())
    }
}
