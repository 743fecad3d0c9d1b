//! Walks the session through every fault. The edges are scripted here; the real ones have their
//! own tests.

mod card;
mod check;
mod checkup;
mod choose;
mod door;
mod end;
mod face;
mod open;
mod relay;
mod send;
mod way;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ::card::{LastTry, NumberB, Pin};
use ::face::{Outcome, Reason, Unavailable};
use api::registrar::FaceVerdict;
use ballot::Side;
use ballot::card_text::{CardText, CredentialText};
use crypto::Hash;
use refusal::VoteState;
use zeroize::Zeroizing;

use super::{Command, FACE_ATTEMPTS, Rules, Session};
use crate::checkup::{CardLook, Reach, ReaderLook};
use crate::fault::Fault;
use crate::ports::{
    CardFacts, CardPort, CardSigner, Choice, FacePort, Leftover, NodeTime, Photo, Pictures,
    Standing, SurveyAnswer, VotingPort,
};
use crate::receipt::ReceiptView;
use crate::screen::Screen;
use crate::snapshot::Snapshot;
use crate::sums::{FirstCode, SecondCode, Sums};

/// What the edges will do, and what they were asked.
struct World {
    pin: Pin,
    unlocked: bool,
    identity: [u8; 32],
    tries: u8,
    card: Option<Fault>,
    photo_left: u8,
    photo_signed: bool,
    present: bool,
    begin: Option<Fault>,
    outcomes: VecDeque<Outcome>,
    told: Vec<FaceVerdict>,
    authorize: VecDeque<Result<Standing, Fault>>,
    prepare: Option<Fault>,
    send: VecDeque<Result<(), (Fault, VoteState)>>,
    /// The seed is here: made with the ballot, gone with the choice.
    seed: bool,
    /// The voter's number.
    own: u8,
    side: Option<Side>,
    open: VecDeque<Fault>,
    check: VecDeque<Fault>,
    survey: Option<Fault>,
    time: Option<NodeTime>,
    log: Vec<&'static str>,
    papers: Option<String>,
}

type Shared = Arc<Mutex<World>>;
struct Edge(Shared);

impl CardPort for Edge {
    fn open(&mut self) -> Result<CardFacts, Fault> {
        let mut world = self.0.lock().unwrap();
        world.unlocked = false;
        match &world.card {
            Some(fault) => Err(fault.clone()),
            None => Ok(CardFacts {
                tries_left: world.tries,
                test_card: true,
                identity: world.identity,
            }),
        }
    }
    fn look(&mut self) -> ReaderLook {
        let world = self.0.lock().unwrap();
        let fault = if world.present {
            None
        } else {
            Some(Fault::NoCard)
        };
        ReaderLook {
            readers: Ok(Vec::new()),
            card: match world.card.clone().or(fault) {
                Some(fault) => Err(fault),
                None => Ok(CardLook {
                    pin_tries: world.tries,
                    number_tries: world.photo_left,
                    until: Some(u64::MAX),
                    test_card: true,
                }),
            },
        }
    }
    fn present(&mut self) -> bool {
        self.0.lock().unwrap().present
    }
    /// As the card's session does it: see its own tests.
    fn unlock(&mut self, pin: &Pin, last: LastTry) -> Result<(), Fault> {
        let mut world = self.0.lock().unwrap();
        if let Some(fault) = &world.card {
            return Err(fault.clone());
        }
        match (world.tries, last) {
            (0, _) => return Err(Fault::PinLocked),
            (1, LastTry::NotAgreed) => return Err(Fault::PinLast),
            _ => world.log.push("verify"),
        }
        if *pin == world.pin {
            (world.tries, world.unlocked) = (3, true);
            return Ok(());
        }
        world.tries -= 1;
        Err(match world.tries {
            0 => Fault::PinLocked,
            left => Fault::PinWrong { left },
        })
    }
    fn unlocked(&self) -> bool {
        self.0.lock().unwrap().unlocked
    }
    fn photo(&mut self, number: &NumberB) -> Result<Photo, Fault> {
        let mut world = self.0.lock().unwrap();
        world.unlocked = false;
        if let Some(fault) = &world.card {
            return Err(fault.clone());
        }
        if *number != NumberB::parse("55021720352285").unwrap() {
            world.photo_left -= 1;
            return Err(match world.photo_left {
                0 => Fault::SurfaceLocked,
                left => Fault::SurfaceWrong { left: Some(left) },
            });
        }
        if !world.photo_signed {
            return Err(Fault::SurfaceSignature);
        }
        Ok(Photo(Zeroizing::new(vec![7; 9])))
    }
    fn close(&mut self) {
        let mut world = self.0.lock().unwrap();
        world.unlocked = false;
        world.log.push("close");
    }
}

impl CardSigner for Edge {
    fn certificate(&mut self) -> Result<Vec<u8>, Fault> {
        Ok(Vec::new())
    }
    fn sign(&mut self, _text: &CardText) -> Result<Zeroizing<[u8; 256]>, Fault> {
        if self.0.lock().unwrap().unlocked {
            Ok(Zeroizing::new([0; 256]))
        } else {
            Err(Fault::Internal("card: no PIN"))
        }
    }
}

impl FacePort for Edge {
    fn runs(&mut self) -> Option<bool> {
        Some(true)
    }
    fn begin(&mut self, _photo: &Photo) -> Result<(), Fault> {
        self.0.lock().unwrap().begin.clone().map_or(Ok(()), Err)
    }
    fn compare(&mut self, _frame: Zeroizing<Vec<u8>>) -> Outcome {
        self.0
            .lock()
            .unwrap()
            .outcomes
            .pop_front()
            .unwrap_or(Outcome::Unavailable(Unavailable::Died))
    }
    fn forget(&mut self) {
        self.0.lock().unwrap().log.push("forget");
    }
}

impl VotingPort for Edge {
    fn authorize(
        &mut self,
        card: &mut dyn CardSigner,
        face: FaceVerdict,
    ) -> Result<Standing, Fault> {
        let text = CardText::Credential(CredentialText {
            election: Hash([1; 64]),
        });
        card.sign(&text)?;
        let mut world = self.0.lock().unwrap();
        world.log.push("authorize");
        world.told.push(face);
        world
            .authorize
            .pop_front()
            .unwrap_or_else(|| Ok(Standing::default()))
    }
    fn take_pending(&mut self) -> Result<(), Fault> {
        Ok(())
    }
    fn drop_pending(&mut self) {
        let mut world = self.0.lock().unwrap();
        world.seed = false;
        world.log.push("drop");
    }
    fn prepare(&mut self, choice: Choice, _pictures: Pictures) -> Result<FirstCode, Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("prepare");
        world.own = u8::try_from(choice.0 + 1).unwrap();
        world.seed = true;
        world.prepare.clone().map_or_else(|| Ok(first()), Err)
    }
    fn spoil(&mut self) -> Result<(), Fault> {
        let mut world = self.0.lock().unwrap();
        world.seed = false;
        world.log.push("spoil");
        Ok(())
    }
    fn send_check(&mut self) -> Result<SecondCode, Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("check");
        let second = SecondCode(Zeroizing::new("0229".to_owned()));
        world.check.pop_front().map_or(Ok(second), Err)
    }
    fn send(&mut self) -> Result<ReceiptView, (Fault, VoteState)> {
        let mut world = self.0.lock().unwrap();
        world.log.push("send");
        world.send.pop_front().unwrap_or(Ok(())).map(|()| receipt())
    }
    fn sums(&self) -> Option<Sums> {
        let world = self.0.lock().unwrap();
        world
            .seed
            .then(|| Sums::new([[98, (98 + world.own) % 100]]))
    }
    fn choose_side(&mut self, side: Side) -> Result<(), Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("side");
        if !core::mem::take(&mut world.seed) {
            return Err(Fault::WrongStep);
        }
        world.side = Some(side);
        Ok(())
    }
    fn open(&mut self) -> Result<(), Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("open");
        world.open.pop_front().map_or(Ok(()), Err)
    }
    fn keep_closed(&mut self) {
        let mut world = self.0.lock().unwrap();
        world.seed = false;
        world.log.push("closed");
    }
    fn survey(&mut self, _answers: &[SurveyAnswer]) -> Result<(), Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("survey");
        world.survey.clone().map_or(Ok(()), Err)
    }
    fn now(&mut self, _fresh: bool) -> Option<NodeTime> {
        let mut world = self.0.lock().unwrap();
        world.log.push("now");
        world.time
    }
    fn papers(&self) -> Option<String> {
        self.0.lock().unwrap().papers.clone()
    }
    fn reach(&mut self) -> Reach {
        let mut world = self.0.lock().unwrap();
        world.log.push("reach");
        Reach {
            answered: 4,
            of: 4,
            now: world.time.map(|time| time.now),
            here: 10_000,
        }
    }
    fn can_store(&self) -> bool {
        true
    }
    fn go_direct(&mut self) {
        self.0.lock().unwrap().log.push("direct");
    }
    fn wipe(&mut self, keep: bool) {
        let mut world = self.0.lock().unwrap();
        world.seed = false;
        world.papers = None;
        world.log.push(if keep { "keep" } else { "wipe" });
    }
}

pub(crate) fn receipt() -> ReceiptView {
    ReceiptView {
        code: "0123A-BCDEF-GHJKM-NPQ11".to_owned(),
        entry_hash: "00".repeat(64),
        pictures: [3, 9],
        board_number: "0012 3456".to_owned(),
        height: 12,
        received: 1_000,
        channel: "home".to_owned(),
        seq: 1,
        json: "{}".to_owned(),
    }
}

fn first() -> FirstCode {
    FirstCode {
        digits: "0228".to_owned(),
        receipt_code: receipt().code,
    }
}

struct Walk {
    world: Shared,
    session: Session,
    now: Instant,
}

impl Walk {
    fn new() -> Self {
        Self::with(|_| {}, |_| {})
    }

    fn with(world: impl FnOnce(&mut World), rules: impl FnOnce(&mut Rules)) -> Self {
        let mut start = World {
            pin: Pin::parse("0420").unwrap(),
            unlocked: false,
            identity: [1; 32],
            tries: 3,
            card: None,
            photo_left: 10,
            photo_signed: true,
            present: true,
            begin: None,
            outcomes: VecDeque::from([Outcome::Accepted]),
            told: Vec::new(),
            authorize: VecDeque::new(),
            prepare: None,
            send: VecDeque::new(),
            seed: false,
            own: 0,
            side: None,
            open: VecDeque::new(),
            check: VecDeque::new(),
            survey: None,
            time: Some(NodeTime {
                now: 10_000,
                closes: 20_000,
            }),
            log: Vec::new(),
            papers: None,
        };
        world(&mut start);
        let mut place = Rules {
            options: 11,
            face_required: true,
            kiosk: false,
            idle: Rules::IDLE,
            hours: None,
        };
        rules(&mut place);
        let world = Arc::new(Mutex::new(start));
        let now = Instant::now();
        let edge = || Edge(Arc::clone(&world));
        let session = Session::new(
            place,
            Box::new(edge()),
            Box::new(edge()),
            Box::new(edge()),
            Box::new(|n| n - 1),
            now,
        );
        Self {
            world,
            session,
            now,
        }
    }

    fn does(&mut self, command: Command) -> Snapshot {
        let _fault = self.session.handle(command, self.now);
        self.seen()
    }

    fn seen(&self) -> Snapshot {
        self.session.snapshot(self.now)
    }

    fn after(&mut self, wait: Duration) -> Snapshot {
        self.now += wait;
        self.session.tick(self.now);
        self.seen()
    }

    fn log(&self) -> Vec<&'static str> {
        self.world.lock().unwrap().log.clone()
    }

    fn asked(&self, what: &str) -> usize {
        self.log().iter().filter(|l| **l == what).count()
    }

    /// To the beginning of `step`, the happy way.
    fn until(mut self, step: Screen) -> Self {
        for _ in 0..20 {
            if self.seen().step == step {
                return self;
            }
            let command = match self.seen().step {
                Screen::Start | Screen::Card => Command::ReadCard,
                Screen::Pin => pin("0420", false),
                Screen::Consent => Command::Consent,
                Screen::Surface => surface("55021720352285"),
                Screen::Face => Command::Frame(Zeroizing::new(vec![1])),
                Screen::Authorize => Command::Authorize,
                Screen::Choose => Command::Choose(Some(Choice(4))),
                Screen::Pictures => Command::Pictures([3, 9]),
                Screen::Confirm => Command::Confirm(true),
                Screen::Code => Command::Ready(true),
                Screen::Sending => Command::Cast,
                Screen::Slip => Command::Slip,
                Screen::Note => Command::Noted,
                Screen::Side => Command::Side(Side::Masked),
                Screen::Opening => Command::Open,
                Screen::Done => Command::Questions,
                other => panic!("no way on from {other:?}"),
            };
            let _fault = self.session.handle(command, self.now);
        }
        panic!("{step:?} was not reached");
    }
}

fn pin(typed: &str, last: bool) -> Command {
    let last = if last {
        LastTry::Agreed
    } else {
        LastTry::NotAgreed
    };
    Command::Pin {
        pin: Pin::parse(typed).ok(),
        last,
    }
}

fn surface(typed: &str) -> Command {
    Command::Surface(NumberB::parse(typed).ok())
}

fn code(snapshot: &Snapshot) -> Option<&'static str> {
    snapshot.fault.as_ref().map(|fault| fault.code().as_str())
}

/// A session with a right card and no face step, for tests of the pages.
pub(crate) fn idle_session(options: u16, now: Instant) -> Session {
    session_with(options, now, None)
}

/// The same, whose nodes have signed something about a ballot.
pub(crate) fn session_with(options: u16, now: Instant, papers: Option<String>) -> Session {
    let walk = Walk::with(
        |w| w.papers = papers,
        |r| (r.face_required, r.options) = (false, options),
    );
    Session {
        last_sign: now,
        ..walk.session
    }
}
