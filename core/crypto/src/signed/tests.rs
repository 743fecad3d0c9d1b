use super::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word(u16);

impl Wire for Word {
    fn write(&self, w: &mut Writer) {
        w.u16(self.0);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self(r.u16()?))
    }
}

impl Statement for Word {
    const PURPOSE: &'static str = "test-word";
    const TYPE: u8 = 99;
}

#[test]
fn a_statement_is_signed_with_version_and_type_and_travels_before_its_signature() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let key = SigningKey::generate(&mut rng);
    let said = Word(0x0201).signed(&key, &mut rng);
    let bytes = said.to_bytes();
    assert_eq!(bytes[..4], [crate::wire::VERSION, 99, 1, 2]);
    assert_eq!(bytes.len(), 4 + 64);
    let back = Signed::<Word>::from_bytes(&bytes).unwrap();
    assert_eq!(back, said);
    assert_eq!(back.verify(&key.public()), Ok(()));
    let message = &bytes[..4];
    assert_eq!(
        schnorr::verify(&key.public(), "test-word", message, &said.signature),
        Ok(())
    );
}

#[test]
fn another_key_another_body_and_another_purpose_are_refused() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let (key, other) = (
        SigningKey::generate(&mut rng),
        SigningKey::generate(&mut rng),
    );
    let said = Word(5).signed(&key, &mut rng);
    assert_eq!(said.verify(&other.public()), Err(BadSignature));
    let changed = Signed {
        body: Word(6),
        signature: said.signature,
    };
    assert_eq!(changed.verify(&key.public()), Err(BadSignature));
    let signature = key.sign("test-other", &Word(5).signed_bytes(), &mut rng);
    let elsewhere = Signed {
        body: Word(5),
        signature,
    };
    assert_eq!(elsewhere.verify(&key.public()), Err(BadSignature));
}
