//! What an officer's own program hands to the office.

use crypto::Point;
use serde::{Deserialize, Serialize};

use crate::hex::Hex;

/// An officer's `public.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// The Schnorr key that signs acts.
    pub key: Hex<Point>,
}
