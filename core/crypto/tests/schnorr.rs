//! Signatures: what must not verify.

use crypto::schnorr::{Signature, SigningKey, verify};
use crypto::wire::Wire as _;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng as _;

#[test]
fn rejects_r0_08_other_key_purpose_message_and_every_flipped_bit() {
    let mut rng = ChaCha20Rng::from_seed([7; 32]);
    let (key, other) = (
        SigningKey::generate(&mut rng),
        SigningKey::generate(&mut rng),
    );
    let signature = key.sign("purpose", b"message", &mut rng);
    assert!(verify(&key.public(), "purpose", b"message", &signature).is_ok());
    assert!(verify(&other.public(), "purpose", b"message", &signature).is_err());
    assert!(verify(&key.public(), "purposf", b"message", &signature).is_err());
    assert!(verify(&key.public(), "purpose", b"messagf", &signature).is_err());
    let mut writer = crypto::wire::Writer::new();
    signature.write(&mut writer);
    let bytes = writer.finish();
    for bit in 0..bytes.len() * 8 {
        let mut bad = bytes.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        let mut reader = crypto::wire::Reader::new(&bad);
        if let Ok(forged) = Signature::read(&mut reader) {
            assert!(
                verify(&key.public(), "purpose", b"message", &forged).is_err(),
                "bit {bit}"
            );
        }
    }
}
