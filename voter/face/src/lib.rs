//! One-to-one comparison of a camera picture with the photo of a card.
//!
//! The matching engine runs in a child process of its own (`irefuda-face-worker`), which decodes
//! the pictures too; this crate holds what is decided around it: limits before any decoder runs,
//! quality gates, thresholds, attempts, and what may be said to whom. No score leaves it, nothing
//! is written anywhere, and a broken engine is neither a yes nor a no.
//!
//! ```text
//! Picture (limits) → FaceEngine (worker) → Analysis → gates → Template → MatchSession → Outcome
//! ```

mod engine;
mod gate;
mod jp2;
mod jpeg;
mod picture;
mod policy;
mod quality;
mod rgb;
mod session;
mod template;
mod verdict;
pub mod wire;
mod worker;

pub use engine::{Analysis, EngineError, EngineInfo, Face, FaceEngine, ModelOrigin, Unavailable};
pub use gate::Gates;
pub use picture::{Picture, PictureError, PictureKind};
pub use policy::{Policy, PolicyError};
pub use quality::{Quality, measure};
pub use rgb::Rgb;
pub use session::{MatchSession, StartError};
pub use template::{TEMPLATE_LEN, Template};
pub use verdict::{Outcome, Reason};
pub use worker::{StartFailure, WorkerConfig, WorkerEngine};
