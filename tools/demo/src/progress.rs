//! Progress for people: bars on a terminal, plain lines elsewhere.

use std::collections::BTreeMap;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use toolbox::output;

/// Steps of a run with their seconds.
#[derive(Default)]
pub struct Progress {
    seconds: BTreeMap<String, f64>,
    order: usize,
}

impl Progress {
    /// Runs one step and keeps its time.
    ///
    /// # Errors
    /// The step's own.
    pub fn step<T, E>(&mut self, name: &str, run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        output::line(&format!("· {name}"));
        let began = Instant::now();
        let result = run();
        self.order += 1;
        self.seconds.insert(
            format!("{:02} {name}", self.order),
            round(began.elapsed().as_secs_f64()),
        );
        result
    }

    /// Seconds per step, in order.
    pub fn seconds(self) -> BTreeMap<String, f64> {
        self.seconds
    }
}

fn round(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

/// A bar over a known number of items.
pub struct Bar {
    bar: ProgressBar,
    name: String,
    done: usize,
    all: usize,
}

impl Bar {
    /// A bar of `all` items.
    pub fn new(name: &str, all: usize) -> Self {
        let length = u64::try_from(all).unwrap_or(u64::MAX);
        let bar = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stdout());
        if let Ok(style) =
            ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {eta} {msg}")
        {
            bar.set_style(style.progress_chars("█▓░"));
        }
        bar.set_prefix(name.to_owned());
        Self {
            bar,
            name: name.to_owned(),
            done: 0,
            all,
        }
    }

    /// One item done.
    pub fn next(&mut self, message: &str) {
        self.done += 1;
        if self.bar.is_hidden() {
            output::line(&format!(
                "  {} {}/{}  {message}",
                self.name, self.done, self.all
            ));
        } else {
            output::keep(message);
            self.bar.set_message(message.to_owned());
            self.bar.inc(1);
        }
    }

    /// Ends the bar.
    pub fn finish(self) {
        self.bar.finish_and_clear();
    }
}
