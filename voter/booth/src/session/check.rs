//! A check ballot in place of the vote (spec 09 §2): the second line. No vote is cast here.

use super::Session;
use crate::fault::Fault;
use crate::screen::Screen;

impl Session {
    /// From the first code: this ballot is opened completely and can be cast no more.
    pub(super) fn spoil(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Code])?;
        self.voting.spoil()?;
        self.voter.checks = self.voter.checks.saturating_add(1);
        self.go(Screen::Checking);
        Ok(())
    }

    /// Sends the check ballot; again after a fault the same bytes. One that the board refuses leads
    /// back to the list: the voter can still vote.
    pub(super) fn check(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Checking])?;
        self.voter.fault = None;
        match self.voting.send_check() {
            Ok(second) => {
                self.voter.second = Some(second);
                self.go(Screen::Checked);
                Ok(())
            }
            Err(Fault::CheckRefused) => {
                self.anew();
                Err(Fault::CheckRefused)
            }
            Err(fault) => Err(fault),
        }
    }

    /// From the second code, or from a check ballot that does not arrive, back to the list.
    pub(super) fn checked(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Checking, Screen::Checked])?;
        self.anew();
        Ok(())
    }

    /// To the list with nothing picked and nothing prepared; the next ballot has another seed.
    pub(super) fn anew(&mut self) {
        self.voting.drop_pending();
        self.voter.first = None;
        self.voter.second = None;
        self.voter.pictures = None;
        self.go(Screen::Choose);
    }
}
