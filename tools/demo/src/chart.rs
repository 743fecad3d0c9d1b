//! The result as a table and as a bar chart.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::calendar::Proposal;

/// Height of one bar with its gap.
const ROW: usize = 44;
/// Where the bars begin.
const LEFT: usize = 430;
/// Longest bar.
const WIDTH: usize = 420;

/// An SVG bar chart in printed order, with the numbers as text.
pub fn svg(title: &str, proposals: &[Proposal], votes: &BTreeMap<String, u64>) -> String {
    let most = votes.values().copied().max().unwrap_or(0).max(1);
    let height = 90 + ROW * proposals.len();
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 {height}\" role=\"img\" \
         aria-labelledby=\"t\" font-family=\"'Noto Sans JP','Noto Sans CJK JP',sans-serif\">\n\
         <title id=\"t\">{title}</title>\n\
         <rect width=\"960\" height=\"{height}\" fill=\"#fff\"/>\n\
         <text x=\"24\" y=\"44\" font-size=\"22\" font-weight=\"700\" fill=\"#1a1a1c\">{title}</text>\n",
        title = escape(title)
    );
    for (row, proposal) in proposals.iter().enumerate() {
        let count = votes.get(&proposal.id).copied().unwrap_or(0);
        let y = 70 + ROW * row;
        let length = bar(count, most);
        let fill = if count == most { "#0017c1" } else { "#4979f5" };
        let name = escape(&shorten(&proposal.title_ja, 24));
        let text = y + 22;
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{text}\" font-size=\"15\" text-anchor=\"end\" fill=\"#1a1a1c\">{no} {name}</text>\
             <rect x=\"{LEFT}\" y=\"{y}\" width=\"{length}\" height=\"32\" fill=\"{fill}\"/>\
             <text x=\"{after}\" y=\"{text}\" font-size=\"16\" font-weight=\"700\" fill=\"#1a1a1c\">{count}票</text>",
            x = LEFT - 12,
            no = proposal.no,
            after = LEFT + length + 10,
        );
    }
    out.push_str("</svg>\n");
    out
}

/// The same as lines of text, most votes first.
pub fn table(proposals: &[Proposal], votes: &BTreeMap<String, u64>) -> Vec<String> {
    let mut rows: Vec<_> = proposals
        .iter()
        .map(|proposal| (votes.get(&proposal.id).copied().unwrap_or(0), proposal))
        .collect();
    rows.sort_by_key(|(count, proposal)| (std::cmp::Reverse(*count), proposal.no));
    let most = rows.first().map_or(1, |(count, _)| *count).max(1);
    rows.into_iter()
        .map(|(count, proposal)| {
            let blocks = "█".repeat(bar(count, most) / 20);
            format!(
                "{count:>6}  {blocks:<21}  {:>2} {}",
                proposal.no, proposal.title_ja
            )
        })
        .collect()
}

fn bar(count: u64, most: u64) -> usize {
    let share = count.saturating_mul(WIDTH as u64) / most.max(1);
    usize::try_from(share).unwrap_or(WIDTH)
}

fn shorten(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters - 1).chain(['…']).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
