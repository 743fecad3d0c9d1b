//! From the card to the voting key and its tokens (protocol §4).

use ballot::card_text::{CardText, CredentialText};
use ballot::token::{RSA_BYTES, TokenMessage};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use rand::TryRng as _;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use zeroize::Zeroizing;

use super::nodes::Nodes;
use super::pending::Sealer;
use super::registrar::{Accepted, Asking, Registrar, Source};
use super::secrets::Secrets;
use super::{Parts, survey};
use crate::fault::Fault;
use crate::ports::{CardPort, FaceReport, PinOutcome};
use crate::secret::Pin;

/// What a voter needs to cast one ballot. Wiped with the voter.
pub(super) struct Credential {
    /// The voting key.
    pub(super) key: SigningKey,
    /// Number of the next ballot.
    pub(super) seq: u32,
    /// The ballot before it.
    pub(super) prev: Hash,
    /// One token of each registrar for exactly this number; empty until complete.
    pub(super) tokens: Vec<[u8; RSA_BYTES]>,
    /// The sealed ballot's place on disk.
    pub(super) sealer: Sealer,
    /// The right to one anonymous survey answer, if it could be had.
    pub(super) survey: Option<survey::Right>,
    election: Hash,
    session: Session,
}

/// The registrars' sessions, for as long as tokens may be asked for.
struct Session {
    key: SigningKey,
    accepted: Vec<Accepted>,
    ask: Ask,
}

/// The parts of [`Asking`] that outlive the call.
struct Ask {
    channel: ballot::manifest::Channel,
    face: FaceReport,
}

impl Session {
    fn asking<'a>(&'a self, election: &'a Hash) -> Asking<'a> {
        Asking {
            election,
            channel: self.ask.channel,
            ticket: None,
            station: None,
            session_key: &self.key,
            face: self.ask.face,
        }
    }
}

/// Whom a booth speaks to, and as what.
pub(super) struct Around<'a> {
    pub(super) parts: &'a Parts,
    pub(super) registrars: &'a [Registrar],
    pub(super) nodes: &'a Nodes,
}

/// Shows the card to every registrar and looks up the board. Returns the credential, without
/// *again* tokens, and the time of the last ballot.
pub(super) async fn obtain(
    around: Around<'_>,
    secrets: &mut dyn Secrets,
    card: &mut dyn CardPort,
    pin: &Pin,
    face: FaceReport,
) -> Result<(Credential, Option<u64>), Fault> {
    let Around {
        parts,
        registrars,
        nodes,
    } = around;
    let election = parts.place.election;
    // Reading the photo ended the PIN.
    match card.verify_pin(pin)? {
        PinOutcome::Right => {}
        // Right a moment ago: this is another card.
        PinOutcome::Wrong { .. } => return Err(Fault::CardGone),
    }
    let certificate = card.certificate()?;
    let key = SigningKey::generate(&mut UnwrapErr(SysRng));
    let asking = Asking {
        election: &election,
        channel: parts.place.channel,
        ticket: parts.ticket,
        station: parts.station.as_ref(),
        session_key: &key,
        face,
    };
    let mut accepted = Vec::with_capacity(registrars.len());
    for registrar in registrars {
        accepted.push(registrar.authenticate(&asking, card, &certificate).await?);
    }
    let shares = Zeroizing::new(accepted.iter().map(|a| *a.salt_share.0).collect::<Vec<_>>());
    let signature = card.sign(&CardText::Credential(CredentialText { election }))?;
    let secret = secrets.voting_secret(&signature, &shares, &election);
    drop(signature);
    let voting_key = secret.voting_key();
    let vk = voting_key.public();
    let message = TokenMessage::First { election, vk };
    let mut first = Vec::with_capacity(registrars.len());
    for (registrar, accepted) in registrars.iter().zip(&accepted) {
        let source = Source::Derived(secret.expose());
        first.push(registrar.token(&asking, accepted, &message, source).await?);
    }
    let survey = survey::Right::obtain(&asking, registrars, &accepted, &secret).await;
    let last = nodes.last(&vk).await?;
    let previous = last.as_ref().and_then(|l| l.receipt.time_ms());
    let (seq, prev, tokens) = match &last {
        None => (1, Hash::ZERO, first),
        Some(last) => (
            last.ballot.seq.saturating_add(1),
            last.receipt.entry,
            Vec::new(),
        ),
    };
    let sealer = Sealer::new(&parts.folder, secret.expose(), election)
        .map_err(|_| Fault::Internal("seal"))?;
    let ask = Ask {
        channel: parts.place.channel,
        face,
    };
    let session = Session { key, accepted, ask };
    let credential = Credential {
        key: voting_key,
        seq,
        prev,
        tokens,
        sealer,
        survey,
        election,
        session,
    };
    Ok((credential, previous))
}

impl Credential {
    /// Asks for the *again* tokens of this number, unless they are there.
    pub(super) async fn complete(&mut self, registrars: &[Registrar]) -> Result<(), Fault> {
        if !self.tokens.is_empty() {
            return Ok(());
        }
        let (election, vk, seq) = (self.election, self.key.public(), self.seq);
        let message = TokenMessage::Again { election, vk, seq };
        let asking = self.session.asking(&self.election);
        let mut tokens = Vec::with_capacity(registrars.len());
        for (registrar, accepted) in registrars.iter().zip(&self.session.accepted) {
            let mut random = Zeroizing::new([0; 64]);
            SysRng
                .try_fill_bytes(random.as_mut())
                .map_err(|_| Fault::Internal("randomness"))?;
            let source = Source::Fresh(&random);
            tokens.push(registrar.token(&asking, accepted, &message, source).await?);
        }
        self.tokens = tokens;
        Ok(())
    }
}
