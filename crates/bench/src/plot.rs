//! A bar chart of ratios against their targets.

use serde::Serialize;
use std::fmt::Write as _;

/// One measured ratio.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// Microseconds (median).
    pub micros: f64,
    /// The ratio.
    pub ratio: f64,
    /// What it must not exceed, or must reach when `at_least`.
    pub target: f64,
    /// Whether the target is a minimum.
    pub at_least: bool,
}

impl Row {
    /// Whether the target is met.
    #[must_use]
    pub fn met(&self) -> bool {
        if self.at_least {
            self.ratio >= self.target
        } else {
            self.ratio <= self.target
        }
    }
}

/// Bars of ratio ÷ target; the line marks 100 %.
#[must_use]
pub fn svg(rows: &[Row]) -> String {
    let mut out = String::new();
    let height = 40 * rows.len() + 50;
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 900 {height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"14\"><title>Ratios against targets</title><rect width=\"900\" height=\"{height}\" fill=\"#fff\"/>"
    );
    for (i, r) in rows.iter().enumerate() {
        let y = 40 * i + 20;
        let share = if r.at_least {
            r.target / r.ratio
        } else {
            r.ratio / r.target
        };
        let width = (share * 250.0).min(500.0);
        let colour = if r.met() { "#197a4b" } else { "#ce0000" };
        let sign = if r.at_least { "≥" } else { "≤" };
        let _ = writeln!(
            out,
            "<text x=\"8\" y=\"{}\">{}</text><rect x=\"380\" y=\"{y}\" width=\"{width:.0}\" height=\"20\" fill=\"{colour}\"/><text x=\"{:.0}\" y=\"{}\">{:.2} ({sign} {})</text>",
            y + 15,
            r.name,
            390.0 + width,
            y + 15,
            r.ratio,
            r.target
        );
    }
    let _ = writeln!(
        out,
        "<line x1=\"630\" x2=\"630\" y1=\"8\" y2=\"{}\" stroke=\"#333\" stroke-dasharray=\"4\"/></svg>",
        height - 20
    );
    out
}
