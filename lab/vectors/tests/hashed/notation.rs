//! Chapter 01: entry hashes, generators, Schnorr signatures and their nonces.

use crate::statement::{Tried, challenge, field, hashed, holds};
use crypto::Scalar;
use crypto::schnorr::{self, SigningKey};
use curve25519_dalek::ristretto::RistrettoPoint;
use vectors::stream::Stream;

pub fn all() -> Vec<Tried> {
    let entry = b"an entry";
    let entry_hash = crypto::hash::entry_hash(entry);
    vec![
        hashed(
            "fingerprint",
            &[field("entry", entry)],
            entry_hash.as_bytes(),
        ),
        generator(),
        signature(),
        nonce(),
    ]
}

fn generator() -> Tried {
    let point = crypto::group::generator("G", 5);
    let frames = [field("label", "G"), field("index", 5u32.to_le_bytes())];
    holds("generator", &frames, |f| {
        RistrettoPoint::from_uniform_bytes(&crate::statement::framed("generator", f)) == point
    })
}

fn signature() -> Tried {
    let key = SigningKey::from_scalar(Scalar::from(5u8)).expect("not zero");
    let s = key.sign("some purpose", b"message", &mut Stream(&[3; 32]));
    let frames = [
        field("purpose", "some purpose"),
        field("key", key.public().as_bytes()),
        field("R", s.r.0),
        field("message", "message"),
    ];
    let c = schnorr::challenge("some purpose", &key.public(), &s.r, b"message");
    holds("schnorr", &frames, |f| challenge("schnorr", f) == c)
}

fn nonce() -> Tried {
    let secret = Scalar::from(5u8);
    let key = SigningKey::from_scalar(secret).expect("not zero");
    let s = key.sign("some purpose", b"message", &mut Stream(&[3; 32]));
    let frames = [
        field("secret key", secret.as_bytes()),
        field("fresh bytes", [3; 32]),
        field("purpose", "some purpose"),
        field("message", "message"),
    ];
    holds("schnorr-nonce", &frames, |f| {
        let k = challenge("schnorr-nonce", f);
        RistrettoPoint::mul_base(&k).compress().to_bytes() == s.r.0
    })
}
