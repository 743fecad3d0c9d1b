//! Files and folders that one person alone may read: what a program that is really used refuses.

use std::fs;
use std::path::{Path, PathBuf};

/// How far below a folder key files are looked for.
const DEPTH: u8 = 4;

/// What a program was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Real elections.
    Release,
    /// Tests and demonstrations.
    Debug,
}

impl Build {
    /// This program's.
    #[must_use]
    pub const fn this() -> Self {
        if cfg!(debug_assertions) {
            Self::Debug
        } else {
            Self::Release
        }
    }
    /// Whether a real election may rest on it.
    #[must_use]
    pub fn is_release(self) -> bool {
        self == Self::Release
    }
}

/// A file with a secret that more than its owner may read.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} はほかの人も読めます（モード {mode:o}）。chmod 600 で直してください / this file with a secret can be read by others (mode {mode:o}); chmod 600 it",
    path.display()
)]
pub struct Exposed {
    /// The file.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
}

/// Refuses, in a release build, a regular file that its group or others may read, write or run.
/// Files without such bits (pipes, other systems than Unix) pass, and so does what is not there: who
/// opens it says so.
///
/// # Errors
/// [`Exposed`].
pub fn check(path: &Path, build: Build) -> Result<(), Exposed> {
    match mode_of(path) {
        Some(mode) if build.is_release() && mode & 0o077 != 0 => Err(Exposed {
            path: path.to_owned(),
            mode,
        }),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn mode_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let meta = fs::metadata(path).ok()?;
    meta.is_file().then(|| meta.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode_of(_: &Path) -> Option<u32> {
    None
}

/// All key files in a folder and the folders in it, in order of their names. Links are not followed.
/// None for a folder that is not there.
///
/// # Errors
/// A folder that cannot be read.
pub fn key_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if folder.exists() {
        gather(folder, DEPTH, &mut found)?;
    }
    found.sort();
    Ok(found)
}

/// The first key file in a folder and the folders in it that is not `own`: one folder is one person.
///
/// # Errors
/// A folder that cannot be read.
pub fn others_key(folder: &Path, own: &Path) -> std::io::Result<Option<PathBuf>> {
    Ok(key_files(folder)?.into_iter().find(|path| path != own))
}

fn gather(folder: &Path, depth: u8, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() && depth > 0 {
            gather(&entry.path(), depth - 1, found)?;
        } else if entry.path().extension().is_some_and(|e| e == "key") {
            found.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
