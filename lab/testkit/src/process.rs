//! Running a program and looking at what it used (Linux: `/proc`).

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often the running program is looked at.
const LOOK: Duration = Duration::from_millis(3);
/// Clock ticks a second in `/proc/PID/stat`.
const TICKS: f64 = 100.0;

/// A program that has ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Exit status.
    pub code: i32,
    /// What it printed.
    pub said: String,
    /// Most memory it ever had (`VmHWM`, KiB), as seen a few milliseconds before its end.
    pub peak_kib: u64,
    /// Processor seconds, all threads, to about 20 ms.
    pub cpu: f64,
    /// Seconds by the clock.
    pub wall: f64,
}

/// Runs it to its end. It must not print more than a pipe holds before it ends.
///
/// # Panics
/// When the program cannot be started or prints something that is no text.
#[must_use]
pub fn run(command: &mut Command) -> Ran {
    let start = Instant::now();
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = child.spawn().expect("the program starts");
    let place = format!("/proc/{}", child.id());
    let (mut peak_kib, mut cpu) = (0, 0.0);
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child of this process") {
            break status;
        }
        peak_kib = peak(&place).unwrap_or(0).max(peak_kib);
        cpu = used(&place).unwrap_or(0.0).max(cpu);
        std::thread::sleep(LOOK);
    };
    let wall = start.elapsed().as_secs_f64();
    let mut said = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut said).expect("text");
    }
    Ran {
        code: status.code().unwrap_or(-1),
        said,
        peak_kib,
        cpu,
        wall,
    }
}

fn peak(place: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("{place}/status")).ok()?;
    let line = text.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn used(place: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("{place}/stat")).ok()?;
    let after = text.rsplit_once(") ")?.1;
    let ticks = |n: usize| after.split(' ').nth(n)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS)
}
