//! What may be said of a comparison: yes, no, again, or nothing. Never how close it was.

use refusal::ErrorCode;

use crate::engine::Unavailable;
use crate::pad::Liveness;

/// Why a picture or a session was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The picture could not be read.
    Unreadable,
    /// No face was found.
    NoFace,
    /// More than one person is in the picture.
    SeveralFaces,
    /// The face is too small: come closer.
    TooSmall,
    /// Too dark.
    TooDark,
    /// Too bright.
    TooBright,
    /// Blurred, or without contrast.
    Blurred,
    /// Not the person on the card.
    NoMatch,
    /// Between yes and no. Told apart from [`Reason::NoMatch`] only within the program: the
    /// words and codes that go out are the same, so that nobody can climb towards a yes.
    Unsure,
    /// The picture is the card's photo itself.
    SamePicture,
    /// No living person.
    NotAlive,
    /// All attempts are used up.
    AttemptsUsed,
    /// Too many pictures without a usable one.
    TooManyPictures,
}

impl Reason {
    /// A stable word for records and catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NoFace => "no-face",
            Self::SeveralFaces => "several-faces",
            Self::TooSmall => "too-small",
            Self::TooDark => "too-dark",
            Self::TooBright => "too-bright",
            Self::Blurred => "blurred",
            Self::NoMatch | Self::Unsure => "no-match",
            Self::SamePicture => "same-picture",
            Self::NotAlive => "not-alive",
            Self::AttemptsUsed => "attempts-used",
            Self::TooManyPictures => "too-many-pictures",
        }
    }

    /// The row of the error catalogue.
    #[must_use]
    pub fn error_code(self) -> ErrorCode {
        match self {
            Self::Unreadable
            | Self::NoFace
            | Self::SeveralFaces
            | Self::TooSmall
            | Self::TooDark
            | Self::TooBright
            | Self::Blurred => ErrorCode::FaceUnclear,
            Self::NoMatch | Self::Unsure | Self::SamePicture | Self::NotAlive => {
                ErrorCode::FaceMismatch
            }
            Self::AttemptsUsed | Self::TooManyPictures => ErrorCode::FaceRefused,
        }
    }

    /// Whether the picture, not the person, is at fault. Such a picture uses no attempt.
    #[must_use]
    pub fn is_quality(self) -> bool {
        self.error_code() == ErrorCode::FaceUnclear
    }
}

/// The answer to one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The same person, as far as the engine can tell. Final.
    Accepted {
        /// What was done against pictures of pictures.
        liveness: Liveness,
    },
    /// Try again.
    TryAgain {
        /// What to do better.
        reason: Reason,
        /// How many comparisons are left.
        attempts_left: u8,
    },
    /// Not by this way: counter or staff. Final for this session, not for the voter's right.
    Refused {
        /// Which bound was reached.
        reason: Reason,
    },
    /// No engine answered. Neither a yes nor a no; no attempt was used.
    Unavailable(Unavailable),
}

/// All that leaves the booth about the face step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The same person.
    Accepted,
    /// Refused, with the reason beside it.
    Refused(Reason),
}

impl Outcome {
    /// The verdict, once there is one.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match *self {
            Self::Accepted { .. } => Some(Verdict::Accepted),
            Self::Refused { reason } => Some(Verdict::Refused(reason)),
            Self::TryAgain { .. } | Self::Unavailable(_) => None,
        }
    }
}
