//! The SHA-256 of something as long as a program's package.

use std::io::Read;

use ring::digest::{Context, SHA256};

/// Reads to the end and returns the SHA-256.
///
/// # Errors
/// What reading says.
pub fn sha256(mut from: impl Read) -> std::io::Result<[u8; 32]> {
    let (mut context, mut piece) = (Context::new(&SHA256), [0; 64 * 1024]);
    loop {
        let n = from.read(&mut piece)?;
        let Some(read) = piece.get(..n).filter(|read| !read.is_empty()) else {
            break;
        };
        context.update(read);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    Ok(hash)
}

#[cfg(test)]
mod tests;
