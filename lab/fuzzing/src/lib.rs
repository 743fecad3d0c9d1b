//! Every decoder of foreign bytes as a function over bytes, with the property it must have: one
//! byte string per value, no prefix and no longer string decodes, nothing signed is accepted after
//! a change, nothing panics.
//!
//! The same functions run in two ways: `irefuda-fuzz smoke` mutates good inputs by a fixed rule
//! (part of the test command), and `fuzz/` hands them to libFuzzer for long runs.
#![expect(
    clippy::missing_panics_doc,
    reason = "a broken property stops the run where it stands"
)]

pub mod batch;
pub mod mutate;
mod property;
pub mod seeds;
pub mod smoke;
mod targets;

pub use targets::TARGETS;

/// One decoder.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name on the command line, of the corpus folder and of the file in `fuzz/fuzz_targets/`.
    pub name: &'static str,
    /// Decodes and checks the property; whether the bytes were accepted.
    ///
    /// # Panics
    /// When the property does not hold.
    pub run: fn(&[u8]) -> bool,
    /// Inputs that are accepted, to start from.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// How much more one run costs than that of a plain decoder.
    pub weight: u32,
}

/// The target of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|t| t.name == name)
}

/// Entry of the files in `fuzz/fuzz_targets/`.
///
/// # Panics
/// When there is no such target, or its property does not hold.
pub fn run(name: &str, bytes: &[u8]) {
    let target = find(name).expect("a target of this name");
    (target.run)(bytes);
}

#[cfg(test)]
mod tests;
