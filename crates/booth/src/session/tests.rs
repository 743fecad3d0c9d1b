//! Walks the session through every fault. The edges are scripted here; the real ones have their
//! own tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use ballot::card_text::CardText;
use zeroize::Zeroizing;

use super::{Command, FACE_ATTEMPTS, Rules, Session};
use crate::fault::{FaceHint, Fault};
use crate::ports::{
    CardFacts, CardPort, Choice, FacePort, FaceReport, FaceVerdict, Leftover, Marks, NodeTime,
    Photo, PhotoOutcome, PinOutcome, Standing, SurveyAnswer, VotingPort,
};
use crate::receipt::ReceiptView;
use crate::secret::{NumberB, Pin};
use crate::snapshot::Snapshot;
use crate::step::{Step, VoteState};

/// What the edges will do, and what they were asked.
struct World {
    pin: String,
    identity: [u8; 32],
    tries: u8,
    open: Option<Fault>,
    photo_left: u8,
    photo_signed: bool,
    present: bool,
    begin: Option<Fault>,
    verdicts: VecDeque<FaceVerdict>,
    authorize: VecDeque<Result<Standing, Fault>>,
    prepare: Option<Fault>,
    send: VecDeque<Result<(), (Fault, VoteState)>>,
    survey: Option<Fault>,
    time: Option<NodeTime>,
    log: Vec<&'static str>,
}

type Shared = Arc<Mutex<World>>;
struct Edge(Shared);

impl CardPort for Edge {
    fn open(&mut self) -> Result<CardFacts, Fault> {
        let world = self.0.lock().unwrap();
        match &world.open {
            Some(fault) => Err(fault.clone()),
            None => Ok(CardFacts {
                tries_left: world.tries,
                test_card: true,
                identity: world.identity,
            }),
        }
    }
    fn present(&mut self) -> bool {
        self.0.lock().unwrap().present
    }
    fn tries_left(&mut self) -> Result<u8, Fault> {
        let world = self.0.lock().unwrap();
        world.open.clone().map_or(Ok(world.tries), Err)
    }
    fn verify_pin(&mut self, pin: &Pin) -> Result<PinOutcome, Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("verify");
        if pin.expose() == world.pin {
            world.tries = 3;
            return Ok(PinOutcome::Right);
        }
        world.tries -= 1;
        Ok(PinOutcome::Wrong { left: world.tries })
    }
    fn photo(&mut self, number: &NumberB) -> Result<PhotoOutcome, Fault> {
        let mut world = self.0.lock().unwrap();
        if let Some(fault) = &world.open {
            return Err(fault.clone());
        }
        if number.expose() != "55021720352285" {
            world.photo_left -= 1;
            return Ok(PhotoOutcome::Wrong {
                left: world.photo_left,
            });
        }
        if !world.photo_signed {
            return Ok(PhotoOutcome::BadSignature);
        }
        Ok(PhotoOutcome::Photo(Photo(Zeroizing::new(vec![7; 9]))))
    }
    fn certificate(&mut self) -> Result<Vec<u8>, Fault> {
        Ok(Vec::new())
    }
    fn sign(&mut self, _text: &CardText) -> Result<Zeroizing<[u8; 256]>, Fault> {
        Ok(Zeroizing::new([0; 256]))
    }
    fn close(&mut self) {
        self.0.lock().unwrap().log.push("close");
    }
}

impl FacePort for Edge {
    fn begin(&mut self, _photo: &Photo) -> Result<(), Fault> {
        self.0.lock().unwrap().begin.clone().map_or(Ok(()), Err)
    }
    fn compare(&mut self, _frame: Zeroizing<Vec<u8>>) -> FaceVerdict {
        self.0
            .lock()
            .unwrap()
            .verdicts
            .pop_front()
            .unwrap_or(FaceVerdict::Unavailable)
    }
    fn forget(&mut self) {
        self.0.lock().unwrap().log.push("forget");
    }
}

impl VotingPort for Edge {
    fn authorize(
        &mut self,
        _card: &mut dyn CardPort,
        _pin: &Pin,
        _face: FaceReport,
    ) -> Result<Standing, Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("authorize");
        world
            .authorize
            .pop_front()
            .unwrap_or_else(|| Ok(Standing::default()))
    }
    fn take_pending(&mut self) -> Result<(), Fault> {
        Ok(())
    }
    fn drop_pending(&mut self) {
        self.0.lock().unwrap().log.push("drop");
    }
    fn prepare(&mut self, _choice: Choice, _marks: Marks) -> Result<(), Fault> {
        let mut world = self.0.lock().unwrap();
        world.log.push("prepare");
        world.prepare.clone().map_or(Ok(()), Err)
    }
    fn send(&mut self) -> Result<ReceiptView, (Fault, VoteState)> {
        let mut world = self.0.lock().unwrap();
        world.log.push("send");
        world.send.pop_front().unwrap_or(Ok(())).map(|()| receipt())
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
    fn wipe(&mut self, keep: bool) {
        self.0
            .lock()
            .unwrap()
            .log
            .push(if keep { "keep" } else { "wipe" });
    }
}

fn receipt() -> ReceiptView {
    ReceiptView {
        code: "0123A-BCDEF-GHJKM-NPQ11".to_owned(),
        entry_hash: "00".repeat(64),
        marks: [3, 9],
        height: 12,
        received: 1_000,
        channel: "home".to_owned(),
        seq: 1,
        json: "{}".to_owned(),
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
            pin: "0420".to_owned(),
            identity: [1; 32],
            tries: 3,
            open: None,
            photo_left: 10,
            photo_signed: true,
            present: true,
            begin: None,
            verdicts: VecDeque::from([FaceVerdict::Match]),
            authorize: VecDeque::new(),
            prepare: None,
            send: VecDeque::new(),
            survey: None,
            time: Some(NodeTime {
                now: 10_000,
                closes: 20_000,
            }),
            log: Vec::new(),
        };
        world(&mut start);
        let mut place = Rules {
            options: 11,
            face_required: true,
            kiosk: false,
            idle: Rules::IDLE,
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
    fn until(mut self, step: Step) -> Self {
        for _ in 0..20 {
            if self.seen().step == step {
                return self;
            }
            let command = match self.seen().step {
                Step::Start | Step::Card => Command::ReadCard,
                Step::Pin => pin("0420", false),
                Step::Consent => Command::Consent,
                Step::Surface => surface("55021720352285"),
                Step::Face => Command::Frame(Zeroizing::new(vec![1])),
                Step::Authorize => Command::Authorize,
                Step::Choose => Command::Choose(Some(Choice(4))),
                Step::Mark => Command::Mark([3, 9]),
                Step::Confirm => Command::Confirm(true),
                Step::Sending => Command::Cast,
                Step::Done => Command::Questions,
                other => panic!("no way on from {other:?}"),
            };
            let _fault = self.session.handle(command, self.now);
        }
        panic!("{step:?} was not reached");
    }
}

fn pin(typed: &str, last: bool) -> Command {
    Command::Pin {
        pin: Pin::parse(typed),
        last,
    }
}

fn surface(typed: &str) -> Command {
    Command::Surface(NumberB::parse(typed))
}

fn code(snapshot: &Snapshot) -> Option<&'static str> {
    snapshot.fault.as_ref().map(Fault::code)
}

#[test]
fn a_vote_takes_its_way_and_ends_with_nothing_left() {
    let mut walk = Walk::new().until(Step::Done);
    let done = walk.seen();
    assert_eq!(done.vote_state, VoteState::Received);
    assert_eq!(done.receipt, Some(receipt()));
    assert!(done.choice.is_none());
    let end = walk.does(Command::End);
    assert_eq!((end.step, end.vote_state), (Step::End, VoteState::Received));
    assert!(end.receipt.is_none() && end.marks.is_none() && end.previous.is_none());
    assert_eq!(walk.asked("wipe"), 1);
}

#[test]
fn nobody_hears_of_the_voter_before_the_face_step_is_over() {
    let walk = Walk::new().until(Step::Authorize);
    assert_eq!(
        walk.log()
            .iter()
            .filter(|l| !["verify", "close", "forget"].contains(*l))
            .count(),
        0
    );
}

#[test]
fn readers_and_cards_say_what_is_wrong() {
    for fault in [
        Fault::NoReader,
        Fault::ReaderService,
        Fault::ReaderShared,
        Fault::NoCard,
        Fault::WrongCard,
    ] {
        let mut walk = Walk::with(|w| w.open = Some(fault.clone()), |_| {});
        let seen = walk.does(Command::ReadCard);
        assert_eq!((seen.step, seen.fault), (Step::Card, Some(fault)));
        walk.world.lock().unwrap().open = None;
        assert_eq!(walk.does(Command::ReadCard).step, Step::Pin);
    }
    for fault in [Fault::PhoneToken, Fault::NoCertificate] {
        let mut walk = Walk::with(|w| w.open = Some(fault.clone()), |_| {});
        let seen = walk.does(Command::ReadCard);
        assert_eq!((seen.step, seen.fault), (Step::Stopped, Some(fault)));
    }
}

#[test]
fn a_locked_card_never_sees_a_pin() {
    let mut walk = Walk::with(|w| w.tries = 0, |_| {});
    let seen = walk.does(Command::ReadCard);
    assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-13")));
    assert_eq!(walk.does(pin("0420", true)).step, Step::Stopped);
    assert_eq!(walk.asked("verify"), 0);
}

#[test]
fn what_is_no_pin_uses_no_try() {
    let mut walk = Walk::new().until(Step::Pin);
    for typed in ["", "12345", "ABCDEF1"] {
        let seen = walk.does(pin(typed, false));
        assert_eq!((seen.step, code(&seen)), (Step::Pin, Some("E-14")));
    }
    assert_eq!(walk.asked("verify"), 0);
}

#[test]
fn the_last_try_needs_the_voters_word() {
    let mut walk = Walk::new().until(Step::Pin);
    let first = walk.does(pin("1111", false));
    assert_eq!((code(&first), first.tries_left), (Some("E-11"), Some(2)));
    let second = walk.does(pin("1111", false));
    assert_eq!(
        (code(&second), second.tries_left, second.last_try),
        (Some("E-12"), Some(1), true)
    );
    let held = walk.does(pin("1111", false));
    assert_eq!((code(&held), held.tries_left), (Some("E-12"), Some(1)));
    assert_eq!(walk.asked("verify"), 2);
    let third = walk.does(pin("1111", true));
    assert_eq!((third.step, code(&third)), (Step::Stopped, Some("E-13")));
    assert_eq!(walk.asked("verify"), 3);
}

#[test]
fn the_last_try_can_be_right() {
    let mut walk = Walk::with(|w| w.tries = 1, |_| {});
    let seen = walk.does(Command::ReadCard);
    assert_eq!(
        (seen.step, code(&seen), seen.last_try),
        (Step::Pin, Some("E-12"), true)
    );
    assert_eq!(walk.does(pin("0420", true)).step, Step::Consent);
}

#[test]
fn a_pulled_card_is_put_back_and_the_way_goes_on() {
    for step in [Step::Pin, Step::Surface] {
        let mut walk = Walk::new().until(step);
        walk.world.lock().unwrap().open = Some(Fault::CardGone);
        let seen = match step {
            Step::Pin => walk.does(pin("0420", false)),
            _ => walk.does(surface("55021720352285")),
        };
        assert_eq!((seen.step, code(&seen)), (Step::Card, Some("E-07")));
        assert_eq!(seen.vote_state, VoteState::None);
        walk.world.lock().unwrap().open = None;
        walk.until(Step::Choose);
    }
}

#[test]
fn a_card_pulled_at_the_registrar_keeps_the_face_step() {
    let mut walk =
        Walk::with(|w| w.authorize.push_back(Err(Fault::CardGone)), |_| {}).until(Step::Authorize);
    let seen = walk.does(Command::Authorize);
    assert_eq!((seen.step, code(&seen)), (Step::Card, Some("E-07")));
    walk.does(Command::ReadCard);
    assert_eq!(walk.does(pin("0420", false)).step, Step::Authorize);
}

#[test]
fn a_face_is_not_carried_over_to_another_card() {
    let mut walk =
        Walk::with(|w| w.authorize.push_back(Err(Fault::CardGone)), |_| {}).until(Step::Authorize);
    walk.does(Command::Authorize);
    walk.world.lock().unwrap().identity = [2; 32];
    walk.does(Command::ReadCard);
    assert_eq!(walk.does(pin("0420", false)).step, Step::Consent);
}

#[test]
fn number_b_counts_down_and_locks() {
    let mut walk = Walk::with(|w| w.photo_left = 2, |_| {}).until(Step::Surface);
    let seen = walk.does(surface("123"));
    assert_eq!(
        (code(&seen), seen.fault.unwrap().left()),
        (Some("E-19"), None)
    );
    let seen = walk.does(surface("11111111111111"));
    assert_eq!(
        (code(&seen), seen.fault.unwrap().left()),
        (Some("E-19"), Some(1))
    );
    let seen = walk.does(surface("11111111111111"));
    assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-19b")));
}

#[test]
fn a_photo_without_the_municipalitys_signature_is_not_looked_at() {
    let mut walk = Walk::with(|w| w.photo_signed = false, |_| {}).until(Step::Surface);
    let seen = walk.does(surface("55021720352285"));
    assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-17b")));
}

#[test]
fn three_mismatches_end_this_way_and_use_up_nothing() {
    let others = [FaceVerdict::Mismatch; 3];
    let mut walk = Walk::with(|w| w.verdicts = VecDeque::from(others), |_| {}).until(Step::Face);
    for left in (1..FACE_ATTEMPTS).rev() {
        let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
        assert_eq!(
            (seen.step, seen.fault),
            (Step::Face, Some(Fault::FaceMismatch { left }))
        );
    }
    let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
    assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-18")));
    assert_eq!(
        walk.asked("authorize") + walk.asked("now") + walk.asked("send"),
        0
    );
}

#[test]
fn a_poor_picture_and_a_silent_engine_use_no_attempt() {
    let verdicts = [
        FaceVerdict::Unclear(FaceHint::NoFace),
        FaceVerdict::Unavailable,
        FaceVerdict::Unclear(FaceHint::Light),
        FaceVerdict::Match,
    ];
    let mut walk = Walk::with(|w| w.verdicts = VecDeque::from(verdicts), |_| {}).until(Step::Face);
    for expected in ["E-16", "E-16b", "E-16"] {
        let seen = walk.does(Command::Frame(Zeroizing::new(vec![1])));
        assert_eq!((seen.step, code(&seen)), (Step::Face, Some(expected)));
        assert_eq!(seen.attempts_left, FACE_ATTEMPTS);
    }
    assert_eq!(
        walk.does(Command::Frame(Zeroizing::new(vec![1]))).step,
        Step::Authorize
    );
}

#[test]
fn a_booth_without_camera_leads_to_the_counter() {
    for step in [Step::Consent, Step::Face] {
        let seen = Walk::new().until(step).does(Command::NoCamera);
        assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-15")));
    }
}

#[test]
fn a_channel_may_do_without_the_face_step() {
    let mut walk = Walk::with(|_| {}, |r| r.face_required = false).until(Step::Pin);
    assert_eq!(walk.does(pin("0420", false)).step, Step::Authorize);
}

#[test]
fn registrars_refuse_or_ask_to_wait_and_no_vote_was_sent() {
    let table = [
        (Fault::NotOpen { opens: Some(5) }, Step::Stopped, "E-01"),
        (Fault::Closed { now: Some(5) }, Step::Stopped, "E-02"),
        (Fault::ChannelClosed { next: None }, Step::Stopped, "E-03"),
        (Fault::Expired { since: None }, Step::Stopped, "E-08"),
        (Fault::IssuedAfterOpening, Step::Stopped, "E-08b"),
        (Fault::Revoked, Step::Stopped, "E-09"),
        (Fault::RevocationUnknown, Step::Authorize, "E-10"),
        (Fault::RegistrarUnreachable, Step::Authorize, "E-10"),
        (Fault::RateLimited { until: None }, Step::Stopped, "E-27"),
        (Fault::OtherRequest, Step::Stopped, "E-27b"),
        (Fault::Internal("x"), Step::Authorize, "E-30"),
    ];
    for (fault, step, expected) in table {
        let mut walk = Walk::with(|w| w.authorize.push_back(Err(fault)), |_| {});
        walk = walk.until(Step::Authorize);
        let seen = walk.does(Command::Authorize);
        assert_eq!((seen.step, code(&seen)), (step, Some(expected)));
        assert_eq!(seen.vote_state, VoteState::None);
        if step == Step::Authorize {
            // The PIN is not asked for again.
            assert_eq!(walk.does(Command::Authorize).step, Step::Choose);
        }
    }
}

#[test]
fn an_earlier_ballot_shows_its_time_only() {
    let standing = Standing {
        previous: Some(77),
        pending: Leftover::None,
    };
    let walk = Walk::with(|w| w.authorize.push_back(Ok(standing)), |_| {}).until(Step::Choose);
    assert_eq!(walk.seen().previous, Some(77));
}

#[test]
fn nothing_picked_is_said_and_the_list_starts_elsewhere() {
    let mut walk = Walk::new().until(Step::Choose);
    assert_eq!(walk.seen().rotation, 10);
    assert!(walk.seen().choice.is_none());
    for nothing in [None, Some(Choice(11))] {
        let seen = walk.does(Command::Choose(nothing));
        assert_eq!((seen.step, code(&seen)), (Step::Choose, Some("E-20")));
    }
}

#[test]
fn two_different_pictures_of_sixteen() {
    let mut walk = Walk::new().until(Step::Mark);
    for wrong in [[4, 4], [0, 16], [255, 1]] {
        let seen = walk.does(Command::Mark(wrong));
        assert_eq!((seen.step, code(&seen)), (Step::Mark, Some("E-20")));
    }
    assert_eq!(walk.does(Command::Mark([9, 3])).marks, Some([3, 9]));
}

#[test]
fn going_back_forgets_the_choice() {
    let mut walk = Walk::new().until(Step::Confirm);
    assert!(walk.seen().choice.is_some());
    let seen = walk.does(Command::Confirm(false));
    assert_eq!(
        (seen.step, seen.vote_state),
        (Step::Choose, VoteState::None)
    );
    assert!(seen.choice.is_none() && seen.marks.is_none());
    assert_eq!(walk.asked("prepare"), 0);
}

#[test]
fn a_ballot_that_cannot_be_built_is_not_sent() {
    let mut walk = Walk::with(|w| w.prepare = Some(Fault::Internal("disk")), |_| {});
    walk = walk.until(Step::Confirm);
    let seen = walk.does(Command::Confirm(true));
    assert_eq!((seen.step, code(&seen)), (Step::Confirm, Some("E-30")));
    assert_eq!((seen.vote_state, walk.asked("send")), (VoteState::None, 0));
}

#[test]
fn every_answer_to_the_send_says_the_state_of_the_vote() {
    let table = [
        (Fault::SendFailed, VoteState::None, "E-21"),
        (Fault::Waiting, VoteState::Sending, "E-22"),
        (Fault::KeptHere, VoteState::Stored, "E-28"),
        (Fault::Internal("proof"), VoteState::Sending, "E-30"),
    ];
    for (fault, state, expected) in table {
        let mut walk = Walk::with(|w| w.send.push_back(Err((fault, state))), |_| {});
        walk = walk.until(Step::Sending);
        let seen = walk.does(Command::Cast);
        assert_eq!(
            (seen.step, code(&seen), seen.vote_state),
            (Step::Sending, Some(expected), state)
        );
        // The same ballot once more.
        let seen = walk.does(Command::Cast);
        assert_eq!(
            (seen.step, seen.vote_state),
            (Step::Done, VoteState::Received)
        );
        assert_eq!((walk.asked("prepare"), walk.asked("send")), (1, 2));
    }
}

#[test]
fn the_close_is_the_servers_and_two_seconds_early() {
    let closes = 20_000;
    for (now, allowed) in [
        (17_999, true),
        (18_000, false),
        (19_999, false),
        (20_000, false),
    ] {
        let mut walk = Walk::new().until(Step::Sending);
        walk.world.lock().unwrap().time = Some(NodeTime { now, closes });
        let seen = walk.does(Command::Cast);
        if allowed {
            assert_eq!(seen.step, Step::Done);
        } else {
            assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-02")));
            assert_eq!(seen.fault, Some(Fault::Closed { now: Some(now) }));
            assert_eq!((seen.vote_state, walk.asked("send")), (VoteState::None, 0));
        }
    }
    let mut walk = Walk::new().until(Step::Choose);
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: 18_500,
        closes,
    });
    walk.after(Duration::from_secs(1));
    assert!(!walk.seen().may_vote);
}

#[test]
fn a_ballot_under_way_may_be_sent_again_after_the_close() {
    let mut walk = Walk::with(
        |w| w.send.push_back(Err((Fault::Waiting, VoteState::Sending))),
        |_| {},
    );
    walk = walk.until(Step::Sending);
    walk.does(Command::Cast);
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: 30_000,
        closes: 20_000,
    });
    assert_eq!(walk.does(Command::Cast).vote_state, VoteState::Received);
}

#[test]
fn after_a_crash_the_box_is_asked_first() {
    let arrived = Standing {
        previous: Some(9),
        pending: Leftover::Received(Box::new(receipt())),
    };
    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(arrived)), |_| {});
    walk = walk.until(Step::Pending);
    assert_eq!(walk.seen().vote_state, VoteState::Received);
    assert_eq!(walk.does(Command::Pending(true)).step, Step::Done);

    let unsent = || Standing {
        previous: None,
        pending: Leftover::Unsent,
    };
    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(unsent())), |_| {});
    walk = walk.until(Step::Pending);
    assert_eq!(walk.seen().vote_state, VoteState::Stored);
    assert_eq!(
        walk.does(Command::Pending(true)).vote_state,
        VoteState::Received
    );
    assert_eq!((walk.asked("prepare"), walk.asked("send")), (0, 1));

    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(unsent())), |_| {});
    walk = walk.until(Step::Pending);
    let seen = walk.does(Command::Pending(false));
    assert_eq!(
        (seen.step, seen.vote_state),
        (Step::Choose, VoteState::None)
    );
    assert_eq!((walk.asked("drop"), walk.asked("send")), (1, 0));
}

#[test]
fn after_the_close_a_leftover_ballot_is_not_said_to_be_unsent() {
    let unsent = Standing {
        previous: None,
        pending: Leftover::Unsent,
    };
    let mut walk = Walk::with(|w| w.authorize.push_back(Ok(unsent)), |_| {}).until(Step::Pending);
    walk.world.lock().unwrap().time = Some(NodeTime {
        now: 30_000,
        closes: 20_000,
    });
    let seen = walk.does(Command::Pending(true));
    assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-02")));
    assert_eq!(
        (seen.vote_state, walk.asked("drop")),
        (VoteState::Sending, 0)
    );
}

#[test]
fn the_survey_cannot_touch_the_vote() {
    let answer = || {
        vec![SurveyAnswer {
            question: "Q1".into(),
            values: vec!["home".into()],
            text: None,
        }]
    };
    let mut walk = Walk::with(|w| w.survey = Some(Fault::Internal("portal")), |_| {});
    walk = walk.until(Step::Survey);
    let seen = walk.does(Command::Survey(answer()));
    assert_eq!((seen.step, code(&seen)), (Step::Survey, Some("E-30")));
    assert_eq!(seen.vote_state, VoteState::Received);
    assert_eq!(walk.does(Command::Survey(Vec::new())).step, Step::End);
    assert_eq!(walk.asked("survey"), 1);
    // Before the vote there is no survey.
    let mut walk = Walk::new().until(Step::Confirm);
    assert_eq!(walk.does(Command::Survey(answer())).step, Step::Confirm);
    assert_eq!(walk.asked("survey"), 0);
}

#[test]
fn ten_minutes_without_a_sign_end_the_session_and_say_the_state() {
    let mut walk = Walk::new().until(Step::Choose);
    assert_eq!(walk.after(Duration::from_secs(599)).step, Step::Choose);
    walk.does(Command::Extend);
    assert_eq!(walk.after(Duration::from_secs(599)).step, Step::Choose);
    let seen = walk.after(Duration::from_secs(1));
    assert_eq!((seen.step, code(&seen)), (Step::Stopped, Some("E-26")));
    assert_eq!(seen.vote_state, VoteState::None);
    assert_eq!(walk.asked("wipe"), 1);

    let waiting = (Fault::Waiting, VoteState::Sending);
    let mut walk = Walk::with(|w| w.send.push_back(Err(waiting)), |_| {}).until(Step::Sending);
    walk.does(Command::Cast);
    let seen = walk.after(Rules::IDLE);
    assert_eq!(
        (code(&seen), seen.vote_state),
        (Some("E-26"), VoteState::Sending)
    );
    assert_eq!((walk.asked("keep"), walk.asked("wipe")), (1, 0));
}

#[test]
fn the_voter_is_asked_before_the_session_ends() {
    let mut walk = Walk::new().until(Step::Choose);
    assert!(!walk.after(Duration::from_secs(479)).idle_warning);
    assert!(walk.after(Duration::from_secs(1)).idle_warning);
    assert!(!walk.does(Command::Extend).idle_warning);
    let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(Step::Done);
    assert!(!walk.seen().idle_warning);
    assert!(walk.after(Duration::from_secs(41)).idle_warning);
}

#[test]
fn at_the_end_a_home_booth_removes_the_sealed_ballot_and_a_kiosk_keeps_it() {
    for kiosk in [false, true] {
        let kept = (Fault::KeptHere, VoteState::Stored);
        let mut walk = Walk::with(|w| w.send.push_back(Err(kept)), |r| r.kiosk = kiosk);
        walk = walk.until(Step::Sending);
        walk.does(Command::Cast);
        let seen = walk.does(Command::End);
        assert_eq!((seen.step, seen.vote_state), (Step::End, VoteState::Stored));
        assert_eq!(walk.asked("keep") == 1, kiosk);
    }
}

#[test]
fn a_kiosk_makes_room_when_the_card_is_taken() {
    for step in [Step::Choose, Step::Mark, Step::Confirm] {
        let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(step);
        walk.world.lock().unwrap().present = false;
        let seen = walk.after(Duration::from_secs(1));
        assert_eq!((seen.step, seen.session), (Step::Start, 2));
        assert!(seen.choice.is_none() && seen.previous.is_none());
        assert_eq!(walk.asked("wipe"), 1);
    }
    let mut walk = Walk::with(|_| {}, |r| r.kiosk = true).until(Step::Done);
    assert_eq!(walk.after(Rules::IDLE_KIOSK).step, Step::End);
    assert_eq!(walk.after(Rules::IDLE_KIOSK).step, Step::Start);
}

#[test]
fn commands_out_of_step_change_nothing() {
    let mut walk = Walk::new();
    for command in [
        pin("0420", false),
        Command::Consent,
        Command::Frame(Zeroizing::new(vec![1])),
        Command::Authorize,
        Command::Choose(Some(Choice(1))),
        Command::Mark([0, 1]),
        Command::Confirm(true),
        Command::Cast,
        Command::Pending(true),
        Command::Survey(Vec::new()),
        Command::Questions,
    ] {
        assert_eq!(
            walk.session.handle(command, walk.now),
            Err(Fault::WrongStep)
        );
        assert_eq!((walk.seen().step, walk.seen().fault), (Step::Start, None));
    }
    assert!(walk.log().is_empty());
}

#[test]
fn a_card_whose_photo_cannot_be_compared_goes_to_staff_and_a_silent_engine_is_no_answer() {
    for (fault, step) in [
        (Fault::FacePhoto, Step::Stopped),
        (Fault::FaceEngine, Step::Surface),
    ] {
        let mut walk = Walk::with(|w| w.begin = Some(fault.clone()), |_| {}).until(Step::Surface);
        let seen = walk.does(surface("55021720352285"));
        assert_eq!((seen.step, seen.fault), (step, Some(fault)));
        assert_eq!(walk.asked("authorize"), 0);
    }
}

#[test]
fn nothing_secret_is_in_debug_output() {
    let walk = Walk::new().until(Step::Confirm);
    let shown = format!("{:?} {:?} {:?}", walk.session, walk.seen(), Choice(4));
    assert!(!shown.contains('4') && !shown.contains("0420"), "{shown}");
}

/// A session with a right card and no face step, for tests of the pages.
pub(crate) fn idle_session(options: u16, now: Instant) -> Session {
    let walk = Walk::with(|_| {}, |r| (r.face_required, r.options) = (false, options));
    Session {
        last_sign: now,
        ..walk.session
    }
}
