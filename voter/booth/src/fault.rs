//! Everything that can go wrong for a voter: one variant for each rule, with its code in the
//! error list.

use core::fmt;

use face::Reason;
use refusal::ErrorCode;

/// How people count the registrars of a manifest, which lists at most eight.
const NUMBERS: [&str; 8] = ["1", "2", "3", "4", "5", "6", "7", "8"];

/// Why a step did not succeed. The texts live in the error list under [`Fault::code`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The vote has not begun.
    NotOpen {
        /// When it does, if the registrar said so.
        opens: Option<u64>,
    },
    /// The vote is over.
    Closed {
        /// The effective close, as far as it is known.
        closed: Option<u64>,
    },
    /// This counter or venue is closed now.
    ChannelClosed {
        /// Its next opening.
        next: Option<u64>,
    },
    /// No reader is connected.
    NoReader,
    /// The system's reader service does not run.
    ReaderService,
    /// The system's reader service does not serve this user.
    ReaderAccess,
    /// Another program holds the card.
    ReaderShared,
    /// No card on the reader.
    NoCard,
    /// Not a My Number card, or unreadable.
    WrongCard,
    /// Another card than the one read at the beginning.
    OtherCard,
    /// The card left the reader.
    CardGone,
    /// The card or the reader failed in the middle of reading; a short name to look up.
    CardRead(&'static str),
    /// The card holds no user-authentication certificate.
    NoCertificate,
    /// The certificate has expired.
    Expired {
        /// When it did.
        since: Option<u64>,
    },
    /// The certificate was issued after the vote opened.
    IssuedAfterOpening,
    /// A telephone's certificate.
    PhoneToken,
    /// The certificate was revoked.
    Revoked,
    /// Nobody can say now whether the certificate was revoked.
    RevocationUnknown,
    /// The registrar refuses this card for another reason.
    CertificateRefused,
    /// The PIN was wrong, two tries are left.
    PinWrong {
        /// Tries left.
        left: u8,
    },
    /// One try is left: the voter has to say that they want to use it.
    PinLast,
    /// The PIN is locked.
    PinLocked,
    /// Not four digits; the card was not asked.
    PinFormat,
    /// No camera, or no permission to use it.
    NoCamera,
    /// The picture is not good enough to compare; no attempt was used.
    FaceUnclear(Reason),
    /// Another face than on the card.
    FaceMismatch {
        /// Attempts left.
        left: u8,
    },
    /// Three mismatches: staff decide at the counter.
    FaceRefused,
    /// The comparing program does not answer: neither yes nor no.
    FaceEngine,
    /// The card's photo shows no face that can be compared.
    FacePhoto,
    /// 照合番号B was wrong or not fourteen digits.
    SurfaceWrong {
        /// Tries left, unless the card was not asked.
        left: Option<u8>,
    },
    /// 照合番号B is locked.
    SurfaceLocked,
    /// The card's photo record is not signed by a municipality.
    SurfaceSignature,
    /// No proposal, or no two different pictures, were picked.
    NothingChosen,
    /// The ballot was refused or not sent: it is not in the box.
    SendFailed,
    /// No relay answers, and nothing goes to the nodes directly unless the voter says so.
    NoRelay,
    /// Too few nodes answered a look-up.
    NodesUnreachable,
    /// Another ballot of the same person came first: this one can never be accepted.
    Overtaken,
    /// No node accepts the ballot.
    BallotRefused,
    /// The opening was sent or not, and its receipt is not here: to be sent again.
    NotOpened,
    /// No node takes the opening. The vote stays.
    OpeningRefused,
    /// No node takes the check ballot. No vote was cast.
    CheckRefused,
    /// The survey answer could not be stored.
    Survey,
    /// The registrars do not know this kiosk.
    StationUnknown,
    /// Sent, and the finality certificate has not arrived yet.
    Waiting,
    /// The start file or the manifest behind it is not genuine.
    StartFile,
    /// This version of the program is not in the manifest.
    OldProgram,
    /// Ten minutes without a sign of the voter.
    Idle,
    /// Too many ballots in a short time.
    RateLimited {
        /// When the next one may be cast.
        until: Option<u64>,
    },
    /// Another credential request of the same person is on record.
    OtherRequest,
    /// A ballot was cast at a staffed station: further ones are given there only.
    StationOnly,
    /// A kiosk without network keeps the sealed ballot.
    KeptHere,
    /// A registrar gave another salt than the one it committed to (rule R4.03), signed something
    /// else than it said (R4.04), its answer does not fit its own key (R4.05), or its token does not
    /// (R4.01).
    FalseAnswer {
        /// Its number in the manifest, from 0.
        registrar: u16,
    },
    /// A registrar's key for this card is not the one in the ballots on the board (rule R4.06).
    CardKeyDiffers {
        /// Its number in the manifest, from 0.
        registrar: u16,
    },
    /// A registrar said that this person has not voted, and the board holds a ballot from before this
    /// visit, with this card's keys of all registrars.
    FirstDenied {
        /// Its number in the manifest, from 0.
        registrar: u16,
    },
    /// The same, and the ballot on the board has other keys than this card: somebody who knew the
    /// voting secret made it, with whatever card. Nobody can say who said something false.
    ForeignFirst,
    /// A registrar holds no session of this card any more, or the session has served already: the
    /// next try begins with the card.
    SessionOver,
    /// A ballot that was sealed at an earlier visit can never be accepted any more.
    LeftoverOver,
    /// A further ballot needs the card once more: a registrar has forgotten the session, or its key
    /// for this window.
    CardStepAgain,
    /// The registrar cannot be reached.
    RegistrarUnreachable,
    /// The registrar answers that it cannot, for no reason that lies with the voter.
    RegistrarFailed,
    /// The sealed ballot cannot be kept on this machine.
    Disk,
    /// The step does not fit the state of the vote.
    WrongStep,
    /// The request is not what the step asks for.
    BadRequest,
    /// Anything the programmers did not foresee, with a short name to look up.
    Internal(&'static str),
}

impl Fault {
    /// The code in the error list.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotOpen { .. } => ErrorCode::BeforeOpening,
            Self::Closed { .. } => ErrorCode::AfterClose,
            Self::ChannelClosed { .. } => ErrorCode::ChannelClosed,
            Self::NoReader => ErrorCode::NoReader,
            Self::ReaderService => ErrorCode::ReaderService,
            Self::ReaderAccess => ErrorCode::ReaderAccess,
            Self::ReaderShared => ErrorCode::ReaderShared,
            Self::NoCard => ErrorCode::NoCard,
            Self::WrongCard => ErrorCode::WrongCard,
            Self::OtherCard => ErrorCode::OtherCard,
            Self::CardGone => ErrorCode::CardRemoved,
            Self::CardRead(_) => ErrorCode::CardRead,
            Self::Expired { .. } => ErrorCode::CertificateExpired,
            Self::NoCertificate => ErrorCode::NoCertificate,
            Self::IssuedAfterOpening => ErrorCode::IssuedAfterOpening,
            Self::CertificateRefused => ErrorCode::CertificateRefused,
            Self::PhoneToken => ErrorCode::PhoneToken,
            Self::Revoked => ErrorCode::CertificateRevoked,
            Self::RevocationUnknown
            | Self::RegistrarUnreachable
            | Self::RegistrarFailed
            | Self::NodesUnreachable => ErrorCode::RevocationUnknown,
            Self::FalseAnswer { .. } => ErrorCode::FalseAnswer,
            Self::CardKeyDiffers { .. } => ErrorCode::CardKeyDiffers,
            Self::FirstDenied { .. } => ErrorCode::FirstDenied,
            Self::ForeignFirst => ErrorCode::ForeignFirst,
            Self::CardStepAgain => ErrorCode::CardStepAgain,
            Self::SessionOver => ErrorCode::RequestReplayed,
            Self::LeftoverOver => ErrorCode::LeftoverOver,
            Self::PinWrong { .. } => ErrorCode::PinWrong,
            Self::PinLast => ErrorCode::PinLast,
            Self::PinLocked => ErrorCode::PinLocked,
            Self::PinFormat => ErrorCode::PinFormat,
            Self::NoCamera => ErrorCode::NoCamera,
            Self::FaceUnclear(_) => ErrorCode::FaceUnclear,
            Self::FaceEngine => ErrorCode::FaceEngine,
            Self::FaceMismatch { .. } => ErrorCode::FaceMismatch,
            Self::SurfaceSignature => ErrorCode::SurfaceSignature,
            Self::FaceRefused | Self::FacePhoto => ErrorCode::FaceRefused,
            Self::SurfaceWrong { .. } => ErrorCode::SurfaceNumber,
            Self::SurfaceLocked => ErrorCode::SurfaceLocked,
            Self::NothingChosen => ErrorCode::NothingChosen,
            Self::SendFailed => ErrorCode::SendFailed,
            Self::NoRelay => ErrorCode::NoRelay,
            Self::Overtaken => ErrorCode::Overtaken,
            Self::BallotRefused => ErrorCode::BallotRefused,
            Self::Waiting => ErrorCode::Waiting,
            Self::NotOpened => ErrorCode::NotOpened,
            Self::OpeningRefused => ErrorCode::OpeningRefused,
            Self::CheckRefused => ErrorCode::CheckRefused,
            Self::StartFile => ErrorCode::StartFile,
            Self::StationUnknown => ErrorCode::StationUnknown,
            Self::Survey => ErrorCode::SurveyRefused,
            Self::OtherRequest => ErrorCode::OtherRequest,
            Self::StationOnly => ErrorCode::StationOnly,
            Self::OldProgram => ErrorCode::OldProgram,
            Self::Idle => ErrorCode::SessionEnded,
            Self::RateLimited { .. } => ErrorCode::RateLimited,
            Self::KeptHere => ErrorCode::KeptHere,
            Self::Disk => ErrorCode::Disk,
            Self::WrongStep | Self::BadRequest | Self::Internal(_) => ErrorCode::Internal,
        }
    }

    /// Tries or attempts left, for the text.
    #[must_use]
    pub fn left(&self) -> Option<u8> {
        match self {
            Self::PinWrong { left } | Self::FaceMismatch { left } => Some(*left),
            Self::PinLast => Some(1),
            Self::SurfaceWrong { left } => *left,
            _ => None,
        }
    }

    /// Tries left for the PIN, where the card said so.
    #[must_use]
    pub fn pin_tries(&self) -> Option<u8> {
        match self {
            Self::PinWrong { left } => Some(*left),
            Self::PinLast => Some(1),
            Self::PinLocked => Some(0),
            _ => None,
        }
    }

    /// The instant a text speaks of.
    #[must_use]
    pub fn when(&self) -> Option<u64> {
        match self {
            Self::NotOpen { opens } => *opens,
            Self::Closed { closed } => *closed,
            Self::ChannelClosed { next } => *next,
            Self::Expired { since } => *since,
            Self::RateLimited { until } => *until,
            _ => None,
        }
    }

    /// What the help desk can look up: a short name, never anything about the voter.
    #[must_use]
    pub fn detail(&self) -> Option<&'static str> {
        match self {
            Self::Internal(name) | Self::CardRead(name) => Some(name),
            Self::FalseAnswer { registrar }
            | Self::CardKeyDiffers { registrar }
            | Self::FirstDenied { registrar } => NUMBERS.get(usize::from(*registrar)).copied(),
            Self::BadRequest => Some("request"),
            Self::WrongStep => Some("step"),
            Self::BallotRefused => Some("ballot"),
            _ => None,
        }
    }

    /// Whether this card or this person cannot get further on this way: the voter is shown the
    /// other ways instead of a button to try again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::NotOpen { .. }
                | Self::Closed { .. }
                | Self::ChannelClosed { .. }
                | Self::NoCertificate
                | Self::Expired { .. }
                | Self::IssuedAfterOpening
                | Self::CertificateRefused
                | Self::PhoneToken
                | Self::Revoked
                | Self::PinLocked
                | Self::NoCamera
                | Self::FaceRefused
                | Self::FacePhoto
                | Self::SurfaceLocked
                | Self::SurfaceSignature
                | Self::StartFile
                | Self::OldProgram
                | Self::Idle
                | Self::RateLimited { .. }
                | Self::OtherRequest
                | Self::StationOnly
                | Self::FalseAnswer { .. }
                | Self::CardKeyDiffers { .. }
                | Self::FirstDenied { .. }
                | Self::ForeignFirst
                | Self::CardStepAgain
                | Self::SessionOver
                | Self::Overtaken
                | Self::BallotRefused
                | Self::StationUnknown
                | Self::OtherCard
        )
    }

    /// Whether nothing went wrong: the voter has to wait, to look again, or to take care.
    #[must_use]
    pub fn is_only_a_hint(&self) -> bool {
        matches!(
            self,
            Self::NoCard
                | Self::PinLast
                | Self::FaceUnclear(_)
                | Self::Waiting
                | Self::KeptHere
                | Self::NotOpened
                | Self::LeftoverOver
        )
    }

    /// Whether it matters later what registrars signed: it is then kept. All but one name a registrar.
    #[must_use]
    pub fn is_dispute(&self) -> bool {
        matches!(
            self,
            Self::FalseAnswer { .. }
                | Self::CardKeyDiffers { .. }
                | Self::FirstDenied { .. }
                | Self::ForeignFirst
        )
    }

    /// Whether everything but the card step stands: nothing was sent, and the card is shown anew.
    #[must_use]
    pub fn needs_the_card_again(&self) -> bool {
        matches!(self, Self::CardStepAgain | Self::SessionOver)
    }

    /// Whether the card has to be put down again.
    #[must_use]
    pub fn is_reader(&self) -> bool {
        matches!(
            self,
            Self::NoReader
                | Self::ReaderService
                | Self::ReaderAccess
                | Self::ReaderShared
                | Self::NoCard
                | Self::WrongCard
                | Self::CardGone
                | Self::CardRead(_)
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {self:?}", self.code())
    }
}

impl std::error::Error for Fault {}
