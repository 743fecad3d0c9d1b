//! One voter before the camera: the card's face, the attempts, the answer.

use crate::engine::{EngineError, FaceEngine, Unavailable};
use crate::picture::{Picture, PictureError};
use crate::policy::Policy;
use crate::template::Template;
use crate::verdict::{Outcome, Reason};

/// A session that could not begin; the voter goes to staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The photo of the card cannot be read.
    #[error("card photo: {0}")]
    CardPicture(PictureError),
    /// The photo of the card shows no face that can be compared.
    #[error("card photo: {}", .0.code())]
    CardFace(Reason),
    /// No engine answered.
    #[error("no engine: {0:?}")]
    Unavailable(Unavailable),
}

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
    pub fn judge(&mut self, engine: &mut dyn FaceEngine, frames: &[Picture]) -> Outcome {
        if let Some(closed) = self.closed {
            return closed;
        }
        let mut distances = Vec::new();
        let mut complaint = None;
        for frame in frames
            .iter()
            .take(usize::from(self.policy.max_pictures_per_attempt))
        {
            let Some(left) = self.pictures_left.checked_sub(1) else {
                break;
            };
            match self.look(engine, frame) {
                Ok(distance) => distances.push(distance),
                Err(Complaint::Picture(reason)) => complaint = Some(reason),
                Err(Complaint::Engine(why)) => return Outcome::Unavailable(why),
            }
            self.pictures_left = left;
        }
        let outcome = self.decide(distances, complaint.unwrap_or(Reason::NoFace));
        if outcome.is_final() {
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
        if outcome.is_final() {
            self.closed = Some(outcome);
        }
        outcome
    }

    fn look(&self, engine: &mut dyn FaceEngine, frame: &Picture) -> Result<f32, Complaint> {
        let seen = engine.analyse(frame)?;
        let face = self.policy.gates.frame(&seen).map_err(Complaint::Picture)?;
        let template = engine.template(frame, face)?;
        Ok(engine.distance(&self.card, &template))
    }

    /// `distances` are those of the pictures that could be compared.
    fn decide(&mut self, mut distances: Vec<f32>, complaint: Reason) -> Outcome {
        distances.sort_by(f32::total_cmp);
        if distances
            .iter()
            .any(|d| *d < self.policy.same_picture_below)
        {
            return self.miss(Reason::SamePicture);
        }
        // The median of the best three, the worse one of two.
        let best = distances.len().min(3);
        match distances.get(best / 2) {
            None => self.again_for_quality(complaint),
            Some(d) if *d <= self.policy.accept_at_most => Outcome::Accepted,
            Some(d) if *d <= self.policy.reject_above => self.miss(Reason::Unsure),
            // Also where the distance is not a number.
            Some(_) => self.miss(Reason::NoMatch),
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
