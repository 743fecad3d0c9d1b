//! The way of one vote through the booth: which step follows which, and what each fault means for
//! the vote. No input, no output, no clock: the edges are [`crate::ports`], time is an argument.

mod cast;
mod check;
mod checkup;
mod identity;
mod open;
mod wall;

use core::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use api::registrar::FaceVerdict;
use ballot::manifest::{Channel, ShutDoor};
use ballot::{Manifest, Side};
use card::{LastTry, NumberB, Pin};
use refusal::VoteState;
use zeroize::Zeroizing;

use crate::checkup::{Camera, Checkup};
use crate::fault::Fault;
use crate::ports::{CardPort, Choice, FacePort, NodeTime, Pictures, SurveyAnswer, VotingPort};
use crate::receipt::ReceiptView;
use crate::screen::Screen;
use crate::snapshot::Snapshot;
use crate::sums::{FirstCode, SecondCode, Sums};

/// Mismatches after which staff decide.
pub const FACE_ATTEMPTS: u8 = 3;
/// 「投票する」 disappears this long before the close (conventions D13).
pub const CLOSE_MARGIN_MS: u64 = 2_000;

/// How often a kiosk that nobody uses asks the nodes for their time.
const CLOCK: Duration = Duration::from_mins(1);

/// What the booth's place and the manifest fix for every session.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Number of proposals.
    pub options: u16,
    /// Whether this channel asks for the face step.
    pub face_required: bool,
    /// Kiosk: sessions follow one another.
    pub kiosk: bool,
    /// The session ends after this long without a sign of the voter.
    pub idle: Duration,
    /// Hours and channel of this place; without them every moment is as good.
    pub hours: Option<(Arc<Manifest>, Channel)>,
}

impl Rules {
    /// Ten minutes, as the help texts say.
    pub const IDLE: Duration = Duration::from_mins(10);
    /// At a kiosk, once the vote is over or has not begun.
    pub const IDLE_KIOSK: Duration = Duration::from_mins(1);
    /// At a kiosk while the voter writes two numbers down, which are the vote.
    pub const IDLE_NOTE: Duration = Duration::from_mins(3);
}

/// What a voter asks for.
pub enum Command {
    /// Look at everything that a vote needs, with what the browser found of cameras.
    Checkup(Option<Vec<Camera>>),
    /// From there to the first page.
    Begin,
    /// Read the card.
    ReadCard,
    /// Four digits as typed, and whether the last try was agreed to.
    Pin {
        /// What was typed.
        pin: Option<Pin>,
        /// Whether the voter agreed to use the last try.
        last: LastTry,
    },
    /// The voter agrees to the face check.
    Consent,
    /// Fourteen digits as typed.
    Surface(Option<NumberB>),
    /// A camera frame, JPEG.
    Frame(Zeroizing<Vec<u8>>),
    /// The browser found no camera or was not allowed to use it.
    NoCamera,
    /// Ask the registrars.
    Authorize,
    /// Send the ballot found on disk (`true`) or throw it away.
    Pending(bool),
    /// A proposal, by its index in the manifest; none if nothing was picked.
    Choose(Option<Choice>),
    /// Two pictures.
    Pictures(Pictures),
    /// From the confirm page: on (`true`) or back to the list.
    Confirm(bool),
    /// From the first code: send (`true`) or back to the list.
    Ready(bool),
    /// From the first code: open this ballot completely instead of casting it.
    Spoil,
    /// Send the check ballot.
    Check,
    /// From the second code back to the list.
    Checked,
    /// Send.
    Cast,
    /// The slip is printed, or cannot be.
    Slip,
    /// Both numbers are on paper.
    Noted,
    /// The number that is to be opened.
    Side(Side),
    /// Send the opening.
    Open,
    /// Open nothing.
    LeaveClosed,
    /// From the receipt to the questions.
    Questions,
    /// Answers; an empty list skips the questions.
    Survey(Vec<SurveyAnswer>),
    /// Do without relays, none of which answers.
    Direct,
    /// Finish and forget.
    End,
    /// Nobody is in front of the page any more.
    Leave,
    /// The voter is still there.
    Extend,
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Command(..)")
    }
}

/// A session and the edges it works through.
pub struct Session {
    rules: Rules,
    card: Box<dyn CardPort>,
    face: Box<dyn FacePort>,
    voting: Box<dyn VotingPort>,
    random_start: Box<dyn FnMut(u16) -> u16 + Send>,
    number: u64,
    last_sign: Instant,
    time: Option<(NodeTime, Instant)>,
    clock_asked: Instant,
    voter: Voter,
}

/// Everything that belongs to one voter; replaced as a whole when they leave.
struct Voter {
    step: Screen,
    fault: Option<Fault>,
    vote_state: VoteState,
    tries_left: Option<u8>,
    attempts_left: u8,
    test_card: bool,
    card_present: bool,
    /// Kept while the photo is read and compared, because reading it ends what the PIN opened.
    /// Gone before a registrar is asked.
    pin: Option<Pin>,
    face: Option<FaceVerdict>,
    identity: Option<[u8; 32]>,
    previous: Option<u64>,
    rotation: u16,
    choice: Option<Choice>,
    pictures: Option<Pictures>,
    first: Option<FirstCode>,
    second: Option<SecondCode>,
    checks: u8,
    receipt: Option<ReceiptView>,
    /// While they are to be written down, and no longer.
    sums: Option<Sums>,
    side: Option<Side>,
    opened: bool,
    checkup: Option<Checkup>,
}

impl Voter {
    fn new(rotation: u16) -> Self {
        Self {
            step: Screen::Start,
            fault: None,
            vote_state: VoteState::NotSent,
            tries_left: None,
            attempts_left: FACE_ATTEMPTS,
            test_card: false,
            card_present: false,
            pin: None,
            face: None,
            identity: None,
            previous: None,
            rotation,
            choice: None,
            pictures: None,
            first: None,
            second: None,
            checks: 0,
            receipt: None,
            sums: None,
            side: None,
            opened: false,
            checkup: None,
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("step", &self.voter.step)
            .field("vote_state", &self.voter.vote_state)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A session at its first page. `random_start` draws below its argument, for the place where
    /// this voter's list of proposals begins.
    pub fn new(
        rules: Rules,
        card: Box<dyn CardPort>,
        face: Box<dyn FacePort>,
        voting: Box<dyn VotingPort>,
        mut random_start: Box<dyn FnMut(u16) -> u16 + Send>,
        now: Instant,
    ) -> Self {
        let voter = Voter::new(random_start(rules.options));
        Self {
            rules,
            card,
            face,
            voting,
            random_start,
            number: 1,
            last_sign: now,
            time: None,
            clock_asked: now,
            voter,
        }
    }

    /// The same, told at the start what time it is at the nodes and when they close.
    #[must_use]
    pub fn at(mut self, time: Option<NodeTime>, now: Instant) -> Self {
        self.time = time.map(|time| (time, now));
        self
    }

    /// The nodes' time and close, as far as they are known.
    fn time_now(&self, now: Instant) -> Option<NodeTime> {
        let (time, asked) = self.time?;
        let passed = now.saturating_duration_since(asked).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        let now = time.now.saturating_add(passed);
        Some(NodeTime { now, ..time })
    }

    /// Why nobody can begin to vote here now. Where the nodes' time is not known nobody is kept out:
    /// registrars and nodes have their own clocks.
    fn shut(&self, now: Instant) -> Option<Fault> {
        let time = self.time_now(now)?;
        let (manifest, channel) = self.rules.hours.as_ref()?;
        let shut = manifest.door(*channel, time.now, time.closes).err()?;
        Some(match shut {
            ShutDoor::NotOpen { opens } => Fault::NotOpen { opens: Some(opens) },
            ShutDoor::Over { closed } => Fault::Closed {
                closed: Some(closed),
            },
            ShutDoor::Between { next } => Fault::ChannelClosed { next },
        })
    }

    /// Carries out one command and leaves the outcome in the snapshot.
    ///
    /// # Errors
    /// A request that does not fit the step is answered with [`Fault::WrongStep`] and changes
    /// nothing, not even the message on the page.
    pub fn handle(&mut self, command: Command, now: Instant) -> Result<(), Fault> {
        self.last_sign = now;
        self.refresh_time(false, now);
        match self.dispatch(command, now) {
            Ok(()) => Ok(()),
            Err(Fault::WrongStep) => Err(Fault::WrongStep),
            Err(fault) => {
                self.fail(fault.clone());
                Err(fault)
            }
        }
    }

    fn dispatch(&mut self, command: Command, now: Instant) -> Result<(), Fault> {
        match command {
            Command::Checkup(cameras) => self.look(cameras, now),
            Command::Begin => self.begin(),
            Command::ReadCard => self.read_card(now),
            Command::Pin { pin, last } => self.enter_pin(pin, last),
            Command::Consent => self.consent(),
            Command::Surface(number) => self.enter_surface(number.as_ref()),
            Command::Frame(frame) => self.frame(frame),
            Command::NoCamera => self.no_camera(),
            Command::Authorize => self.authorize(now),
            Command::Pending(send) => self.pending(send, now),
            Command::Choose(choice) => self.choose(choice),
            Command::Pictures(pictures) => self.choose_pictures(pictures),
            Command::Confirm(on) => self.confirm(on),
            Command::Ready(on) => self.ready(on),
            Command::Spoil => self.spoil(),
            Command::Check => self.check(),
            Command::Checked => self.checked(),
            Command::Cast => self.cast(now),
            Command::Slip => self.slip(),
            Command::Noted => self.noted(),
            Command::Side(side) => self.choose_side(side),
            Command::Open => self.open(),
            Command::LeaveClosed => self.leave_closed(),
            Command::Questions => self.questions(),
            Command::Survey(answers) => self.survey(&answers),
            Command::Direct => self.go_direct(),
            Command::End => {
                self.end();
                Ok(())
            }
            Command::Leave => {
                self.leave();
                Ok(())
            }
            Command::Extend => Ok(()),
        }
    }

    /// Looks after time: ends an abandoned session, and at a kiosk makes room for the next voter.
    pub fn tick(&mut self, now: Instant) {
        if self.may_still_cast() {
            self.refresh_time(false, now);
        }
        self.look_at_the_clock(now);
        if self.voter.step == Screen::End {
            self.voter.card_present = self.card.present();
        }
        if self.rules.kiosk && self.left_alone() {
            self.renew(now);
            return;
        }
        if self.rules.kiosk && self.is_opening() && !self.card.present() {
            // Two numbers that are the vote do not wait for nobody.
            self.close_ballot();
        }
        if now.saturating_duration_since(self.last_sign) < self.idle_limit() {
            return;
        }
        match self.voter.step {
            Screen::Start => self.last_sign = now,
            Screen::Ready if self.rules.kiosk => self.renew(now),
            Screen::Ready => self.last_sign = now,
            Screen::End | Screen::Stopped if self.rules.kiosk => self.renew(now),
            Screen::End => {}
            Screen::Stopped if self.voter.fault == Some(Fault::Idle) => {}
            Screen::Done | Screen::Survey => self.end(),
            _ if self.is_opening() => self.end(),
            _ => self.abandon(),
        }
    }

    /// A kiosk stands for days: on its first page it asks the nodes again, and so hears of an extension
    /// or that its door opens. A voter's own program has asked at its start and says nothing more before
    /// the registrars are asked.
    fn look_at_the_clock(&mut self, now: Instant) {
        let asked = now.saturating_duration_since(self.clock_asked);
        if !self.rules.kiosk || self.voter.step != Screen::Start || asked < CLOCK {
            return;
        }
        self.clock_asked = now;
        if let Some(time) = self.voting.now(true) {
            self.time = Some((time, now));
        }
    }

    /// A kiosk's voter has taken the card away: before the send nothing is left to finish.
    fn left_alone(&mut self) -> bool {
        match self.voter.step {
            Screen::Choose
            | Screen::Pictures
            | Screen::Confirm
            | Screen::Code
            | Screen::Checked
            | Screen::End => !self.card.present(),
            _ => false,
        }
    }

    fn idle_limit(&self) -> Duration {
        match self.voter.step {
            Screen::Done | Screen::Survey | Screen::End | Screen::Stopped if self.rules.kiosk => {
                Rules::IDLE_KIOSK
            }
            _ if self.rules.kiosk && self.is_opening() => Rules::IDLE_NOTE,
            _ => self.rules.idle,
        }
    }

    /// Two minutes before the end, or for the last third of a shorter limit.
    fn asks_whether_alone(&self, left: Duration) -> bool {
        let idle_steps = matches!(
            self.voter.step,
            Screen::Start | Screen::Ready | Screen::End | Screen::Stopped
        );
        !idle_steps && left <= Duration::from_mins(2).min(self.idle_limit() / 3)
    }

    fn abandon(&mut self) {
        let state = self.voter.vote_state;
        self.forget(unfinished(state));
        self.voter.vote_state = state;
        self.stop(Fault::Idle);
    }

    /// No relay answered and the voter decided. A kiosk's configuration decides there.
    fn go_direct(&mut self) -> Result<(), Fault> {
        if self.rules.kiosk || self.voter.fault != Some(Fault::NoRelay) {
            return Err(Fault::WrongStep);
        }
        self.voting.go_direct();
        self.voter.fault = None;
        Ok(())
    }

    fn fail(&mut self, fault: Fault) {
        let from_the_card = |last| (Screen::Pin..=last).contains(&self.voter.step);
        if fault.is_reader() && from_the_card(Screen::Authorize)
            || fault.needs_the_card_again() && from_the_card(Screen::Confirm)
        {
            // Nothing has been sent: the voter puts the card back and goes on from there.
            self.card.close();
            self.face.forget();
            self.voter.pin = None;
            self.voter.step = Screen::Card;
            self.voter.fault = Some(fault);
        } else if fault.is_final() {
            self.stop(fault);
        } else {
            self.voter.fault = Some(fault);
        }
    }

    /// No further on this way. Secrets go at once, the state of the vote stays on the page.
    fn stop(&mut self, fault: Fault) {
        self.card.close();
        self.face.forget();
        self.voting.keep_closed();
        self.voter.pin = None;
        self.voter.choice = None;
        self.voter.step = Screen::Stopped;
        self.voter.fault = Some(fault);
    }

    fn go(&mut self, step: Screen) {
        self.voter.step = step;
        self.voter.fault = None;
    }

    fn expect(&self, steps: &[Screen]) -> Result<(), Fault> {
        if steps.contains(&self.voter.step) {
            Ok(())
        } else {
            Err(Fault::WrongStep)
        }
    }

    fn forget(&mut self, keep: bool) {
        self.card.close();
        self.face.forget();
        self.voting.wipe(keep);
        let rotation = (self.random_start)(self.rules.options);
        self.voter = Voter::new(rotation);
    }

    fn end(&mut self) {
        let state = self.voter.vote_state;
        // At home 終了 removes the sealed ballot; a kiosk goes on trying (F-56).
        self.forget(self.rules.kiosk && unfinished(state));
        self.voter.vote_state = state;
        self.voter.card_present = self.card.present();
        self.go(Screen::End);
    }

    /// As [`Self::end`], but nobody said that it is over: a ballot that is not known to be in the box
    /// stays where the same card finds it.
    fn leave(&mut self) {
        let state = self.voter.vote_state;
        self.forget(unfinished(state));
        self.voter.vote_state = state;
        self.go(Screen::End);
    }

    fn renew(&mut self, now: Instant) {
        self.forget(false);
        self.number = self.number.wrapping_add(1);
        self.last_sign = now;
    }

    fn refresh_time(&mut self, fresh: bool, now: Instant) {
        // Before the registrars were asked, no party hears from this booth.
        if self.may_still_cast() || fresh {
            if let Some(time) = self.voting.now(fresh) {
                self.time = Some((time, now));
            } else if fresh {
                self.time = None;
            }
        }
    }

    /// Between the answer of the registrars and the send.
    fn may_still_cast(&self) -> bool {
        (Screen::Choose..=Screen::Code).contains(&self.voter.step)
    }

    fn may_vote(&self, now: Instant) -> bool {
        self.time_now(now)
            .is_some_and(|time| time.now.saturating_add(CLOSE_MARGIN_MS) < time.closes)
    }

    /// The page's view of this moment.
    #[must_use]
    pub fn snapshot(&self, now: Instant) -> Snapshot {
        let voter = &self.voter;
        let idle = now.saturating_duration_since(self.last_sign);
        let left = self.idle_limit().saturating_sub(idle);
        let time = self.time_now(now);
        let shut = self.shut(now).filter(|_| voter.step == Screen::Start);
        Snapshot {
            step: voter.step,
            shut: shut.is_some(),
            fault: voter.fault.clone().or(shut),
            vote_state: voter.vote_state,
            tries_left: voter.tries_left,
            last_try: voter.tries_left == Some(1),
            attempts_left: voter.attempts_left,
            test_card: voter.test_card,
            card_present: voter.card_present,
            previous: voter.previous,
            rotation: voter.rotation,
            choice: voter.choice,
            pictures: voter.pictures,
            first: voter.first.clone(),
            second: voter.second.clone(),
            checks: voter.checks,
            receipt: voter.receipt.clone(),
            sums: voter.sums.clone(),
            side: voter.side,
            opened: voter.opened,
            checkup: voter.checkup.clone(),
            now: time.map(|time| time.now),
            closes: time.map(|time| time.closes),
            may_vote: self.may_vote(now),
            papers: self.voting.papers().filter(|_| voter.receipt.is_none()),
            idle_left: left.as_secs(),
            idle_warning: self.asks_whether_alone(left),
            busy: false,
            session: self.number,
            revision: 0,
        }
    }
}

/// A sealed ballot may still be wanted: it is not known to be in the box.
fn unfinished(vote: VoteState) -> bool {
    !matches!(
        vote,
        VoteState::NotSent | VoteState::Overtaken | VoteState::Accepted
    )
}

#[cfg(test)]
pub(crate) mod tests;
