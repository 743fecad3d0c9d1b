//! Presentation attack detection: is there a living person before the camera?

use serde::{Deserialize, Serialize};

use crate::engine::Analysis;

/// How liveness is judged; named in the configuration and shown to operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Liveness {
    /// Not judged at all: a printed photo of the card's holder passes.
    #[default]
    NotChecked,
}

/// A judge of liveness over the pictures of one attempt.
pub trait Pad: Send {
    /// What this judge is able to see, for configuration and display.
    fn liveness(&self) -> Liveness;
    /// Whether these pictures may come from a living person. A judge that cannot tell says yes
    /// and shows it through [`Pad::liveness`].
    fn may_be_alive(&self, pictures: &[Analysis]) -> bool;
}

/// The honest judge: it looks at nothing and says so.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoLiveness;

impl Pad for NoLiveness {
    fn liveness(&self) -> Liveness {
        Liveness::NotChecked
    }

    fn may_be_alive(&self, _: &[Analysis]) -> bool {
        true
    }
}
