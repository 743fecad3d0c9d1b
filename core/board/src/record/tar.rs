//! The tar of a record, to the byte (spec 08 §1): a record has one archive and no other, so nobody
//! reads from it what somebody else does not.

use super::{Memory, ORDER};
use std::io::{self, Read, Write};

/// Bytes of a header; files are filled up to a multiple of it.
pub const BLOCK: usize = 512;
/// Longest file in an archive: eleven octal digits. A longer one is for a folder.
pub const MAX_FILE: u64 = (1 << 33) - 1;
/// Zero bytes after the last file.
pub const END: usize = 2 * BLOCK;

fn put(header: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    for (slot, byte) in header.iter_mut().skip(at).zip(bytes) {
        *slot = *byte;
    }
}

/// The header of a file with this name and size; none when it does not fit.
#[must_use]
pub fn header(name: &str, size: u64) -> Option<[u8; BLOCK]> {
    if size > MAX_FILE || name.len() > 100 {
        return None;
    }
    let mut header = [0; BLOCK];
    put(&mut header, 0, name.as_bytes());
    put(&mut header, 100, b"0000644");
    put(&mut header, 124, format!("{size:011o}").as_bytes());
    put(&mut header, 136, b"00000000000");
    // The sum is made over blanks in its own place.
    put(&mut header, 148, &[b' '; 8]);
    put(&mut header, 156, b"0");
    put(&mut header, 257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    put(&mut header, 148, format!("{sum:07o}\0").as_bytes());
    Some(header)
}

/// The size that a header states in its one form.
#[must_use]
pub fn size_of(header: &[u8; BLOCK]) -> Option<u64> {
    let digits = header.get(124..135)?;
    digits.iter().try_fold(0u64, |sum, digit| {
        let digit = digit.checked_sub(b'0').filter(|d| *d < 8)?;
        Some(sum * 8 + u64::from(digit))
    })
}

/// Zero bytes after a file of this size.
#[must_use]
pub fn padding(size: u64) -> usize {
    let block = u64::try_from(BLOCK).unwrap_or(512);
    usize::try_from(size.wrapping_neg() % block).unwrap_or(0)
}

/// Writes one file. `ORDER` says which, [`end`] what comes after the last.
///
/// # Errors
/// Whatever the media say; a file that does not fit, or is not of this size.
pub fn write<W: Write>(out: &mut W, name: &str, size: u64, mut file: impl Read) -> io::Result<()> {
    let head = header(name, size).ok_or(io::ErrorKind::FileTooLarge)?;
    out.write_all(&head)?;
    if io::copy(&mut file, out)? != size {
        return Err(io::ErrorKind::InvalidData.into());
    }
    out.write_all(&vec![0; padding(size)])
}

/// Ends an archive.
///
/// # Errors
/// Whatever the medium says.
pub fn end<W: Write>(out: &mut W) -> io::Result<()> {
    out.write_all(&[0; END])
}

/// The archive of a record in memory.
///
/// # Errors
/// A file is missing or too long.
pub fn pack(record: &Memory) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    for name in ORDER {
        let file = record.0.get(name).ok_or(io::ErrorKind::NotFound)?;
        let size = u64::try_from(file.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        write(&mut out, name, size, file.as_slice())?;
    }
    end(&mut out)?;
    Ok(out)
}
