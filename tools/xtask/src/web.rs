//! `cargo xtask web`: the pages for the browser as one folder of static files.
//!
//! The crate `web-verify` compiled to WebAssembly, the JavaScript that loads it (written by
//! wasm-bindgen, called as a library so that nothing but cargo is needed), the pages, and the
//! style sheet of the other pages. The folder can be served by anything, also without a network.

mod pages;

pub use pages::{Lab, step};

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use toolbox::shell::Shell;
use toolbox::{output, root};

/// What the compiler writes.
const WASM: &str = "target/wasm32-unknown-unknown/wasm/web_verify.wasm";
/// Pages, scripts and texts as they are.
const PAGES: &str = "public/web-verify/pages";
/// Style sheets of all pages, in their order, and those of these pages.
const STYLES: [&str; 6] = [
    "shared/ui/assets/tokens.css",
    "shared/ui/assets/base.css",
    "shared/ui/assets/frame.css",
    "shared/ui/assets/parts.css",
    "shared/ui/assets/print.css",
    "public/web-verify/pages/web.css",
];

/// Arguments of `cargo xtask web`.
#[derive(Args)]
pub struct WebArgs {
    /// Where the folder goes; target/web without it
    #[arg(long)]
    out: Option<PathBuf>,
}

/// `cargo xtask web`.
///
/// # Errors
/// The build or a file fails.
pub fn task(args: &WebArgs) -> Result<bool> {
    let out = args.out.clone().unwrap_or_else(|| root::join(root::PAGES));
    bundle(&out)?;
    output::line(&format!("{}:", out.display()));
    for (name, bytes, packed) in sizes(&out)? {
        output::line(&format!("  {name:<24} {bytes:>8} bytes {packed:>8} packed"));
    }
    Ok(true)
}

/// Builds everything into `out`.
///
/// # Errors
/// The build or a file fails.
pub fn bundle(out: &Path) -> Result<()> {
    let said = Shell::new(
        "cargo build --locked --profile wasm --target wasm32-unknown-unknown --lib -p web-verify",
    )
    .tee()?;
    ensure!(said.ok, "web-verify does not build for the browser");
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    bind(&root::join(WASM), out)?;
    let mut style = String::new();
    for part in STYLES {
        style.push_str(&fs::read_to_string(root::join(part)).with_context(|| part.to_owned())?);
    }
    fs::write(out.join("irefuda.css"), style)?;
    for item in fs::read_dir(root::join(PAGES))? {
        let path = item?.path();
        let name = path.file_name().context("a page's name")?;
        if path.extension().is_none_or(|e| e != "css") {
            fs::copy(&path, out.join(name))?;
        }
    }
    fs::copy(
        root::join("shared/ui/assets/icon.svg"),
        out.join("icon.svg"),
    )?;
    Ok(())
}

/// The step after the compiler: `web_verify.js` and `web_verify_bg.wasm`.
fn bind(wasm: &Path, out: &Path) -> Result<()> {
    let bound = wasm_bindgen_cli_support::Bindgen::new()
        .input_path(wasm)
        .out_name("web_verify")
        .web(true)
        .and_then(|b| {
            b.typescript(false)
                .remove_producers_section(true)
                .remove_name_section(true)
                .generate(out)
        });
    if let Err(error) = bound {
        bail!("wasm-bindgen: {error:#}");
    }
    let glue = out.join("web_verify.js");
    let text = fs::read_to_string(&glue)?;
    Ok(fs::write(&glue, lean(&text)?)?)
}

/// The generated script without its comments and indentation: a page loads it before it shows
/// anything. Nothing else is changed.
fn lean(script: &str) -> Result<String> {
    let (mut out, mut comment) = (String::new(), false);
    for line in script.lines().map(str::trim) {
        // In a string that goes over several lines blanks would count.
        ensure!(
            line.matches('`').count() % 2 == 0,
            "a string of several lines: {line}"
        );
        let begins = comment || line.starts_with("/**");
        comment = begins && !line.ends_with("*/");
        if !begins && !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out)
}

/// Name, bytes, and bytes when packed with gzip, of every file, in order of names.
///
/// # Errors
/// A file cannot be read.
pub fn sizes(folder: &Path) -> Result<Vec<(String, usize, usize)>> {
    let mut out = Vec::new();
    for item in fs::read_dir(folder)? {
        let path = item?.path();
        let bytes = fs::read(&path)?;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut packer, &bytes)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        out.push((name.into_owned(), bytes.len(), packer.finish()?.len()));
    }
    out.sort();
    Ok(out)
}

#[cfg(test)]
mod tests;
