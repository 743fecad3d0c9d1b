//! Where a voter's own program keeps its few files: the sealed ballot, and how to be found again.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Folder of this program below a user's folder for programs' data.
const NAME: &str = "irefuda";
/// Written and removed again, to know before the card that a ballot can be kept.
const TRIAL: &str = "trial";

/// The user's own folder for this program's data, wherever it was started: `$XDG_DATA_HOME/irefuda` or
/// `~/.local/share/irefuda`, on Windows `%LOCALAPPDATA%\irefuda`, which does not travel to other
/// machines. None for a user without a home.
pub(crate) fn of_the_user() -> Option<PathBuf> {
    let set = |name: &str| {
        let path = PathBuf::from(env::var_os(name)?);
        path.is_absolute().then_some(path)
    };
    let base = if cfg!(target_os = "windows") {
        set("LOCALAPPDATA")
    } else {
        set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")))
    };
    Some(base?.join(NAME))
}

/// Makes the folder, for this user alone, and tries to write into it.
pub(crate) fn prepare(folder: &Path) -> io::Result<()> {
    make(folder)?;
    let trial = folder.join(TRIAL);
    write_private(&trial, b"")?;
    fs::remove_file(trial)
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Writes a file that this user alone can read, whole or not at all.
pub(crate) fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut out = options.open(&temporary)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&temporary, file)
}

#[cfg(test)]
mod tests;
