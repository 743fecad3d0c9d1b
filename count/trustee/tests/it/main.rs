//! The trustee's program over TLS against nodes with the board's real rules; the nodes' operator
//! may lie. Threats of `threats.md` by number, trustee's side.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a step that fails must stop the test where it stands"
)]

mod ceremony;
mod cli;
mod end;
mod nodes;
mod paper;
mod refusals;
mod withdrawn;
mod world;
