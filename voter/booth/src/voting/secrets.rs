//! Where a voter's secrets come from: the voting secret from the card, the randomness of a ballot
//! from the system. A port, so that the demonstration's program can keep a copy to search for.
//! The released program has [`Fresh`] and no other.

use ballot::credential::Secret;
use crypto::Hash;
use rand::TryRng as _;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::fault::Fault;

/// Makes the secrets of one voter after another.
pub trait Secrets: Send {
    /// s, from the card's `credential` signature and the registrars' salt shares.
    fn voting_secret(
        &mut self,
        signature: &[u8; 256],
        shares: &[[u8; 64]],
        election: &Hash,
    ) -> Secret;
    /// The seed of one ballot's randomness: fresh for every ballot, never from the voting secret.
    ///
    /// # Errors
    /// When the system gives no randomness.
    fn ballot_seed(&mut self) -> Result<Zeroizing<[u8; 32]>, Fault>;
}

/// The only source of a released program; keeps nothing.
#[derive(Clone, Copy, Debug)]
pub struct Fresh;

impl Secrets for Fresh {
    fn voting_secret(
        &mut self,
        signature: &[u8; 256],
        shares: &[[u8; 64]],
        election: &Hash,
    ) -> Secret {
        Secret::derive(signature, shares, election)
    }

    fn ballot_seed(&mut self) -> Result<Zeroizing<[u8; 32]>, Fault> {
        let mut seed = Zeroizing::new([0; 32]);
        SysRng
            .try_fill_bytes(seed.as_mut())
            .map_err(|_| Fault::Internal("randomness"))?;
        Ok(seed)
    }
}
