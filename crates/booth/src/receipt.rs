//! What the voter keeps: 控え. It says when and under which number, never for what.

use serde::Serialize;

/// A verified receipt, ready to be shown, saved and printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceiptView {
    /// 控えの番号.
    pub code: String,
    /// SHA-512 fingerprint of the entry, hex.
    pub entry_hash: String,
    /// The two pictures.
    pub marks: [u8; 2],
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
