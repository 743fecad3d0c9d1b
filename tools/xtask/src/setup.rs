//! Installs what the build, the tests and the demo need and this machine lacks.
//!
//! The table below is the whole list. Setup changes nothing before it has named it and somebody has
//! agreed.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use toolbox::shell::{self, Shell, on_path};
use toolbox::{output, root};

use crate::checkers;

/// Arguments of `cargo xtask setup`.
#[derive(Args)]
pub struct SetupArgs {
    /// Install without asking
    #[arg(long)]
    pub yes: bool,
}

/// How to see that a package is there.
enum Probe {
    /// A program on the PATH.
    Program(&'static str),
    /// A file (one `*` allowed in a directory name).
    File(&'static str),
    /// A library known to pkg-config.
    Library(&'static str),
    /// A module of Python.
    Module(&'static str),
    /// The package database knows it as installed.
    Installed,
}

/// One Debian or Ubuntu package.
struct Package {
    name: &'static str,
    why: &'static str,
    probe: Probe,
}

const fn package(name: &'static str, why: &'static str, probe: Probe) -> Package {
    Package { name, why, probe }
}

/// Everything that comes from the distribution.
const PACKAGES: &[Package] = &[
    package(
        "python3-pip",
        "fetches the face engine's source",
        Probe::Program("pip3"),
    ),
    package(
        "python3-venv",
        "keeps the checkers below target/",
        Probe::Module("ensurepip"),
    ),
    package(
        "g++",
        "C++ compiler for the face engine",
        Probe::Program("g++"),
    ),
    package(
        "pkg-config",
        "finds the libraries below",
        Probe::Program("pkg-config"),
    ),
    package(
        "libssl-dev",
        "blind signatures of the registrar",
        Probe::Library("openssl"),
    ),
    package(
        "libpcsclite-dev",
        "smart cards: library",
        Probe::Library("libpcsclite"),
    ),
    package(
        "pcscd",
        "smart cards: the real reader service",
        Probe::File("/usr/sbin/pcscd"),
    ),
    package(
        "vsmartcard-vpcd",
        "smart cards: virtual reader",
        Probe::Installed,
    ),
    package(
        "opensc",
        "smart cards: independent judge",
        Probe::Program("opensc-tool"),
    ),
    package(
        "opensc-pkcs11",
        "smart cards: PKCS#11 module",
        Probe::Installed,
    ),
    package(
        "openssl",
        "judges certificates and lists",
        Probe::Program("openssl"),
    ),
    package(
        "libopenjp2-tools",
        "writes the cards' JPEG 2000",
        Probe::Program("opj_compress"),
    ),
    package(
        "postgresql",
        "database",
        Probe::File("/usr/lib/postgresql/*/bin/initdb"),
    ),
    package("chromium", "browser tests", Probe::Program("chromium")),
    package(
        "firefox-esr",
        "browser tests",
        Probe::Program("firefox-esr"),
    ),
    package(
        "fonts-noto-cjk",
        "Japanese letters in screenshots",
        Probe::Installed,
    ),
    package(
        "tcpdump",
        "captures loopback traffic to look for secrets",
        Probe::Program("tcpdump"),
    ),
    package(
        "util-linux",
        "private namespaces for tests",
        Probe::Program("unshare"),
    ),
    package(
        "iproute2",
        "loopback in private namespaces",
        Probe::Program("ip"),
    ),
    package("procps", "process table", Probe::Program("ps")),
    package(
        "valgrind",
        "counts the instructions of the prover",
        Probe::Program("valgrind"),
    ),
    package("curl", "smoke tests", Probe::Program("curl")),
    package(
        "ca-certificates",
        "downloads",
        Probe::File("/etc/ssl/certs/ca-certificates.crt"),
    ),
];

/// The wasm target of the pure crates.
const WASM: &str = "wasm32-unknown-unknown";

/// `cargo xtask setup`.
///
/// # Errors
/// Something is missing and cannot be installed.
pub fn task(args: &SetupArgs) -> Result<bool> {
    ensure(args.yes)?;
    Ok(true)
}

/// Installs what is missing, after asking once (`yes`: without asking). Says how long the
/// installation took, which a machine that has everything does not spend.
///
/// # Errors
/// The user declined, there is nobody to ask, or an installation failed.
pub fn ensure(yes: bool) -> Result<Duration> {
    let missing = Missing::find();
    if missing.is_nothing() {
        output::line("everything needed is installed");
        return Ok(Duration::ZERO);
    }
    missing.announce();
    agree(yes)?;
    let began = Instant::now();
    missing.install()?;
    Ok(began.elapsed())
}

/// What this machine lacks.
struct Missing {
    packages: Vec<&'static Package>,
    others: Vec<Other>,
}

/// What does not come from the distribution.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Other {
    WasmTarget,
    TestRunner,
    NodePackages,
    Checkers,
}

impl Other {
    fn present(self) -> bool {
        match self {
            Self::WasmTarget => wasm_target_present(),
            Self::TestRunner => on_path("cargo-nextest"),
            Self::NodePackages => npm_is_current(),
            Self::Checkers => checkers::are_current(),
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::WasmTarget => "rustup  the pure crates in the browser",
            Self::TestRunner => "cargo   cargo-nextest, the test runner",
            Self::NodePackages => {
                "npm     lab/e2e/, browser driver, accessibility and workflow checks"
            }
            Self::Checkers => "pip     checkers of spelling, links, licences (below target/)",
        }
    }

    fn install(self) -> Result<()> {
        match self {
            Self::WasmTarget => step(Shell::new("rustup target add").arg(WASM)),
            Self::TestRunner => step(Shell::new("cargo install cargo-nextest --locked")),
            Self::NodePackages => npm_ci(),
            Self::Checkers => checkers::install(),
        }
    }
}

impl Missing {
    fn find() -> Self {
        let others = [
            Other::WasmTarget,
            Other::TestRunner,
            Other::NodePackages,
            Other::Checkers,
        ];
        Self {
            packages: PACKAGES
                .iter()
                .filter(|package| !present(package))
                .collect(),
            others: others
                .into_iter()
                .filter(|other| !other.present())
                .collect(),
        }
    }

    fn is_nothing(&self) -> bool {
        self.packages.is_empty() && self.others.is_empty()
    }

    fn announce(&self) {
        output::line("This machine lacks:");
        for package in &self.packages {
            output::line(&format!("  apt     {:<18} {}", package.name, package.why));
        }
        for other in &self.others {
            output::line(&format!("  {}", other.why()));
        }
    }

    fn install(&self) -> Result<()> {
        install_packages(&self.packages)?;
        self.others.iter().try_for_each(|other| other.install())
    }
}

fn agree(yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        bail!("nobody to ask: run again with --yes, or install the above yourself");
    }
    if output::ask("Install them now?")? {
        Ok(())
    } else {
        bail!("nothing was installed")
    }
}

fn present(package: &Package) -> bool {
    match package.probe {
        Probe::Program(name) => on_path(name),
        Probe::File(path) => file_exists(path),
        Probe::Library(name) => Shell::new("pkg-config --exists")
            .arg(name)
            .quiet()
            .is_ok_and(|said| said.ok),
        Probe::Module(name) => Shell::new("python3 -c")
            .arg(format!("import {name}"))
            .quiet()
            .is_ok_and(|said| said.ok),
        Probe::Installed => Shell::new("dpkg-query -W -f ${Status}")
            .arg(package.name)
            .quiet()
            .is_ok_and(|said| said.ok && said.text.contains("install ok installed")),
    }
}

fn file_exists(pattern: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return Path::new(pattern).exists();
    };
    let Ok(entries) = std::fs::read_dir(before) else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.path().join(after.trim_start_matches('/')).exists())
}

fn wasm_target_present() -> bool {
    Shell::new("rustc --print target-libdir --target")
        .arg(WASM)
        .quiet()
        .is_ok_and(|said| said.ok && Path::new(said.text.trim()).exists())
}

/// `node_modules` is there and was made from the lock file as it is now.
fn npm_is_current() -> bool {
    let lock = std::fs::read(root::join("lab/e2e/package-lock.json"));
    let used = std::fs::read(root::join("lab/e2e/node_modules/.lock-used"));
    match (lock, used) {
        (Ok(lock), Ok(used)) => lock == used,
        (Err(_), _) => true,
        (Ok(_), Err(_)) => false,
    }
}

fn npm_ci() -> Result<()> {
    let e2e = root::join("lab/e2e");
    step(Shell::new("npm ci --ignore-scripts --no-audit --no-fund").dir(&e2e))?;
    std::fs::copy(
        e2e.join("package-lock.json"),
        e2e.join("node_modules/.lock-used"),
    )?;
    Ok(())
}

fn install_packages(missing: &[&Package]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    if !on_path("apt-get") {
        bail!("this machine has no apt-get: install the packages above with its own tool");
    }
    let sudo = if shell::am_root() { "" } else { "sudo " };
    step(Shell::new(&format!("{sudo}apt-get update -qq")))?;
    let mut install = Shell::new(&format!(
        "{sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
    ));
    for package in missing {
        install = install.arg(package.name);
    }
    step(install)?;
    let still: Vec<&str> = missing
        .iter()
        .filter(|p| !present(p))
        .map(|p| p.name)
        .collect();
    if !still.is_empty() {
        bail!("still missing after the installation: {}", still.join(" "));
    }
    Ok(())
}

fn step(shell: Shell) -> Result<()> {
    let said = shell.tee()?;
    if said.ok {
        Ok(())
    } else {
        bail!("the installation step above failed")
    }
}

#[cfg(test)]
mod tests;
