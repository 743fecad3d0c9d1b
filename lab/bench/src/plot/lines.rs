//! Lines on logarithmic axes.

use super::head;
use std::fmt::Write as _;

const LEFT: f64 = 80.0;
const TOP: f64 = 50.0;
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 380.0;
/// Readable beside each other, also without colours: each line has its own dashes.
const STYLES: [(&str, &str); 6] = [
    ("#0017c1", ""),
    ("#ce0000", "7 4"),
    ("#197a4b", "2 4"),
    ("#6a35ff", "10 3 2 3"),
    ("#a35200", "4 4"),
    ("#333333", "12 6"),
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
    /// Above the vertical axis.
    pub y: &'static str,
    /// In the order of the legend.
    pub lines: Vec<Line>,
}

/// A logarithmic axis.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0f64);
        for v in values.filter(|v| *v > 0.0) {
            low = low.min(v);
            high = high.max(v);
        }
        Self {
            low: low.ln() - 0.05,
            high: high.ln() + 0.05,
        }
    }
    /// 0 … 1 along the axis.
    fn at(&self, value: f64) -> f64 {
        (value.ln() - self.low) / (self.high - self.low)
    }
    /// 1, 2 and 5 of every power of ten that fits.
    fn ticks(&self) -> Vec<f64> {
        (-3..9)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|m| m * 10f64.powi(power)))
            .filter(|v| (0.0..=1.0).contains(&self.at(*v)))
            .collect()
    }
}

impl Lines {
    /// The picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|l| &l.points);
        let across = Axis::over(points().map(|p| p.0));
        let up = Axis::over(points().map(|p| p.1));
        let x = |v| LEFT + WIDTH * across.at(v);
        let y = |v| TOP + HEIGHT * (1.0 - up.at(v));
        let mut out = head(960, 490, self.title);
        let (bottom, right) = (TOP + HEIGHT, LEFT + WIDTH);
        let _ = writeln!(
            out,
            "<text x=\"{LEFT}\" y=\"22\" font-weight=\"bold\">{}</text><text x=\"8\" y=\"42\">{}</text><text x=\"{right}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            self.title,
            self.y,
            bottom + 40.0,
            self.x
        );
        for t in across.ticks() {
            let x = x(t);
            let _ = writeln!(
                out,
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"#ddd\"/><text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{t}</text>",
                bottom + 20.0
            );
        }
        for t in up.ticks() {
            let y = y(t);
            let _ = writeln!(
                out,
                "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{t}</text>",
                LEFT - 6.0,
                y + 5.0
            );
        }
        for ((i, line), (colour, dashes)) in self.lines.iter().enumerate().zip(STYLES) {
            let path: Vec<String> = line
                .points
                .iter()
                .map(|p| format!("{:.1},{:.1}", x(p.0), y(p.1)))
                .collect();
            let legend = 70 + 24 * i;
            let _ = writeln!(
                out,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/><line x1=\"660\" x2=\"700\" y1=\"{legend}\" y2=\"{legend}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\"/><text x=\"708\" y=\"{}\">{}</text>",
                path.join(" "),
                legend + 5,
                line.name
            );
        }
        out.push_str("</svg>\n");
        out
    }
}
