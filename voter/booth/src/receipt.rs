//! What the voter keeps: 控え. It says when and under which number, never for what.

pub mod text;

use api::papers::{Papers, Sitting};
use board::receipt::Receipt;
use crypto::Hash;
use crypto::wire::TopLevel as _;
use serde::Serialize;

/// A verified receipt, ready to be shown, saved and printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceiptView {
    /// 控えの番号.
    pub code: String,
    /// Entry hash, hex.
    pub entry_hash: String,
    /// The two pictures.
    #[serde(rename = "marks")]
    pub pictures: [u8; 2],
    /// 掲示板番号, two groups of four digits.
    pub board_number: String,
    /// Height of the block that holds the ballot.
    pub height: u64,
    /// Time of that block, ms.
    pub received: u64,
    /// `home`, `counter` or `venue`.
    pub channel: String,
    /// Which ballot of this person it is, from 1.
    pub seq: u32,
    /// The machine-readable receipt (JSON).
    #[serde(skip)]
    pub json: String,
}

/// The machine-readable receipt (conventions D14): `bytes` are its canonical bytes, `ballot` and
/// `papers` are for a dispute, everything else repeats what they say. All of it but the signed
/// answers is on the board; the ballot in it is as sealed as there.
#[must_use]
pub fn json(receipt: &Receipt, election: &Hash, papers: &Papers) -> String {
    let headers = receipt
        .headers
        .iter()
        .map(|h| crypto::hash::to_hex(&h.to_bytes()));
    let value = serde_json::json!({
        "version": 1,
        "election": election.to_hex(),
        "code": receipt.code,
        "entry": receipt.entry.to_hex(),
        "mark": receipt.pictures,
        "height": receipt.height,
        "index": receipt.index,
        "path": receipt.path.iter().map(|h| crypto::hash::to_hex(h)).collect::<Vec<_>>(),
        "headers": headers.collect::<Vec<_>>(),
        "certificate": crypto::hash::to_hex(&receipt.certificate),
        "bytes": papers.bytes,
        "ballot": papers.ballot,
        "papers": papers.papers,
    });
    format!("{value:#}\n")
}

/// The same without a receipt: the ballot as it was sent and what nodes signed about it, and what
/// registrars signed in the sitting when one of them is at fault (`sitting`).
#[must_use]
pub fn papers_json(election: &Hash, papers: Option<&Papers>, sitting: Option<&Sitting>) -> String {
    let mut value = serde_json::json!({
        "version": 1,
        "election": election.to_hex(),
    });
    if let Some(papers) = papers {
        value["bytes"] = serde_json::json!(papers.bytes);
        value["ballot"] = serde_json::json!(papers.ballot);
        value["papers"] = serde_json::json!(papers.papers);
    }
    if let Some(sitting) = sitting {
        value["sitting"] = serde_json::json!(sitting);
    }
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
