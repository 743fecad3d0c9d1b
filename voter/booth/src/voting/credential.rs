//! From the card to the voting key and its tokens (protocol §4).

use api::node::BucketRow;
use api::registrar::FaceVerdict;
use ballot::OwnCard;
use ballot::own_card::booth::CardKeys;
use ballot::own_card::certificate_hash;
use ballot::token::TokenMessage;
use crypto::schnorr::SigningKey;
use crypto::{Encoded, Hash, Point};

use super::further::{Further, Next, fault_of};
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
    /// When the last one was received.
    pub(super) previous: Option<u64>,
    /// The sealed ballot's place on disk.
    pub(super) sealer: Sealer,
    /// The right to one anonymous survey answer, if it could be had.
    pub(super) survey: Option<survey::Right>,
    rights: Rights,
    /// H("certificate", DER) of the card.
    card: Hash,
    election: Hash,
    login: RegistrarLogin,
}

/// What all registrars gave for exactly one ballot.
enum Rights {
    /// A further ballot's card step is not over.
    Unfinished(Box<Further>),
    /// One token of each, and what the card gave.
    Ready(Tokens, OwnCard),
}

/// Whom a booth speaks to.
#[derive(Clone, Copy)]
pub(super) struct Peers<'a> {
    pub(super) registrars: &'a [Registrar],
    pub(super) nodes: &'a Nodes,
}

/// Shows an unlocked card to every registrar and, if there can be a ballot of it, looks up the
/// board. The credential of a further ballot still needs [`Credential::complete`].
pub(super) async fn obtain(
    setup: &VotingSetup,
    peers: Peers<'_>,
    secrets: &mut dyn Secrets,
    card: &mut dyn CardSigner,
    face: FaceVerdict,
) -> Result<Credential, Fault> {
    let Peers { registrars, nodes } = peers;
    let election = setup.place.election;
    let (login, signature) = RegistrarLogin::open(setup, registrars, card, face).await?;
    let secret = secrets.voting_secret(&signature, &login.salt_shares(), &election);
    let key = secret.voting_key();
    let vk = key.public();
    let person: Vec<_> = login.accepted().iter().map(|a| a.person_key).collect();
    let keys = CardKeys::new(&secret, &election, &person).map_err(fault_of)?;
    let last = if login.may_have_ballot() {
        nodes.row(&vk).await?
    } else {
        None
    };
    let (place, rights) = match last {
        Some(last) => {
            // Rule R4.06: before anything is asked of anybody.
            let on_board = points(&last.keys).ok_or(Fault::NodesUnreachable)?;
            keys.fit(&on_board).map_err(fault_of)?;
            let further = Further::new(keys, login.window());
            (Place::after(&last), Rights::Unfinished(Box::new(further)))
        }
        None => {
            let message = TokenMessage::First { election, vk };
            let tokens = login.derived_tokens(registrars, &message, &secret).await?;
            let card = OwnCard::first(keys.blinded().to_vec());
            (Place::FIRST, Rights::Ready(tokens, card))
        }
    };
    let survey = survey::Right::obtain(&login, registrars, election, &secret).await;
    let sealer = Sealer::new(&setup.folder, secret.expose(), election)
        .map_err(|_| Fault::Internal("seal"))?;
    Ok(Credential {
        key,
        seq: place.seq,
        prev: place.prev,
        previous: place.previous,
        sealer,
        survey,
        rights,
        card: certificate_hash(&card.certificate()?),
        election,
        login,
    })
}

/// Keys as a row of the board has them; none when one is no key.
fn points(keys: &[Encoded]) -> Option<Vec<Point>> {
    keys.iter().map(|key| Point::from_bytes(&key.0)).collect()
}

/// The place of the next ballot of one voting key.
struct Place {
    seq: u32,
    prev: Hash,
    previous: Option<u64>,
}

impl Place {
    const FIRST: Self = Self {
        seq: 1,
        prev: Hash::ZERO,
        previous: None,
    };

    fn after(last: &BucketRow) -> Self {
        Self {
            seq: last.seq.saturating_add(1),
            prev: last.entry,
            previous: Some(last.time_ms),
        }
    }
}

impl Credential {
    /// Whether this is the unfinished card step of the card in the reader: it can go on where a
    /// registrar failed, and what others have given is not lost.
    pub(super) fn is_unfinished(&self, card: &mut dyn CardSigner) -> Result<bool, Fault> {
        let unfinished = matches!(self.rights, Rights::Unfinished(_));
        Ok(unfinished && self.card == certificate_hash(&card.certificate()?))
    }

    /// Asks for what a ballot of this number needs, unless it is there.
    pub(super) async fn complete(&mut self, registrars: &[Registrar]) -> Result<(), Fault> {
        if let Rights::Unfinished(further) = &mut self.rights {
            let next = Next {
                election: &self.election,
                vk: &self.key.public(),
                seq: self.seq,
                prev: &self.prev,
            };
            let (tokens, card) = further.complete(&self.login, registrars, next).await?;
            self.rights = Rights::Ready(tokens, card);
        }
        Ok(())
    }

    /// Tokens and card of the next ballot.
    pub(super) fn rights(&self) -> Result<(Tokens, OwnCard), Fault> {
        match &self.rights {
            Rights::Ready(tokens, card) => Ok((tokens.clone(), card.clone())),
            Rights::Unfinished(_) => Err(Fault::WrongStep),
        }
    }
}
