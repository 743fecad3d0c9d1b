//! Why a roster or a message of the ceremony is refused.

use crate::rules;
use crypto::Rule;
use crypto::wire::WireError;

/// One variant a rule of spec chapter 02.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyError {
    /// Rule R2.01: 2t > n, n ≤ 15, ids 1…n in order, no key twice.
    Roster,
    /// Rule R2.02: not canonical bytes.
    Bytes(WireError),
    /// Rule R2.03: not the round this message belongs to, the trustee has spoken already, or
    /// confirms while a complaint of their own is open.
    Round,
    /// Rule R2.04: the reveal is not what the trustee committed to.
    Reveal,
    /// Rule R2.05: the proof of knowledge of the constant term does not verify.
    Knowledge,
    /// Rule R2.06: not exactly t coefficient commitments.
    Degree,
    /// Rule R2.07: not one sealed share for each other trustee.
    Shares,
    /// Rule R2.08: a share does not fit its dealer's commitments; the dealer is to blame.
    Share {
        /// The dealer.
        culprit: u16,
    },
    /// Rule R2.09: the signature over the transcript root does not verify.
    RootSignature,
    /// Rule R2.10: the joint key or a verification key is the identity.
    Identity,
    /// Rule R2.11: the sender is not on the roster.
    Stranger,
    /// Rule R2.12: a trustee was found to cheat; the ceremony starts again without them.
    Failed {
        /// Who.
        culprit: u16,
    },
}

impl CeremonyError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Roster => rules::ROSTER,
            Self::Bytes(_) => rules::MESSAGE_BYTES,
            Self::Round => rules::ROUND,
            Self::Reveal => rules::REVEAL,
            Self::Knowledge => rules::KNOWLEDGE,
            Self::Degree => rules::DEGREE,
            Self::Shares => rules::SHARES,
            Self::Share { .. } => rules::SHARE,
            Self::RootSignature => rules::ROOT_SIGNATURE,
            Self::Identity => rules::IDENTITY,
            Self::Stranger => rules::STRANGER,
            Self::Failed { .. } => rules::CULPRIT,
        }
    }
}

impl core::fmt::Display for CeremonyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "key ceremony: {self:?} ({})", self.rule())
    }
}

impl std::error::Error for CeremonyError {}

impl From<WireError> for CeremonyError {
    fn from(e: WireError) -> Self {
        Self::Bytes(e)
    }
}
