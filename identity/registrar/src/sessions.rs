//! Sessions live in memory only: a nonce is handed out, used up once, and forgotten.

mod card_nonce;

pub use card_nonce::Taken;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ballot::manifest::Channel;
use crypto::{Hash, Point};

use crate::refusal::Refusal;
use api::registrar::Nonce;
use ballot::own_card::registrar::Nonce as CardNonce;
use card_nonce::Held;

/// How long a nonce waits for the card, and an accepted session for its requests.
pub const LIFETIME_MS: u64 = 10 * 60_000;

/// What a session knew before its nonce was used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The channel decided when the session was opened.
    pub channel: Channel,
    /// The station that must prove itself.
    pub station: Option<String>,
}

/// What an accepted authentication leaves behind until the session ends. Never printed.
pub struct Accepted {
    /// Channel of the session.
    pub channel: Channel,
    /// The person's row key.
    pub person: [u8; 32],
    /// The session key e.
    pub session_key: Point,
    /// H("certificate", DER) of the card's certificate.
    pub certificate: Hash,
    /// Evidence of the card's presence.
    pub card: CardEvidence,
}

impl core::fmt::Debug for Accepted {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Accepted(…)")
    }
}

/// The card's part of an evidence record. Never printed: it says who was there.
pub struct CardEvidence {
    /// The certificate, DER.
    pub certificate: Vec<u8>,
    /// The authentication text.
    pub auth_text: Vec<u8>,
    /// The card's signature over it.
    pub signature: Vec<u8>,
    /// Outcome of the face step.
    pub face: &'static str,
    /// Its reason.
    pub face_reason: String,
}

impl core::fmt::Debug for CardEvidence {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardEvidence(…)")
    }
}

#[derive(Debug)]
enum Stage {
    Waiting(Waiting),
    Used,
    Accepted {
        accepted: Arc<Accepted>,
        again: Again,
        card_nonce: Held,
    },
}

/// The one *again* request of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    None,
    /// Its claim is being recorded; nothing may be signed yet.
    Pending,
    /// Its claim is recorded: this request is answered as often as it comes.
    Granted([u8; 32]),
}

/// What a session's *again* request must do before it is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// Record a claim first.
    Claim,
    /// Nothing: the claim of this very request is recorded.
    Granted,
}

#[derive(Debug)]
struct Session {
    expires_ms: u64,
    stage: Stage,
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    table: Mutex<Table>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Table {
    sessions: BTreeMap<Nonce, Session>,
    /// Nonces in the order they were handed out; those of accepted sessions stay in it.
    order: VecDeque<Nonce>,
}

impl Table {
    /// Forgets expired sessions.
    fn sweep(&mut self, now_ms: u64) {
        self.sessions
            .retain(|_, session| session.expires_ms > now_ms);
        while let Some(nonce) = self.order.front()
            && !self.sessions.contains_key(nonce)
        {
            self.order.pop_front();
        }
    }

    /// Makes room by forgetting the oldest session without a card; false when all have one.
    fn evict(&mut self) -> bool {
        while let Some(nonce) = self.order.pop_front() {
            match self.sessions.get(&nonce).map(|session| &session.stage) {
                Some(Stage::Waiting(_) | Stage::Used) => {
                    self.sessions.remove(&nonce);
                    return true;
                }
                // Accepted sessions leave when they expire, and are no longer looked at here.
                Some(Stage::Accepted { .. }) | None => {}
            }
        }
        false
    }
}

impl Sessions {
    /// An empty table for at most `capacity` sessions.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            table: Mutex::default(),
            capacity,
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<Nonce, Session>) -> T) -> T {
        f(&mut self.lock().sessions)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a session under a fresh nonce; returns when it expires. A full table forgets the
    /// oldest session that no card has opened: a flood cannot keep voters out.
    ///
    /// # Errors
    /// [`Refusal::TooManySessions`] when a card has opened every session.
    pub fn open(&self, nonce: Nonce, waiting: Waiting, now_ms: u64) -> Result<u64, Refusal> {
        let expires_ms = now_ms.saturating_add(LIFETIME_MS);
        let mut table = self.lock();
        if table.sessions.len() >= self.capacity && !table.evict() {
            table.sweep(now_ms);
            if table.sessions.len() >= self.capacity {
                return Err(Refusal::TooManySessions);
            }
        }
        let stage = Stage::Waiting(waiting);
        table.sessions.insert(nonce, Session { expires_ms, stage });
        table.order.push_back(nonce);
        Ok(expires_ms)
    }

    /// Uses up the nonce, before anything else is looked at.
    ///
    /// # Errors
    /// [`Refusal::SessionUnknown`] or [`Refusal::SessionUsed`].
    pub fn consume(&self, nonce: &Nonce, now_ms: u64) -> Result<Waiting, Refusal> {
        self.with(|table| {
            let session = live(table, nonce, now_ms)?;
            match std::mem::replace(&mut session.stage, Stage::Used) {
                Stage::Waiting(waiting) => Ok(waiting),
                other => {
                    session.stage = other;
                    Err(Refusal::SessionUsed)
                }
            }
        })
    }

    /// Lets the session ask for tokens, and with a nonce for one answer under the person key; returns
    /// when it expires.
    ///
    /// # Errors
    /// [`Refusal::SessionUnknown`] when it has gone meanwhile.
    pub fn accept(
        &self,
        nonce: &Nonce,
        accepted: Accepted,
        card_nonce: Option<CardNonce>,
        now_ms: u64,
    ) -> Result<u64, Refusal> {
        self.with(|table| {
            let session = live(table, nonce, now_ms)?;
            session.expires_ms = now_ms.saturating_add(LIFETIME_MS);
            session.stage = Stage::Accepted {
                accepted: Arc::new(accepted),
                again: Again::None,
                card_nonce: card_nonce.into(),
            };
            Ok(session.expires_ms)
        })
    }

    /// The accepted session of this nonce.
    ///
    /// # Errors
    /// [`Refusal::SessionUnknown`] unless it was accepted and has not expired.
    pub fn accepted(&self, nonce: &Nonce, now_ms: u64) -> Result<Arc<Accepted>, Refusal> {
        self.with(|table| match &live(table, nonce, now_ms)?.stage {
            Stage::Accepted { accepted, .. } => Ok(Arc::clone(accepted)),
            _ => Err(Refusal::SessionUnknown),
        })
    }

    /// Reserves the session's one *again* request.
    ///
    /// # Errors
    /// [`Refusal::AgainUsed`] for another request than the one granted, [`Refusal::AgainPending`]
    /// while a claim is being recorded, [`Refusal::SessionUnknown`].
    pub fn reserve_again(
        &self,
        nonce: &Nonce,
        request: &[u8; 32],
        now_ms: u64,
    ) -> Result<Reserved, Refusal> {
        self.with(|table| match &mut live(table, nonce, now_ms)?.stage {
            Stage::Accepted { again, .. } => match *again {
                Again::None => {
                    *again = Again::Pending;
                    Ok(Reserved::Claim)
                }
                Again::Pending => Err(Refusal::AgainPending),
                Again::Granted(held) if held == *request => Ok(Reserved::Granted),
                Again::Granted(_) => Err(Refusal::AgainUsed),
            },
            _ => Err(Refusal::SessionUnknown),
        })
    }

    /// The claim of the reserved request is recorded.
    pub fn grant_again(&self, nonce: &Nonce, request: &[u8; 32]) {
        self.set_again(nonce, Again::Granted(*request));
    }

    /// Gives back a reservation that led to nothing.
    pub fn release_again(&self, nonce: &Nonce) {
        self.set_again(nonce, Again::None);
    }

    fn set_again(&self, nonce: &Nonce, to: Again) {
        self.with(|table| {
            if let Some(Session {
                stage: Stage::Accepted { again, .. },
                ..
            }) = table.get_mut(nonce)
                && *again == Again::Pending
            {
                *again = to;
            }
        });
    }

    /// Forgets expired sessions.
    pub fn sweep(&self, now_ms: u64) {
        self.lock().sweep(now_ms);
    }
}

fn live<'a>(
    table: &'a mut BTreeMap<Nonce, Session>,
    nonce: &Nonce,
    now_ms: u64,
) -> Result<&'a mut Session, Refusal> {
    let session = table.get_mut(nonce).ok_or(Refusal::SessionUnknown)?;
    if session.expires_ms > now_ms {
        Ok(session)
    } else {
        Err(Refusal::SessionUnknown)
    }
}

#[cfg(test)]
mod tests;
