//! The public record as files (conventions D3), and as a tar in fixed order.

use crate::gateway::Gateway;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Writes the record up to the last certified block into a folder that is removed on drop.
///
/// # Errors
/// When there is nothing to write or the disk refuses.
pub async fn write(_gateway: &Gateway) -> io::Result<TempDir> {
    Err(io::Error::other("no record yet"))
}

/// Packs a record folder: files in the order of their paths, no owner, no time.
///
/// # Errors
/// What the disk or the reader of the stream says.
pub fn tar(folder: &Path, out: &mut impl Write) -> io::Result<()> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.sort();
    let mut builder = tar::Builder::new(out);
    for path in files {
        let name = path.strip_prefix(folder).map_err(io::Error::other)?;
        let mut header = tar::Header::new_ustar();
        header.set_size(fs::metadata(&path)?.len());
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_entry_type(tar::EntryType::Regular);
        builder.append_data(&mut header, name, File::open(&path)?)?;
    }
    builder.finish()
}

fn list(folder: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}
