use super::*;
use crypto::hash::{from_hex, to_hex};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// RFC 9474 Appendix A, whose key has 4096 bits.
const VECTORS: &str = include_str!("rfc9474.txt");

fn vectors() -> Vec<BTreeMap<&'static str, &'static str>> {
    let lines = || VECTORS.lines().filter(|line| !line.starts_with('#'));
    let pairs: Vec<_> = lines().filter_map(|line| line.split_once(" =")).collect();
    pairs
        .chunks(9)
        .map(|chunk| chunk.iter().map(|(k, v)| (*k, v.trim())).collect())
        .collect()
}

fn bytes(vector: &BTreeMap<&str, &str>, name: &str) -> Vec<u8> {
    from_hex(vector[name]).unwrap()
}

/// A 2048-bit key, made once.
fn issuer() -> &'static (RsaPrivateKey, PublicKey) {
    static KEY: OnceLock<(RsaPrivateKey, PublicKey)> = OnceLock::new();
    KEY.get_or_init(|| {
        let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        let public = PublicKey::of_any_size(&private.n().to_bytes_be()).unwrap();
        (private, public)
    })
}

/// What an issuer does: the bare private operation.
fn sign(blinded: &[u8]) -> Vec<u8> {
    let key = &issuer().0;
    let m = BigUint::from_bytes_be(blinded)
        .modpow(key.d(), key.n())
        .to_bytes_be();
    let mut out = vec![0; RSA_BYTES - m.len()];
    out.extend(m);
    out
}

#[test]
fn rfc_9474_appendix_a() {
    let all = vectors();
    assert_eq!(all.len(), 2);
    for vector in all {
        let key = PublicKey::of_any_size(&bytes(&vector, "n")).unwrap();
        let message = bytes(&vector, "input_msg");
        let salt: [u8; SALT_BYTES] = bytes(&vector, "salt").try_into().unwrap();
        let encoded = emsa_pss_encode(&message, &salt, key.size()).unwrap();
        if !vector["encoded_msg"].is_empty() {
            assert_eq!(to_hex(&encoded), vector["encoded_msg"]);
        }
        let inverse = number(&bytes(&vector, "inv"), key.size()).unwrap();
        let factor = Option::from(inverse.invert_odd_mod(key.params.modulus())).unwrap();
        let blinding = Blinding::with(&key, factor, salt).unwrap();
        let blinded = blind_any(&key, &message, &blinding).unwrap();
        assert_eq!(
            to_hex(&blinded),
            vector["blinded_msg"],
            "{}",
            vector["name"]
        );
        let answer = bytes(&vector, "blind_sig");
        let signature = finalize_any(&key, &message, &answer, &blinding).unwrap();
        assert_eq!(to_hex(&signature), vector["sig"]);
        verify_pss_portable(key.modulus(), &message, &signature).unwrap();
    }
}

#[test]
fn a_token_from_request_to_signature() {
    let key = &issuer().1;
    for kind in [Kind::First, Kind::Again, Kind::Survey] {
        let blinding = Blinding::fresh(key, &[9; 64], "registrar-1", kind).unwrap();
        let request = blind(key, b"message", &blinding).unwrap();
        let token = finalize(key, b"message", &sign(&request), &blinding).unwrap();
        assert_eq!(key.verify(b"message", &token), Ok(()));
        assert_eq!(key.verify(b"messagf", &token), Err(BlindError::Signature));
    }
}

#[test]
fn a_derived_request_is_always_the_same_and_every_input_changes_it() {
    let key = &issuer().1;
    let request = |secret: u8, issuer: &str, kind: Kind, message: &[u8]| {
        let blinding = Blinding::derive(key, &[secret; 64], issuer, kind).unwrap();
        blind(key, message, &blinding).unwrap()
    };
    let base = request(1, "a", Kind::First, b"m");
    assert_eq!(base, request(1, "a", Kind::First, b"m"));
    assert_ne!(base, request(2, "a", Kind::First, b"m"));
    assert_ne!(base, request(1, "b", Kind::First, b"m"));
    assert_ne!(base, request(1, "a", Kind::Again, b"m"));
    assert_ne!(base, request(1, "a", Kind::First, b"n"));
    let fresh = Blinding::fresh(key, &[1; 64], "a", Kind::First).unwrap();
    assert_ne!(base, blind(key, b"m", &fresh).unwrap());
}

#[test]
fn the_derivation_is_fixed_for_ever() {
    let lines: Vec<&str> = include_str!("derivation.txt").lines().collect();
    let key = &PublicKey::from_modulus(&from_hex(lines[0]).unwrap().try_into().unwrap()).unwrap();
    let secret: [u8; 64] = core::array::from_fn(|i| u8::try_from(i).unwrap());
    let blinding = Blinding::derive(key, &secret, "registrar-1", Kind::First).unwrap();
    let request = blind(key, b"irefuda", &blinding).unwrap();
    assert_eq!(to_hex(blinding.salt()), lines[1]);
    assert_eq!(to_hex(&blinding.factor.to_be_bytes()), lines[2]);
    assert_eq!(to_hex(&request), lines[3]);
}

#[test]
fn wrong_answers_are_never_returned() {
    let key = &issuer().1;
    let blinding = Blinding::fresh(key, &[3; 64], "a", Kind::First).unwrap();
    let good = sign(&blind(key, b"m", &blinding).unwrap());
    let mut bad = good.clone();
    bad[255] ^= 1;
    assert_eq!(
        finalize(key, b"m", &bad, &blinding),
        Err(BlindError::Signature)
    );
    assert_eq!(
        finalize(key, b"n", &good, &blinding),
        Err(BlindError::Signature)
    );
    assert_eq!(
        finalize(key, b"m", &[0xff; 256], &blinding),
        Err(BlindError::Range)
    );
    assert_eq!(
        finalize(key, b"m", key.modulus(), &blinding),
        Err(BlindError::Range)
    );
    assert_eq!(
        finalize(key, b"m", &good[1..], &blinding),
        Err(BlindError::Range)
    );
    assert_eq!(
        finalize(key, b"m", &[0; 256], &blinding),
        Err(BlindError::Signature)
    );
    let other = Blinding::fresh(key, &[4; 64], "a", Kind::First).unwrap();
    assert_eq!(
        finalize(key, b"m", &good, &other),
        Err(BlindError::Signature)
    );
}

#[test]
fn moduli_of_the_wrong_shape_are_refused() {
    let good: [u8; 256] = issuer().1.modulus().try_into().unwrap();
    assert!(PublicKey::from_modulus(&good).is_ok());
    let mut even = good;
    even[255] &= 0xfe;
    let mut short = good;
    short[0] &= 0x7f;
    for bad in [even, short, [0; 256]] {
        assert_eq!(
            PublicKey::from_modulus(&bad).unwrap_err(),
            BlindError::Modulus
        );
        assert_eq!(verify(&bad, b"m", &[0; 256]), Err(BlindError::Modulus));
    }
}

#[test]
fn both_verifiers_agree_on_every_flipped_bit() {
    let key = &issuer().1;
    let blinding = Blinding::fresh(key, &[5; 64], "a", Kind::First).unwrap();
    let token = finalize(
        key,
        b"m",
        &sign(&blind(key, b"m", &blinding).unwrap()),
        &blinding,
    );
    let token = token.unwrap();
    assert_eq!(verify_pss_portable(key.modulus(), b"m", &token), Ok(()));
    for bit in (0..2048).step_by(13) {
        let mut bad = token;
        bad[bit / 8] ^= 1 << (bit % 8);
        assert!(
            verify_pss(key.modulus(), b"m", &bad).is_err(),
            "ring accepts bit {bit}"
        );
        assert!(
            verify_pss_portable(key.modulus(), b"m", &bad).is_err(),
            "rsa accepts bit {bit}"
        );
    }
    for bad in [&token[1..], &[][..]] {
        assert!(verify_pss(key.modulus(), b"m", bad).is_err());
        assert!(verify_pss_portable(key.modulus(), b"m", bad).is_err());
    }
}

#[test]
fn a_factor_of_zero_or_one_is_never_used() {
    let key = &issuer().1;
    let zero = number(&[0; 256], 256).unwrap();
    let mut one = [0; 256];
    one[255] = 1;
    assert!(Blinding::with(key, zero, [0; 48]).is_none());
    assert!(Blinding::with(key, number(&one, 256).unwrap(), [0; 48]).is_none());
    let p = issuer().0.primes()[0].to_bytes_be();
    let mut factor = vec![0; 256 - p.len()];
    factor.extend(p);
    let factor = number(&factor, 256).unwrap();
    assert!(
        Blinding::with(key, factor, [0; 48]).is_none(),
        "p is not invertible"
    );
}

#[test]
fn secrets_are_not_printed() {
    let blinding = Blinding::fresh(&issuer().1, &[3; 64], "a", Kind::First).unwrap();
    assert_eq!(format!("{blinding:?}"), "Blinding(…)");
}
