//! Plots as SVG: bars against a target, peers side by side, and lines on logarithmic axes.

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::targets::Row;

mod lines;
mod peers;

pub use lines::{Line, Lines};
pub use peers::peers;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

const WIDTH: u32 = 960;
const GREEN: RGBColor = RGBColor(0x19, 0x7a, 0x4b);
const RED: RGBColor = RGBColor(0xce, 0, 0);
/// Where the bars of targets begin, and the length of one that just meets its target.
const LEFT: i32 = 390;
const MET: i32 = 250;

fn picture(height: u32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> String {
    let mut svg = String::new();
    let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
    let drawn = area.fill(&WHITE).and_then(|()| draw(&area));
    drawn
        .and_then(|()| area.present())
        .expect("a string takes every picture");
    drop(area);
    svg
}

fn words(area: &Area<'_>, text: &str, at: (i32, i32), side: HPos) -> Drawn {
    let style = ("sans-serif", 14).into_text_style(area);
    let style = style.pos(Pos::new(side, VPos::Center));
    area.draw(&Text::new(text, at, style))
}

fn bar(area: &Area<'_>, (x, y): (i32, i32), (width, height): (i32, i32), fill: RGBColor) -> Drawn {
    area.draw(&Rectangle::new(
        [(x, y), (x + width, y + height)],
        fill.filled(),
    ))
}

/// A length in pixels.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clamped to a picture's width"
)]
fn pixels(length: f64) -> i32 {
    length.clamp(1.0, f64::from(WIDTH)).round() as i32
}

/// Bars of value ÷ target (target ÷ value for a minimum); the line marks 100 %.
#[must_use]
pub fn bars(rows: &[Row]) -> String {
    let bottom = 40 * u32::try_from(rows.len()).unwrap_or(0) + 50;
    picture(bottom + 20, |area| {
        let note = "shorter is better; dashed: the target";
        words(area, note, (LEFT, 18), HPos::Left)?;
        for (y, row) in (40..).step_by(40).zip(rows) {
            let length = pixels((row.share() * f64::from(MET)).min(350.0));
            let fill = if row.met() { GREEN } else { RED };
            words(area, &row.name, (8, y + 10), HPos::Left)?;
            bar(area, (LEFT, y), (length, 20), fill)?;
            words(area, &row.against(), (952, y + 10), HPos::Right)?;
        }
        let target = [(LEFT + MET, 30), (LEFT + MET, bottom.cast_signed())];
        area.draw(&DashedPathElement::new(target, 4, 4, BLACK))
    })
}

#[cfg(test)]
mod tests;
