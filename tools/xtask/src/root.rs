//! Where the workspace is.

use std::path::{Path, PathBuf};

/// The workspace root (the parent of `tools/xtask/`).
pub fn dir() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A path below the workspace root.
pub fn join(relative: &str) -> PathBuf {
    dir().join(relative)
}

/// This program. Not `current_exe`: a build of the workspace replaces the file while it runs.
pub fn me() -> PathBuf {
    join("target/debug/xtask")
}
