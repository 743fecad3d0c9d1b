use super::*;
use crypto::hash::from_hex;

/// The cipher of the RFC's example.
struct Aes128;

impl Cipher for Aes128 {
    type AeadImpl = aes_gcm::Aes128Gcm;
    const AEAD_ID: u16 = 1;
}

const SECRET: &str = "3c168975674b2fa8e465970b79c8dcf09f1c741626480bd4c6162fc5b6a98e1a";
const PUBLIC: &str = "31e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e798155";
const QUESTION: &str = "00034745540568747470730b6578616d706c652e636f6d012f";
const SEALED_QUESTION: &str = "010020000100014b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad1\
    9dec96c208b4726374e469135906992e1268c594d2a10c695d858c40a026e796\
    5e7d86b83dd440b2c0185204b4d63525";
const ANSWER: &str = "0140c8";
const ANSWER_SECRET: &str = "62d87a6ba569ee81014c2641f52bea36";
const NONCE: &str = "c789e7151fcba46158ca84b04464910d";
const SEALED_ANSWER: &str =
    "c789e7151fcba46158ca84b04464910d86f9013e404feea014e7be4a441f234f857fbd";

fn hex(text: &str) -> Vec<u8> {
    from_hex(text).unwrap()
}

/// RFC 9458, appendix A. The sender's key is drawn inside `hpke`, so its half is tested by what the
/// receiver, who has the example's key, makes of it.
#[test]
fn the_example_of_rfc_9458() {
    let key = Private::from_bytes(&hex(SECRET)).unwrap();
    let public = X25519HkdfSha256::sk_to_pk(&key).to_bytes();
    assert_eq!(public.as_slice(), hex(PUBLIC));
    let (message, shared) = open_question::<Aes128>(&key, &hex(SEALED_QUESTION)).unwrap();
    assert_eq!(*message, hex(QUESTION));
    assert_eq!(*shared.secret, hex(ANSWER_SECRET));
    let sealed = seal_answer::<Aes128>(&shared, &hex(NONCE), &hex(ANSWER)).unwrap();
    assert_eq!(sealed, hex(SEALED_ANSWER));
    let opened = open_answer::<Aes128>(&shared, &sealed).unwrap();
    assert_eq!(*opened, hex(ANSWER));
}

#[test]
fn the_label_of_the_example_and_the_header_of_this_project() {
    let expected = "6d6573736167652f626874747020726571756573740001002000010001";
    assert_eq!(info(&header(1)), hex(expected));
    assert_eq!(header(ChaCha::AEAD_ID), [1, 0, 0x20, 0, 1, 0, 3]);
    assert_eq!(lengths::<ChaCha>(), (32, 12));
    assert_eq!(answer_nonce::<ChaCha>(), ANSWER_NONCE);
}
