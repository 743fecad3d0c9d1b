//! What elections of three sizes would cost, derived from what was measured in this run.

use crate::peer;
use crate::timing::Times;
use serde::Serialize;

/// Ballots of the three elections.
const BALLOTS: [u64; 3] = [100_000, 10_000_000, 100_000_000];
/// Registrars, so tokens of a ballot.
const REGISTRARS: f64 = 2.0;
/// Share of all ballots in the busiest hour.
const PEAK: f64 = 0.1;

/// One election.
#[derive(Clone, Debug, Serialize)]
pub struct Scale {
    /// Ballots cast.
    pub ballots: u64,
    /// Bytes of the ballots on the board.
    pub bytes: u64,
    /// CPU seconds to verify all of them: proofs in batches, signature and tokens one by one.
    pub verify: f64,
    /// Ballots a second in the busiest hour.
    pub peak: f64,
    /// Cores that each validator keeps busy in that hour: every ballot once alone at the door and
    /// once more in its block, tokens once.
    pub cores: f64,
}

/// The three sizes.
#[must_use]
pub fn table(times: &Times) -> Vec<Scale> {
    let [batch, single, voter, token] =
        ["batch", "single", "voter", "token"].map(|job| times.seconds(job));
    let each = batch + voter + REGISTRARS * token;
    let door = single + voter + REGISTRARS * token + batch + voter;
    let bytes = u64::try_from(peer::entry_bytes()).unwrap_or(0);
    BALLOTS
        .iter()
        .map(|ballots| {
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let n = *ballots as f64;
            let peak = n * PEAK / 3600.0;
            Scale {
                ballots: *ballots,
                bytes: bytes * ballots,
                verify: n * each,
                peak,
                cores: peak * door,
            }
        })
        .collect()
}

/// The table as Markdown, for `docs/performance.md`.
#[must_use]
pub fn markdown(scales: &[Scale]) -> String {
    let mut out = String::from(
        "| ballots | on the board | full verification | busiest hour | cores busy, each validator |\n|---|---|---|---|---|\n",
    );
    for s in scales {
        #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
        let bytes = s.bytes as f64;
        out.push_str(&format!(
            "| {} | {} | {} of one core | {:.1} ballots/s | {:.2} |\n",
            grouped(s.ballots),
            size(bytes),
            span(s.verify),
            s.peak,
            s.cores
        ));
    }
    out
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

fn size(bytes: f64) -> String {
    match bytes {
        b if b < 1e9 => format!("{:.0} MB", b / 1e6),
        b => format!("{:.1} GB", b / 1e9),
    }
}

fn span(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}

#[cfg(test)]
mod tests;
