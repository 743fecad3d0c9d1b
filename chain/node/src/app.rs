//! Proposing and verifying blocks: the engine's questions, answered by the board's rules.

use crate::block::EngineBlock;
use crate::ledger::{KEEP, Ledger};
use crate::pool::Pool;
use crate::rules::{self, Block, Checked, Header, State};
use crate::scheme::StrictScheme;
use commonware_actor::Feedback;
use commonware_consensus::{
    Application, Reporter,
    marshal::{Update, ancestry::Ancestry},
    simplex::types::Context,
};
use commonware_cryptography::{Digested, ed25519, sha256::Digest};
use commonware_parallel::Sequential;
use commonware_runtime::{Clock, Spawner};
use commonware_utils::acknowledgement::Exact;
use futures::StreamExt as _;
use host::WallClock;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// A header may be ahead of the voter's clock by this much.
pub const EARLY_MS: u64 = 500;
/// A header may be behind the voter's clock by this much when the vote is cast.
pub const LATE_MS: u64 = 30_000;
/// An idle leader proposes an empty block when the last one is this old.
pub const IDLE_MS: u64 = 10_000;
/// How often a waiting task looks at the clock again (the demo's clock is stepped).
const GLANCE: Duration = Duration::from_millis(200);

/// The application behind the engine.
#[derive(Clone)]
pub struct App {
    /// States and tip.
    pub ledger: Arc<Ledger>,
    /// Entries waiting for a block.
    pub pool: Arc<Pool>,
    /// The wall clock.
    pub clock: WallClock,
    /// How long a leader waits for entries before it passes its turn.
    pub patience: Duration,
    /// Entries in a block at most.
    pub block_entries: usize,
    /// Puts blocks together.
    pub blocks: Arc<dyn MakeBlocks>,
}

/// Puts a validator's blocks together. Tests run one that puts in what it likes.
pub trait MakeBlocks: Send + Sync + 'static {
    /// The next block at `time_ms` on this state, and the state after it.
    fn make(&self, state: &State, time_ms: u64, candidates: Vec<Checked>)
    -> Option<(Block, State)>;
    /// Whether there is something to propose at this time that the pool does not know of.
    fn has_more(&self, _state: &State, _time_ms: u64) -> bool {
        false
    }
}

/// As the board's rules say; what does not fit is left out.
#[derive(Clone, Copy, Debug)]
pub struct ByTheRules;

impl MakeBlocks for ByTheRules {
    fn make(
        &self,
        state: &State,
        time_ms: u64,
        candidates: Vec<Checked>,
    ) -> Option<(Block, State)> {
        rules::assemble(state, time_ms, candidates)
    }
}

/// How the time of a header relates to the voter's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// Vote now.
    Fits,
    /// Wait this long and look again.
    Early(Duration),
    /// No vote: a proposal this old would let one proposer choose the past.
    Stale,
}

/// Compares a header's time with the voter's clock. Used when a vote is cast, never for blocks
/// that are final already.
#[must_use]
pub fn timing(header_ms: u64, now_ms: u64) -> Timing {
    let latest = now_ms.saturating_add(EARLY_MS);
    if header_ms > latest {
        Timing::Early(Duration::from_millis(header_ms - latest).min(GLANCE))
    } else if header_ms < now_ms.saturating_sub(LATE_MS) {
        Timing::Stale
    } else {
        Timing::Fits
    }
}

impl App {
    /// The state after the newest block of `ancestry`, recomputed from the nearest known one.
    /// None when the blocks end or break a rule.
    async fn state_of(
        &self,
        mut ancestry: impl Ancestry<EngineBlock>,
    ) -> Option<(Header, [u8; 32], State)> {
        let mut missing: Vec<EngineBlock> = Vec::new();
        let mut newest = None;
        let (base, mut state) = loop {
            let block = ancestry.next().await?.inner().clone();
            newest.get_or_insert_with(|| block.clone());
            if let Some(state) = self.ledger.state(&block.id()) {
                break (block, state);
            }
            missing.push(block);
        };
        for block in missing.into_iter().rev() {
            state = match self.ledger.apply(state, block.clone()).await {
                Ok(state) => state,
                Err(e) => {
                    tracing::warn!(
                        height = block.header().height,
                        ?e,
                        "ancestor breaks the rules"
                    );
                    return None;
                }
            };
            self.ledger
                .remember(block.header(), block.id(), state.clone());
        }
        let newest = newest.unwrap_or(base);
        Some((newest.header().clone(), newest.id(), state))
    }

    /// Waits until this node has applied the chain up to a little below `height`, so that a node
    /// that is catching up does not walk back through thousands of blocks for one vote.
    async fn caught_up(&self, height: u64) {
        let mut tip = self.ledger.watch();
        let near = height.saturating_sub(KEEP);
        // The sender lives as long as the ledger; an error cannot come before the node ends.
        let _ = tip.wait_for(|t| t.header.height >= near).await;
    }

    /// Waits for something to propose: entries, a boundary, or an old tip. None: pass the turn.
    async fn wait_for_work<E: Clock>(&self, rt: &E, parent: &Header, state: &State) -> Option<u64> {
        let deadline = rt.current() + self.patience;
        loop {
            let arrived = self.pool.arrived();
            let now = self.clock.now_ms();
            let time = now.max(parent.time_ms + 1);
            let due = now >= parent.time_ms.saturating_add(IDLE_MS)
                || state
                    .next_boundary_ms(parent.time_ms)
                    .is_some_and(|b| b <= now);
            let more = self.blocks.has_more(state, time);
            if due || more || self.pool.has_candidate(state, time) {
                return Some(time);
            }
            let left = deadline.duration_since(rt.current()).ok()?;
            tokio::select! {
                () = arrived => {}
                () = tokio::time::sleep(left.min(GLANCE)) => {}
            }
        }
    }

    async fn build(&self, state: State, time: u64) -> Option<(Block, State)> {
        let app = self.clone();
        let work = tokio::task::spawn_blocking(move || {
            let limit = rules::MAX_BLOCK_BYTES - 64 * 1024;
            let candidates = app.pool.candidates(&state, time, app.block_entries, limit);
            app.blocks.make(&state, time, candidates)
        });
        match work.await {
            Ok(built) => built,
            Err(e) => std::panic::resume_unwind(e.into_panic()),
        }
    }
}

impl<E: Clock + Spawner> Application<E> for App {
    type SigningScheme = StrictScheme;
    type Context = Context<Digest, ed25519::PublicKey>;
    type Block = EngineBlock;
    type Input = ();

    async fn propose(
        &mut self,
        (rt, _): (E, Self::Context),
        ancestry: impl Ancestry<EngineBlock>,
        (): (),
    ) -> Option<Digested<EngineBlock>> {
        if let Some(parent) = ancestry.peek() {
            self.caught_up(parent.inner().header().height).await;
        }
        let (parent, _, state) = self.state_of(ancestry).await?;
        let time = self.wait_for_work(&rt, &parent, &state).await?;
        let (block, after) = self.build(state, time).await?;
        let block = EngineBlock::new(block);
        self.ledger.remember(block.header(), block.id(), after);
        Some(Digested::compute(block, &Sequential).await)
    }

    async fn verify(
        &mut self,
        (_, _): (E, Self::Context),
        ancestry: impl Ancestry<EngineBlock>,
    ) -> bool {
        let mut rest = ancestry;
        let Some(block) = rest.next().await else {
            return false;
        };
        let block = block.inner().clone();
        let header = block.header().clone();
        self.caught_up(header.height).await;
        if header.height.saturating_add(KEEP) < self.ledger.height() {
            // Below everything that can still be voted on: keep silent until the engine lets go.
            std::future::pending::<()>().await;
        }
        let Some((parent, parent_digest, state)) = self.state_of(rest).await else {
            return false;
        };
        if header.parent != parent_digest || header.time_ms <= parent.time_ms {
            return false;
        }
        let after = match self.ledger.apply(state, block.clone()).await {
            Ok(after) => after,
            Err(e) => {
                tracing::warn!(height = header.height, %e, "refused a proposal");
                return false;
            }
        };
        loop {
            match timing(header.time_ms, self.clock.now_ms()) {
                Timing::Fits => break,
                Timing::Early(wait) => tokio::time::sleep(wait).await,
                // Time does not run back: this proposal never fits again. The view is given up
                // at once and the next leader proposes with the time it is now.
                Timing::Stale => return false,
            }
        }
        self.ledger.remember(&header, block.id(), after);
        true
    }
}

/// A final block and the handle that tells the engine it is applied.
pub type Final = (EngineBlock, Exact);

/// Hands final blocks, in order, to the task that applies them.
#[derive(Clone)]
pub struct Finals(pub mpsc::UnboundedSender<Final>);

impl Reporter for Finals {
    type Activity = Update<EngineBlock>;
    fn report(&mut self, update: Update<EngineBlock>) -> Feedback {
        if let Update::Block(block, ack) = update {
            // When the receiver is gone the node is stopping; the block comes again at start.
            let _ = self.0.send((block.inner().clone(), ack));
        }
        Feedback::Ok
    }
}

#[cfg(test)]
mod tests;
