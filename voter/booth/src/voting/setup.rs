//! The parts that the voting edge is built from.

use std::path::PathBuf;

use api::hex::Hex;
use tokio::runtime::Handle;

use super::station::Station;
use crate::election_context::ElectionContext;

/// What the voting edge is made from.
#[derive(Debug)]
pub struct VotingSetup {
    /// The election and this booth's place in it.
    pub place: ElectionContext,
    /// The start file's ticket.
    pub ticket: Option<Hex<[u8; 16]>>,
    /// The kiosk's station.
    pub station: Option<Station>,
    /// Where the sealed ballot goes.
    pub folder: PathBuf,
    /// Where network calls run.
    pub runtime: Handle,
}
