//! The numbers behind a decision. An operator may set them; the records show them.

use serde::{Deserialize, Serialize};

use crate::engine::{EngineInfo, ModelOrigin};
use crate::gate::Gates;

/// Thresholds, attempts and bounds of the face step.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Up to this distance the answer is yes.
    pub accept_at_most: f32,
    /// Beyond this distance the answer is no; between the two, another try.
    pub reject_above: f32,
    /// Below this distance the camera picture is the card's photo itself. A weak heuristic.
    pub same_picture_below: f32,
    /// How many comparisons a session may use.
    pub attempts: u8,
    /// How many pictures a session may look at, usable or not.
    pub max_pictures: u16,
    /// How many pictures one attempt may hold.
    pub max_pictures_per_attempt: u16,
    /// Bounds of the pictures.
    pub gates: Gates,
    /// The operator's written word that the reference model may be used although nobody has
    /// shown how often it is wrong for this electorate.
    pub accept_unvalidated_face_model: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            accept_at_most: 0.45,
            reject_above: 0.55,
            same_picture_below: 0.12,
            attempts: 3,
            max_pictures: 120,
            max_pictures_per_attempt: 15,
            gates: Gates::default(),
            accept_unvalidated_face_model: false,
        }
    }
}

/// A policy that must not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Thresholds out of order, not finite, or beyond what the engine can mean by them.
    #[error("0 <= same_picture_below < accept_at_most <= reject_above <= 1")]
    Thresholds,
    /// No attempts, or more than ten.
    #[error("attempts must be 1 to 10")]
    Attempts,
    /// No pictures, or more than a session may cost.
    #[error("max_pictures must be 1 to 1000, max_pictures_per_attempt 1 to 30")]
    Pictures,
    /// Bounds that no picture, or every picture, keeps.
    #[error("gates must leave room for a picture")]
    Gates,
    /// The reference model without `accept_unvalidated_face_model = true`.
    #[error(
        "the reference face model is known to be weak on many faces and is not validated: \
         set accept_unvalidated_face_model = true to use it all the same"
    )]
    UnvalidatedModel,
}

impl Policy {
    /// Refuses numbers that make no sense. Call it when the configuration is read.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn check(&self) -> Result<(), PolicyError> {
        let ordered = 0.0 <= self.same_picture_below
            && self.same_picture_below < self.accept_at_most
            && self.accept_at_most <= self.reject_above
            && self.reject_above <= 1.0;
        if !ordered {
            return Err(PolicyError::Thresholds);
        }
        if !(1..=10).contains(&self.attempts) {
            return Err(PolicyError::Attempts);
        }
        if !(1..=1000).contains(&self.max_pictures)
            || !(1..=30).contains(&self.max_pictures_per_attempt)
        {
            return Err(PolicyError::Pictures);
        }
        let gates = &self.gates;
        if gates.min_brightness >= gates.max_brightness
            || !(0.0..=2.0).contains(&gates.min_score)
            || !(1..=100).contains(&gates.second_face_percent)
        {
            return Err(PolicyError::Gates);
        }
        Ok(())
    }

    /// Refuses an engine whose model nobody has validated, unless the operator said yes.
    ///
    /// # Errors
    /// [`PolicyError::UnvalidatedModel`].
    pub fn check_engine(&self, engine: &EngineInfo) -> Result<(), PolicyError> {
        if engine.origin == ModelOrigin::Reference && !self.accept_unvalidated_face_model {
            return Err(PolicyError::UnvalidatedModel);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
