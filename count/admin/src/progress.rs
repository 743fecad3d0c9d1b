//! The key ceremony as a table people can read: who has done what, who is missing, who was blamed.

use board::state::Election;
use ceremony::{Ceremony, Round};
use crypto::words;
use std::fmt::Write as _;

const ROUNDS: [(Round, &str, &str); 5] = [
    (Round::Commit, "約束", "commit"),
    (Round::Reveal, "公開", "reveal"),
    (Round::Shares, "配布", "shares"),
    (Round::Confirm, "確認", "confirm"),
    (Round::Sign, "署名", "sign"),
];

/// A column's text filled up to `width`; characters outside ASCII take two places.
fn padded(text: &str, width: usize) -> String {
    let used: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

/// Names by number, Japanese.
fn name(election: &Election, id: u16) -> &str {
    let names = &election.setup().trustee_names;
    let name = usize::from(id).checked_sub(1).and_then(|i| names.get(i));
    name.map_or("", |n| n.ja.as_str())
}

fn who(election: &Election, id: u16) -> String {
    format!("{id}番 {}", name(election, id))
}

/// The table; `election` is the ceremony's.
#[must_use]
pub fn table(election: &Election) -> String {
    let (c, setup) = (election.ceremony(), election.setup());
    let mut out = format!(
        "鍵づくりの式：{}（{}人のうち{}人で開票） / key ceremony, {} of {}\n式の番号の合言葉：{}\n\n",
        setup.id,
        setup.roster.members().len(),
        setup.roster.t(),
        setup.roster.t(),
        setup.roster.members().len(),
        words::six(election.setup_hash().as_bytes()).join("　"),
    );
    let widest = setup.roster.members().iter().map(|m| name(election, m.id));
    let width = widest.map(|n| 2 * n.chars().count()).max().unwrap_or(0) + 2;
    out.push_str(&padded("番号", 6));
    out.push_str(&padded("名前", width));
    for (_, ja, _) in ROUNDS {
        out.push_str(&padded(ja, 8));
    }
    out.push('\n');
    for m in setup.roster.members() {
        out.push_str(&padded(&m.id.to_string(), 6));
        out.push_str(&padded(name(election, m.id), width));
        for (round, ..) in ROUNDS {
            out.push_str(&padded(mark(c, round, m.id), 8));
        }
        out.push('\n');
    }
    out.push('\n');
    // Writing into a String does not fail.
    let _ = findings(election, &mut out);
    out
}

fn mark(c: &Ceremony, round: Round, id: u16) -> &'static str {
    if c.culprit() == Some(id) {
        "×"
    } else if c.has_spoken(round, id) {
        "○"
    } else if c.round() == round && c.culprit().is_none() {
        "待ち"
    } else {
        "－"
    }
}

fn findings(election: &Election, out: &mut String) -> std::fmt::Result {
    let c = election.ceremony();
    for (accused, complainer, answered) in c.complaints() {
        let (ja, en) = match (answered, c.culprit() == Some(accused)) {
            (true, _) => ("分け前を公開して答えた", "answered, cleared"),
            (false, true) => ("答えは正しくなかった", "answered wrongly"),
            (false, false) => ("まだ答えていない", "not answered yet"),
        };
        writeln!(
            out,
            "申し立て：{} → {}：{ja} / complaint of {complainer} against {accused}: {en}",
            who(election, complainer),
            who(election, accused),
        )?;
    }
    if let Some(culprit) = c.culprit() {
        return writeln!(
            out,
            "規則に反した人：{} / broke the rules: {culprit}\n次の操作：restart --without {culprit} / next",
            who(election, culprit),
        );
    }
    if c.round() == Round::Done {
        let root = words::six(c.root().as_bytes()).join("　");
        return writeln!(
            out,
            "式は終わりました。合言葉：{root} / finished; its six words"
        );
    }
    let ids = election.setup().roster.members().iter().map(|m| m.id);
    for id in ids.filter(|id| !c.has_spoken(c.round(), *id)) {
        writeln!(out, "まだの人：{} / still missing: {id}", who(election, id))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
