//! The installer for Windows, by NSIS: for one user, without an administrator.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use toolbox::shell::Shell;

use super::package::Package;

const SCRIPT: &str = include_str!("files/installer.nsi");

/// Writes the files into `scratch`, runs `makensis` there, and returns the installer's bytes.
///
/// # Errors
/// `makensis` fails.
pub fn installer(package: &Package, scratch: &Path) -> Result<Vec<u8>> {
    let tree = package.installed();
    let files = scratch.join("files");
    tree.write(&files)?;
    let (mut put, mut drop) = (String::new(), String::new());
    for (path, _) in tree.items() {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = windows(folder);
        put.push_str(&format!(
            "SetOutPath \"$INSTDIR{folder}\"\nFile \"{}\"\n",
            files.join(path).display()
        ));
        drop.push_str(&format!("Delete \"$INSTDIR{folder}\\{name}\"\n"));
    }
    for folder in tree.folders().iter().rev() {
        drop.push_str(&format!("RMDir \"$INSTDIR{}\"\n", windows(folder)));
    }
    for (name, text) in [
        ("put.nsh", put.as_str()),
        ("drop.nsh", drop.as_str()),
        ("installer.nsi", SCRIPT),
    ] {
        fs::write(scratch.join(name), format!("\u{feff}{text}"))?;
    }
    // Windows treats a file that is called just setup.exe as one from another time.
    let out = scratch.join(format!("{}-setup.exe", package.name()));
    let made = Shell::new("makensis -V2 -WX -INPUTCHARSET UTF8")
        .arg(format!("-DVERSION={}", package.version))
        .arg(format!("-DSETUP={}", out.display()))
        .arg(format!("-DPUT={}", scratch.join("put.nsh").display()))
        .arg(format!("-DDROP={}", scratch.join("drop.nsh").display()))
        .arg(scratch.join("installer.nsi"))
        .tee()?;
    ensure!(made.ok, "makensis failed");
    fs::read(&out).with_context(|| out.display().to_string())
}

/// A folder below the installation's, as Windows writes it.
fn windows(folder: &str) -> String {
    if folder.is_empty() {
        return String::new();
    }
    format!("\\{}", folder.replace('/', "\\"))
}
