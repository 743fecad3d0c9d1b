//! A run of fixed length: every target, good inputs first, then the same changes every time.

use crate::mutate::Mutator;
use crate::{TARGETS, Target};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Outcome of one target.
#[derive(Debug)]
pub struct Outcome {
    /// The target.
    pub target: &'static str,
    /// How many inputs were tried.
    pub tried: usize,
    /// How many of them were accepted.
    pub accepted: usize,
    /// The first input that broke the property, and why.
    pub broken: Option<(Vec<u8>, String)>,
}

/// Runs one target over its seeds and `rounds` changed inputs divided by its weight.
#[must_use]
pub fn one(target: &'static Target, rounds: usize, seed: u64) -> Outcome {
    let seeds = (target.seeds)();
    let mut outcome = Outcome {
        target: target.name,
        tried: 0,
        accepted: 0,
        broken: None,
    };
    for good in &seeds {
        outcome.judge(target, good);
        if outcome.accepted != outcome.tried && outcome.broken.is_none() {
            outcome.broken = Some((good.clone(), "a good input is refused".to_owned()));
        }
    }
    let mut mutator = Mutator::new(seed);
    let weight = usize::try_from(target.weight).unwrap_or(1).max(1);
    for _ in 0..rounds / weight {
        if outcome.broken.is_some() {
            break;
        }
        outcome.judge(target, &mutator.next(&seeds));
    }
    outcome
}

impl Outcome {
    fn judge(&mut self, target: &Target, input: &[u8]) {
        self.tried += 1;
        match catch_unwind(AssertUnwindSafe(|| (target.run)(input))) {
            Ok(accepted) => self.accepted += usize::from(accepted),
            Err(what) => self.broken = Some((input.to_vec(), reason(&what))),
        }
    }
}

fn reason(what: &Box<dyn core::any::Any + Send>) -> String {
    let text = what.downcast_ref::<String>().cloned();
    let text = text.or_else(|| what.downcast_ref::<&str>().map(|s| (*s).to_owned()));
    text.unwrap_or_else(|| "a panic".to_owned())
}

/// All targets, on as many threads as there are processors; in the order of the list.
#[must_use]
pub fn all(rounds: usize, seed: u64) -> Vec<Outcome> {
    let next = core::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let i = next.fetch_add(1, core::sync::atomic::Ordering::Relaxed);
            let Some(target) = TARGETS.get(i) else {
                return done;
            };
            done.push((i, one(target, rounds, seed)));
        }
    };
    let threads = std::thread::available_parallelism().map_or(2, core::num::NonZero::get);
    let mut all: Vec<(usize, Outcome)> = std::thread::scope(|s| {
        let running: Vec<_> = (0..threads).map(|_| s.spawn(work)).collect();
        running
            .into_iter()
            .flat_map(|t| t.join().expect("panics are caught inside"))
            .collect()
    });
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, outcome)| outcome).collect()
}
