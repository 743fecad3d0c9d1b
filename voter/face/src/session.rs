//! One voter before the camera: the card's face, the attempts, the answer.

use core::fmt;

use crate::engine::{Analysis, EngineError, FaceEngine, Unavailable};
use crate::pad::Pad;
use crate::picture::{Picture, PictureError};
use crate::policy::Policy;
use crate::template::Template;
use crate::verdict::{Outcome, Reason};

/// A session that could not begin; the voter goes to staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartError {
    /// The photo of the card cannot be read.
    CardPicture(PictureError),
    /// The photo of the card shows no face that can be compared.
    CardFace(Reason),
    /// No engine answered.
    Unavailable(Unavailable),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CardPicture(error) => write!(f, "card photo: {error}"),
            Self::CardFace(reason) => write!(f, "card photo: {}", reason.code()),
            Self::Unavailable(why) => write!(f, "no engine: {why:?}"),
        }
    }
}

impl core::error::Error for StartError {}

impl From<EngineError> for StartError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Picture(error) => Self::CardPicture(error),
            EngineError::Unavailable(why) => Self::Unavailable(why),
        }
    }
}

/// Holds the template of the card's photo and counts. Everything in it is wiped on drop.
#[derive(Debug)]
pub struct MatchSession {
    card: Template,
    policy: Policy,
    attempts_left: u8,
    pictures_left: u16,
    closed: Option<Outcome>,
}

/// A picture good enough to be compared.
struct Usable {
    distance: f32,
    seen: Analysis,
}

impl MatchSession {
    /// Takes the template of the card's photo; the photo itself may be dropped afterwards.
    ///
    /// # Errors
    /// [`StartError`]: the photo, or the engine.
    pub fn start(
        engine: &mut dyn FaceEngine,
        card_photo: &Picture,
        policy: &Policy,
    ) -> Result<Self, StartError> {
        let seen = engine.analyse(card_photo)?;
        let face = policy.gates.card(&seen).map_err(StartError::CardFace)?;
        let card = engine.template(card_photo, face)?;
        Ok(Self {
            card,
            policy: *policy,
            attempts_left: policy.attempts,
            pictures_left: policy.max_pictures,
            closed: None,
        })
    }

    /// How many comparisons are left.
    #[must_use]
    pub fn attempts_left(&self) -> u8 {
        self.attempts_left
    }

    /// The final answer, if there is one.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.closed
    }

    /// One attempt with one or several camera pictures. Pictures that fail the gates use no
    /// attempt; a missing engine uses none either. After a final answer nothing is looked at.
    pub fn judge(
        &mut self,
        engine: &mut dyn FaceEngine,
        pad: &dyn Pad,
        frames: &[Picture],
    ) -> Outcome {
        if let Some(closed) = self.closed {
            return closed;
        }
        let mut usable = Vec::new();
        let mut complaint = None;
        for frame in frames
            .iter()
            .take(usize::from(self.policy.max_pictures_per_attempt))
        {
            let Some(left) = self.pictures_left.checked_sub(1) else {
                break;
            };
            match self.look(engine, frame) {
                Ok(picture) => usable.push(picture),
                Err(Complaint::Picture(reason)) => complaint = Some(reason),
                Err(Complaint::Engine(why)) => return Outcome::Unavailable(why),
            }
            self.pictures_left = left;
        }
        let outcome = self.decide(pad, usable, complaint.unwrap_or(Reason::NoFace));
        if outcome.verdict().is_some() {
            self.closed = Some(outcome);
        }
        outcome
    }

    /// An answer about a picture that was refused before it could be looked at.
    pub fn unreadable(&mut self) -> Outcome {
        if let Some(closed) = self.closed {
            return closed;
        }
        self.pictures_left = self.pictures_left.saturating_sub(1);
        let outcome = self.again_for_quality(Reason::Unreadable);
        if outcome.verdict().is_some() {
            self.closed = Some(outcome);
        }
        outcome
    }

    fn look(&self, engine: &mut dyn FaceEngine, frame: &Picture) -> Result<Usable, Complaint> {
        let seen = engine.analyse(frame)?;
        let face = self.policy.gates.frame(&seen).map_err(Complaint::Picture)?;
        let template = engine.template(frame, face)?;
        let distance = engine.distance(&self.card, &template);
        Ok(Usable { distance, seen })
    }

    fn decide(&mut self, pad: &dyn Pad, mut usable: Vec<Usable>, complaint: Reason) -> Outcome {
        usable.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let same = |u: &Usable| u.distance < self.policy.same_picture_below;
        if usable.iter().any(same) {
            return self.miss(Reason::SamePicture);
        }
        // The median of the best three, the worse one of two.
        let best = usable.len().min(3);
        let Some(typical) = usable.get(best / 2) else {
            return self.again_for_quality(complaint);
        };
        match typical.distance {
            d if d <= self.policy.accept_at_most => {}
            d if d <= self.policy.reject_above => return self.miss(Reason::Unsure),
            // Also where the distance is not a number.
            _ => return self.miss(Reason::NoMatch),
        }
        let seen: Vec<Analysis> = usable.into_iter().map(|u| u.seen).collect();
        if !pad.may_be_alive(&seen) {
            return self.miss(Reason::NotAlive);
        }
        Outcome::Accepted {
            liveness: pad.liveness(),
        }
    }

    fn again_for_quality(&self, reason: Reason) -> Outcome {
        if self.pictures_left == 0 {
            return Outcome::Refused {
                reason: Reason::TooManyPictures,
            };
        }
        Outcome::TryAgain {
            reason,
            attempts_left: self.attempts_left,
        }
    }

    fn miss(&mut self, reason: Reason) -> Outcome {
        self.attempts_left = self.attempts_left.saturating_sub(1);
        if self.attempts_left == 0 {
            return Outcome::Refused {
                reason: Reason::AttemptsUsed,
            };
        }
        Outcome::TryAgain {
            reason,
            attempts_left: self.attempts_left,
        }
    }
}

/// Why a picture gave nothing to compare.
enum Complaint {
    Picture(Reason),
    Engine(Unavailable),
}

impl From<EngineError> for Complaint {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Picture(_) => Self::Picture(Reason::Unreadable),
            EngineError::Unavailable(why) => Self::Engine(why),
        }
    }
}

#[cfg(test)]
mod tests;
