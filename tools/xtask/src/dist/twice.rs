//! The same thing made in two places, compared byte by byte.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use toolbox::output;
use toolbox::shell::Shell;

use super::compile::{Build, PROGRAMS};
use super::{Made, hex};

/// What of `target/assets` a build begins from: compiled libraries are left out.
const ASSETS: [&str; 2] = ["downloads", "models"];

/// Whether both have the same files with the same bytes; says which differ.
pub fn same(what: &str, first: &[Made], second: &[Made]) -> bool {
    let mut same = first.len() == second.len();
    for (one, other) in first.iter().zip(second) {
        let equal = one.name == other.name && one.bytes == other.bytes;
        same &= equal;
        let word = if equal { "same bytes" } else { "DIFFERENT" };
        output::line(&format!("{what}: {word}: {}", one.name));
    }
    same
}

/// Compiles the tracked files once more, in another folder and with nothing compiled before.
///
/// # Errors
/// The copy or the build fails.
pub fn compile(build: &Build, programs: &Path) -> Result<bool> {
    let folder = tempfile::Builder::new()
        .prefix("irefuda-again-")
        .tempdir()?;
    let source = folder.path().join("elsewhere").join("sources");
    copy(&build.source, &source)?;
    let again = Build {
        out: folder.path().join("out"),
        source,
        ..build.clone()
    };
    let second = again.run()?;
    let read = |folder: &Path| -> Result<Vec<Made>> {
        let made = PROGRAMS.iter().map(|program| {
            let name = build.platform.executable(program);
            let path = folder.join(&name);
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            output::line(&format!("{}  {}", hex(&bytes), path.display()));
            Ok(Made {
                name,
                platform: None,
                bytes,
            })
        });
        made.collect()
    };
    Ok(same("compiled twice", &read(programs)?, &read(&second)?))
}

/// The files that Git knows, and what was fetched.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let known = Shell::new("git ls-files -z").dir(from).stdout()?;
    let mut files: Vec<String> = known
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    for name in ASSETS {
        let folder = format!("target/assets/{name}");
        for entry in fs::read_dir(from.join(&folder)).with_context(|| folder.clone())? {
            let file = entry?.file_name();
            files.push(format!("{folder}/{}", file.to_string_lossy()));
        }
    }
    for name in files {
        let (source, target) = (from.join(&name), to.join(&name));
        if !source.is_file() {
            continue;
        }
        fs::create_dir_all(target.parent().context("a file's folder")?)?;
        fs::copy(&source, &target).with_context(|| source.display().to_string())?;
    }
    Ok(())
}
