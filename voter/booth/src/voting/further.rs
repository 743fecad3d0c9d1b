//! What a further ballot needs of every registrar: an *again* token, then an answer under its person
//! key (spec 04 §4). Kept until all is there, so that a repetition after a fault asks for the same.

use ballot::OwnCard;
use ballot::own_card::booth::{Asked, CardKeys};
use ballot::own_card::{OwnCardError, Place};
use ballot::token::TokenMessage;
use crypto::{Hash, Point, Scalar};
use rand::TryRng as _;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use zeroize::Zeroizing;

use super::login::{RegistrarLogin, Tokens};
use super::registrar::{Registrar, Source};
use crate::fault::Fault;

/// A further ballot's card step under way. Wiped on drop, never printed.
pub(super) struct Further {
    window: u8,
    /// Until the challenge is made.
    keys: Option<CardKeys>,
    /// The randomness of each token's blinding, drawn when the token is asked for first.
    blinding: Vec<Zeroizing<[u8; 64]>>,
    tokens: Tokens,
    asked: Option<Asked>,
    answers: Zeroizing<Vec<Scalar>>,
    /// Refusals that may still come before the sitting is given up.
    budget: u8,
}

/// A registrar that answers, and refuses, is asked so often in one sitting. One that cannot be reached
/// costs nothing: it forgets the session after ten minutes and says so.
const BUDGET: u8 = 5;

/// The ballot that is to be made.
#[derive(Clone, Copy)]
pub(super) struct Next<'a> {
    pub(super) election: &'a Hash,
    pub(super) vk: &'a Point,
    pub(super) seq: u32,
    pub(super) prev: &'a Hash,
}

impl Further {
    /// Nothing is asked yet. `keys` are those of the ballots on the board.
    pub(super) fn new(keys: CardKeys, window: u8) -> Self {
        Self {
            window,
            keys: Some(keys),
            blinding: Vec::new(),
            tokens: Tokens::new(),
            asked: None,
            answers: Zeroizing::default(),
            budget: BUDGET,
        }
    }

    /// Asks for what is missing, as long as that can lead to something.
    pub(super) async fn complete(
        &mut self,
        login: &RegistrarLogin,
        registrars: &[Registrar],
        next: Next<'_>,
    ) -> Result<(Tokens, OwnCard), Fault> {
        if self.budget == 0 {
            return Err(Fault::CardStepAgain);
        }
        let asked = self.ask(login, registrars, next).await;
        asked.map_err(|fault| self.refused(fault))
    }

    /// What a refusal means for a sitting that is under way.
    fn refused(&mut self, fault: Fault) -> Fault {
        match fault {
            Fault::SessionOver | Fault::CardStepAgain => {
                self.budget = 0;
                Fault::CardStepAgain
            }
            Fault::RegistrarUnreachable => fault,
            other => {
                self.budget = self.budget.saturating_sub(1);
                other
            }
        }
    }

    /// Tokens come first: they are in what the card signs.
    async fn ask(
        &mut self,
        login: &RegistrarLogin,
        registrars: &[Registrar],
        next: Next<'_>,
    ) -> Result<(Tokens, OwnCard), Fault> {
        let message = TokenMessage::for_ballot(*next.election, *next.vk, (next.seq, *next.prev));
        let nonces = self.nonces(login, registrars, &message).await?;
        for (i, registrar) in registrars.iter().enumerate().skip(self.tokens.len()) {
            let token = self.token(login, registrar, i, &message).await?;
            self.tokens.push(token);
        }
        if self.asked.is_none() {
            let place = Place {
                election: next.election,
                vk: next.vk,
                seq: next.seq,
                prev: next.prev,
                window: self.window,
                tokens: &self.tokens,
            };
            let keys = self.keys.take().ok_or(Fault::CardStepAgain)?;
            let asked = keys.ask(&nonces, &place, &mut UnwrapErr(SysRng));
            self.asked = Some(asked.map_err(fault_of)?);
        }
        let asked = self.asked.as_ref().ok_or(Fault::CardStepAgain)?;
        let asker = login.asker();
        let challenge = asked.challenge();
        let pairs = registrars.iter().zip(login.accepted()).zip(0u16..);
        for ((registrar, accepted), i) in pairs.skip(self.answers.len()) {
            let answer = registrar.respond(&asker, accepted, &challenge).await?;
            asked.check(i, &answer).map_err(fault_of)?;
            self.answers.push(answer);
        }
        let asked = self.asked.take().ok_or(Fault::CardStepAgain)?;
        let card = asked.finish(&self.answers).map_err(fault_of)?;
        Ok((core::mem::take(&mut self.tokens), card))
    }

    /// K of every registrar. One that gave none is asked for a token before the others: it says why
    /// this card may not vote again here and now, and nothing is used up elsewhere.
    async fn nonces(
        &mut self,
        login: &RegistrarLogin,
        registrars: &[Registrar],
        message: &TokenMessage,
    ) -> Result<Vec<Point>, Fault> {
        let nonces: Option<_> = login.accepted().iter().map(|a| a.card_nonce).collect();
        if let Some(nonces) = nonces {
            return Ok(nonces);
        }
        let without = login.accepted().iter().position(|a| a.card_nonce.is_none());
        if let Some((i, registrar)) = without.and_then(|i| Some((i, registrars.get(i)?))) {
            self.token(login, registrar, i, message).await?;
        }
        Err(Fault::CardStepAgain)
    }

    async fn token(
        &mut self,
        login: &RegistrarLogin,
        registrar: &Registrar,
        index: usize,
        message: &TokenMessage,
    ) -> Result<[u8; 256], Fault> {
        let accepted = login.accepted().get(index);
        let accepted = accepted.ok_or(Fault::Internal("registrars"))?;
        while self.blinding.len() <= index {
            let mut random = Zeroizing::new([0; 64]);
            SysRng
                .try_fill_bytes(random.as_mut())
                .map_err(|_| Fault::Internal("randomness"))?;
            self.blinding.push(random);
        }
        let random = self.blinding.get(index);
        let source = Source::Fresh(random.ok_or(Fault::Internal("randomness"))?);
        let asker = login.asker();
        registrar
            .token(&asker, accepted, message, self.window, source)
            .await
    }
}

/// Which registrar is at fault, as people count them.
pub(super) fn fault_of(error: OwnCardError) -> Fault {
    match error {
        OwnCardError::OtherKey(registrar) => Fault::CardKeyDiffers { registrar },
        OwnCardError::Answer(registrar) | OwnCardError::Response(registrar) => {
            Fault::FalseAnswer { registrar }
        }
        OwnCardError::Signature | OwnCardError::Registrars => Fault::Internal("own card"),
    }
}

#[cfg(test)]
mod tests;
