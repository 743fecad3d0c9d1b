//! The test vectors of `vectors/`: one file a chapter of the specification, for anybody who
//! implements it again.
//!
//! A vector has inputs (`in`), what follows from them (`out`) and a verdict (`expect`: `accept` or
//! the number of the first broken rule). The inputs come from fixed seeds; `out` and `expect` are
//! computed by the crates that ship, from `in` alone. `cargo xtask vectors` writes the files, the
//! test of this crate computes them again.
#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "for tests: a vector that cannot be made must stop the run where it stands"
)]
#![expect(
    clippy::too_many_lines,
    clippy::type_complexity,
    clippy::semicolon_if_nothing_returned,
    clippy::needless_pass_by_value,
    reason = "tables of cases: name, rule, change"
)]

mod all;
mod book;
mod chapter01;
mod chapter02;
mod chapter03;
mod chapter04;
mod chapter05;
mod chapter06;
mod chapter07;
mod chapter08;
mod chapter09;
mod file;
mod input;
mod manifest;
mod own_card;
pub mod stream;

pub use all::{files, recompute};
pub use file::File;
