//! One voter at all registrars: open for as long as tokens may be asked for.

use api::hex::Hex;
use api::papers::Sitting;
use api::registrar::{FaceVerdict, Heard};
use ballot::card_text::{CardText, CredentialText};
use ballot::credential::Secret;
use ballot::own_card::certificate_hash;
use ballot::token::{RSA_BYTES, TokenMessage};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use zeroize::Zeroizing;

use super::registrar::{Accepted, Asker, Registrar, RegistrarRequest, Source};
use super::setup::VotingSetup;
use crate::fault::Fault;
use crate::ports::CardSigner;

/// One token of each registrar, in the manifest's order.
pub(super) type Tokens = Vec<[u8; RSA_BYTES]>;

/// The card's signature from which the voting secret is made.
pub(super) type CredentialSignature = Zeroizing<[u8; 256]>;

/// A card that every registrar accepted, and the session key it vouched for.
pub(super) struct RegistrarLogin {
    election: Hash,
    key: SigningKey,
    accepted: Vec<Accepted>,
    heard: Vec<Heard>,
}

impl RegistrarLogin {
    /// Opens a session everywhere, then has the card sign for the voting secret and for every
    /// registrar, and checks all that the registrars say. A registrar that cannot be reached costs
    /// no card signature.
    ///
    /// What they sign stays in `said`, also when one of them is refused.
    pub(super) async fn open(
        setup: &VotingSetup,
        registrars: &[Registrar],
        card: &mut dyn CardSigner,
        face: FaceVerdict,
        said: &mut Option<Sitting>,
    ) -> Result<(Self, CredentialSignature), Fault> {
        let certificate = card.certificate()?;
        let election = setup.place.election;
        let key = SigningKey::generate(&mut UnwrapErr(SysRng));
        let said = said.insert(Sitting {
            session_key: Hex(key.public()),
            certificate: Hex(certificate_hash(&certificate)),
            registrars: Vec::with_capacity(registrars.len()),
        });
        let request = RegistrarRequest {
            election: &election,
            channel: setup.place.channel,
            ticket: setup.ticket,
            station: setup.station.as_ref(),
            session_key: &key,
            face,
        };
        let mut opened = Vec::with_capacity(registrars.len());
        for registrar in registrars {
            opened.push(registrar.open(&request).await?);
        }
        let signature = card.sign(&CardText::Credential(CredentialText { election }))?;
        let mut accepted = Vec::with_capacity(registrars.len());
        for (registrar, opened) in registrars.iter().zip(&opened) {
            let answer = registrar.authenticate(&request, opened, card, said);
            accepted.push(answer.await?);
        }
        let login = Self {
            election,
            key,
            heard: accepted.iter().map(|a| a.heard.clone()).collect(),
            accepted,
        };
        Ok((login, signature))
    }

    /// Whether there can be a ballot of this card: it needs a *first* of every registrar. One
    /// registrar that lies can therefore not make a booth ask the board for a first-time voter.
    pub(super) fn may_have_ballot(&self) -> bool {
        may_have_ballot(self.accepted.iter().map(|a| a.has_first))
    }

    /// The first registrar that said this card has no *first*, counted from 0.
    pub(super) fn denies_first(&self) -> Option<u16> {
        let mut said = (0u16..).zip(&self.accepted);
        said.find(|(_, a)| !a.has_first).map(|(j, _)| j)
    }

    /// u_1, u_2, …
    pub(super) fn salt_shares(&self) -> Zeroizing<Vec<[u8; 64]>> {
        Zeroizing::new(self.accepted.iter().map(|a| *a.salt_share.0).collect())
    }

    /// What each registrar said, in the manifest's order.
    pub(super) fn accepted(&self) -> &[Accepted] {
        &self.accepted
    }

    pub(super) fn asker(&self) -> Asker<'_> {
        Asker {
            election: &self.election,
            key: &self.key,
            heard: &self.heard,
        }
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
        let asker = self.asker();
        for (registrar, accepted) in registrars.iter().zip(&self.accepted) {
            let source = Source::Derived(secret.expose());
            let token = registrar.token(&asker, accepted, message, 0, source);
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
