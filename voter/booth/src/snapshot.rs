//! What a page may know of the session at one moment.

use core::fmt;

use ballot::Side;
use refusal::VoteState;

use crate::checkup::Checkup;
use crate::fault::Fault;
use crate::ports::{Choice, Pictures};
use crate::receipt::ReceiptView;
use crate::screen::Screen;
use crate::sums::{FirstCode, SecondCode, Sums};

/// State of the session, as pages and `/api` see it. Holds no PIN, no photo, no key.
#[derive(Clone)]
pub struct Snapshot {
    /// The screen.
    pub step: Screen,
    /// Nobody can begin here now; the fault says why.
    pub shut: bool,
    /// What went wrong last, if anything.
    pub fault: Option<Fault>,
    /// What has become of the vote.
    pub vote_state: VoteState,
    /// Tries left for the PIN.
    pub tries_left: Option<u8>,
    /// The last PIN try has to be confirmed.
    pub last_try: bool,
    /// Face attempts left.
    pub attempts_left: u8,
    /// A test card is in use.
    pub test_card: bool,
    /// A card lies on the reader (asked at the end only).
    pub card_present: bool,
    /// When an earlier ballot of this person was received.
    pub previous: Option<u64>,
    /// Where the list of proposals starts for this voter.
    pub rotation: u16,
    /// The proposal on the confirm page. Shown there and nowhere else.
    pub choice: Option<Choice>,
    /// The pictures picked.
    pub pictures: Option<Pictures>,
    /// The first code of the prepared ballot.
    pub first: Option<FirstCode>,
    /// The second code of a check ballot that is final.
    pub second: Option<SecondCode>,
    /// Check ballots made in this sitting.
    pub checks: u8,
    /// The receipt.
    pub receipt: Option<ReceiptView>,
    /// Both numbers of every check line. On the page where they are written down and nowhere else.
    pub sums: Option<Sums>,
    /// The side the voter chose.
    pub side: Option<Side>,
    /// The receipt of the opening verified.
    pub opened: bool,
    /// What the last look at everything found.
    pub checkup: Option<Checkup>,
    /// Server time when it was last known, and the close.
    pub now: Option<u64>,
    /// The effective close.
    pub closes: Option<u64>,
    /// 「投票する」 may be offered.
    pub may_vote: bool,
    /// Without a receipt: what nodes signed about the ballot, as a file to keep.
    pub papers: Option<String>,
    /// Seconds until the session ends automatically.
    pub idle_left: u64,
    /// Time to ask whether the voter is still there.
    pub idle_warning: bool,
    /// A long call is under way.
    pub busy: bool,
    /// Counts changes of what the page shows, so that a page knows when it is out of date.
    pub revision: u64,
    /// Counts sessions, so that a page of an earlier voter notices.
    pub session: u64,
}

impl Snapshot {
    /// Whether a page made from `other` would look like this one.
    #[must_use]
    pub fn shows_the_same_as(&self, other: &Self) -> bool {
        let look = |s: &Self| {
            (
                s.step,
                s.vote_state,
                s.tries_left,
                s.attempts_left,
                s.card_present,
                s.session,
            )
        };
        look(self) == look(other) && self.fault == other.fault && self.may_vote == other.may_vote
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("step", &self.step)
            .field("code", &self.fault.as_ref().map(Fault::code))
            .field("vote_state", &self.vote_state)
            .finish_non_exhaustive()
    }
}
