//! The possible answers of a comparison inside the booth: yes, no, again, or nothing; never how
//! close it was. Registrars get another type, which the booth makes.

use crate::engine::Unavailable;

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
    /// words and codes that go out are the same, so nobody can hill-climb towards a match.
    Unsure,
    /// The picture is the card's photo itself.
    SamePicture,
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
            Self::AttemptsUsed => "attempts-used",
            Self::TooManyPictures => "too-many-pictures",
        }
    }

    /// Whether the picture, not the person, is at fault. Such a picture uses no attempt.
    #[must_use]
    pub fn is_quality(self) -> bool {
        match self {
            Self::Unreadable
            | Self::NoFace
            | Self::SeveralFaces
            | Self::TooSmall
            | Self::TooDark
            | Self::TooBright
            | Self::Blurred => true,
            Self::NoMatch
            | Self::Unsure
            | Self::SamePicture
            | Self::AttemptsUsed
            | Self::TooManyPictures => false,
        }
    }
}

/// The answer to one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The same person, as far as the engine can see. Final. Whether a living person is before
    /// the camera is not judged: a printed photo of the card's holder passes.
    Accepted,
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

impl Outcome {
    /// Whether the session has its answer: after it no picture is looked at.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Accepted | Self::Refused { .. } => true,
            Self::TryAgain { .. } | Self::Unavailable(_) => false,
        }
    }
}
