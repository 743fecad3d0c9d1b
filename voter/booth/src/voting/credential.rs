//! From the card to the voting key and its tokens (protocol §4).

use api::node::BucketRow;
use api::papers::Sitting;
use api::registrar::FaceVerdict;
use ballot::OwnCard;
use ballot::manifest::Manifest;
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

/// So far a registrar's clock may be behind those of the nodes when a window begins.
const BEHIND_MS: u64 = 60_000;

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
    said: &mut Option<Sitting>,
) -> Result<Credential, Fault> {
    let Peers { registrars, nodes } = peers;
    let election = setup.place.election;
    let (login, signature) = RegistrarLogin::open(setup, registrars, card, face, said).await?;
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
            let time = nodes.time().await.ok_or(Fault::NodesUnreachable)?;
            let window = window_at(&setup.place.manifest, time.now);
            let further = Further::new(keys, window);
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

/// The window whose keys are asked for: that of the nodes' time, and a new one a little after the
/// registrars change over, because a clock may be behind. No registrar is asked which one it is.
fn window_at(manifest: &Manifest, now: u64) -> u8 {
    let window = manifest.again_window_at(now.saturating_sub(BEHIND_MS));
    window.unwrap_or_default()
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
    ///
    /// A sitting that can lead to nothing any more ends with [`Fault::CardStepAgain`]: when a registrar
    /// holds its session no more, and when it has answered with something else too often.
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

    /// Number and predecessor of the next ballot.
    pub(super) fn place(&self) -> (u32, Hash) {
        (self.seq, self.prev)
    }

    /// The first registrar that denied a *first* of this card at this visit, counted from 0.
    pub(super) fn denies_first(&self) -> Option<u16> {
        self.login.denies_first()
    }

    /// Whether these are X of every registrar as this card has them now, for a ballot that is to be
    /// the first one. Of a further one the same was looked at before (R4.06).
    pub(super) fn has_keys(&self, keys: &[Point]) -> bool {
        matches!(&self.rights, Rights::Ready(_, card) if card.keys == keys)
    }

    /// Tokens and card of the next ballot.
    pub(super) fn rights(&self) -> Result<(Tokens, OwnCard), Fault> {
        match &self.rights {
            Rights::Ready(tokens, card) => Ok((tokens.clone(), card.clone())),
            Rights::Unfinished(_) => Err(Fault::WrongStep),
        }
    }
}
