//! The real worker with the real models and pictures, as a child process of the tests.
//!
//! Models and pictures are fetched and painted by `cargo xtask assets`, which `cargo xtask test`
//! runs first.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod confined;
#[cfg(test)]
mod decoding;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod support;
