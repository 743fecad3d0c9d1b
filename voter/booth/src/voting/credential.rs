//! From the card to the voting key and its tokens (protocol §4).

use api::node::BucketRow;
use api::registrar::FaceVerdict;
use ballot::card_text::{CardText, CredentialText};
use ballot::credential::Secret;
use ballot::token::TokenMessage;
use crypto::Hash;
use crypto::schnorr::SigningKey;

use super::login::{RegistrarLogin, Tokens};
use super::nodes::Nodes;
use super::pending::Sealer;
use super::registrar::Registrar;
use super::secrets::Secrets;
use super::setup::VotingSetup;
use super::survey;
use crate::fault::Fault;
use crate::ports::CardSigner;

/// What a voter needs to cast one ballot. Wiped with the voter.
pub(super) struct Credential {
    /// The voting key.
    pub(super) key: SigningKey,
    /// Number of the next ballot.
    pub(super) seq: u32,
    /// The ballot before it.
    pub(super) prev: Hash,
    /// One token of each registrar for exactly this number; empty until complete.
    pub(super) tokens: Tokens,
    /// The sealed ballot's place on disk.
    pub(super) sealer: Sealer,
    /// The right to one anonymous survey answer, if it could be had.
    pub(super) survey: Option<survey::Right>,
    election: Hash,
    login: RegistrarLogin,
}

/// Whom a booth speaks to.
#[derive(Clone, Copy)]
pub(super) struct Peers<'a> {
    pub(super) registrars: &'a [Registrar],
    pub(super) nodes: &'a Nodes,
}

/// Shows an unlocked card to every registrar and, if there can be a ballot of it, looks up the
/// board. Returns the credential, without *again* tokens, and the time of the last ballot.
pub(super) async fn obtain(
    setup: &VotingSetup,
    peers: Peers<'_>,
    secrets: &mut dyn Secrets,
    card: &mut dyn CardSigner,
    face: FaceVerdict,
) -> Result<(Credential, Option<u64>), Fault> {
    let Peers { registrars, nodes } = peers;
    let election = setup.place.election;
    let login = RegistrarLogin::open(setup, registrars, card, face).await?;
    let secret = derive(secrets, card, &login, election)?;
    let key = secret.voting_key();
    let vk = key.public();
    let last = if login.may_have_ballot() {
        nodes.row(&vk).await?
    } else {
        None
    };
    let next = match last {
        Some(last) => NextBallot::after(&last),
        None => {
            let message = TokenMessage::First { election, vk };
            NextBallot::first(login.derived_tokens(registrars, &message, &secret).await?)
        }
    };
    let survey = survey::Right::obtain(&login, registrars, election, &secret).await;
    let sealer = Sealer::new(&setup.folder, secret.expose(), election)
        .map_err(|_| Fault::Internal("seal"))?;
    let credential = Credential {
        key,
        seq: next.seq,
        prev: next.prev,
        tokens: next.tokens,
        sealer,
        survey,
        election,
        login,
    };
    Ok((credential, next.previous))
}

/// The voting secret, from the card's signature and the registrars' salt shares.
fn derive(
    secrets: &mut dyn Secrets,
    card: &mut dyn CardSigner,
    login: &RegistrarLogin,
    election: Hash,
) -> Result<Secret, Fault> {
    let signature = card.sign(&CardText::Credential(CredentialText { election }))?;
    Ok(secrets.voting_secret(&signature, &login.salt_shares(), &election))
}

/// The place of the next ballot of one voting key.
struct NextBallot {
    seq: u32,
    prev: Hash,
    tokens: Tokens,
    /// When the last one was received.
    previous: Option<u64>,
}

impl NextBallot {
    /// *first* tokens are for the first ballot only.
    fn first(tokens: Tokens) -> Self {
        Self {
            seq: 1,
            prev: Hash::ZERO,
            tokens,
            previous: None,
        }
    }
    fn after(last: &BucketRow) -> Self {
        Self {
            seq: last.seq.saturating_add(1),
            prev: last.entry,
            tokens: Tokens::new(),
            previous: Some(last.time_ms),
        }
    }
}

impl Credential {
    /// Asks for the *again* tokens of this number, unless they are there.
    pub(super) async fn complete(&mut self, registrars: &[Registrar]) -> Result<(), Fault> {
        if !self.tokens.is_empty() {
            return Ok(());
        }
        let message = TokenMessage::Again {
            election: self.election,
            vk: self.key.public(),
            seq: self.seq,
            prev: self.prev,
        };
        self.tokens = self.login.fresh_tokens(registrars, &message).await?;
        Ok(())
    }
}
