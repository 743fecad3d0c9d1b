//! The nonce k of a session: in this process's memory, for one challenge.
//!
//! It is taken out before the challenge is recorded and gone before the answer leaves. Whatever goes
//! wrong in between, a crash too, burns it: the voter shows the card once more. Fresh randomness that
//! no restart brings back is in it, because two answers to two challenges of one k give the person
//! key away; the person key and the session are in it as well, for a generator that fails.

use ballot::own_card::registrar::Nonce as CardNonce;
use crypto::Scalar;

use super::{Session, Sessions, Stage, live};
use crate::refusal::Refusal;
use api::registrar::Nonce;

/// What became of a session's nonce. Never printed.
pub(super) enum Held {
    /// There is none, or it led to nothing.
    None,
    /// It waits for its challenge.
    Waiting(CardNonce),
    /// This challenge is being recorded.
    Answering(Scalar),
    /// This challenge got this answer, as often as it comes.
    Answered(Scalar, Scalar),
}

impl core::fmt::Debug for Held {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Held(…)")
    }
}

impl From<Option<CardNonce>> for Held {
    fn from(nonce: Option<CardNonce>) -> Self {
        nonce.map_or(Self::None, Self::Waiting)
    }
}

/// What a challenge finds. Never printed.
pub enum Taken {
    /// The nonce. It is nowhere else any more.
    Nonce(CardNonce),
    /// The answer that this very challenge got before.
    Answer(Scalar),
}

impl core::fmt::Debug for Taken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Taken(…)")
    }
}

impl Sessions {
    /// Takes the session's nonce out for this challenge.
    ///
    /// # Errors
    /// [`Refusal::NonceGone`] when this process holds none, [`Refusal::ChallengeUsed`] for another
    /// challenge than the one before, [`Refusal::AgainPending`] while that one is recorded.
    pub fn take_nonce(
        &self,
        nonce: &Nonce,
        challenge: &Scalar,
        now_ms: u64,
    ) -> Result<Taken, Refusal> {
        self.with(|table| {
            let session = live(table, nonce, now_ms).map_err(|_| Refusal::NonceGone)?;
            let Stage::Accepted { card_nonce, .. } = &mut session.stage else {
                return Err(Refusal::NonceGone);
            };
            let next = Held::Answering(*challenge);
            match std::mem::replace(card_nonce, next) {
                Held::Waiting(nonce) => Ok(Taken::Nonce(nonce)),
                other => {
                    let found = match &other {
                        Held::Answering(c) if c == challenge => Err(Refusal::AgainPending),
                        Held::Answered(c, s) if c == challenge => Ok(Taken::Answer(*s)),
                        Held::None => Err(Refusal::NonceGone),
                        _ => Err(Refusal::ChallengeUsed),
                    };
                    *card_nonce = other;
                    found
                }
            }
        })
    }

    /// Keeps the answer for repetitions of its challenge.
    pub fn keep_answer(&self, nonce: &Nonce, challenge: &Scalar, answer: &Scalar) {
        self.set_card_nonce(nonce, Held::Answered(*challenge, *answer));
    }

    /// The nonce that was taken out led to nothing and is gone.
    pub fn burn(&self, nonce: &Nonce) {
        self.set_card_nonce(nonce, Held::None);
    }

    fn set_card_nonce(&self, nonce: &Nonce, to: Held) {
        self.with(|table| {
            if let Some(Session {
                stage: Stage::Accepted { card_nonce, .. },
                ..
            }) = table.get_mut(nonce)
                && matches!(card_nonce, Held::Answering(_))
            {
                *card_nonce = to;
            }
        });
    }
}
