//! Plots as SVG: bars against a target, and lines on logarithmic axes.

use crate::targets::Row;
use std::fmt::Write as _;

mod lines;
mod peers;

pub use lines::{Line, Lines};
pub use peers::peers;

/// The beginning of a picture.
fn head(width: u32, height: usize, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"14\"><title>{title}</title><rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    )
}

/// Bars of value ÷ target (target ÷ value for a minimum); the line marks 100 %.
#[must_use]
pub fn bars(rows: &[Row]) -> String {
    let height = 40 * rows.len() + 70;
    let mut out = head(960, height, "Ratios against targets");
    let _ = writeln!(
        out,
        "<text x=\"390\" y=\"22\">shorter is better; dashed: the target</text>"
    );
    for (i, r) in rows.iter().enumerate() {
        let y = 40 * i + 40;
        let width = (r.share() * 250.0).min(350.0);
        let colour = if r.met() { "#197a4b" } else { "#ce0000" };
        let _ = writeln!(
            out,
            "<text x=\"8\" y=\"{text}\">{}</text><rect x=\"390\" y=\"{y}\" width=\"{width:.0}\" height=\"20\" fill=\"{colour}\"/><text x=\"952\" y=\"{text}\" text-anchor=\"end\">{}</text>",
            r.name,
            r.against(),
            text = y + 15,
        );
    }
    let _ = writeln!(
        out,
        "<line x1=\"640\" x2=\"640\" y1=\"30\" y2=\"{}\" stroke=\"#333\" stroke-dasharray=\"4\"/></svg>",
        height - 20
    );
    out
}

#[cfg(test)]
mod tests;
