//! Hands the address to the browser without showing it to other users of the machine: not on a
//! command line, but in a file that only this user can read.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes the address into `file`, readable by this user alone.
pub(super) fn write_address(file: &Path, address: &str) -> io::Result<()> {
    write_private(file, address.as_bytes())
}

/// Opens the default browser at the address. Without a browser the printed address remains.
pub(super) fn open(folder: &Path, address: &str) {
    let page = format!(
        "<!DOCTYPE html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url={address}\">\
         <title>インターネット投票</title><p><a href=\"{address}\">投票をはじめます</a></p>"
    );
    show(folder, &page);
}

/// Shows a page that needs no server.
pub(super) fn show(folder: &Path, page: &str) {
    let file = folder.join("open.html");
    let written = fs::create_dir_all(folder).and_then(|()| write_private(&file, page.as_bytes()));
    if written.is_err() {
        return;
    }
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "windows") {
        ("explorer.exe", &[])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(first)
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

/// Removes what was written to open the browser.
pub(super) fn forget(folder: &Path, address_file: Option<&Path>) {
    for file in [Some(folder.join("open.html").as_path()), address_file]
        .into_iter()
        .flatten()
    {
        // It may never have been written.
        let _missing = fs::remove_file(file);
    }
}

fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
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
