//! The codes of the error catalogue, each under the name the catalogue calls its `slug`.

use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])+ $name:ident = $code:literal,)+) => {
        /// A code of the error catalogue `data/errors.toml`. The only place in which it is text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])+ #[serde(rename = $code)] $name,)+
        }

        impl ErrorCode {
            /// All codes, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as voters and staff read it, for example `E-04b`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

codes! {
    /// Voting has not opened yet.
    BeforeOpening = "E-01",
    /// Voting has closed.
    AfterClose = "E-02",
    /// This counter or venue is closed now.
    ChannelClosed = "E-03",
    /// This kiosk is not a polling place's.
    StationUnknown = "E-03b",
    /// No card reader is connected.
    NoReader = "E-04",
    /// The system's card-reader service does not run.
    ReaderService = "E-04b",
    /// Another program holds the card.
    ReaderShared = "E-04c",
    /// The card-reader service does not serve this user.
    ReaderAccess = "E-04d",
    /// No card is on the reader.
    NoCard = "E-05",
    /// Not a My Number card, or unreadable.
    WrongCard = "E-06",
    /// Another card than the one read at the beginning.
    OtherCard = "E-06b",
    /// The card left the reader.
    CardRemoved = "E-07",
    /// The card or the reader failed in the middle of reading.
    CardRead = "E-07b",
    /// The certificate for user authentication has expired.
    CertificateExpired = "E-08",
    /// The card holds no such certificate.
    NoCertificate = "E-08a",
    /// The certificate was issued after voting opened.
    IssuedAfterOpening = "E-08b",
    /// The certificate or the card's signature cannot be confirmed.
    CertificateRefused = "E-08c",
    /// A telephone's certificate.
    PhoneToken = "E-08d",
    /// The certificate has been revoked.
    CertificateRevoked = "E-09",
    /// Identity cannot be checked at this moment.
    RevocationUnknown = "E-10",
    /// A registrar's answer is not the one it committed to.
    FalseAnswer = "E-10b",
    /// A registrar's key for this card is not the one behind the first ballot.
    CardKeyDiffers = "E-10c",
    /// A registrar denied that a ballot of this card exists.
    FirstDenied = "E-10d",
    /// The first ballot of this voting key has other keys than this card.
    ForeignFirst = "E-10e",
    /// The PIN is wrong.
    PinWrong = "E-11",
    /// One try is left for the PIN.
    PinLast = "E-12",
    /// The PIN is locked.
    PinLocked = "E-13",
    /// The PIN is not four digits.
    PinFormat = "E-14",
    /// There is no camera, or no permission to use it.
    NoCamera = "E-15",
    /// The picture cannot be judged.
    FaceUnclear = "E-16",
    /// The comparing program does not answer.
    FaceEngine = "E-16b",
    /// The face is not the card's.
    FaceMismatch = "E-17",
    /// The card's photo record cannot be confirmed.
    SurfaceSignature = "E-17b",
    /// The face was not confirmed in all attempts.
    FaceRefused = "E-18",
    /// 照合番号B is wrong.
    SurfaceNumber = "E-19",
    /// 照合番号B is locked.
    SurfaceLocked = "E-19b",
    /// No proposal has been chosen.
    NothingChosen = "E-20",
    /// The ballot was not sent.
    SendFailed = "E-21",
    /// Another ballot of the same person came first.
    Overtaken = "E-21b",
    /// The nodes refuse the ballot.
    BallotRefused = "E-21c",
    /// No relay passes anything on to the nodes.
    NoRelay = "E-21d",
    /// A sealed ballot of an earlier visit can never be accepted any more.
    LeftoverOver = "E-21e",
    /// Sent, and not final yet.
    Waiting = "E-22",
    /// The board has halted.
    BoardHalted = "E-22b",
    /// The computer's clock is wrong.
    ClockWrong = "E-23",
    /// The start file is not genuine, or too old.
    StartFile = "E-24",
    /// The start file's ticket is used up.
    TicketUsed = "E-24b",
    /// A practice election in a program for real ones, or the reverse.
    OtherKind = "E-24c",
    /// The election was withdrawn before its opening.
    Withdrawn = "E-24d",
    /// The start file has expired.
    StartFileExpired = "E-24e",
    /// The program was started without a start file.
    NoStartFile = "E-24f",
    /// This version of the program is too old.
    OldProgram = "E-25",
    /// The session ended without input.
    SessionEnded = "E-26",
    /// A request of the identity check was used before or came too late.
    RequestReplayed = "E-26b",
    /// A further ballot needs the card once more.
    CardStepAgain = "E-26c",
    /// Too often in a short time.
    RateLimited = "E-27",
    /// Another first request of the same person is on record.
    OtherRequest = "E-27b",
    /// Further ballots of this person are given at staffed stations only.
    StationOnly = "E-27c",
    /// A kiosk keeps the sealed ballot until the network is back.
    KeptHere = "E-28",
    /// The receipt cannot be printed.
    Printer = "E-28b",
    /// Nothing with this receipt number is on the board.
    ReceiptUnknown = "E-29",
    /// Not a receipt number.
    ReceiptFormat = "E-29b",
    /// The board cannot be reached.
    BoardUnreachable = "E-29c",
    /// Something that nobody foresaw.
    Internal = "E-30",
    /// The survey's answers cannot be taken.
    SurveyRefused = "E-30b",
    /// The number that was chosen is not seen to be opened yet.
    NotOpened = "E-31",
    /// The nodes refuse the opening.
    OpeningRefused = "E-31b",
    /// The nodes refuse the check ballot.
    CheckRefused = "E-31c",
    /// Nothing can be stored on this machine.
    Disk = "E-32",
    /// No address of the start file answers.
    ElectionUnreachable = "E-33",
    /// What answers is something else: a login page, a proxy.
    OtherAnswer = "E-33b",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not a code of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a code of the error catalogue")
    }
}

impl core::error::Error for UnknownCode {}

impl FromStr for ErrorCode {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let mut all = Self::ALL.iter().copied();
        all.find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

#[cfg(test)]
mod tests;
