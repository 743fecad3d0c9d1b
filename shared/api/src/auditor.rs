//! What an auditor's own program hands to the office.

use serde::{Deserialize, Serialize};

use crate::hex::Hex;

/// An auditor's `public.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// The X25519 key that evidence is sealed to.
    pub key: Hex<[u8; 32]>,
}
