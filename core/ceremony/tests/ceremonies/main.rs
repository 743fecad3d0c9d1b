//! Whole ceremonies with one trustee who does not keep the rules: one file a traitor (threat A-08).
#![expect(
    clippy::unwrap_used,
    reason = "a step that fails must stop the test where it stands"
)]

mod duplicate_id;
mod false_complaint;
mod identity;
mod late_reveal;
mod properties;
mod rogue_key;
mod silence;
mod table;
mod wrong_answer;
mod wrong_share;
