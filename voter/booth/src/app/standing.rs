//! How the election stands when the program starts: asked of the nodes once, before the first page.

use std::time::{Duration, Instant};

use ballot::Manifest;
use client::Quorum;
use crypto::Hash;

use super::StartupError;
use crate::ports::NodeTime;
use crate::startfile::StartError;
use crate::voting::nodes::Nodes;

/// How long nodes have to say how the election stands.
const WAIT: Duration = Duration::from_secs(5);

/// What nodes said.
pub(super) struct Standing {
    /// Address of the public pages as the board has it now; the manifest's when no node answers. What a
    /// node keeps back costs a link and the survey, never a vote.
    pub(super) portal: String,
    /// Time and close as more than two thirds of the nodes have them.
    pub(super) time: Option<NodeTime>,
    /// When that was.
    pub(super) asked: Instant,
}

/// Asks.
///
/// # Errors
/// The election was withdrawn, or its nodes cannot be asked at all.
pub(super) async fn ask(manifest: &Manifest, election: &Hash) -> Result<Standing, StartupError> {
    let quorum = Quorum::of(manifest, WAIT);
    let quorum = quorum.map_err(|e| StartupError::usage(e.to_string()))?;
    let nodes = Nodes::new(manifest, *election).map_err(StartupError::usage)?;
    let (said, time) = tokio::join!(quorum.standing(election, WAIT), nodes.agreed_time());
    if said.withdrawn.is_some() {
        return Err(StartError::Withdrawn.into());
    }
    let newest = said.hints.map(|hints| hints.portal);
    Ok(Standing {
        portal: newest.unwrap_or_else(|| manifest.portal.clone()),
        time,
        asked: Instant::now(),
    })
}
