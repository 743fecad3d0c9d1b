//! Hands the address to the browser without showing it to other users of the machine: not on a
//! command line, but in a file that only this user can read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::storage::write_private;

/// The page that opens the browser.
const PAGE: &str = "open.html";

/// Writes the address into `file`, readable by this user alone.
pub(super) fn write_address(file: &Path, address: &str) -> io::Result<()> {
    write_private(file, address.as_bytes())
}

/// Opens the browser at the address. Without a browser the printed address remains.
pub(super) fn open(folder: &Path, browser: Option<&Path>, address: &str) {
    let page = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={address}\">\
         <title>インターネット投票</title><p><a href=\"{address}\">投票をはじめます</a></p>"
    );
    show(folder, browser, &page);
}

/// Shows a page that needs no server, in the configured browser or the system's. Where `folder` cannot be
/// written, the page goes where temporary files go, in a folder of its own.
pub(super) fn show(folder: &Path, browser: Option<&Path>, page: &str) {
    let file = folder.join(PAGE);
    let file = match write_private(&file, page.as_bytes()) {
        Ok(()) => file,
        Err(_) => match write_aside(page) {
            Ok(aside) => aside,
            Err(error) => return tracing::warn!(%error, "no page can be shown"),
        },
    };
    let default = if cfg!(target_os = "windows") {
        "explorer.exe"
    } else {
        "xdg-open"
    };
    let started = Command::new(browser.unwrap_or(Path::new(default)))
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        // Ends by itself; nobody waits for a browser.
        Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
        Err(_) => tracing::info!("no browser could be opened: use the printed address"),
    }
}

fn write_aside(page: &str) -> io::Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix("irefuda-").tempdir()?;
    let file = folder.path().join(PAGE);
    write_private(&file, page.as_bytes())?;
    // The browser reads it after this program has ended; the system clears the place.
    let _folder = folder.keep();
    Ok(file)
}

/// Removes what was written to open the browser.
pub(super) fn forget(folder: &Path, address_file: Option<&Path>) {
    for file in [Some(folder.join(PAGE).as_path()), address_file]
        .into_iter()
        .flatten()
    {
        // It may never have been written.
        let _missing = fs::remove_file(file);
    }
}
