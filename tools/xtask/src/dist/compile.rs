//! Compiles the voter's two programs for one system: nothing of this machine goes in but the
//! sources, the compilers and the keys that were named.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use toolbox::shell::Shell;

use super::platform::Platform;

/// The programs of a package.
pub const PROGRAMS: [&str; 2] = ["irefuda-booth", "irefuda-face-worker"];
/// What of the environment a build may see.
const ENVIRONMENT: [&str; 7] = [
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "CARGO_BUILD_JOBS",
    "CARGO_NET_OFFLINE",
];
/// dlib needs threads of POSIX: the other variant of the cross compiler lacks them.
const MINGW: [&str; 2] = [
    "x86_64-w64-mingw32-gcc-posix",
    "x86_64-w64-mingw32-g++-posix",
];

/// What a build begins from.
#[derive(Clone, Debug)]
pub struct Build {
    /// The sources.
    pub source: PathBuf,
    /// Where the compiler writes.
    pub out: PathBuf,
    /// The system.
    pub platform: Platform,
    /// Keys built in: text of `trust.json` and of the card authorities.
    pub trust: Option<String>,
    /// The authorities of cards.
    pub card_trust: Option<String>,
    /// For demonstrations: what a release refuses (test cards, `--trust`, a stepped clock) is taken.
    pub practice: bool,
}

impl Build {
    /// Compiles, and returns the folder of the programs.
    ///
    /// # Errors
    /// The compiler failed.
    pub fn run(&self) -> Result<PathBuf> {
        let mut cargo = Shell::new("cargo build --release --locked")
            .dir(&self.source)
            .only(&ENVIRONMENT)
            .env("CARGO_INCREMENTAL", "0")
            .env("RUSTFLAGS", &self.rust_flags()?)
            .env("CFLAGS", &self.c_flags()?)
            .arg("--target")
            .arg(self.platform.target())
            .arg("--target-dir")
            .arg(&self.out);
        for package in ["booth", "face-worker"] {
            cargo = cargo.arg("-p").arg(package);
        }
        for program in PROGRAMS {
            cargo = cargo.arg("--bin").arg(program);
        }
        if self.practice {
            // Exactly the two crates that ask whether this is a release.
            for package in ["booth", "host"] {
                cargo = cargo.arg("--config").arg(format!(
                    "profile.release.package.{package}.debug-assertions=true"
                ));
            }
        }
        if self.platform == Platform::Windows {
            let [c, cpp] = MINGW;
            cargo = cargo
                .env("CC_x86_64_pc_windows_gnu", c)
                .env("CXX_x86_64_pc_windows_gnu", cpp)
                .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", c);
        }
        for (name, text) in [
            ("IREFUDA_BOOTH_TRUST", &self.trust),
            ("IREFUDA_BOOTH_CARD_TRUST", &self.card_trust),
        ] {
            if let Some(text) = text {
                cargo = cargo.env(name, text);
            }
        }
        ensure!(
            cargo.tee()?.ok,
            "the programs for {} do not compile",
            self.platform.name()
        );
        Ok(self.out.join(self.platform.target()).join("release"))
    }

    /// Paths of this machine and what is written in their place.
    fn renamed(&self) -> Result<Vec<(String, &'static str)>> {
        let crates = cargo_home()?.join("registry/src");
        let mut registries: Vec<PathBuf> = fs::read_dir(&crates)
            .with_context(|| crates.display().to_string())?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        registries.sort();
        let mut renamed: Vec<_> = registries
            .iter()
            .map(|path| (path.display().to_string(), "/crates"))
            .collect();
        renamed.push((self.source.display().to_string(), "/irefuda"));
        Ok(renamed)
    }

    /// `.cargo/config.toml` has the first; flags in the environment replace those there.
    fn rust_flags(&self) -> Result<String> {
        let mut flags = vec!["--cfg curve25519_dalek_backend=\"avx512\"".to_owned()];
        for (from, to) in self.renamed()? {
            flags.push(format!("--remap-path-prefix={from}={to}"));
        }
        if self.platform == Platform::Windows {
            flags.push("-C link-arg=-Wl,--no-insert-timestamp".to_owned());
        }
        Ok(flags.join(" "))
    }

    fn c_flags(&self) -> Result<String> {
        let renamed = self.renamed()?;
        let flags = renamed
            .iter()
            .map(|(from, to)| format!("-ffile-prefix-map={from}={to}"));
        Ok(flags.collect::<Vec<_>>().join(" "))
    }

    /// Folders whose names must not be found in a program.
    ///
    /// # Errors
    /// There is no home folder.
    pub fn private(&self) -> Result<Vec<String>> {
        let mut paths = vec![
            self.source.display().to_string(),
            self.out.display().to_string(),
            cargo_home()?.display().to_string(),
        ];
        let home = std::env::var_os("HOME").and_then(|home| home.into_string().ok());
        paths.extend(home.filter(|home| home.len() > 1));
        Ok(paths)
    }
}

/// Where Cargo keeps the sources of crates.
fn cargo_home() -> Result<PathBuf> {
    if let Some(home) = std::env::var_os("CARGO_HOME") {
        return Ok(home.into());
    }
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    Ok(Path::new(&home).join(".cargo"))
}
