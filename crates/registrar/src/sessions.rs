//! Sessions live in memory only: a nonce is handed out, used up once, and forgotten.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ballot::manifest::Channel;
use crypto::Point;

use crate::refusal::Refusal;

/// How long a nonce waits for the card, and an accepted session for its requests.
pub const LIFETIME_MS: u64 = 10 * 60_000;

/// A nonce, which names its session.
pub type Nonce = [u8; 32];

/// What a session knew before its nonce was used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The channel decided when the session was opened.
    pub channel: Channel,
    /// The station that must prove itself.
    pub station: Option<String>,
}

/// What an accepted authentication leaves behind until the session ends.
#[derive(Debug)]
pub struct Accepted {
    /// Channel of the session.
    pub channel: Channel,
    /// The person's row key.
    pub person: [u8; 32],
    /// The session key e.
    pub session_key: Point,
    /// Evidence of the card's presence.
    pub card: CardEvidence,
}

/// The card's part of an evidence record.
#[derive(Debug)]
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

#[derive(Debug)]
enum Stage {
    Waiting(Waiting),
    Used,
    Accepted {
        accepted: Arc<Accepted>,
        again: Option<[u8; 32]>,
    },
}

#[derive(Debug)]
struct Session {
    expires_ms: u64,
    stage: Stage,
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    table: Mutex<BTreeMap<Nonce, Session>>,
    capacity: usize,
}

impl Sessions {
    /// An empty table for at most `capacity` sessions.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            table: Mutex::new(BTreeMap::new()),
            capacity,
        }
    }

    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<Nonce, Session>) -> T) -> T {
        f(&mut self.table.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens a session under a fresh nonce; returns when it expires.
    ///
    /// # Errors
    /// [`Refusal::TooManySessions`] when the table is full.
    pub fn open(&self, nonce: Nonce, waiting: Waiting, now_ms: u64) -> Result<u64, Refusal> {
        let expires_ms = now_ms.saturating_add(LIFETIME_MS);
        self.with(|table| {
            if table.len() >= self.capacity {
                table.retain(|_, session| session.expires_ms > now_ms);
            }
            if table.len() >= self.capacity {
                return Err(Refusal::TooManySessions);
            }
            table.insert(
                nonce,
                Session {
                    expires_ms,
                    stage: Stage::Waiting(waiting),
                },
            );
            Ok(expires_ms)
        })
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

    /// Lets the session ask for tokens; returns when it expires.
    ///
    /// # Errors
    /// [`Refusal::SessionUnknown`] when it has gone meanwhile.
    pub fn accept(&self, nonce: &Nonce, accepted: Accepted, now_ms: u64) -> Result<u64, Refusal> {
        self.with(|table| {
            let session = live(table, nonce, now_ms)?;
            session.expires_ms = now_ms.saturating_add(LIFETIME_MS);
            session.stage = Stage::Accepted {
                accepted: Arc::new(accepted),
                again: None,
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

    /// Reserves the session's one *again* request. True the first time, false for the same
    /// request again.
    ///
    /// # Errors
    /// [`Refusal::AgainUsed`] for another request, [`Refusal::SessionUnknown`].
    pub fn reserve_again(
        &self,
        nonce: &Nonce,
        request: &[u8; 32],
        now_ms: u64,
    ) -> Result<bool, Refusal> {
        self.with(|table| match &mut live(table, nonce, now_ms)?.stage {
            Stage::Accepted {
                again: again @ None,
                ..
            } => {
                *again = Some(*request);
                Ok(true)
            }
            Stage::Accepted {
                again: Some(held), ..
            } if held == request => Ok(false),
            Stage::Accepted { .. } => Err(Refusal::AgainUsed),
            _ => Err(Refusal::SessionUnknown),
        })
    }

    /// Gives back a reservation that led to nothing.
    pub fn release_again(&self, nonce: &Nonce) {
        self.with(|table| {
            if let Some(Session {
                stage: Stage::Accepted { again, .. },
                ..
            }) = table.get_mut(nonce)
            {
                *again = None;
            }
        });
    }

    /// Forgets expired sessions.
    pub fn sweep(&self, now_ms: u64) {
        self.with(|table| table.retain(|_, session| session.expires_ms > now_ms));
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
