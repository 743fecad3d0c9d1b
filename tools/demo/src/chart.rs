//! The result as a table and as a bar chart.

use std::collections::BTreeMap;

use ui::chart::{Bar, columns};

use crate::calendar::Proposal;

/// Longest row of blocks.
const BLOCKS: u64 = 21;

/// The project's own chart as a file: columns under the printed numbers, the titles in words.
pub fn svg(title: &str, proposals: &[Proposal], votes: &BTreeMap<String, u64>) -> String {
    let count = |proposal: &Proposal| votes.get(&proposal.id).copied().unwrap_or(0);
    let most = proposals.iter().map(count).max().unwrap_or(0);
    let bar = |proposal: &Proposal| Bar {
        label: proposal.no.to_string(),
        value: count(proposal),
        strong: most > 0 && count(proposal) == most,
    };
    let bars: Vec<Bar> = proposals.iter().map(bar).collect();
    let row = |proposal: &Proposal| {
        format!(
            "{} {}: {}票",
            proposal.no,
            proposal.title_ja,
            count(proposal)
        )
    };
    let rows: Vec<String> = proposals.iter().map(row).collect();
    columns("result", title, &rows.join("\n"), &bars).to_string()
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
            let blocks = usize::try_from(count.saturating_mul(BLOCKS) / most).unwrap_or(0);
            let blocks = "█".repeat(blocks);
            format!(
                "{count:>6}  {blocks:<21}  {:>2} {}",
                proposal.no, proposal.title_ja
            )
        })
        .collect()
}

#[cfg(test)]
mod tests;
