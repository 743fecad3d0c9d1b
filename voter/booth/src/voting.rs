//! Registrars and nodes behind the session's edge: the protocol of a vote.

mod credential;
mod fate;
mod further;
mod login;
pub mod nodes;
mod outbox;
pub mod pending;
pub mod registrar;
pub mod secrets;
mod setup;
pub mod station;
mod survey;
mod unopened;

use std::time::{Duration, Instant};

use api::hex::HexBytes;
use api::papers::{Paper, Papers, Sitting};
use api::registrar::FaceVerdict;
use ballot::BallotRules;
use ballot::check::{Shown, to_code};
use ballot::code::{board_number, board_number_text, confirmation_code};
use ballot::contest::NO_MARK;
use ballot::{Draft, Selection, Side};
use board::receipt::Receipt;
use crypto::wire::TopLevel as _;
use host::site::{Roots, client};
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use refusal::VoteState;
use zeroize::Zeroizing;

use crate::checkup::Reach;
use crate::fault::Fault;
use crate::ports::{
    CardSigner, Choice, Leftover, NodeTime, Pictures, Standing, SurveyAnswer, VotingPort,
};
use crate::receipt::ReceiptView;
use crate::sums::{FirstCode, SecondCode, Sums};
use credential::Credential;
use fate::{Fate, has_expired};
use nodes::Nodes;
use outbox::Outbox;
use registrar::Registrar;
use secrets::Secrets;
pub use setup::VotingSetup;
use unopened::Unopened;

/// An answer of the nodes about the time is good for this long.
const TIME_GOOD_FOR: Duration = Duration::from_secs(3);
/// How long the portal may take for a survey answer.
const PORTAL: Duration = Duration::from_secs(10);

/// So far the clocks of booth, nodes and blocks may be apart when it is asked whether a ballot is
/// older than a visit.
const CLOCKS_MS: u64 = 60_000;

/// The real voting edge.
pub struct Voting {
    setup: VotingSetup,
    secrets: Box<dyn Secrets>,
    rules: BallotRules,
    registrars: Vec<Registrar>,
    nodes: std::sync::Arc<Nodes>,
    portal: reqwest::Client,
    outbox: Option<Outbox>,
    time: Option<(NodeTime, Instant)>,
    voter: Option<Voter>,
    /// What registrars signed in this sitting.
    said: Option<Sitting>,
    /// There is a fault that it bears on: what they signed is handed out.
    is_dispute: bool,
}

/// Everything about the voter at the booth; gone when they leave.
struct Voter {
    credential: Credential,
    /// When the card step of this visit began.
    began: Instant,
    entry: Option<Vec<u8>>,
    seq: u32,
    /// Of the ballot in `entry`, until the side is chosen or the voter leaves it closed.
    unopened: Option<Unopened>,
    /// The one opening, once it is made.
    opening: Option<Vec<u8>>,
    /// The check ballot that took the place of the ballot, and what it reveals.
    check: Option<(Vec<u8>, SecondCode)>,
    /// What nodes signed about the ballot.
    papers: Vec<Paper>,
}

impl core::fmt::Debug for Voting {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Voting")
    }
}

impl Voting {
    /// Keys, pins and origins come from the manifest alone.
    ///
    /// # Errors
    /// When TLS cannot be set up or the manifest's keys are no keys.
    pub fn new(setup: VotingSetup, secrets: Box<dyn Secrets>) -> Result<Self, Fault> {
        let manifest = &setup.place.manifest;
        let nodes = std::sync::Arc::new(Nodes::new(manifest, setup.place.election)?);
        if setup.station.as_ref().is_some_and(|s| s.direct) {
            nodes.fall_back();
        }
        let registrars = (0..)
            .zip(&manifest.registrars)
            .map(|(i, r)| Registrar::new(i, r));
        let outbox = setup
            .station
            .as_ref()
            .map(|s| Outbox::start(s, &setup, std::sync::Arc::clone(&nodes)))
            .transpose()?;
        Ok(Self {
            rules: BallotRules::new(manifest),
            registrars: registrars.collect::<Result<_, _>>()?,
            nodes,
            portal: client(&Roots::public(), PORTAL).map_err(|_| Fault::Internal("http"))?,
            outbox,
            time: None,
            voter: None,
            said: None,
            is_dispute: false,
            secrets,
            setup,
        })
    }

    fn view(&self, receipt: &Receipt, seq: u32, ballot: &[u8], said: &[Paper]) -> ReceiptView {
        let papers = Papers {
            bytes: Some(HexBytes::of(receipt.to_bytes())),
            ballot: HexBytes::of(ballot),
            papers: said.to_vec(),
        };
        ReceiptView {
            code: receipt.code.clone(),
            entry_hash: receipt.entry.to_hex(),
            pictures: receipt.pictures.unwrap_or_default(),
            board_number: number_of(receipt),
            height: receipt.height,
            received: receipt.time_ms().unwrap_or_default(),
            channel: self.setup.place.channel.as_str().to_owned(),
            seq,
            json: crate::receipt::json(receipt, &self.setup.place.election, &papers),
        }
    }

    /// What became of a ballot that a crash left behind. One that can never be accepted any more
    /// is thrown away.
    fn leftover(&mut self) -> Leftover {
        let sealed = self.voter.as_ref().map(|v| v.credential.sealer.load());
        let Some(entry) = sealed.flatten() else {
            return Leftover::None;
        };
        let ballot = ballot::Ballot::from_bytes(&entry).ok();
        if let Some(receipt) = self.setup.runtime.block_on(self.nodes.find(&entry)) {
            self.forget_leftover();
            let seq = ballot.map_or(0, |b| b.seq);
            return Leftover::Received(Box::new(self.view(&receipt, seq, &entry, &[])));
        }
        let time = self.now(true).map(|time| time.now);
        let next = self.voter.as_ref().map(|v| v.credential.place());
        let (Some(ballot), Some(next)) = (ballot, next) else {
            self.forget_leftover();
            return Leftover::None;
        };
        match Fate::of(&ballot, next, time, &self.setup.place.manifest) {
            Fate::MayBeSent => Leftover::Unsent,
            Fate::Arrived => Leftover::None,
            Fate::Over => {
                self.forget_leftover();
                Leftover::Over
            }
        }
    }

    fn forget_leftover(&self) {
        if let Some(voter) = &self.voter {
            voter.credential.sealer.remove();
        }
    }

    /// A registrar denied this person's *first*, and the ballot that has the place of this one is older
    /// than the visit: no other booth was quicker. With this card's keys in it the denial was false.
    /// With others somebody else made it who knew the secret, and the denial may well be true.
    fn false_denial(&mut self, entry: &[u8]) -> Option<Fault> {
        let voter = self.voter.as_ref()?;
        let registrar = voter.credential.denies_first()?;
        let visit = voter.began.elapsed();
        let now = self.now(false)?.now;
        let began = now.saturating_sub(u64::try_from(visit.as_millis()).ok()?);
        let last = self.setup.runtime.block_on(self.nodes.place_taken(entry))?;
        if last.receipt.time_ms()?.saturating_add(CLOCKS_MS) >= began {
            return None;
        }
        let credential = &self.voter.as_ref()?.credential;
        Some(if credential.has_keys(&last.ballot.card.keys) {
            Fault::FirstDenied { registrar }
        } else {
            Fault::ForeignFirst
        })
    }

    /// Notes a fault that is about what registrars signed: it is kept from now on.
    fn noting<T>(&mut self, outcome: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(fault) = &outcome {
            self.is_dispute |= fault.is_dispute();
        }
        outcome
    }

    fn enter(&mut self, card: &mut dyn CardSigner, face: FaceVerdict) -> Result<Standing, Fault> {
        if let Some(standing) = self.go_on(card)? {
            return Ok(standing);
        }
        (self.voter, self.said, self.is_dispute) = (None, None, false);
        let runtime = self.setup.runtime.clone();
        let peers = credential::Peers {
            registrars: &self.registrars,
            nodes: &self.nodes,
        };
        let (began, secrets, said) = (Instant::now(), self.secrets.as_mut(), &mut self.said);
        let work = credential::obtain(&self.setup, peers, secrets, card, face, said);
        let credential = runtime.block_on(work)?;
        let (seq, previous) = (credential.place().0, credential.previous);
        self.voter = Some(Voter {
            credential,
            began,
            entry: None,
            seq,
            unopened: None,
            opening: None,
            check: None,
            papers: Vec::new(),
        });
        let pending = self.leftover();
        if matches!(pending, Leftover::None | Leftover::Over)
            && let Some(voter) = &mut self.voter
        {
            runtime.block_on(voter.credential.complete(&self.registrars))?;
        }
        Ok(Standing { previous, pending })
    }

    fn ready(&mut self) -> Result<(), Fault> {
        let voter = self.voter.as_mut().ok_or(Fault::WrongStep)?;
        let work = voter.credential.complete(&self.registrars);
        let ready = self.setup.runtime.block_on(work);
        self.noting(ready)
    }

    /// Goes on with the card step of the card in the reader, if one is not over: what some registrars
    /// have given is not asked for again. None when there is no such step, or none that can go on.
    fn go_on(&mut self, card: &mut dyn CardSigner) -> Result<Option<Standing>, Fault> {
        let Some(voter) = &mut self.voter else {
            return Ok(None);
        };
        if !voter.credential.is_unfinished(card)? {
            return Ok(None);
        }
        let work = voter.credential.complete(&self.registrars);
        match self.setup.runtime.block_on(work) {
            Ok(()) => Ok(Some(Standing {
                previous: voter.credential.previous,
                pending: Leftover::None,
            })),
            Err(Fault::CardStepAgain) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    fn ask_time(&mut self) {
        let answer = self.setup.runtime.block_on(self.nodes.time());
        self.time = answer.map(|time| (time, Instant::now()));
    }
}

impl VotingPort for Voting {
    fn authorize(
        &mut self,
        card: &mut dyn CardSigner,
        face: FaceVerdict,
    ) -> Result<Standing, Fault> {
        let standing = self.enter(card, face);
        self.noting(standing)
    }

    fn take_pending(&mut self) -> Result<(), Fault> {
        let voter = self.voter.as_mut().ok_or(Fault::WrongStep)?;
        let entry = voter
            .credential
            .sealer
            .load()
            .ok_or(Fault::Internal("sealed ballot"))?;
        voter.entry = Some(entry);
        Ok(())
    }

    fn drop_pending(&mut self) {
        if let Some(voter) = &mut self.voter {
            voter.entry = None;
            voter.unopened = None;
            voter.check = None;
            voter.credential.sealer.remove();
        }
    }

    fn prepare(&mut self, choice: Choice, pictures: Pictures) -> Result<FirstCode, Fault> {
        self.ready()?;
        let place = &self.setup.place;
        let voter = self.voter.as_mut().ok_or(Fault::WrongStep)?;
        let credential = &mut voter.credential;
        let contest = place.contest().ok_or(Fault::StartFile)?;
        let mut marked = Zeroizing::new(vec![NO_MARK; usize::from(contest.shape.k_max())]);
        *marked.first_mut().ok_or(Fault::NothingChosen)? = choice.0;
        let selection =
            Selection::new(&contest.shape, &marked).map_err(|_| Fault::NothingChosen)?;
        let seed = self.secrets.ballot_seed()?;
        let mut rng = UnwrapErr(SysRng);
        let (tokens, card) = credential.rights()?;
        let draft = Draft {
            key: &credential.key,
            seq: credential.seq,
            prev: credential.prev,
            pictures,
            tokens,
            card,
        };
        let selections = vec![selection];
        let ballot = draft
            .seal(&self.rules, &selections, &seed, &mut rng)
            .map_err(|_| Fault::Internal("ballot"))?;
        let entry = ballot.to_bytes();
        // The booth is its own first verifier: what it sends, every node must accept.
        self.rules
            .check(&entry, &mut rng)
            .map_err(|_| Fault::Internal("ballot check"))?;
        credential.sealer.store(&entry).map_err(|_| Fault::Disk)?;
        voter.seq = credential.seq;
        voter.papers.clear();
        voter.entry = Some(entry);
        let entry_hash = ballot.entry_hash();
        voter.unopened = Some(Unopened::new(entry_hash, selections, seed));
        voter.opening = None;
        Ok(FirstCode {
            digits: to_code(&Shown::of(&ballot, &credential.key, &mut rng)),
            receipt_code: confirmation_code(&entry_hash),
        })
    }

    fn spoil(&mut self) -> Result<(), Fault> {
        let voter = self.voter.as_mut().ok_or(Fault::WrongStep)?;
        let entry = voter.entry.take().ok_or(Fault::WrongStep)?;
        let unopened = voter.unopened.take().ok_or(Fault::WrongStep)?;
        // From here on it is never cast, not after a crash either.
        voter.credential.sealer.remove();
        let key = &voter.credential.key;
        voter.check = Some(unopened.reveal(&self.rules, &entry, key)?);
        Ok(())
    }

    fn send_check(&mut self) -> Result<SecondCode, Fault> {
        let time = self.now(false);
        let check = self.voter.as_ref().and_then(|v| v.check.as_ref());
        let (entry, second) = check.ok_or(Fault::WrongStep)?;
        match self.setup.runtime.block_on(self.nodes.cast(entry, time)) {
            Ok(_receipt) => Ok(second.clone()),
            Err((fault @ (Fault::SendFailed | Fault::Waiting | Fault::NoRelay), _)) => Err(fault),
            Err(_) => Err(Fault::CheckRefused),
        }
    }

    fn send(&mut self) -> Result<ReceiptView, (Fault, VoteState)> {
        let time = self.now(false);
        let step = (Fault::WrongStep, VoteState::NotSent);
        let voter = self.voter.as_mut().ok_or_else(|| step.clone())?;
        let entry = voter.entry.clone().ok_or(step)?;
        let cast = self.nodes.cast_keeping(&entry, time, &mut voter.papers);
        match self.setup.runtime.block_on(cast) {
            Ok(receipt) => {
                voter.credential.sealer.remove();
                let (seq, papers) = (voter.seq, voter.papers.clone());
                Ok(self.view(&receipt, seq, &entry, &papers))
            }
            Err((Fault::SendFailed | Fault::NoRelay, VoteState::NotSent))
                if self.outbox.is_some() =>
            {
                Err((Fault::KeptHere, VoteState::Stored))
            }
            Err((fault, VoteState::Overtaken)) => {
                // It can never be accepted any more.
                voter.credential.sealer.remove();
                let denied = self.false_denial(&entry);
                let outcome: Result<ReceiptView, _> = self.noting(Err(denied.unwrap_or(fault)));
                outcome.map_err(|fault| (fault, VoteState::Overtaken))
            }
            Err((Fault::CardStepAgain, state)) => {
                // The nodes say that its window is over, and by their time it is.
                let manifest = &self.setup.place.manifest;
                let ballot = ballot::Ballot::from_bytes(&entry).ok();
                if ballot.is_some_and(|b| has_expired(&b, time.map(|t| t.now), manifest)) {
                    voter.credential.sealer.remove();
                }
                Err((Fault::CardStepAgain, state))
            }
            Err(known) => Err(known),
        }
    }

    fn sums(&self) -> Option<Sums> {
        let unopened = self.voter.as_ref()?.unopened.as_ref()?;
        Some(unopened.sums(&self.rules))
    }

    fn choose_side(&mut self, side: Side) -> Result<(), Fault> {
        let voter = self.voter.as_mut().ok_or(Fault::WrongStep)?;
        let unopened = voter.unopened.take().ok_or(Fault::WrongStep)?;
        voter.opening = Some(unopened.open(&self.rules, side));
        Ok(())
    }

    fn open(&mut self) -> Result<(), Fault> {
        let time = self.now(false);
        let opening = self.voter.as_ref().and_then(|v| v.opening.as_ref());
        let opening = opening.ok_or(Fault::WrongStep)?;
        match self.setup.runtime.block_on(self.nodes.cast(opening, time)) {
            Ok(_receipt) => Ok(()),
            Err((Fault::SendFailed | Fault::Waiting, _)) => Err(Fault::NotOpened),
            Err((Fault::NoRelay, _)) => Err(Fault::NoRelay),
            Err(_) => Err(Fault::OpeningRefused),
        }
    }

    fn keep_closed(&mut self) {
        if let Some(voter) = &mut self.voter {
            voter.unopened = None;
            voter.opening = None;
        }
    }

    fn survey(&mut self, answers: &[SurveyAnswer]) -> Result<(), Fault> {
        let voter = self.voter.as_ref().ok_or(Fault::WrongStep)?;
        let right = voter.credential.survey.as_ref().ok_or(Fault::Survey)?;
        let ways = (self.nodes.as_ref(), &self.portal);
        let work = survey::post(ways, &self.setup.place, right, answers);
        self.setup.runtime.block_on(work)
    }

    fn now(&mut self, fresh: bool) -> Option<NodeTime> {
        let old = self
            .time
            .is_none_or(|(_, asked)| asked.elapsed() > TIME_GOOD_FOR);
        if fresh || old {
            self.ask_time();
        }
        let (time, asked) = self.time?;
        let passed = u64::try_from(asked.elapsed().as_millis()).ok()?;
        Some(NodeTime {
            now: time.now.saturating_add(passed),
            ..time
        })
    }

    fn papers(&self) -> Option<String> {
        let voter = self.voter.as_ref().filter(|v| !v.papers.is_empty());
        let papers = voter.and_then(|v| {
            Some(Papers {
                bytes: None,
                ballot: HexBytes::of(v.entry.as_ref()?.as_slice()),
                papers: v.papers.clone(),
            })
        });
        let said = self.said.as_ref().filter(|_| self.is_dispute);
        let election = &self.setup.place.election;
        (papers.is_some() || said.is_some())
            .then(|| crate::receipt::papers_json(election, papers.as_ref(), said))
    }

    fn reach(&mut self) -> Reach {
        self.setup
            .runtime
            .block_on(self.nodes.reach(&self.setup.place.clock))
    }

    fn can_store(&self) -> bool {
        crate::storage::prepare(&self.setup.folder).is_ok()
    }

    fn go_direct(&mut self) {
        self.nodes.go_direct(true);
    }

    fn wipe(&mut self, keep: bool) {
        self.nodes.go_direct(false);
        (self.said, self.is_dispute) = (None, false);
        if let Some(voter) = self.voter.take() {
            match (&self.outbox, voter.entry) {
                (Some(outbox), Some(entry)) if keep => {
                    outbox.keep(&entry);
                    voter.credential.sealer.remove();
                }
                _ if !keep => voter.credential.sealer.remove(),
                _ => {}
            }
        }
        self.time = None;
    }
}

/// The board number of a ballot with a verified receipt.
fn number_of(receipt: &Receipt) -> String {
    let block = receipt.headers.first().map(board::Header::digest);
    let number = block.map(|digest| board_number(&digest, &receipt.entry));
    number.map(board_number_text).unwrap_or_default()
}

#[cfg(test)]
mod tests;
