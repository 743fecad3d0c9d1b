//! Programs that cargo installs for one task, pinned by version, below `target/tools/`.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use toolbox::root;
use toolbox::shell::Shell;

/// Where they go: never on the machine itself.
const HOME: &str = "target/tools";

/// One program.
pub struct Tool {
    /// Name of the crate and of its program.
    pub name: &'static str,
    /// The one version that is used.
    pub version: &'static str,
    /// Further words for `cargo install`.
    pub features: &'static str,
}

impl Tool {
    /// The program, installed if this version of it is not there.
    ///
    /// # Errors
    /// Cargo fails.
    pub fn ensure(&self) -> Result<PathBuf> {
        let program = root::join(HOME).join("bin").join(self.name);
        if !self.is_current(&program) {
            let install = Shell::new("cargo install --locked --force")
                .arg(format!("{}@{}", self.name, self.version))
                .arg("--root")
                .arg(root::join(HOME));
            let install = self.features.split_whitespace().fold(install, Shell::arg);
            ensure!(install.tee()?.ok, "{} was not installed", self.name);
        }
        Ok(program)
    }

    fn is_current(&self, program: &std::path::Path) -> bool {
        // `cargo-NAME` wants its own name as first word, as cargo gives it.
        let words = self.name.strip_prefix("cargo-");
        let shell = words.into_iter().fold(Shell::program(program), Shell::arg);
        let said = shell.arg("--version").quiet();
        said.is_ok_and(|said| said.text.trim().ends_with(self.version))
    }
}
