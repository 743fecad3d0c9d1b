//! What the pages know about the board at a moment: plain numbers, no state machine.

use ballot::manifest::Release;
use std::collections::BTreeMap;

use ballot::text::Text;

/// A node of the board as the portal sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeView {
    /// Whether it answered last time.
    pub answers: bool,
    /// Height it reported.
    pub height: u64,
}

/// The result as it is on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultView {
    /// Votes of the first contest, in the order of the manifest's options.
    pub votes: Vec<u64>,
    /// Ballots received.
    pub received: u64,
    /// Ballots replaced by a later one.
    pub overwritten: u64,
    /// Ballots counted.
    pub counted: u64,
    /// Check ballots opened.
    pub check_ballots: u64,
    /// Credentials issued, per registrar.
    pub issued: Vec<u64>,
}

/// The board as far as it was verified here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardView {
    /// Whether this election was found on the board at all.
    pub found: bool,
    /// setup, ceremony, sealed, withdrawn, open, halted, draining, closed, committed, announced,
    /// result.
    pub phase: &'static str,
    /// Why it was withdrawn before its opening.
    pub withdrawn: Option<Text>,
    /// The effective close, ms.
    pub close_at: u64,
    /// Ballots received.
    pub received: u64,
    /// Voting keys with a ballot.
    pub counted: u64,
    /// Check ballots opened.
    pub check_ballots: u64,
    /// Trustees that committed a share.
    pub commitments: u64,
    /// Trustees that released a share.
    pub shares: u64,
    /// Voters by Japanese day (days since the epoch) of their last ballot.
    pub daily: BTreeMap<u64, u64>,
    /// Height of the last verified block.
    pub height: u64,
    /// Its time, ms.
    pub block_time: u64,
    /// The nodes, in the manifest's order.
    pub nodes: Vec<NodeView>,
    /// Booth programs voters may use: the manifest's, and those two officers released later.
    pub releases: Vec<Release>,
    /// The result, once it is there.
    pub result: Option<ResultView>,
}

impl BoardView {
    /// Whether the box has been closed for good.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, "closed" | "committed" | "announced" | "result")
    }
}
