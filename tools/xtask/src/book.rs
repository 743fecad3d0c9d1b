//! `cargo xtask book`: the pages below `docs/` as one book in `target/book`, with every link in it
//! checked. Not part of `test`, which checks the same links in the Markdown.

use std::path::Path;

use anyhow::{Result, ensure};
use toolbox::shell::Shell;
use toolbox::{output, root};

use crate::{cargo_tools, checkers};

const MDBOOK: cargo_tools::Tool = cargo_tools::Tool {
    name: "mdbook",
    version: "0.5.4",
    // Neither its server nor its file watcher.
    features: "--no-default-features --features search",
};

/// Where `docs/book.toml` puts it.
const OUT: &str = "target/book";
/// Pages that mdbook adds: no chapter of ours.
const EXTRA: [&str; 3] = ["404.html", "print.html", "toc.html"];

/// `cargo xtask book`.
///
/// # Errors
/// A tool cannot be installed or started.
pub fn task() -> Result<bool> {
    let mdbook = MDBOOK.ensure()?;
    if !checkers::are_current() {
        checkers::install()?;
    }
    let out = root::join(OUT);
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    ensure!(
        Shell::program(mdbook).arg("build").arg("docs").tee()?.ok,
        "mdbook failed"
    );
    let checked = links(&out)?;
    output::line(&format!("{} pages in {OUT}", pages(&out)?));
    Ok(checked)
}

/// A link out of the book leads to a file of the repository: checked there, under the name that it
/// has there.
fn links(out: &Path) -> Result<bool> {
    let here = root::dir().display().to_string();
    let said = Shell::program(checkers::program("lychee"))
        .arg("--offline")
        .arg("--no-progress")
        .arg("--include-fragments=anchor-only")
        .arg("--exclude-path=404.html")
        .arg(format!(
            "--remap=file://{here}/target/([A-Z]+)[.]html file://{here}/$1.md"
        ))
        .arg(format!(
            "--remap=file://{here}/target/config/ file://{here}/config/"
        ))
        .arg(".")
        .dir(out);
    Ok(said.tee()?.ok)
}

/// Chapters, however deep.
fn pages(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if path.is_dir() {
            count += pages(&path)?;
        } else if name.is_some_and(|name| name.ends_with(".html") && !EXTRA.contains(&name)) {
            count += 1;
        }
    }
    Ok(count)
}
