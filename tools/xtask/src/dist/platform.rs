//! The systems that packages are made for.

use std::path::Path;

use anyhow::{Result, ensure};
use clap::ValueEnum;
use toolbox::shell::{Shell, on_path};

/// A system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Platform {
    /// Debian 12 and what is not older.
    #[value(name = "linux-x86_64")]
    Linux,
    /// Windows 10 and later.
    #[value(name = "windows-x86_64")]
    Windows,
}

impl Platform {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Linux, Self::Windows];

    /// As file names and acts of officers call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Linux => "linux-x86_64",
            Self::Windows => "windows-x86_64",
        }
    }

    /// As the compiler calls it.
    pub const fn target(self) -> &'static str {
        match self {
            Self::Linux => "x86_64-unknown-linux-gnu",
            Self::Windows => "x86_64-pc-windows-gnu",
        }
    }

    /// Programs that have to be here and the Debian packages that bring them.
    const fn needs(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Linux => &[("g++", "g++")],
            Self::Windows => &[
                ("x86_64-w64-mingw32-g++-posix", "g++-mingw-w64-x86-64-posix"),
                ("makensis", "nsis"),
            ],
        }
    }

    /// Says what is missing before a compiler runs for long.
    ///
    /// # Errors
    /// A program or the target of the Rust compiler is missing.
    pub fn ready(self) -> Result<()> {
        for (program, package) in self.needs() {
            ensure!(
                on_path(program),
                "{program} is missing: apt install {package}"
            );
        }
        let target = self.target();
        let folder = Shell::new("rustc --print target-libdir --target")
            .arg(target)
            .stdout()?;
        ensure!(
            Path::new(folder.trim()).exists(),
            "the compiler lacks {target}: rustup target add {target}"
        );
        Ok(())
    }

    /// A program's file.
    pub fn executable(self, program: &str) -> String {
        match self {
            Self::Linux => program.to_owned(),
            Self::Windows => format!("{program}.exe"),
        }
    }
}
