//! The revocation list, fetched over HTTP and kept while it is fresh. Doubt is a refusal.

use std::sync::Arc;
use std::time::Duration;

use host::http::{HttpError, limited, plain_client};
use jpki::{RevocationList, Verified};
use tokio::sync::Mutex;

use crate::card::{Cards, usable};
use crate::config::JpkiConfig;
use crate::refusal::Refusal;

/// The largest list taken: a whole country's.
const MAX_LIST: usize = 256 * 1024 * 1024;

#[derive(Clone)]
struct Held {
    list: Arc<RevocationList>,
    fetched_ms: u64,
}

/// The list held now.
pub struct CrlCache {
    url: String,
    keep_ms: u64,
    client: reqwest::Client,
    held: Mutex<Option<Held>>,
}

impl core::fmt::Debug for CrlCache {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "CrlCache({})", self.url)
    }
}

impl CrlCache {
    /// An empty cache for the list at the configured address.
    ///
    /// # Errors
    /// [`HttpError::Setup`].
    pub fn new(config: &JpkiConfig) -> Result<Self, HttpError> {
        Ok(Self {
            url: config.crl_url.clone(),
            keep_ms: config.crl_seconds.saturating_mul(1000),
            client: plain_client(Duration::from_secs(10))?,
            held: Mutex::new(None),
        })
    }

    /// Refuses a revoked certificate, and every certificate while no list is at hand that was
    /// made after the opening and is valid now.
    ///
    /// # Errors
    /// [`Refusal::Card`] or [`Refusal::RevocationUnknown`].
    pub async fn check(
        &self,
        cards: &Cards,
        checked: &Verified,
        now_ms: u64,
        opens_ms: u64,
    ) -> Result<(), Refusal> {
        let list = self.list(cards, now_ms, opens_ms).await?;
        list.check(checked, now_ms, opens_ms).map_err(Refusal::Card)
    }

    async fn list(
        &self,
        cards: &Cards,
        now_ms: u64,
        opens_ms: u64,
    ) -> Result<Arc<RevocationList>, Refusal> {
        let mut held = self.held.lock().await;
        if let Some(held) = held.as_ref() {
            // A clock that was moved back makes the list look older than no time at all.
            let young = now_ms
                .checked_sub(held.fetched_ms)
                .is_some_and(|age| age < self.keep_ms);
            if young && usable(&held.list, now_ms, opens_ms) {
                return Ok(Arc::clone(&held.list));
            }
        }
        match self.fetch(cards).await {
            Ok(list) => {
                let list = Arc::new(list);
                *held = Some(Held {
                    list: Arc::clone(&list),
                    fetched_ms: now_ms,
                });
                Ok(list)
            }
            Err(why) => {
                tracing::warn!("the revocation list cannot be fetched: {why}");
                let old = held
                    .as_ref()
                    .filter(|held| usable(&held.list, now_ms, opens_ms));
                old.map(|held| Arc::clone(&held.list))
                    .ok_or(Refusal::RevocationUnknown)
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
