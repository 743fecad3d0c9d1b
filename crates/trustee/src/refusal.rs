//! Why a trustee's program refuses to decrypt (spec 07): every reason by name.

/// One variant a refusal.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The trustee's own clock is before the close.
    #[error("by this computer's clock voting is still open; nothing is decrypted before the close")]
    BeforeClose,
    /// The board is not in the phase for this step.
    #[error("the board is in phase {0}; this step is not possible now")]
    Phase(String),
    /// Nodes show different chains, or too few answer.
    #[error("only {agreeing} of the {needed} nodes needed show the same board")]
    Heads {
        /// How many agree.
        agreeing: usize,
        /// How many must.
        needed: usize,
    },
    /// Fewer ballots than the manifest's minimum.
    #[error("the box holds {counted} ballots, fewer than the minimum of {minimum}")]
    TooFew {
        /// Counted ballots.
        counted: u64,
        /// The manifest's minimum.
        minimum: u32,
    },
    /// The chain holds this trustee's commitment for something else.
    #[error("this trustee is committed to another box already")]
    OtherTarget,
    /// The share on this computer does not belong to the manifest's verification key.
    #[error("the share on this computer does not belong to the election's key")]
    Share,
    /// More than one election on the board names this trustee's keys.
    #[error("more than one election on the board names this trustee; ask the authority")]
    Ambiguous,
    /// The manifest does not hold this trustee's own key as it left the ceremony.
    #[error("the manifest's trustee list is not what the key ceremony gave")]
    Manifest,
}
