//! Where the workspace and what is built in it are.

use std::path::{Path, PathBuf};

/// Where the pages for the browser are put together.
pub const PAGES: &str = "target/web";

/// The workspace root (two above this crate).
pub fn dir() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A path below the workspace root.
pub fn join(relative: &str) -> PathBuf {
    dir().join(relative)
}

/// A program of the workspace as `cargo build` leaves it. Not `current_exe`: a build replaces that
/// file while it runs.
pub fn program(name: &str) -> PathBuf {
    join("target/debug").join(name)
}
