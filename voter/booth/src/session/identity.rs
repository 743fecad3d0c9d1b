//! Card, PIN and face: everything before registrars hear of the voter.

use std::time::Instant;

use card::{LastTry, NumberB, Pin};
use face::Outcome;
use refusal::VoteState;
use zeroize::Zeroizing;

use super::{Session, wall};
use crate::fault::Fault;
use crate::ports::Leftover;
use crate::screen::Screen;

impl Session {
    /// Rule: who cannot vote here now is told so before the card is asked anything.
    pub(super) fn read_card(&mut self, now: Instant) -> Result<(), Fault> {
        self.expect(&[Screen::Start, Screen::Ready, Screen::Card])?;
        if let Some(shut) = self.shut(now).filter(|_| self.voter.step != Screen::Card) {
            return Err(shut);
        }
        self.go(Screen::Card);
        let facts = self.card.open()?;
        self.voter.test_card = facts.test_card;
        // Another card than before: what was found about the first one is not about this one, and
        // whoever put it down is told to begin anew.
        match self.voter.identity.replace(facts.identity) {
            Some(before) if before != facts.identity => {
                self.voter.face = None;
                return Err(Fault::OtherCard);
            }
            _ => {}
        }
        self.set_tries(facts.tries_left)?;
        self.go(Screen::Pin);
        if facts.tries_left == 1 {
            self.voter.fault = Some(Fault::PinLast);
        }
        Ok(())
    }

    /// Rule: what is not four digits is not shown to the card; the last try needs the voter's
    /// word, and the card's session is where that is decided.
    pub(super) fn enter_pin(&mut self, pin: Option<Pin>, last: LastTry) -> Result<(), Fault> {
        self.expect(&[Screen::Pin])?;
        let pin = pin.ok_or(Fault::PinFormat)?;
        self.card.unlock(&pin, last).inspect_err(|fault| {
            self.voter.tries_left = fault.pin_tries().or(self.voter.tries_left);
        })?;
        self.voter.tries_left = None;
        if self.voter.face.is_none() && self.rules.face_required {
            self.voter.pin = Some(pin);
            self.go(Screen::Consent);
            return Ok(());
        }
        if self.voter.face.is_none() {
            self.voter.face = wall::told_to_registrars(None);
        }
        self.go(Screen::Authorize);
        Ok(())
    }

    fn set_tries(&mut self, left: u8) -> Result<(), Fault> {
        self.voter.tries_left = Some(left);
        if left == 0 {
            Err(Fault::PinLocked)
        } else {
            Ok(())
        }
    }

    pub(super) fn consent(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Consent])?;
        self.go(Screen::Surface);
        Ok(())
    }

    pub(super) fn enter_surface(&mut self, number: Option<&NumberB>) -> Result<(), Fault> {
        self.expect(&[Screen::Surface])?;
        let number = number.ok_or(Fault::SurfaceWrong { left: None })?;
        let photo = self.card.photo(number)?;
        self.face.begin(&photo)?;
        self.go(Screen::Face);
        Ok(())
    }

    /// Rule: only a mismatch uses an attempt; a frame that cannot be judged does not, and a
    /// comparing program that does not answer is neither yes nor no.
    pub(super) fn frame(&mut self, frame: Zeroizing<Vec<u8>>) -> Result<(), Fault> {
        self.expect(&[Screen::Face])?;
        let outcome = self.face.compare(frame);
        match outcome {
            Outcome::Accepted => {
                self.face.forget();
                self.voter.face = wall::told_to_registrars(Some(&outcome));
                self.go(Screen::Authorize);
                Ok(())
            }
            Outcome::TryAgain { reason, .. } if reason.is_quality() => {
                Err(Fault::FaceUnclear(reason))
            }
            // The count is the session's: a card that is put back does not begin a new one.
            Outcome::TryAgain { .. } => {
                self.voter.attempts_left = self.voter.attempts_left.saturating_sub(1);
                match self.voter.attempts_left {
                    0 => Err(Fault::FaceRefused),
                    left => Err(Fault::FaceMismatch { left }),
                }
            }
            Outcome::Refused { .. } => Err(Fault::FaceRefused),
            Outcome::Unavailable(_) => Err(Fault::FaceEngine),
        }
    }

    pub(super) fn no_camera(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Consent, Screen::Surface, Screen::Face])?;
        Err(Fault::NoCamera)
    }

    /// Reading the photo ended what the PIN had opened: it is shown once more, and then forgotten,
    /// before any party is asked. `false` if there is no PIN to show.
    ///
    /// Rule: this is not a try that the voter agreed to. Where the card says no, or has one try
    /// left, it is not the card of a moment ago: it is read anew and the voter asked.
    fn unlock_again(&mut self) -> Result<bool, Fault> {
        let pin = self.voter.pin.take();
        if self.card.unlocked() {
            return Ok(true);
        }
        let Some(pin) = pin else { return Ok(false) };
        match self.card.unlock(&pin, LastTry::NotAgreed) {
            Ok(()) => Ok(true),
            Err(fault) if fault.pin_tries().is_some() => Err(Fault::CardGone),
            Err(fault) => Err(fault),
        }
    }

    pub(super) fn authorize(&mut self, now: Instant) -> Result<(), Fault> {
        self.expect(&[Screen::Authorize])?;
        let face = self.voter.face.ok_or(Fault::WrongStep)?;
        if !self.unlock_again()? {
            self.go(Screen::Pin);
            return Ok(());
        }
        let standing = self.voting.authorize(self.card.as_mut(), face)?;
        // From here on the card is not needed any more.
        self.card.close();
        self.voter.previous = standing.previous;
        match standing.pending {
            Leftover::Received(receipt) => {
                self.voter.vote_state = VoteState::Accepted;
                self.voter.receipt = Some(*receipt);
                self.go(Screen::Pending);
            }
            Leftover::Unsent => {
                self.voter.vote_state = VoteState::Stored;
                self.go(Screen::Pending);
            }
            Leftover::None => self.go(Screen::Choose),
            Leftover::Over => {
                self.go(Screen::Choose);
                self.voter.fault = Some(Fault::LeftoverOver);
            }
        }
        self.refresh_time(true, now);
        Ok(())
    }
}
