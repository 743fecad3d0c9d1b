//! Note, choose, open (spec 09 §2): after the receipt. Nothing here can touch the vote, which is in
//! the box already.

use ballot::Side;

use super::Session;
use crate::fault::Fault;
use crate::screen::Screen;

/// The pages between the receipt of the ballot and the voter's receipt.
const ON_THE_WAY: [Screen; 4] = [Screen::Slip, Screen::Note, Screen::Side, Screen::Opening];

impl Session {
    /// The receipt verified. Numbers are shown when this program still has the ballot's seed; a
    /// kiosk prints first.
    pub(super) fn received(&mut self) {
        match self.voting.sums() {
            None => self.go(Screen::Done),
            Some(_) if self.rules.kiosk => self.go(Screen::Slip),
            Some(sums) => {
                self.voter.sums = Some(sums);
                self.go(Screen::Note);
            }
        }
    }

    /// The slip is printed, or the voter goes on without.
    pub(super) fn slip(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Slip])?;
        self.voter.sums = self.voting.sums();
        self.go(Screen::Note);
        Ok(())
    }

    /// The voter has both numbers on paper: from here on they are shown nowhere.
    pub(super) fn noted(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Note])?;
        self.voter.sums = None;
        self.go(Screen::Side);
        Ok(())
    }

    /// Makes the one opening of this side; the seed is gone afterwards. Nothing is sent.
    pub(super) fn choose_side(&mut self, side: Side) -> Result<(), Fault> {
        self.expect(&[Screen::Side])?;
        self.voting.choose_side(side)?;
        self.voter.side = Some(side);
        self.go(Screen::Opening);
        Ok(())
    }

    /// Sends the opening. Again after a fault: the same bytes.
    pub(super) fn open(&mut self) -> Result<(), Fault> {
        self.expect(&[Screen::Opening])?;
        self.voter.fault = None;
        self.voting.open()?;
        self.voter.opened = true;
        self.go(Screen::Done);
        Ok(())
    }

    /// 公開せずに終わる: the seed is destroyed, the vote stays.
    pub(super) fn leave_closed(&mut self) -> Result<(), Fault> {
        self.expect(&ON_THE_WAY)?;
        self.close_ballot();
        Ok(())
    }

    /// Whether the two numbers, or the choice between them, wait for the voter.
    pub(super) fn is_opening(&self) -> bool {
        ON_THE_WAY.contains(&self.voter.step)
    }

    /// Nothing is opened any more; the receipt is shown.
    pub(super) fn close_ballot(&mut self) {
        self.voting.keep_closed();
        self.voter.sums = None;
        self.go(Screen::Done);
    }
}
