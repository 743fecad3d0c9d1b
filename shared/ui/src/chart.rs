//! Small bar charts as SVG, for pages and as files: without inline styles, so that they work under a
//! strict policy, and with all their colours inside. On a page a table says the same.

use core::fmt::Write as _;

use crate::html::{Html, escape};

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Name of the bar.
    pub label: String,
    /// Its length.
    pub value: u64,
    /// Whether it is emphasised (the winner); also drawn with a thicker outline or in bold, so that
    /// colour is not the only sign.
    pub strong: bool,
}

const STEP: u64 = 60;
const LEAST: u64 = 8;
const TOP: u64 = 40;
const TALL: u64 = 220;
const STRONG: &str = "#0017c1";
const FAINT: &str = "#7096f8";

/// Rows: width and height of a row, where bars begin, the longest bar.
const WIDE: u64 = 960;
const ROW: u64 = 44;
const LEFT: u64 = 430;
const LONG: u64 = 420;
/// Longest label of a row, in characters.
const LETTERS: usize = 26;

/// `full` where `value` is the largest.
fn scaled(value: u64, most: u64, full: u64) -> u64 {
    let most = most.max(1);
    let length = u128::from(value.min(most)) * u128::from(full) / u128::from(most);
    u64::try_from(length).unwrap_or(full)
}

fn most(bars: &[Bar]) -> u64 {
    bars.iter().map(|b| b.value).max().unwrap_or(0)
}

fn rect(out: &mut String, (x, y): (u64, u64), (width, height): (u64, u64), strong: bool) {
    let fill = if strong { STRONG } else { FAINT };
    let edge = if strong {
        " stroke=\"#000060\" stroke-width=\"3\""
    } else {
        ""
    };
    let _ = write!(
        out,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"{edge}/>"
    );
}

/// How a text is set: its size, its anchor (`start`, `middle`, `end`), whether in bold.
type Setting = (u64, &'static str, bool);

fn text(out: &mut String, (x, y): (u64, u64), (size, anchor, bold): Setting, words: &str) {
    let weight = if bold { " font-weight=\"700\"" } else { "" };
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"#1a1a1a\"{weight}>{}</text>",
        escape(words)
    );
}

/// A chart of columns for a page.
#[must_use]
pub fn columns(id: &str, title: &str, description: &str, bars: &[Bar]) -> Html {
    let most = most(bars);
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
        let h = scaled(bar.value, most, TALL);
        let (middle, set) = (x + STEP / 2, (24, "middle", bar.strong));
        rect(&mut out, (x + 10, base - h), (STEP - 20, h), bar.strong);
        text(
            &mut out,
            (middle, base - h - 8),
            set,
            &bar.value.to_string(),
        );
        text(&mut out, (middle, base + 30), set, &bar.label);
    }
    let _ = write!(
        out,
        "<path d=\"M10 {base}H{}\" stroke=\"#333\" stroke-width=\"2\"/></svg>",
        10 + count * STEP
    );
    Html::trusted(out)
}

/// A chart of rows as a file of its own: labels on the left, numbers with their `unit` behind the
/// bars, the title on top, white paper. Long labels are cut.
#[must_use]
pub fn rows(title: &str, unit: &str, bars: &[Bar]) -> Html {
    let most = most(bars);
    let high = 90 + ROW * u64::try_from(bars.len()).unwrap_or(0).min(400);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDE} {high}\" role=\"img\" aria-labelledby=\"t\" font-family=\"'Noto Sans JP','Noto Sans CJK JP',sans-serif\"><title id=\"t\">{}</title><rect width=\"{WIDE}\" height=\"{high}\" fill=\"#fff\"/>",
        escape(title)
    );
    text(&mut out, (24, 44), (22, "start", true), title);
    for (i, bar) in (0..400).zip(bars) {
        let (y, length) = (70 + ROW * i, scaled(bar.value, most, LONG));
        let base = y + 22;
        let label = cut(&bar.label, LETTERS);
        text(&mut out, (LEFT - 12, base), (15, "end", bar.strong), &label);
        rect(&mut out, (LEFT, y), (length, 32), bar.strong);
        let number = format!("{}{unit}", bar.value);
        text(
            &mut out,
            (LEFT + length + 10, base),
            (16, "start", true),
            &number,
        );
    }
    out.push_str("</svg>\n");
    Html::trusted(out)
}

fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters - 1).chain(['…']).collect()
}

/// A bar for one row of a table; says nothing to a screen reader, the number is in the next cell.
#[must_use]
pub fn row_bar(value: u64, most: u64, strong: bool) -> Html {
    let wide = scaled(value, most, 200);
    let fill = if strong { STRONG } else { FAINT };
    Html::trusted(format!(
        "<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 200 20\" preserveAspectRatio=\"none\"><rect width=\"200\" height=\"20\" fill=\"#f2f2f2\"/><rect width=\"{wide}\" height=\"20\" fill=\"{fill}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests;
