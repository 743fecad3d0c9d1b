//! The voting secret s and the voting key (protocol §4.3).
//!
//! s = HKDF-SHA-512(ikm = card signature ‖ u_1 ‖ … ‖ u_m, salt = DST, info = election hash).
//! The same card gives the same s until the registrars destroy their salt keys. Ballot randomness
//! never derives from s.

use crypto::schnorr::SigningKey;
use crypto::{Hash, Scalar};
use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Salt of the extraction step.
pub const SECRET_DST: &[u8] = b"irefuda/v2/credential-secret";

/// The voting secret s. Wiped on drop, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; 64]);

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Derives s from the card's signature over the credential text and the registrars' shares,
    /// in the order of the manifest.
    ///
    /// # Panics
    /// Never: 64 bytes are within HKDF's limit.
    #[must_use]
    pub fn derive(card_signature: &[u8; 256], salt_shares: &[[u8; 64]], election: &Hash) -> Self {
        let mut ikm = Zeroizing::new(Vec::with_capacity(256 + 64 * salt_shares.len()));
        ikm.extend_from_slice(card_signature);
        for u in salt_shares {
            ikm.extend_from_slice(u);
        }
        // Filled in place: a local array would stay on the stack after it is moved.
        let mut secret = Self([0; 64]);
        Hkdf::<Sha512>::new(Some(SECRET_DST), &ikm)
            .expand(election.as_bytes(), &mut secret.0)
            .expect("64 bytes are one block of HKDF-SHA-512");
        secret
    }
    /// The bytes, for the blinding rule of the *first* token only.
    #[must_use]
    pub fn expose(&self) -> &[u8; 64] {
        &self.0
    }
    /// The voting key pair: scalar = H(`voting-key`, s, counter), first that is not zero.
    #[must_use]
    pub fn voting_key(&self) -> SigningKey {
        let mut counter = 0u32;
        loop {
            let wide = Zeroizing::new(
                crypto::hash::hash("voting-key", &[&self.0, &counter.to_le_bytes()]).0,
            );
            if let Some(key) = SigningKey::from_scalar(Scalar::from_bytes_mod_order_wide(&wide)) {
                return key;
            }
            counter += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_changes_the_key_and_nothing_else_does() {
        let key = |sig: u8, u: [u8; 2], e: Hash| {
            let shares = [[u[0]; 64], [u[1]; 64]];
            Secret::derive(&[sig; 256], &shares, &e)
                .voting_key()
                .public()
        };
        let e2 = Hash([1; 64]);
        let base = key(1, [2, 3], Hash::ZERO);
        assert_eq!(base, key(1, [2, 3], Hash::ZERO));
        assert_ne!(base, key(2, [2, 3], Hash::ZERO));
        assert_ne!(base, key(1, [3, 2], Hash::ZERO));
        assert_ne!(base, key(1, [2, 3], e2));
    }
}
