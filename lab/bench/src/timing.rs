//! CPU seconds of this thread, in rounds: every round measures everything once, floor included,
//! so that a ratio is taken between neighbours in time; the median over the rounds counts.

use rustix::time::{ClockId, clock_gettime};
use std::collections::BTreeMap;

/// CPU seconds this thread has used. Other processes on the machine disturb it little.
#[must_use]
pub fn cpu() -> f64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    #[expect(clippy::cast_precision_loss, reason = "a run lasts minutes")]
    let (seconds, nanos) = (now.tv_sec as f64, now.tv_nsec as f64);
    seconds + nanos * 1e-9
}

/// CPU seconds of one call.
pub fn once(f: impl FnOnce()) -> f64 {
    let before = cpu();
    f();
    cpu() - before
}

/// One thing to measure.
struct Job<'a> {
    name: &'static str,
    calls: u32,
    units: f64,
    run: Box<dyn FnMut() + 'a>,
}

/// Everything that is measured in each round.
#[derive(Default)]
pub struct Suite<'a> {
    jobs: Vec<Job<'a>>,
}

impl<'a> Suite<'a> {
    /// `calls` calls of `run` a round; each does `units` units of work.
    pub fn job(&mut self, name: &'static str, calls: u32, units: u32, run: impl FnMut() + 'a) {
        self.jobs.push(Job {
            name,
            calls,
            units: f64::from(units),
            run: Box::new(run),
        });
    }
    /// Measures, after one call of everything that is not counted.
    #[must_use]
    pub fn rounds(mut self, rounds: u32) -> Times {
        let mut times = Times::default();
        for job in &mut self.jobs {
            (job.run)();
        }
        for _ in 0..rounds {
            for job in &mut self.jobs {
                let seconds = once(|| (0..job.calls).for_each(|_| (job.run)()));
                let unit = seconds / f64::from(job.calls) / job.units;
                times.0.entry(job.name).or_default().push(unit);
            }
        }
        times
    }
}

/// CPU seconds of one unit, round by round.
#[derive(Debug, Default)]
pub struct Times(BTreeMap<&'static str, Vec<f64>>);

impl Times {
    fn of(&self, name: &str) -> &[f64] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
    /// Median seconds.
    #[must_use]
    pub fn seconds(&self, name: &str) -> f64 {
        median(self.of(name).to_vec())
    }
    /// Median over the rounds of what `value` makes of the seconds of these jobs.
    #[must_use]
    pub fn each(&self, names: &[&str], value: impl Fn(&[f64]) -> f64) -> f64 {
        let rounds = names.iter().map(|n| self.of(n).len()).min().unwrap_or(0);
        let row = |i| -> Vec<f64> {
            let at = |n: &&str| self.of(n).get(i).copied().unwrap_or(f64::NAN);
            names.iter().map(at).collect()
        };
        median((0..rounds).map(|i| value(&row(i))).collect())
    }
    /// Median of the quotient of two jobs of the same round.
    #[must_use]
    pub fn ratio(&self, name: &str, to: &str) -> f64 {
        self.each(&[name, to], |v| match v {
            [a, b] => a / b,
            _ => f64::NAN,
        })
    }
}

/// The middle one.
#[must_use]
pub fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests;
