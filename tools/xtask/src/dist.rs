//! `cargo xtask dist`: the voter's program as people download it. A task of its own, not part of
//! `test`. docs/packages.md says what was tried, and on what.
//!
//! The same sources, keys, compilers and time give the same bytes: `--twice` packs in two folders and
//! compares, `--twice --compile` compiles in two folders as well.

mod archive;
mod compile;
mod deb;
mod installer;
mod package;
mod platform;
mod sbom;
mod tree;
mod twice;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use toolbox::shell::Shell;
use toolbox::{output, root};

use compile::Build;
use package::Package;
use platform::Platform;

/// Where packages go without `--out`.
const OUT: &str = "target/dist/packages";
/// Where the compiler works.
const WORK: &str = "target/dist";
/// Policy of test cards (`jpki::trust::TEST_POLICY`), which a release refuses.
const TEST_POLICY: &str = "1.2.392.200149.8.5.1.0.30";

/// Arguments of `cargo xtask dist`.
#[derive(Args)]
pub struct DistArgs {
    /// The system; may be given several times, all without it
    #[arg(long)]
    platform: Vec<Platform>,
    /// Keys that are built in: trust.json of the election's authority
    #[arg(long, value_name = "TRUST_JSON", required_unless_present = "practice")]
    trust: Option<PathBuf>,
    /// Authorities of cards that are built in
    #[arg(long, value_name = "FILE", required_unless_present = "practice")]
    card_trust: Option<PathBuf>,
    /// booth.toml that is packed: the operator's thresholds, and in writing that the reference face
    /// model may be used
    #[arg(long, value_name = "TOML", required_unless_present = "practice")]
    config: Option<PathBuf>,
    /// For demonstrations: takes test cards and --trust, and is called so. Never for a real vote
    #[arg(long, conflicts_with = "config")]
    practice: bool,
    /// Pack in two folders and compare the bytes
    #[arg(long)]
    twice: bool,
    /// With --twice: compile in two folders, too
    #[arg(long, requires = "twice")]
    compile: bool,
    /// Where the packages go; target/dist/packages without it
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A file that is passed on.
struct Made {
    name: String,
    /// As officers' acts name it; a list of parts is no program.
    platform: Option<String>,
    bytes: Vec<u8>,
}

/// `cargo xtask dist`.
///
/// # Errors
/// An input is refused, a compiler or packer fails.
pub fn task(args: &DistArgs) -> Result<bool> {
    let inputs = Inputs::read(args)?;
    let time = time()?;
    assets::ensure(&root::dir(), &output::line)?;
    let platforms = match args.platform.as_slice() {
        [] => Platform::ALL.to_vec(),
        some => some.to_vec(),
    };
    for platform in &platforms {
        platform.ready()?;
    }
    let (mut all, mut same) = (Vec::new(), true);
    for platform in platforms {
        let build = inputs.build(
            platform,
            root::dir(),
            root::join(WORK).join(platform.name()),
        );
        let programs = build.run()?;
        inputs.look(&build, &programs)?;
        if args.compile {
            same &= twice::compile(&build, &programs)?;
        }
        let package = Package::read(platform, &root::dir(), &programs, inputs.config.clone())?;
        let made = make(&package, time)?;
        if args.twice {
            same &= twice::same("packed twice", &made, &make(&package, time)?);
        }
        all.extend(made);
    }
    write(&folder(args.out.as_deref())?, &all, args.practice)?;
    Ok(same)
}

/// What goes in besides the sources.
struct Inputs {
    trust: Option<String>,
    card_trust: Option<String>,
    config: Option<String>,
    practice: bool,
}

impl Inputs {
    fn read(args: &DistArgs) -> Result<Self> {
        let text = |path: &Option<PathBuf>| {
            let read = path
                .as_ref()
                .map(|path| fs::read_to_string(path).with_context(|| path.display().to_string()));
            read.transpose()
        };
        let inputs = Self {
            trust: text(&args.trust)?,
            card_trust: text(&args.card_trust)?,
            config: text(&args.config)?,
            practice: args.practice,
        };
        inputs.check()?;
        Ok(inputs)
    }

    /// Refuses here what the program would refuse on the voter's machine.
    fn check(&self) -> Result<()> {
        for (text, members) in [
            (&self.trust, ["authority", "validators"]),
            (&self.card_trust, ["policy_oid", "auth_anchors"]),
        ] {
            let Some(text) = text else { continue };
            let value: Value = serde_json::from_str(text)?;
            for member in members {
                ensure!(value.get(member).is_some(), "a trust file lacks {member}");
            }
            let test = value.get("policy_oid") == Some(&json!(TEST_POLICY));
            ensure!(
                self.practice || !test,
                "--card-trust names the authority of test cards, which a release refuses"
            );
        }
        let Some(config) = &self.config else {
            return Ok(());
        };
        let config: toml::Table = toml::from_str(config)?;
        let policy = config.get("face").and_then(|face| face.get("policy"));
        let accepted = policy.and_then(|p| p.get("accept_unvalidated_face_model"));
        ensure!(
            accepted == Some(&toml::Value::Boolean(true)),
            "the reference face model is packed, and a release refuses it until the operator writes \
             accept_unvalidated_face_model = true into [face.policy] of --config"
        );
        for section in ["card_trust", "clock", "browser"] {
            ensure!(!config.contains_key(section), "--config holds {section}");
        }
        Ok(())
    }

    fn build(&self, platform: Platform, source: PathBuf, out: PathBuf) -> Build {
        Build {
            source,
            out,
            platform,
            trust: self.trust.clone(),
            card_trust: self.card_trust.clone(),
            practice: self.practice,
        }
    }

    /// Looks into the programs: the keys are in, and no folder of this machine is.
    fn look(&self, build: &Build, folder: &Path) -> Result<()> {
        let private = build.private()?;
        for program in compile::PROGRAMS {
            let path = folder.join(build.platform.executable(program));
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            for text in &private {
                ensure!(!holds(&bytes, text), "{program} names {text}");
            }
            if program == compile::PROGRAMS[0] {
                for text in [&self.trust, &self.card_trust].into_iter().flatten() {
                    ensure!(holds(&bytes, text), "{program} lacks a key that was named");
                }
            }
        }
        Ok(())
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    let (text, first) = (text.as_bytes(), text.as_bytes().first());
    bytes
        .windows(text.len().max(1))
        .any(|part| part.first() == first && part == text)
}

/// Every way of packing one system, and the list of what is in it.
fn make(package: &Package, time: u64) -> Result<Vec<Made>> {
    let scratch = tempfile::tempdir()?;
    let name = package.name();
    let file = |end: &str, way: Option<&str>, bytes: Vec<u8>| Made {
        name: format!("{name}{end}"),
        platform: way.map(|way| format!("{}-{way}", package.platform.name())),
        bytes,
    };
    let portable = package.portable();
    let mut made = match package.platform {
        Platform::Linux => vec![
            file(".tar.gz", Some("tar"), archive::tar_gz(&portable, time)?),
            file(".deb", Some("deb"), deb::deb(package, time)?),
        ],
        Platform::Windows => vec![
            file(".zip", Some("zip"), archive::zip(&portable, time)?),
            file(
                "-setup.exe",
                Some("setup"),
                installer::installer(package, scratch.path())?,
            ),
        ],
    };
    let list = sbom::sbom(package, &root::dir(), time)?;
    made.push(file(".cdx.json", None, list));
    Ok(made)
}

/// Seconds since 1970 of every file in every package: `SOURCE_DATE_EPOCH`, or the last commit's.
fn time() -> Result<u64> {
    let text = match std::env::var_os("SOURCE_DATE_EPOCH") {
        Some(text) => text.to_string_lossy().into_owned(),
        None => Shell::new("git log -1 --format=%ct").stdout()?,
    };
    text.trim().parse().context("SOURCE_DATE_EPOCH")
}

/// The folder for packages: ours is emptied, somebody else's has to be empty.
fn folder(named: Option<&Path>) -> Result<PathBuf> {
    let ours = root::join(OUT);
    let out = named.unwrap_or(&ours);
    if named.is_none() && out.exists() {
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    let empty = fs::read_dir(out)?.next().is_none();
    ensure!(empty, "{} is not empty", out.display());
    Ok(out.to_owned())
}

/// Writes packages, SHA256SUMS and releases.json, and says what two officers sign.
fn write(out: &Path, all: &[Made], practice: bool) -> Result<()> {
    let (mut sums, mut releases) = (String::new(), Vec::new());
    for made in all {
        let hash = hex(&made.bytes);
        fs::write(out.join(&made.name), &made.bytes)?;
        sums.push_str(&format!("{hash}  {}\n", made.name));
        output::line(&format!("{hash} {:>10} {}", made.bytes.len(), made.name));
        if let Some(platform) = &made.platform {
            releases.push(json!({
                "version": env!("CARGO_PKG_VERSION"),
                "platform": platform,
                "size": made.bytes.len(),
                "sha256": hash,
                "file": made.name,
            }));
        }
    }
    fs::write(out.join("SHA256SUMS"), sums)?;
    let mut text = serde_json::to_vec_pretty(&releases)?;
    text.push(b'\n');
    fs::write(out.join("releases.json"), text)?;
    output::line(&format!("in {}", out.display()));
    if practice {
        output::line("for practice: nothing of it is proposed to the officers");
        return Ok(());
    }
    output::line("Two officers release each of them (irefuda-admin --config … --data …):");
    for made in all {
        if let Some(platform) = &made.platform {
            output::line(&format!(
                "  propose --out release-{platform}.json release --version {} --platform {platform} \
                 --package {}",
                env!("CARGO_PKG_VERSION"),
                out.join(&made.name).display()
            ));
        }
    }
    Ok(())
}

/// SHA-256 in lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
