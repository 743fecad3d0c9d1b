//! The systems that packages are made for.

use clap::ValueEnum;

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

    /// A program's file.
    pub fn executable(self, program: &str) -> String {
        match self {
            Self::Linux => program.to_owned(),
            Self::Windows => format!("{program}.exe"),
        }
    }
}
