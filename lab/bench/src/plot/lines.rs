//! Lines on logarithmic axes.

use std::ops::Range;

use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::{Drawn, picture, words};

/// A dash longer than any line here.
const WHOLE: u32 = 10_000;
/// Told apart without colours too: each line has its own dashes (drawn, left out).
const STYLES: [(RGBColor, u32, u32); 6] = [
    (RGBColor(0, 0x17, 0xc1), WHOLE, 1),
    (RGBColor(0xce, 0, 0), 7, 4),
    (RGBColor(0x19, 0x7a, 0x4b), 2, 4),
    (RGBColor(0x6a, 0x35, 0xff), 10, 3),
    (RGBColor(0xa3, 0x52, 0), 4, 4),
    (RGBColor(0x33, 0x33, 0x33), 12, 6),
];

/// One line.
pub struct Line {
    /// What it shows.
    pub name: String,
    /// (x, y), both greater than zero.
    pub points: Vec<(f64, f64)>,
}

/// A whole plot.
pub struct Lines {
    /// Above the plot.
    pub title: &'static str,
    /// Below the horizontal axis.
    pub x: &'static str,
    /// Beside the vertical axis.
    pub y: &'static str,
    /// In the order of the legend.
    pub lines: Vec<Line>,
}

/// From the least to the largest value, with a little air.
fn span(values: impl Iterator<Item = f64>) -> Range<f64> {
    let mut range = f64::INFINITY..0.0;
    for v in values.filter(|v| *v > 0.0) {
        range = range.start.min(v)..range.end.max(v);
    }
    range.start * 0.95..range.end * 1.05
}

impl Lines {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        picture(490, |area| {
            let (plot, legend) = area.split_horizontally(660);
            self.plot(&plot)?;
            for (y, (line, style)) in (70..).step_by(24).zip(self.lines.iter().zip(STYLES)) {
                let (colour, drawn, left_out) = style;
                let sample = [(8, y), (48, y)];
                let stroke = colour.stroke_width(2);
                legend.draw(&DashedPathElement::new(sample, drawn, left_out, stroke))?;
                words(&legend, &line.name, (56, y), HPos::Left)?;
            }
            Ok(())
        })
    }
    fn plot(&self, area: &super::Area<'_>) -> Drawn {
        let points = || self.lines.iter().flat_map(|l| &l.points);
        let across = span(points().map(|p| p.0));
        let up = span(points().map(|p| p.1));
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, ("sans-serif", 16))
            .margin(12)
            .x_label_area_size(45)
            .y_label_area_size(75)
            .build_cartesian_2d(across.log_scale(), up.log_scale())?;
        let mut mesh = chart.configure_mesh();
        mesh.x_desc(self.x).y_desc(self.y).draw()?;
        for (line, (colour, drawn, left_out)) in self.lines.iter().zip(STYLES) {
            let points = line.points.iter().copied();
            let stroke = colour.stroke_width(2);
            chart.draw_series(DashedLineSeries::new(points, drawn, left_out, stroke))?;
        }
        Ok(())
    }
}
