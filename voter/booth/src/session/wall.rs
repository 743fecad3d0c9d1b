//! What registrars learn of the face step, and nothing more.

use api::registrar::FaceVerdict;
use face::Outcome;

/// The one place where a verdict for registrars is made. `None` for an outcome is a channel that
/// does not ask for the face step. Why a comparison failed, how often, or that no engine answered
/// stays here: such a voter is not authorised, so there is nothing to tell.
pub(super) fn told_to_registrars(outcome: Option<&Outcome>) -> Option<FaceVerdict> {
    match outcome {
        None => Some(FaceVerdict::NotDone),
        Some(Outcome::Accepted) => Some(FaceVerdict::Match),
        Some(Outcome::TryAgain { .. } | Outcome::Refused { .. } | Outcome::Unavailable(_)) => None,
    }
}

#[cfg(test)]
mod tests;
