//! The Debian package: an `ar` of two archives, written here so that no time, user or tool version
//! of this machine goes in.

use anyhow::{Context as _, Result};

use super::archive::{ar, tar_gz};
use super::package::Package;
use super::tree::Tree;

/// Newest C++ library of the oldest system that the package is for (GCC 12, Debian 12).
const NEWEST_CPP: u32 = 30;

/// The package's bytes.
///
/// # Errors
/// The programs ask for a library that the package could not name.
pub fn deb(package: &Package, time: u64) -> Result<Vec<u8>> {
    let system = package.system();
    let mut control = Tree::default();
    control.file("control", fields(package, system.size())?);
    ar(
        &[
            ("debian-binary", b"2.0\n".to_vec()),
            ("control.tar.gz", tar_gz(&control, time)?),
            ("data.tar.gz", tar_gz(&system, time)?),
        ],
        time,
    )
}

fn fields(package: &Package, size: usize) -> Result<String> {
    let libc = newest(&package.programs, b"GLIBC_2.").context("the programs name no C library")?;
    if let Some(cpp) = newest(&package.programs, b"GLIBCXX_3.4.") {
        anyhow::ensure!(
            cpp <= NEWEST_CPP,
            "the face worker wants GLIBCXX_3.4.{cpp}, Debian 12 has 3.4.{NEWEST_CPP}: compile there"
        );
    }
    let practice = if package.practice { "+practice" } else { "" };
    Ok(format!(
        "Package: irefuda\n\
         Version: {}{practice}\n\
         Architecture: amd64\n\
         Maintainer: Irefuda maintainers\n\
         Installed-Size: {}\n\
         Depends: libc6 (>= 2.{libc}), libgcc-s1, libstdc++6 (>= 12), libpcsclite1\n\
         Recommends: pcscd, shared-mime-info, desktop-file-utils\n\
         Section: misc\n\
         Priority: optional\n\
         Description: voter's program of the internet voting system Irefuda\n \
         Opens a start file (*.irefuda), reads the My Number card, compares the voter's\n \
         face with the photo on the card, and casts an encrypted ballot.\n",
        package.version,
        size.div_ceil(1024),
    ))
}

/// The greatest number after `name` in the programs: the newest version of a library's symbols that
/// they ask for.
fn newest(programs: &[Vec<u8>], name: &[u8]) -> Option<u32> {
    let numbers = programs.iter().flat_map(|program| {
        let starts = program
            .windows(name.len())
            .enumerate()
            .filter(|(_, part)| part.first() == name.first() && *part == name);
        starts.filter_map(|(at, _)| {
            let rest = program.get(at + name.len()..)?;
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit());
            let digits: Vec<u8> = digits.copied().collect();
            String::from_utf8(digits).ok()?.parse::<u32>().ok()
        })
    });
    numbers.max()
}

#[cfg(test)]
mod tests;
