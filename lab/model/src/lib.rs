//! Models of the protocol at the level of its messages, searched through completely within the
//! bounds each one names. Cryptography is perfect here: a signature cannot be forged, a blinded
//! request shows nothing, a hash has no second origin. The findings are in
//! `docs/spec/10-symbolic-model.md`.

pub mod check;
pub mod credential;
pub mod explore;
pub mod finality;
pub mod opening;
pub mod views;
