//! Secrets of the demonstration's voters, noted so that they can be searched for.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use ballot::credential::Secret;
use booth::fault::Fault;
use booth::voting::secrets::{Fresh, Secrets};
use crypto::Hash;
use crypto::hash::to_hex;
use zeroize::Zeroizing;

/// Makes secrets as [`Fresh`] does and writes each into a file of its owner, one line each:
/// what it is, a space, hexadecimal digits.
pub struct RecordingSecrets(pub PathBuf);

impl RecordingSecrets {
    fn note(&self, what: &str, secret: &[u8]) -> std::io::Result<()> {
        let mut file = File::options()
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.0)?;
        writeln!(file, "{what} {}", to_hex(secret))
    }
}

impl Secrets for RecordingSecrets {
    fn voting_secret(
        &mut self,
        signature: &[u8; 256],
        shares: &[[u8; 64]],
        election: &Hash,
    ) -> Secret {
        let secret = Fresh.voting_secret(signature, shares, election);
        // Without the note the search would find nothing and say so.
        let _missing = self.note("s", secret.expose());
        secret
    }

    fn ballot_seed(&mut self) -> Result<Zeroizing<[u8; 32]>, Fault> {
        let seed = Fresh.ballot_seed()?;
        self.note("seed", seed.as_ref())
            .map_err(|_| Fault::Internal("canaries"))?;
        Ok(seed)
    }
}
