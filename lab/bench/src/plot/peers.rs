//! Peers beside each other: one group of bars for each step of the job, logarithmic.

use super::head;
use crate::peer::Peer;
use std::fmt::Write as _;

const COLOURS: [&str; 3] = ["#0017c1", "#197a4b", "#a35200"];
/// Where bars begin (milliseconds) and pixels of a power of ten.
const BEGIN: f64 = 0.001;
const DECADE: f64 = 85.0;
const LEFT: f64 = 200.0;

/// Milliseconds of CPU time of one ballot, logarithmic, with its bytes.
#[must_use]
pub fn peers(peers: &[Peer]) -> String {
    let height = 74 * peers.len() + 70;
    let mut out = head(960, height, "One ballot of twelve options beside peers");
    let _ = writeln!(
        out,
        "<text x=\"8\" y=\"22\" font-weight=\"bold\">CPU milliseconds of one ballot of twelve options (logarithmic)</text>"
    );
    for (i, ((label, colour), x)) in [
        ("encrypt", COLOURS[0]),
        ("verify", COLOURS[1]),
        ("tally", COLOURS[2]),
    ]
    .into_iter()
    .zip([560, 660, 750])
    .enumerate()
    {
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"10\" width=\"14\" height=\"14\" fill=\"{colour}\"/><text x=\"{}\" y=\"22\">{}. {label}</text>",
            x + 20,
            i + 1
        );
    }
    for (i, p) in peers.iter().enumerate() {
        let y = 74 * i + 40;
        let _ = writeln!(
            out,
            "<text x=\"8\" y=\"{}\">{}</text><text x=\"8\" y=\"{}\" fill=\"#555\">{} bytes</text>",
            y + 24,
            p.name,
            y + 44,
            p.bytes
        );
        for (k, (seconds, colour)) in [p.encrypt, p.verify, p.tally]
            .into_iter()
            .zip(COLOURS)
            .enumerate()
        {
            let ms = seconds * 1e3;
            let width = ((ms / BEGIN).log10() * DECADE).max(1.0);
            let top = y + 20 * k;
            let _ = writeln!(
                out,
                "<rect x=\"{LEFT}\" y=\"{top}\" width=\"{width:.0}\" height=\"17\" fill=\"{colour}\"/><text x=\"{:.0}\" y=\"{}\">{ms:.3}</text>",
                LEFT + 8.0 + width,
                top + 14
            );
        }
    }
    out.push_str("</svg>\n");
    out
}
