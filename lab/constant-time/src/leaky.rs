//! How not to do it: the encryption of `ballot::proof`, with a branch on the secret bit in place
//! of a constant-time multiplication, and a search that stops where the mark is.

use ballot::Selection;
use ballot::proof::{Key, randomness};
use crypto::Encoded;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as G;
use curve25519_dalek::ristretto::RistrettoPoint;

/// The ciphertexts of a contest, and where the first mark is found.
pub(crate) fn encrypt(key: &Key, selection: &Selection, seed: &[u8; 32]) -> Vec<Encoded> {
    let bits = selection.bits();
    let options = 0..u32::try_from(key.shape().options()).unwrap_or(0);
    let mut out = Vec::new();
    for (i, bit) in options.zip(bits) {
        let r = randomness(seed, 0, i);
        let mut b = key.joint().point() * r;
        if *bit == 1 {
            b += G;
        }
        out.push(RistrettoPoint::mul_base(&r).compress().into());
        out.push(b.compress().into());
    }
    // One more addition for every option before the first mark.
    let before = bits.iter().take_while(|b| **b == 0).count();
    let mark = (0..before).fold(G, |sum, _| sum + G);
    out.push(mark.compress().into());
    out
}
