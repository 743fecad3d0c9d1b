//! Tickets of start files, redeemed once at the portal. They only limit how many sessions a
//! download can open; nothing else depends on them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use api::hex::Hex;
use api::portal::{self, RedeemAnswer, RedeemRequest};
use host::http::{HttpError, json};
use host::site::{Roots, client};

use crate::refusal::Refusal;

/// A ticket the portal says was redeemed before: this program was restarted meanwhile.
const AFTER_RESTART_MS: u64 = 24 * 3_600_000;

#[derive(Clone, Copy, Debug)]
struct Budget {
    expires_ms: u64,
    left: u32,
}

/// The tickets seen so far.
#[derive(Debug)]
pub struct Tickets {
    url: String,
    registrar: String,
    sessions: u32,
    client: reqwest::Client,
    known: Mutex<BTreeMap<[u8; 16], Budget>>,
}

impl Tickets {
    /// Redeems at `url` in the name of `registrar`; each ticket opens `sessions` sessions.
    ///
    /// # Errors
    /// [`HttpError::Setup`].
    pub fn new(url: &str, registrar: &str, sessions: u32) -> Result<Self, HttpError> {
        Ok(Self {
            url: url.to_owned(),
            registrar: registrar.to_owned(),
            sessions,
            client: client(&Roots::public(), Duration::from_secs(5))?,
            known: Mutex::new(BTreeMap::new()),
        })
    }

    /// Spends one session of the ticket.
    ///
    /// # Errors
    /// [`Refusal::TicketUnknown`], [`Refusal::TicketUnchecked`] or [`Refusal::TooManySessions`].
    pub async fn spend(&self, ticket: Option<[u8; 16]>, now_ms: u64) -> Result<(), Refusal> {
        let ticket = ticket.ok_or(Refusal::TicketUnknown)?;
        if let Some(answer) = self.spend_known(&ticket, now_ms) {
            return answer;
        }
        let expires_ms = self.redeem(ticket, now_ms).await?;
        self.with(|known| {
            known.retain(|_, budget| budget.expires_ms > now_ms);
            known.entry(ticket).or_insert(Budget {
                expires_ms,
                left: self.sessions,
            });
        });
        self.spend_known(&ticket, now_ms)
            .unwrap_or(Err(Refusal::TicketUnknown))
    }

    fn spend_known(&self, ticket: &[u8; 16], now_ms: u64) -> Option<Result<(), Refusal>> {
        self.with(|known| {
            let budget = known.get_mut(ticket)?;
            if budget.expires_ms <= now_ms {
                return Some(Err(Refusal::TicketUnknown));
            }
            Some(match budget.left.checked_sub(1) {
                Some(left) => {
                    budget.left = left;
                    Ok(())
                }
                None => Err(Refusal::TooManySessions),
            })
        })
    }

    async fn redeem(&self, ticket: [u8; 16], now_ms: u64) -> Result<u64, Refusal> {
        let request = RedeemRequest {
            ticket: Hex(ticket),
            registrar: self.registrar.clone(),
        };
        let response = self.client.post(&self.url).json(&request).send().await;
        let response = response.map_err(|_| Refusal::TicketUnchecked)?;
        match json::<RedeemAnswer>(response).await {
            Ok(answer) => Ok(answer.expires_ms),
            Err(HttpError::Refused(refused)) => match refused.reason() {
                Some(portal::Refusal::TicketUsed) => Ok(now_ms.saturating_add(AFTER_RESTART_MS)),
                Some(portal::Refusal::TicketUnknown) => Err(Refusal::TicketUnknown),
                _ => Err(Refusal::TicketUnchecked),
            },
            Err(_) => Err(Refusal::TicketUnchecked),
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<[u8; 16], Budget>) -> T) -> T {
        f(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
