//! Peers side by side: one group of bars for each step of the job, logarithmic.

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{GREEN, bar, picture, pixels, words};
use crate::peer::Peer;

const STEPS: [(&str, RGBColor); 3] = [
    ("1. encrypt", RGBColor(0, 0x17, 0xc1)),
    ("2. verify", GREEN),
    ("3. tally", RGBColor(0xa3, 0x52, 0)),
];
/// Where bars begin (milliseconds) and pixels of a power of ten.
const BEGIN: f64 = 0.001;
const DECADE: f64 = 85.0;
const LEFT: i32 = 200;

/// Milliseconds of CPU time of one ballot, logarithmic, with its bytes.
#[must_use]
pub fn peers(peers: &[Peer]) -> String {
    picture(74 * u32::try_from(peers.len()).unwrap_or(0) + 70, |area| {
        let title = "CPU milliseconds of one ballot of twelve options (logarithmic)";
        words(area, title, (8, 17), HPos::Left)?;
        for (x, (label, colour)) in (560..).step_by(110).zip(STEPS) {
            bar(area, (x, 10), (14, 14), colour)?;
            words(area, label, (x + 20, 17), HPos::Left)?;
        }
        for (y, peer) in (40..).step_by(74).zip(peers) {
            words(area, &peer.name, (8, y + 20), HPos::Left)?;
            words(
                area,
                &format!("{} bytes", peer.bytes),
                (8, y + 40),
                HPos::Left,
            )?;
            let seconds = [peer.encrypt, peer.verify, peer.tally];
            for (top, (seconds, (_, colour))) in (y..).step_by(20).zip(seconds.iter().zip(STEPS)) {
                let ms = seconds * 1e3;
                let length = pixels((ms / BEGIN).log10() * DECADE);
                bar(area, (LEFT, top), (length, 17), colour)?;
                let behind = (LEFT + length + 8, top + 8);
                words(area, &format!("{ms:.3}"), behind, HPos::Left)?;
            }
        }
        Ok(())
    })
}
