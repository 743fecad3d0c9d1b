//! RSA keys of test issuers: made once, kept here, worth nothing.

use ballot::blind::emsa_pss_encode;
use rsa::BigUint;

/// A test issuer's RSA-2048 key.
#[derive(Clone, Debug)]
pub struct IssuerKey {
    /// Modulus, big-endian.
    pub modulus: [u8; 256],
    pub(super) n: BigUint,
    pub(super) d: BigUint,
}

impl IssuerKey {
    /// RSASSA-PSS (SHA-384, 48-byte salt of zeros): what a finished blind signature looks like.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 256] {
        let encoded = emsa_pss_encode(message, &[0; 48], 256).expect("2048 bits are enough");
        self.raw(&encoded)
    }
    /// The bare private operation, for blinded requests.
    #[must_use]
    pub fn raw(&self, input: &[u8]) -> [u8; 256] {
        let out = BigUint::from_bytes_be(input)
            .modpow(&self.d, &self.n)
            .to_bytes_be();
        let mut padded = [0; 256];
        padded[256 - out.len()..].copy_from_slice(&out);
        padded
    }
}

/// The test keys: first, again, survey of registrar 1, then of registrar 2, then *again* of the
/// second window of each.
#[must_use]
pub fn issuer_keys() -> Vec<IssuerKey> {
    let lines = include_str!("../../data/issuer-keys.txt").lines();
    lines
        .map(|line| {
            let (n, d) = line.split_once(' ').expect("two numbers a line");
            let bytes = |hex| crypto::hash::from_hex(hex).expect("hexadecimal");
            let modulus: [u8; 256] = bytes(n).try_into().expect("2048 bits");
            IssuerKey {
                modulus,
                n: BigUint::from_bytes_be(&modulus),
                d: BigUint::from_bytes_be(&bytes(d)),
            }
        })
        .collect()
}
