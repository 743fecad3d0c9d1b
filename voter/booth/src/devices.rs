//! The devices of the session: a card behind a reader, the face worker before a camera.

mod card;
mod face;

pub use card::{CardReader, PcscReader, ReaderPort};
pub use face::{FaceWorker, StaffOnly};
