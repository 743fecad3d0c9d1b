//! Card, PIN and face: everything before registrars hear of the voter.

use std::time::Instant;

use zeroize::Zeroizing;

use super::Session;
use crate::fault::Fault;
use crate::ports::{FaceReport, FaceVerdict, Leftover, PhotoOutcome, PinOutcome};
use crate::secret::{NumberB, Pin};
use crate::step::{Step, VoteState};

impl Session {
    pub(super) fn read_card(&mut self) -> Result<(), Fault> {
        self.expect(&[Step::Start, Step::Card])?;
        self.go(Step::Card);
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
        self.go(Step::Pin);
        if facts.tries_left == 1 {
            self.voter.fault = Some(Fault::PinLast);
        }
        Ok(())
    }

    /// Rule: what is not four digits is not shown to the card; the last try needs the voter's
    /// word; the tries are read before and after.
    pub(super) fn enter_pin(&mut self, pin: Option<Pin>, last: bool) -> Result<(), Fault> {
        self.expect(&[Step::Pin])?;
        let pin = pin.ok_or(Fault::PinFormat)?;
        let left = self.card.tries_left()?;
        self.set_tries(left)?;
        if left == 1 && !last {
            return Err(Fault::PinLast);
        }
        match self.card.verify_pin(&pin)? {
            PinOutcome::Wrong { left } => {
                self.set_tries(left)?;
                Err(if left == 1 {
                    Fault::PinLast
                } else {
                    Fault::PinWrong { left }
                })
            }
            PinOutcome::Right => {
                self.voter.tries_left = None;
                self.voter.pin = Some(pin);
                if self.voter.face.is_some() {
                    self.go(Step::Authorize);
                } else if self.rules.face_required {
                    self.go(Step::Consent);
                } else {
                    self.voter.face = Some(FaceReport::NotRequired);
                    self.go(Step::Authorize);
                }
                Ok(())
            }
        }
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
        self.expect(&[Step::Consent])?;
        self.go(Step::Surface);
        Ok(())
    }

    pub(super) fn enter_surface(&mut self, number: Option<&NumberB>) -> Result<(), Fault> {
        self.expect(&[Step::Surface])?;
        let number = number.ok_or(Fault::SurfaceWrong { left: None })?;
        match self.card.photo(number)? {
            PhotoOutcome::Photo(photo) => {
                self.face.begin(&photo)?;
                self.go(Step::Face);
                Ok(())
            }
            PhotoOutcome::Wrong { left: 0 } => Err(Fault::SurfaceLocked),
            PhotoOutcome::Wrong { left } => Err(Fault::SurfaceWrong { left: Some(left) }),
            PhotoOutcome::BadSignature => Err(Fault::SurfaceSignature),
        }
    }

    /// Rule: only a mismatch uses an attempt; a frame that cannot be judged does not, and a
    /// comparing program that does not answer is neither yes nor no.
    pub(super) fn frame(&mut self, frame: Zeroizing<Vec<u8>>) -> Result<(), Fault> {
        self.expect(&[Step::Face])?;
        match self.face.compare(frame) {
            FaceVerdict::Match => {
                self.face.forget();
                self.voter.face = Some(FaceReport::Matched);
                self.go(Step::Authorize);
                Ok(())
            }
            FaceVerdict::Mismatch => {
                self.voter.attempts_left = self.voter.attempts_left.saturating_sub(1);
                match self.voter.attempts_left {
                    0 => Err(Fault::FaceRefused),
                    left => Err(Fault::FaceMismatch { left }),
                }
            }
            FaceVerdict::Refused => Err(Fault::FaceRefused),
            FaceVerdict::Unclear(hint) => Err(Fault::FaceUnclear(hint)),
            FaceVerdict::Unavailable => Err(Fault::FaceEngine),
        }
    }

    pub(super) fn no_camera(&mut self) -> Result<(), Fault> {
        self.expect(&[Step::Consent, Step::Surface, Step::Face])?;
        Err(Fault::NoCamera)
    }

    pub(super) fn authorize(&mut self, now: Instant) -> Result<(), Fault> {
        self.expect(&[Step::Authorize])?;
        let (Some(pin), Some(face)) = (self.voter.pin.clone(), self.voter.face) else {
            return Err(Fault::WrongStep);
        };
        let standing = self.voting.authorize(self.card.as_mut(), &pin, face)?;
        // From here on the card is not needed any more.
        self.voter.pin = None;
        self.card.close();
        self.voter.previous = standing.previous;
        match standing.pending {
            Leftover::Received(receipt) => {
                self.voter.vote_state = VoteState::Received;
                self.voter.receipt = Some(*receipt);
                self.go(Step::Pending);
            }
            Leftover::Unsent => {
                self.voter.vote_state = VoteState::Stored;
                self.go(Step::Pending);
            }
            Leftover::None => self.go(Step::Choose),
        }
        self.refresh_time(true, now);
        Ok(())
    }
}
