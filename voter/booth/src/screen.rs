//! Where a voter is: the step on the screen.

use serde::Serialize;

/// One screen of the booth. The order is the order of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Screen {
    /// What this vote is and what is needed.
    Start,
    /// What was found when everything was looked at.
    Ready,
    /// Put the card on the reader.
    Card,
    /// Four digits.
    Pin,
    /// Consent to the face check.
    Consent,
    /// The 14 digits of the card's face open the photo.
    Surface,
    /// Camera.
    Face,
    /// Registrars are being asked.
    Authorize,
    /// A ballot sealed before a crash was found.
    Pending,
    /// Choose a proposal.
    Choose,
    /// Pick two pictures for the receipt.
    Pictures,
    /// Look at the choice once more.
    Confirm,
    /// The ballot is made; its first code is shown, nothing is sent.
    Code,
    /// The check ballot is under way: it is opened and never counted.
    Checking,
    /// The check ballot is final; its second code is shown.
    Checked,
    /// Under way; not yet certain.
    Sending,
    /// At a kiosk: the slip with first code and board number.
    Slip,
    /// Write both numbers down.
    Note,
    /// Which of the two is opened.
    Side,
    /// The opening is under way.
    Opening,
    /// Received, with the receipt.
    Done,
    /// Anonymous questions.
    Survey,
    /// Take the card.
    End,
    /// This way does not lead further; the page says which one does.
    Stopped,
}

impl Screen {
    /// Number printed on every screen, for the help desk (画面番号).
    #[must_use]
    pub fn screen(self) -> &'static str {
        match self {
            Self::Start => "1-1",
            Self::Ready => "1-2",
            Self::Card => "2-1",
            Self::Pin => "2-2",
            Self::Consent => "3-1",
            Self::Surface => "3-2",
            Self::Face => "3-3",
            Self::Authorize => "3-4",
            Self::Pending => "4-0",
            Self::Choose => "4-1",
            Self::Pictures => "4-2",
            Self::Confirm => "4-3",
            Self::Code => "4-4",
            Self::Sending => "4-5",
            Self::Slip => "4-6",
            Self::Note => "4-7",
            Self::Side => "4-8",
            Self::Opening => "4-9",
            Self::Done => "4-10",
            Self::Checking => "4-11",
            Self::Checked => "4-12",
            Self::Survey => "5-1",
            Self::End => "6-1",
            Self::Stopped => "9-1",
        }
    }

    /// Which of the six steps of the vote this is, 1 to 6; none outside them.
    #[must_use]
    pub fn stage(self) -> Option<u8> {
        match self {
            Self::Start | Self::Ready => Some(1),
            Self::Card | Self::Pin => Some(2),
            Self::Consent | Self::Surface | Self::Face | Self::Authorize => Some(3),
            Self::Pending
            | Self::Choose
            | Self::Pictures
            | Self::Confirm
            | Self::Code
            | Self::Checking
            | Self::Checked
            | Self::Sending
            | Self::Slip
            | Self::Note
            | Self::Side
            | Self::Opening
            | Self::Done => Some(4),
            Self::Survey => Some(5),
            Self::End => Some(6),
            Self::Stopped => None,
        }
    }

    /// Name of the screen in catalogues, templates and page addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Ready => "ready",
            Self::Card => "card",
            Self::Pin => "pin",
            Self::Consent => "consent",
            Self::Surface => "surface",
            Self::Face => "face",
            Self::Authorize => "authorize",
            Self::Pending => "pending",
            Self::Choose => "choose",
            Self::Pictures => "mark",
            Self::Confirm => "confirm",
            Self::Code => "code",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Sending => "sending",
            Self::Slip => "slip",
            Self::Note => "note",
            Self::Side => "side",
            Self::Opening => "opening",
            Self::Done => "done",
            Self::Survey => "survey",
            Self::End => "end",
            Self::Stopped => "stopped",
        }
    }
}
