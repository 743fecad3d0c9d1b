//! Medians of repeated runs.

use std::time::Instant;

/// Median seconds of one call of `f` over `runs` runs of `calls` calls each.
pub fn median(runs: usize, calls: usize, mut f: impl FnMut()) -> f64 {
    let mut all: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..calls {
                f();
            }
            #[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
            let calls = calls as f64;
            start.elapsed().as_secs_f64() / calls
        })
        .collect();
    all.sort_by(f64::total_cmp);
    all.get(runs / 2).copied().unwrap_or(f64::NAN)
}
