//! Small bar charts as SVG. Each has a title and a description; a table stands beside it.

use core::fmt::Write as _;

use crate::html::{Html, escape};

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Short label under the bar.
    pub label: String,
    /// Height.
    pub value: u64,
    /// Whether it is emphasised (the winner); also drawn with a thicker outline, so that
    /// colour is not the only sign.
    pub strong: bool,
}

const STEP: u64 = 60;
const LEAST: u64 = 8;
const TOP: u64 = 40;
const TALL: u64 = 220;

/// A chart of columns. Without inline styles, so it works under a strict policy, and with all
/// its colours inside, so it also works as a file.
#[must_use]
pub fn columns(id: &str, title: &str, description: &str, bars: &[Bar]) -> Html {
    let most = bars.iter().map(|b| b.value).max().unwrap_or(0).max(1);
    let count = u64::try_from(bars.len()).unwrap_or(0).clamp(1, 400);
    // A chart of two columns is not drawn larger than one of eight.
    let wide = 20 + count.max(LEAST) * STEP;
    let high = TOP + TALL + 44;
    let (id, title, description) = (escape(id), escape(title), escape(description));
    let mut out = format!(
        "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>"
    );
    let base = TOP + TALL;
    for (i, bar) in (0..count).zip(bars) {
        let x = 10 + i * STEP;
        let h = u64::try_from(u128::from(bar.value) * u128::from(TALL) / u128::from(most))
            .unwrap_or(TALL);
        let y = base - h;
        let middle = x + STEP / 2;
        let (fill, edge) = if bar.strong {
            ("#0017c1", " stroke=\"#000060\" stroke-width=\"3\"")
        } else {
            ("#7096f8", "")
        };
        let weight = if bar.strong {
            " font-weight=\"700\""
        } else {
            ""
        };
        let _ = write!(
            out,
            "<rect x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{h}\" fill=\"{fill}\"{edge}/><text x=\"{middle}\" y=\"{}\" font-size=\"24\" text-anchor=\"middle\" fill=\"#1a1a1a\"{weight}>{}</text><text x=\"{middle}\" y=\"{}\" font-size=\"24\" text-anchor=\"middle\" fill=\"#1a1a1a\"{weight}>{}</text>",
            x + 10,
            STEP - 20,
            y - 8,
            bar.value,
            base + 30,
            escape(&bar.label)
        );
    }
    let _ = write!(
        out,
        "<path d=\"M10 {base}H{}\" stroke=\"#333\" stroke-width=\"2\"/></svg>",
        10 + count * STEP
    );
    Html::trusted(out)
}

/// A bar for one row of a table; says nothing to a screen reader, the number stands beside it.
#[must_use]
pub fn row_bar(value: u64, most: u64, strong: bool) -> Html {
    let most = most.max(1);
    let wide = u64::try_from(u128::from(value.min(most)) * 200 / u128::from(most)).unwrap_or(200);
    let fill = if strong { "#0017c1" } else { "#7096f8" };
    Html::trusted(format!(
        "<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 200 20\" preserveAspectRatio=\"none\"><rect width=\"200\" height=\"20\" fill=\"#f2f2f2\"/><rect width=\"{wide}\" height=\"20\" fill=\"{fill}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests;
