//! What has to be right before a vote, looked at one by one: machine, network, reader, card, camera. It
//! asks for no secret, uses up no try of the card and holds nothing about a person.

pub mod code;
mod rows;

pub use card::{Content, Reader};
pub use rows::{Mark, Row};

use crate::fault::Fault;

/// Fewer tries than this are told.
const TRIES: u8 = 3;
/// Certificates that end within this time are told (ms).
const SOON_MS: u64 = 90 * 24 * 3_600_000;

/// What a card shows without a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardLook {
    /// Tries left for the PIN.
    pub pin_tries: u8,
    /// Tries left for 照合番号B.
    pub number_tries: u8,
    /// When its certificate for user authentication ends (ms); none when it cannot be read.
    pub until: Option<u64>,
    /// A test card.
    pub test_card: bool,
}

/// What readers and card say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderLook {
    /// All readers, or why there are none.
    pub readers: Result<Vec<Reader>, Fault>,
    /// The My Number card, or why there is none.
    pub card: Result<CardLook, Fault>,
}

/// What the nodes of the election say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Nodes that answered.
    pub answered: usize,
    /// All nodes.
    pub of: usize,
    /// Their time (ms).
    pub now: Option<u64>,
    /// This machine's time when they answered (ms).
    pub here: u64,
}

/// What became of a camera in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraState {
    /// It shows a picture.
    Good,
    /// It shows a picture of one colour.
    Dark,
    /// Another program uses it.
    Busy,
    /// The browser or the voter does not allow it.
    Forbidden,
    /// Anything else.
    Broken,
}

/// A camera in the browser.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// Its name in the system.
    pub name: String,
    /// What became of it.
    pub state: CameraState,
}

/// One look at everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkup {
    /// The nodes; none when no start file was given.
    pub reach: Option<Reach>,
    /// How far this machine's clock is ahead of the nodes' (ms), if that is much.
    pub clock_error: Option<i64>,
    /// Whether a sealed ballot can be kept here.
    pub storage: bool,
    /// Readers and card.
    pub reader: ReaderLook,
    /// Whether the comparing program runs; none where no face is compared.
    pub face: Option<bool>,
    /// Cameras; none when no browser looked.
    pub cameras: Option<Vec<Camera>>,
    /// This machine's time (ms), for the dates of the certificate.
    pub now: u64,
}

impl Checkup {
    /// The worst of all rows.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let rows = self.rows();
        rows.iter().map(|row| row.mark).max().unwrap_or(Mark::Good)
    }
}

#[cfg(test)]
pub(crate) mod tests;
