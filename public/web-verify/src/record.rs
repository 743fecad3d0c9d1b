//! A whole record in memory.

use board::header::Header;
use board::record::BLOCKS;
use crypto::Hash;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use verify::{Expected, Report, TarBytes, Trust, verify, without_its_files};

/// What the person gave besides the record and cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Not a trust file.
    Trust,
    /// Not 128 hexadecimal digits.
    Election,
}

impl core::fmt::Display for Usage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Trust => "the trust file cannot be read",
            Self::Election => "the election hash has 128 hexadecimal digits",
        })
    }
}

impl std::error::Error for Usage {}

/// Checks the tar of a record: the report of `irefuda-verify`. `seed` is fresh randomness for the
/// weights of batches; `progress` gets blocks done and blocks in all.
///
/// # Errors
/// [`Usage`].
pub fn check(
    tar: &[u8],
    trust: Option<&[u8]>,
    election: Option<&str>,
    seed: [u8; 32],
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, Usage> {
    let trust = trust.map(Trust::parse).transpose();
    let trust = trust.map_err(|_| Usage::Trust)?;
    let election = election.map(|h| Hash::from_hex(h.trim()).ok_or(Usage::Election));
    let election = election.transpose()?;
    let packed = match TarBytes::open(tar) {
        Ok(packed) => packed,
        Err(e) => return Ok(without_its_files(e.to_string())),
    };
    let header = u64::try_from(Header::LEN).unwrap_or(1);
    let all = (packed.len(BLOCKS) / header).saturating_sub(1);
    let expected = Expected {
        trust: trust.as_ref(),
        election: election.as_ref(),
    };
    let mut rng = ChaCha20Rng::from_seed(seed);
    Ok(verify(&packed, expected, &mut rng, &mut |done| {
        progress(done, all);
    }))
}
