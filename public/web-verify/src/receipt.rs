//! Checks one receipt: it belongs to this entry, the entry is in a block, the block is final.

use crate::lines::{Line, Step, lines};
use crate::pins::{Compare, NoPins, Pins};
use ballot::code::{PICTURES, confirmation_code, normalise_code};
use board::receipt::{Receipt, ReceiptError};
use serde::Serialize;

/// The steps of a receipt, in the order of spec 06 §5.
pub const STEPS: [Step; 5] = [
    Step {
        key: "bytes",
        rules: "R6.30",
        covers: (630, 630),
        ja: "控えの書式が正しい",
        en: "The receipt has its one canonical form",
    },
    Step {
        key: "entry",
        rules: "R6.31",
        covers: (631, 631),
        ja: "控えの番号と絵が、この投票のものである",
        en: "Number and pictures belong to this entry",
    },
    Step {
        key: "headers",
        rules: "R6.32",
        covers: (632, 632),
        ja: "ブロックが、このネットワークの一本の鎖としてつながっている",
        en: "The headers are one chain of this network",
    },
    Step {
        key: "path",
        rules: "R6.33",
        covers: (633, 633),
        ja: "投票がそのブロックに入っている",
        en: "The entry is in that block (audit path)",
    },
    Step {
        key: "certificate",
        rules: "R6.20–R6.26",
        covers: (620, 626),
        ja: "十分な数の検証者の署名で確定している（署名はすべて確認）",
        en: "Enough pinned validators signed; every signature present was checked",
    },
];

/// What is said about a receipt.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Every step passed.
    pub ok: bool,
    /// One line per step.
    pub checks: Vec<Line>,
    /// What the receipt says; only when it holds.
    pub facts: Option<Facts>,
    /// Whose signatures counted.
    pub compare: Compare,
}

/// What a good receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// 控えの番号.
    pub code: String,
    /// Entry hash.
    pub entry: String,
    /// Keys of the two pictures.
    #[serde(rename = "mark")]
    pub pictures: Option<[&'static str; 2]>,
    /// Height of the block.
    pub height: u64,
    /// Position in the block.
    pub index: u32,
    /// Time of the block, ms.
    pub time_ms: u64,
    /// Whether the entry's bytes were at hand.
    pub entry_seen: bool,
}

impl Facts {
    /// Of a receipt that was verified.
    #[must_use]
    pub fn of(r: &Receipt, entry_seen: bool) -> Self {
        let name = |m: u8| PICTURES.get(usize::from(m)).copied().unwrap_or("?");
        Self {
            code: r.code.clone(),
            entry: r.entry.to_hex(),
            pictures: r.pictures.map(|m| m.map(name)),
            height: r.height,
            index: r.index,
            time_ms: r.time_ms().unwrap_or(0),
            entry_seen,
        }
    }
}

/// A receipt as a file: canonical bytes, or the booth's JSON that repeats them in hex.
#[must_use]
pub fn unwrap(file: &[u8]) -> Option<Vec<u8>> {
    if file.first() != Some(&b'{') {
        return Some(file.to_vec());
    }
    let json: serde_json::Value = serde_json::from_slice(file).ok()?;
    crypto::hash::from_hex(json.get("bytes")?.as_str()?)
}

/// Checks a receipt against pinned keys; `entry` and the typed `code` are compared when given.
///
/// # Errors
/// [`NoPins`].
pub fn check(
    pins: &Pins,
    receipt: &[u8],
    entry: Option<&[u8]>,
    code: Option<&str>,
) -> Result<Report, NoPins> {
    let found = verified(pins, receipt, entry, code);
    let failed = found.as_ref().err().map(|e| (e.rule(), e.to_string()));
    Ok(Report {
        ok: failed.is_none(),
        checks: lines(&STEPS, failed.as_ref()),
        facts: found.ok().map(|r| Facts::of(&r, entry.is_some())),
        compare: pins.compare(),
    })
}

fn verified(
    pins: &Pins,
    receipt: &[u8],
    entry: Option<&[u8]>,
    code: Option<&str>,
) -> Result<Receipt, ReceiptError> {
    let bytes = unwrap(receipt).unwrap_or_default();
    let receipt = Receipt::decode(&bytes)?;
    if let Some(code) = code
        && normalise_code(code).as_deref() != Some(confirmation_code(&receipt.entry).as_str())
    {
        return Err(ReceiptError::Entry);
    }
    match entry {
        Some(entry) => receipt.verify_entry(&pins.committee, entry)?,
        None => receipt.verify(&pins.committee, &receipt.entry)?,
    }
    Ok(receipt)
}

/// The rule a report failed by; `None` when it is good.
#[must_use]
pub fn failed(report: &Report) -> Option<String> {
    report.checks.iter().find_map(|l| l.rule.clone())
}
