//! The signatures a ballot carries besides its proof: a registrar's token and the voter's own.

use ballot::blind::PublicKey;
use crypto::schnorr::{self, Signature, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

/// Modulus and signature (hex) over [`MESSAGE`], made once with a key that was thrown away.
const TOKEN: &str = include_str!("../data/token.txt");
const MESSAGE: &[u8] = b"a token message of a benchmark";

/// Both signatures, ready to be checked.
pub struct Signatures {
    issuer: PublicKey,
    token: Vec<u8>,
    voter: SigningKey,
    signature: Signature,
    entry: Vec<u8>,
}

impl Signatures {
    /// `entry`: as many bytes as the voter signs.
    ///
    /// # Panics
    /// Never: the token is part of the program.
    #[must_use]
    pub fn new(entry: usize) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(13);
        let mut lines = TOKEN
            .lines()
            .map(|l| crypto::hash::from_hex(l).expect("hex"));
        let modulus = lines.next().expect("two lines");
        let modulus = modulus.as_slice().try_into().expect("2048 bits");
        let voter = SigningKey::generate(&mut rng);
        let entry = vec![7; entry];
        let signature = voter.sign("ballot", &entry, &mut rng);
        Self {
            issuer: PublicKey::from_modulus(modulus).expect("a modulus"),
            token: lines.next().expect("two lines"),
            voter,
            signature,
            entry,
        }
    }
    /// Checks one registrar's token.
    ///
    /// # Panics
    /// It does not verify.
    pub fn token(&self) {
        let answer = self.issuer.verify(MESSAGE, &self.token);
        assert!(answer.is_ok(), "a good token");
    }
    /// Checks the voter's signature over the entry.
    ///
    /// # Panics
    /// It does not verify.
    pub fn voter(&self) {
        let key = self.voter.public();
        let answer = schnorr::verify(&key, "ballot", &self.entry, &self.signature);
        assert!(answer.is_ok(), "a good signature");
    }
}
