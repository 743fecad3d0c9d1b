//! `cargo xtask bench`: measurements, each with its own floor in the same run. Never part of
//! `test`: a busy machine makes no build red.

use anyhow::Result;
use clap::{Args, Subcommand};

mod crypto;
mod peers;
mod verify;
mod wasm;

/// Arguments of `cargo xtask bench`.
#[derive(Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The ballot's arithmetic against its floor and against the classic proof
    Crypto(crypto::CryptoArgs),
    /// Whole records: cost against their signatures, tokens and proofs, memory at two sizes
    Verify(verify::VerifyArgs),
    /// Encrypt and prove in Chromium against the same code natively
    Wasm(wasm::WasmArgs),
}

/// `cargo xtask bench`.
///
/// # Errors
/// Something cannot be built or started.
pub fn task(args: &BenchArgs) -> Result<bool> {
    match &args.what {
        What::Crypto(args) => crypto::task(args),
        What::Verify(args) => verify::task(args),
        What::Wasm(args) => wasm::task(args),
    }
}
