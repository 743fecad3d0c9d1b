//! The practice's board: the real rules in one process, no network.

use crate::Board;
use anyhow::Result;
use board::check::check_stateless;
use board::network::NetworkConfig;
use board::state::{State, assemble};
use crypto::Rule;
use host::clock::ManualClock;
use std::cell::RefCell;
use std::rc::Rc;

/// Every copy is the same board. One block an entry, one second apart.
#[derive(Clone, Debug)]
pub(super) struct LocalBoard {
    state: Rc<RefCell<State>>,
    clock: ManualClock,
}

impl LocalBoard {
    pub(super) fn new(network: &NetworkConfig, clock: &ManualClock) -> Self {
        Self {
            state: Rc::new(RefCell::new(State::genesis(network))),
            clock: clock.clone(),
        }
    }
    pub(super) fn now(&self) -> u64 {
        self.state.borrow().tip().time_ms
    }
    fn block(&self, time: u64, entry: Option<&[u8]>) -> Result<(), Rule> {
        let mut state = self.state.borrow_mut();
        let mut entries = Vec::new();
        if let Some(entry) = entry {
            let checked = check_stateless(state.context(), entry, &mut rand::rng())?;
            state.admit(&checked, time)?;
            entries.push(checked);
        }
        if let Some((_, next)) = assemble(&state, time, entries) {
            *state = next;
            self.clock.set_ms(time);
        }
        Ok(())
    }
    /// An empty block at each of these times that lies ahead.
    pub(super) fn pass(&self, times: &[u64]) -> Result<()> {
        for time in times.iter().filter(|t| **t > self.now()) {
            self.block(*time, None)
                .map_err(|rule| anyhow::anyhow!("an empty block is refused by {rule}"))?;
        }
        Ok(())
    }
}

impl Board for LocalBoard {
    async fn state(&mut self) -> Result<State> {
        Ok(self.state.borrow().clone())
    }
    async fn post(&mut self, entry: &[u8]) -> Result<Option<Rule>> {
        Ok(self.block(self.now() + 1000, Some(entry)).err())
    }
    async fn pause(&mut self) {
        tokio::task::yield_now().await;
    }
}
