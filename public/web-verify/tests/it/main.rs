//! The pages' logic on real chains and records, natively.
#![expect(clippy::unwrap_used, reason = "a test stops where it stands")]

mod carrier;
mod chain;
mod device;
mod receipt;
mod record;
