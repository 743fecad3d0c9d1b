//! Which 32 bytes are accepted as an X25519 public key (rules R1.05 and R2.01).

use curve25519_dalek::montgomery::MontgomeryPoint;

/// 2²⁵⁵ − 19, little-endian.
const P: [u8; 32] = {
    let mut p = [0xff; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    p
};

/// Whether something can be sealed to these bytes and they are the only encoding of their key: a
/// u-coordinate below 2²⁵⁵ − 19 whose order does not divide 8. With a key of small order every
/// shared secret is zero, which HPKE refuses at the sender: the key's owner would stop everybody
/// else.
#[must_use]
pub fn is_sealable(key: &[u8; 32]) -> bool {
    let below = key.iter().rev().lt(P.iter().rev());
    // A clamped scalar is a multiple of 8 and, for any other order, no multiple of it.
    let shared = MontgomeryPoint(*key).mul_clamped([0; 32]);
    below && shared.0 != [0; 32]
}

/// The public key of these 32 secret bytes (RFC 7748; clamped).
#[must_use]
pub fn public(secret: &[u8; 32]) -> [u8; 32] {
    MontgomeryPoint::mul_base_clamped(*secret).0
}

#[cfg(test)]
mod tests;
