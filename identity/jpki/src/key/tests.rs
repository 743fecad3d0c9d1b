use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use sha2_10::{Digest as _, Sha256};

use super::*;

fn key() -> (RsaPrivateKey, PublicKey) {
    let mut rng = vcard::keys::SeedRng::new(3, "jpki key tests");
    let private = RsaPrivateKey::new(&mut rng, 2048).expect("key");
    let public = PublicKey::from_parts(&private.n().to_bytes_be(), &[1, 0, 1]).expect("public");
    (private, public)
}

/// The private operation on a block of one's own making.
fn power(key: &RsaPrivateKey, block: &[u8]) -> Vec<u8> {
    let number = BigUint::from_bytes_be(block)
        .modpow(key.d(), key.n())
        .to_bytes_be();
    [vec![0; 256 - number.len()], number].concat()
}

fn info(message: &[u8]) -> Vec<u8> {
    [&SHA256_PREFIX[..], &Sha256::digest(message)].concat()
}

fn block(fill: usize, content: &[u8], tail: usize) -> Vec<u8> {
    [
        &[0, 1][..],
        &vec![0xFF; fill],
        &[0],
        content,
        &vec![0x41; tail],
    ]
    .concat()
}

#[test]
fn only_the_one_padding_is_accepted() {
    let (private, public) = key();
    let message = b"text";
    let content = info(message);
    let fill = 256 - 3 - content.len();
    let good = power(&private, &block(fill, &content, 0));
    assert!(public.verifies(message, &good));
    assert!(!public.verifies(b"Text", &good));
    // Bleichenbacher 2006: short padding, rubbish behind the digest.
    assert!(!public.verifies(message, &power(&private, &block(8, &content, fill - 8))));
    assert!(!public.verifies(message, &power(&private, &block(fill - 1, &content, 1))));
    // Another block type, a hole in the padding, a missing NULL.
    let mut wrong = block(fill, &content, 0);
    wrong[1] = 2;
    assert!(!public.verifies(message, &power(&private, &wrong)));
    let mut wrong = block(fill, &content, 0);
    wrong[20] = 0xFE;
    assert!(!public.verifies(message, &power(&private, &wrong)));
    let without_null = [
        &[
            0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01,
        ][..],
        &[0x04, 0x20],
        &Sha256::digest(message),
    ]
    .concat();
    let shorter = block(256 - 3 - without_null.len(), &without_null, 0);
    assert!(!public.verifies(message, &power(&private, &shorter)));
}

#[test]
fn a_signature_has_one_form() {
    let (private, public) = key();
    let content = info(b"text");
    let good = power(&private, &block(256 - 3 - content.len(), &content, 0));
    let longer = [&[0][..], &good].concat();
    assert!(!public.verifies(b"text", &longer));
    assert!(!public.verifies(b"text", &good[1..]));
    assert!(!public.verifies(b"text", &[]));
    let plus_modulus = (BigUint::from_bytes_be(&good) + private.n()).to_bytes_be();
    assert!(!public.verifies(b"text", &plus_modulus));
    assert!(!public.verifies(b"text", &private.n().to_bytes_be()));
}

#[test]
fn other_keys_are_refused() {
    let (private, _) = key();
    let n = private.n().to_bytes_be();
    assert_eq!(PublicKey::from_parts(&n, &[3]), Err(JpkiError::Key));
    assert_eq!(
        PublicKey::from_parts(&n[..128], &[1, 0, 1]),
        Err(JpkiError::Key)
    );
    assert_eq!(
        PublicKey::from_parts(&[&[0][..], &n].concat(), &[1, 0, 1]),
        Err(JpkiError::Key)
    );
    let mut even = n;
    even[255] &= 0xFE;
    assert_eq!(
        PublicKey::from_parts(&even, &[1, 0, 1]),
        Err(JpkiError::Key)
    );
}
