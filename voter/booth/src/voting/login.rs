//! One voter at all registrars: open for as long as tokens may be asked for.

use api::registrar::FaceVerdict;
use ballot::credential::Secret;
use ballot::token::{RSA_BYTES, TokenMessage};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use rand::TryRng as _;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use zeroize::Zeroizing;

use super::registrar::{Accepted, Registrar, RegistrarRequest, Source};
use super::setup::VotingSetup;
use crate::fault::Fault;
use crate::ports::CardSigner;

/// One token of each registrar, in the manifest's order.
pub(super) type Tokens = Vec<[u8; RSA_BYTES]>;

/// A card that every registrar accepted, and the session key it vouched for.
pub(super) struct RegistrarLogin {
    election: Hash,
    key: SigningKey,
    accepted: Vec<Accepted>,
}

impl RegistrarLogin {
    /// Proves the card to one registrar after another.
    pub(super) async fn open(
        setup: &VotingSetup,
        registrars: &[Registrar],
        card: &mut dyn CardSigner,
        face: FaceVerdict,
    ) -> Result<Self, Fault> {
        let certificate = card.certificate()?;
        let election = setup.place.election;
        let key = SigningKey::generate(&mut UnwrapErr(SysRng));
        let request = RegistrarRequest {
            election: &election,
            channel: setup.place.channel,
            ticket: setup.ticket,
            station: setup.station.as_ref(),
            session_key: &key,
            face,
        };
        let mut accepted = Vec::with_capacity(registrars.len());
        for registrar in registrars {
            accepted.push(registrar.authenticate(&request, card, &certificate).await?);
        }
        Ok(Self {
            election,
            key,
            accepted,
        })
    }

    /// Whether there can be a ballot of this card: it needs a *first* of every registrar. One
    /// registrar that lies can therefore not make a booth ask the board for a first-time voter.
    pub(super) fn may_have_ballot(&self) -> bool {
        may_have_ballot(self.accepted.iter().map(|a| a.has_first))
    }

    /// u_1, u_2, …
    pub(super) fn salt_shares(&self) -> Zeroizing<Vec<[u8; 64]>> {
        Zeroizing::new(self.accepted.iter().map(|a| *a.salt_share.0).collect())
    }

    /// Tokens whose blinding follows from the voting secret: the same card asks for the same ones
    /// again after a crash.
    pub(super) async fn derived_tokens(
        &self,
        registrars: &[Registrar],
        message: &TokenMessage,
        secret: &Secret,
    ) -> Result<Tokens, Fault> {
        let mut tokens = Vec::with_capacity(registrars.len());
        for (registrar, accepted) in registrars.iter().zip(&self.accepted) {
            let source = Source::Derived(secret.expose());
            let token = registrar.token(&self.election, &self.key, accepted, message, source);
            tokens.push(token.await?);
        }
        Ok(tokens)
    }

    /// Tokens blinded with fresh randomness.
    pub(super) async fn fresh_tokens(
        &self,
        registrars: &[Registrar],
        message: &TokenMessage,
    ) -> Result<Tokens, Fault> {
        let mut tokens = Vec::with_capacity(registrars.len());
        for (registrar, accepted) in registrars.iter().zip(&self.accepted) {
            let mut random = Zeroizing::new([0; 64]);
            SysRng
                .try_fill_bytes(random.as_mut())
                .map_err(|_| Fault::Internal("randomness"))?;
            let source = Source::Fresh(&random);
            let token = registrar.token(&self.election, &self.key, accepted, message, source);
            tokens.push(token.await?);
        }
        Ok(tokens)
    }
}

fn may_have_ballot(mut has_first: impl Iterator<Item = bool>) -> bool {
    has_first.all(|first| first)
}

#[cfg(test)]
mod tests {
    use super::may_have_ballot;

    #[test]
    fn a_82_the_board_is_asked_only_when_every_registrar_knows_the_card() {
        for (says, asked) in [
            (&[false][..], false),
            (&[true], true),
            (&[false, true], false),
            (&[true, false], false),
            (&[false, false], false),
            (&[true, true, true], true),
        ] {
            assert_eq!(may_have_ballot(says.iter().copied()), asked, "{says:?}");
        }
    }
}
