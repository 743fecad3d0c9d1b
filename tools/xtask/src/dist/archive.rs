//! Archives whose bytes depend on nothing but the files and one time: sorted names, owner 0, fixed
//! modes, no name of a machine or a user.

use std::io::Write as _;

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use super::tree::{Item, Tree};

/// Mode of a folder and of a program.
const OPEN: u32 = 0o755;
/// Mode of a file that is read.
const READ: u32 = 0o644;

/// `.tar.gz`; `time` in seconds since 1970.
///
/// # Errors
/// A name is too long for an archive.
pub fn tar_gz(tree: &Tree, time: u64) -> Result<Vec<u8>> {
    let packer = GzEncoder::new(Vec::new(), Compression::best());
    let mut tar = tar::Builder::new(packer);
    tar.mode(tar::HeaderMode::Deterministic);
    for folder in tree.folders() {
        let mut header = header(tar::EntryType::Directory, OPEN, time);
        tar.append_data(&mut header, format!("{folder}/"), [].as_slice())?;
    }
    for (path, item) in tree.items() {
        match item {
            Item::File { bytes, program } => {
                let mode = if *program { OPEN } else { READ };
                let mut header = header(tar::EntryType::Regular, mode, time);
                header.set_size(u64::try_from(bytes.len())?);
                tar.append_data(&mut header, path, bytes.as_slice())?;
            }
            Item::Link(to) => {
                let mut header = header(tar::EntryType::Symlink, 0o777, time);
                tar.append_link(&mut header, path, to)?;
            }
        }
    }
    Ok(tar.into_inner()?.finish()?)
}

fn header(kind: tar::EntryType, mode: u32, time: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(time);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header
}

/// `ar`, the outer form of a Debian package.
///
/// # Errors
/// A name or a size is too long for its field.
pub fn ar(members: &[(&str, Vec<u8>)], time: u64) -> Result<Vec<u8>> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        let line = format!(
            "{name:<16}{time:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            0,
            0,
            "100644",
            bytes.len()
        );
        anyhow::ensure!(line.len() == 60, "{name}: too long for an archive");
        out.extend_from_slice(line.as_bytes());
        out.extend_from_slice(bytes);
        if bytes.len() % 2 == 1 {
            out.push(b'\n');
        }
    }
    Ok(out)
}

/// One file of a zip archive, as both its headers describe it.
struct Packed {
    name: String,
    crc: u32,
    packed: Vec<u8>,
    size: u32,
    at: u32,
    mode: u32,
}

/// `.zip`, every file deflated; names are UTF-8. Links do not exist there.
///
/// # Errors
/// The tree holds a link, or more than 4 GiB.
pub fn zip(tree: &Tree, time: u64) -> Result<Vec<u8>> {
    let stamp = dos(time);
    let (mut out, mut all) = (Vec::new(), Vec::new());
    for (path, item) in tree.items() {
        let Item::File { bytes, program } = item else {
            anyhow::bail!("{path}: a zip archive holds no link");
        };
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes)?;
        let file = Packed {
            name: path.to_owned(),
            crc: crc.sum(),
            packed: packer.finish()?,
            size: u32::try_from(bytes.len())?,
            at: u32::try_from(out.len())?,
            mode: if *program { OPEN } else { READ },
        };
        out.extend_from_slice(b"PK\x03\x04");
        file.shared(&mut out, stamp)?;
        out.extend_from_slice(file.name.as_bytes());
        out.extend_from_slice(&file.packed);
        all.push(file);
    }
    let begins = u32::try_from(out.len())?;
    for file in &all {
        file.listed(&mut out, stamp)?;
    }
    let length = u32::try_from(out.len())?
        .checked_sub(begins)
        .context("a list")?;
    let count = u16::try_from(all.len())?;
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&begins.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    Ok(out)
}

impl Packed {
    /// What the header before the file and the one in the list have in common.
    fn shared(&self, out: &mut Vec<u8>, (date, clock): (u16, u16)) -> Result<()> {
        // Version 2.0, names in UTF-8, deflated.
        for field in [20_u16, 1 << 11, 8, clock, date] {
            out.extend_from_slice(&field.to_le_bytes());
        }
        for field in [self.crc, u32::try_from(self.packed.len())?, self.size] {
            out.extend_from_slice(&field.to_le_bytes());
        }
        out.extend_from_slice(&u16::try_from(self.name.len())?.to_le_bytes());
        out.extend_from_slice(&[0, 0]);
        Ok(())
    }

    fn listed(&self, out: &mut Vec<u8>, stamp: (u16, u16)) -> Result<()> {
        // Made on Unix, so that unpackers there keep the mode.
        out.extend_from_slice(b"PK\x01\x02\x14\x03");
        self.shared(out, stamp)?;
        // No comment, first disk, a file of bytes.
        out.extend_from_slice(&[0; 6]);
        out.extend_from_slice(&((0o100_000 | self.mode) << 16).to_le_bytes());
        out.extend_from_slice(&self.at.to_le_bytes());
        out.extend_from_slice(self.name.as_bytes());
        Ok(())
    }
}

/// Date and time as MS-DOS wrote them, UTC, two seconds a step; 1980 at the earliest.
fn dos(time: u64) -> (u16, u16) {
    let days = i64::try_from(time / 86_400).unwrap_or(0);
    let (year, month, day) = civil(days);
    if year < 1980 {
        return (0x21, 0);
    }
    let clock = time % 86_400;
    let date = ((year - 1980) << 9) | (month << 5) | day;
    let parts = ((clock / 3600) << 11) | ((clock / 60 % 60) << 5) | (clock % 60 / 2);
    (
        u16::try_from(date).unwrap_or(0x21),
        u16::try_from(parts).unwrap_or(0),
    )
}

/// Year, month and day of a day since 1970 (Howard Hinnant, "chrono-compatible low-level date
/// algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    (year, month, doy - (153 * mp + 2) / 5 + 1)
}

/// `2026-11-29T12:34:56Z`.
pub fn instant(time: u64) -> String {
    let (year, month, day) = civil(i64::try_from(time / 86_400).unwrap_or(0));
    let clock = time % 86_400;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        clock / 3600,
        clock / 60 % 60,
        clock % 60
    )
}

#[cfg(test)]
mod tests;
