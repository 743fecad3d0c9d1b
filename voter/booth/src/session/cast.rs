//! From the list of proposals to the receipt. Every fault here says what has become of the vote.

use std::time::Instant;

use refusal::VoteState;

use super::Session;
use crate::fault::Fault;
use crate::ports::{Choice, Pictures, SurveyAnswer};
use crate::screen::Screen;

/// Pictures to pick from.
const PICTURES: u8 = 16;

impl Session {
    /// The ballot of an interrupted session: sent as it is, or thrown away. If it had arrived,
    /// going on leads to the receipt, or with `false` to a new vote.
    pub(super) fn pending(&mut self, send: bool, now: Instant) -> Result<(), Fault> {
        self.expect(&[Screen::Pending])?;
        match (self.voter.vote_state, send) {
            (VoteState::Accepted, true) => {
                self.go(Screen::Done);
                Ok(())
            }
            (VoteState::Accepted, false) => {
                self.voter.receipt = None;
                self.voter.vote_state = VoteState::NotSent;
                self.go(Screen::Choose);
                Ok(())
            }
            (_, true) => {
                self.voting.take_pending()?;
                self.transmit(now)
            }
            (_, false) => {
                self.voting.drop_pending();
                self.voter.vote_state = VoteState::NotSent;
                self.go(Screen::Choose);
                Ok(())
            }
        }
    }

    pub(super) fn choose(&mut self, choice: Option<Choice>) -> Result<(), Fault> {
        self.expect(&[Screen::Choose])?;
        let choice = choice
            .filter(|c| c.0 < self.rules.options)
            .ok_or(Fault::NothingChosen)?;
        self.voter.choice = Some(choice);
        self.go(Screen::Pictures);
        Ok(())
    }

    pub(super) fn choose_pictures(&mut self, pictures: Pictures) -> Result<(), Fault> {
        self.expect(&[Screen::Pictures])?;
        let [one, two] = pictures;
        if one == two || one >= PICTURES || two >= PICTURES {
            return Err(Fault::NothingChosen);
        }
        self.voter.pictures = Some([one.min(two), one.max(two)]);
        self.go(Screen::Confirm);
        Ok(())
    }

    /// On: the ballot is built and sealed on disk, its first code is shown, nothing is sent. Back: to the list, with
    /// nothing picked.
    pub(super) fn confirm(&mut self, on: bool) -> Result<(), Fault> {
        self.expect(&[Screen::Confirm, Screen::Pictures])?;
        if !on {
            self.voter.choice = None;
            self.voter.pictures = None;
            self.go(Screen::Choose);
            return Ok(());
        }
        self.expect(&[Screen::Confirm])?;
        let (Some(choice), Some(pictures)) = (self.voter.choice, self.voter.pictures) else {
            return Err(Fault::WrongStep);
        };
        self.voter.first = Some(self.voting.prepare(choice, pictures)?);
        self.voter.choice = None;
        self.go(Screen::Code);
        Ok(())
    }

    /// On: the ballot is to be sent. Back: it is thrown away, and the next one has another seed.
    pub(super) fn ready(&mut self, on: bool) -> Result<(), Fault> {
        self.expect(&[Screen::Code])?;
        if on {
            self.go(Screen::Sending);
        } else {
            self.anew();
        }
        Ok(())
    }

    /// Sends what was prepared. Again after a fault: the same bytes, so nothing counts twice.
    pub(super) fn cast(&mut self, now: Instant) -> Result<(), Fault> {
        self.expect(&[Screen::Sending])?;
        self.transmit(now)
    }

    fn transmit(&mut self, now: Instant) -> Result<(), Fault> {
        self.go(Screen::Sending);
        if !matches!(
            self.voter.vote_state,
            VoteState::Pending | VoteState::Unknown
        ) {
            self.refresh_time(true, now);
            if self.time.is_some() && !self.may_vote(now) {
                let closed = self.time.map(|(time, _)| time.closes);
                if self.voter.vote_state == VoteState::Stored {
                    // Left by a crash: it may have been under way then.
                    self.voter.vote_state = VoteState::Pending;
                } else {
                    self.voting.drop_pending();
                }
                return Err(Fault::Closed { closed });
            }
        }
        match self.voting.send() {
            Ok(receipt) => {
                self.voter.vote_state = VoteState::Accepted;
                self.voter.receipt = Some(receipt);
                self.received();
                Ok(())
            }
            Err((fault, state)) => {
                self.voter.vote_state = state;
                Err(fault)
            }
        }
    }

    pub(super) fn questions(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Done])?;
        self.go(Screen::Survey);
        Ok(())
    }

    /// Answers, or none to skip. A fault here does not touch the vote.
    pub(super) fn survey(&mut self, answers: &[SurveyAnswer]) -> Result<(), Fault> {
        self.expect(&[Screen::Done, Screen::Survey])?;
        if !answers.is_empty() {
            self.voting.survey(answers)?;
        }
        self.end();
        Ok(())
    }
}
