//! `cargo xtask bench wasm`: encrypt and prove in Chromium against the same code natively, in turns.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde_json::{Value, json};
use toolbox::shell::Shell;
use toolbox::{output, root};

use crate::web::Lab;

/// Most that the browser may take, as a multiple of native.
const TARGET: f64 = 3.5;
/// Proofs in one run, and runs in one turn.
const PROOFS: u32 = 20;
const RUNS: u32 = 25;

/// Arguments of `cargo xtask bench wasm`.
#[derive(Args)]
pub struct WasmArgs {
    /// Where wasm.json is written
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// How often both are measured, one after the other; medians count
    #[arg(long, default_value_t = 5)]
    turns: u32,
    /// Exit with 1 when the target is missed
    #[arg(long)]
    strict: bool,
}

/// Runs the measurements.
///
/// # Errors
/// Something cannot be built or started.
pub fn task(args: &WasmArgs) -> Result<bool> {
    let build = Shell::new("cargo build --release --locked -p web-verify --example prove_bench");
    ensure!(build.tee()?.ok, "the build failed");
    let lab = Lab::start()?;
    let (mut native, mut wasm) = (Vec::new(), Vec::new());
    let mut browser = String::new();
    for turn in 1..=args.turns {
        let said = Shell::program(root::join("target/release/examples/prove_bench")).stdout()?;
        let value: Value = serde_json::from_str(&said)?;
        native.push(value["micros"].as_f64().context("native figures")?);
        let job = json!({ "proofs": PROOFS, "runs": RUNS });
        let (answer, _) = lab.run("bench.mjs", job)?;
        let runs = answer["micros"].as_array().context("browser figures")?;
        wasm.push(median(runs.iter().filter_map(Value::as_f64).collect()));
        browser = answer["browser"].as_str().unwrap_or_default().to_owned();
        output::line(&format!("  turn {turn} of {}", args.turns));
    }
    let ratios: Vec<f64> = wasm.iter().zip(&native).map(|(w, n)| w / n).collect();
    let ratio = median(ratios);
    let met = ratio <= TARGET;
    let report = json!({
        "name": "encrypt and prove, wasm in Chromium / native",
        "options": 12,
        "native_micros": median(native),
        "wasm_micros": median(wasm),
        "ratio": ratio,
        "target": TARGET,
        "met": met,
        "browser": browser,
    });
    std::fs::create_dir_all(&args.out)?;
    std::fs::write(args.out.join("wasm.json"), format!("{report:#}\n"))?;
    output::line(&report.to_string());
    let verdict = if met { "PASS" } else { "over" };
    output::line(&format!("{verdict}  {ratio:.2} (≤ {TARGET})"));
    Ok(met || !args.strict)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
