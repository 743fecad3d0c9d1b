//! All that registrars learn of the face step.

use api::registrar::FaceVerdict;
use face::Outcome;

/// The one place that makes a verdict for registrars. `None` for an outcome means a channel without
/// the face step. Registrars do not learn why a comparison failed, how often, or that no engine
/// answered: such a voter is not authorised, and the booth sends nothing.
pub(super) fn told_to_registrars(outcome: Option<&Outcome>) -> Option<FaceVerdict> {
    match outcome {
        None => Some(FaceVerdict::NotDone),
        Some(Outcome::Accepted) => Some(FaceVerdict::Match),
        Some(Outcome::TryAgain { .. } | Outcome::Refused { .. } | Outcome::Unavailable(_)) => None,
    }
}

#[cfg(test)]
mod tests;
