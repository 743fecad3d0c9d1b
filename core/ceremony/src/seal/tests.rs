use super::*;
use crypto::hash::from_hex;

fn bytes(hex: &str) -> Vec<u8> {
    from_hex(hex).unwrap()
}

/// RFC 9180 appendix A.2.1, sequence number 0, with exactly the mode and suite of this module.
#[test]
fn rfc9180_a_2_1_opens() {
    let secret = bytes("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
    let public = bytes("4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a");
    let sent = bytes("1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a");
    let info = bytes("4f6465206f6e2061204772656369616e2055726e");
    let sealed = bytes(
        "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    );
    let key = <Suite as hpke::Kem>::PrivateKey::from_bytes(&secret).unwrap();
    assert_eq!(Suite::sk_to_pk(&key).to_bytes().as_slice(), public);
    let sent = <Suite as hpke::Kem>::EncappedKey::from_bytes(&sent).unwrap();
    let open = |sealed: &[u8], aad: &[u8]| {
        let mode = &OpModeR::Base;
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, Suite>(
            mode, &key, &sent, &info, sealed, aad,
        )
    };
    assert_eq!(
        open(&sealed, b"Count-0").unwrap(),
        b"Beauty is truth, truth beauty"
    );
    assert!(open(&sealed, b"Count-1").is_err());
}

#[test]
fn a_share_opens_for_its_receiver_under_its_name_only() {
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng as _;
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let (secret, public) = HpkeSecret::generate(&mut rng);
    let (other, _) = HpkeSecret::generate(&mut rng);
    let (setup, share) = (Hash([1; 64]), Scalar::from(5u8));
    let sealed = seal(&setup, 1, 2, &public, &share, &mut rng).unwrap();
    let opened = |setup: &Hash, from, key: &HpkeSecret| open(setup, from, key, &sealed).map(|s| *s);
    assert_eq!(opened(&setup, 1, &secret), Some(share));
    assert_eq!(opened(&setup, 3, &secret), None);
    assert_eq!(opened(&Hash([2; 64]), 1, &secret), None);
    assert_eq!(opened(&setup, 1, &other), None);
}
