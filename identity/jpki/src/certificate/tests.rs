use proptest::prelude::*;
use vcard::PersonaKind;
use x509_cert::der::Encode as _;

use super::*;
use crate::tests::{Bench, HOUR, OPENING};

#[test]
fn a_good_certificate_verifies_within_its_dates_to_the_millisecond() {
    let bench = Bench::new(&[]);
    let (from, until) = (
        bench.certificate("p001").not_before_ms(),
        bench.certificate("p001").not_after_ms(),
    );
    let at = |now| {
        bench
            .certificate("p001")
            .verify(&bench.trust, now)
            .map(|_| ())
    };
    assert_eq!(at(from), Ok(()));
    assert_eq!(at(from - 1), Err(JpkiError::NotYetValid { from_ms: from }));
    assert_eq!(at(until), Ok(()));
    assert_eq!(at(until + 1), Err(JpkiError::Expired { until_ms: until }));
    assert!(!issued_after_opening(&bench.certificate("p001"), OPENING));
    assert!(bench.trust.is_test());
}

#[test]
fn special_cards_fail_with_their_rule() {
    let bench = Bench::new(&[
        PersonaKind::Expired,
        PersonaKind::IssuedAfterOpening,
        PersonaKind::RogueAuthority,
        PersonaKind::Revoked,
    ]);
    let at = |id: &str, now| bench.certificate(id).verify(&bench.trust, now).map(|_| ());
    let expired = bench.certificate("expired-1");
    assert!(expired.not_after_ms() < OPENING);
    assert_eq!(
        at("expired-1", OPENING),
        Err(JpkiError::Expired {
            until_ms: expired.not_after_ms()
        })
    );
    let late = bench.certificate("issued-after-opening-1");
    assert!(issued_after_opening(&late, OPENING));
    assert_eq!(late.not_before_ms(), OPENING + 60_000);
    assert_eq!(at("issued-after-opening-1", OPENING + HOUR), Ok(()));
    assert_eq!(
        at("rogue-authority-1", OPENING),
        Err(JpkiError::UnknownIssuer)
    );
    assert_eq!(at("revoked-1", OPENING), Ok(()));
}

#[test]
fn other_certificates_of_the_same_card_are_refused() {
    let bench = Bench::new(&[]);
    let parse = |name: &str| {
        verify(&bench.file("p001", name), &bench.trust, OPENING)
            .map(|_| ())
            .expect_err("refused")
    };
    assert_eq!(parse("sign.der"), JpkiError::KeyUsage);
    assert_eq!(parse("auth_ca.der"), JpkiError::Authority);
    assert_eq!(parse("sign_ca.der"), JpkiError::Authority);
}

#[test]
fn the_store_decides() {
    let bench = Bench::new(&[]);
    let text = bench.pki.trust_json().expect("json");
    let refuse = |text: &str| {
        let store = TrustStore::from_json(text).expect("store");
        bench
            .certificate("p001")
            .verify(&store, OPENING)
            .map(|_| ())
            .expect_err("refused")
    };
    assert_eq!(
        refuse(&text.replace("8.5.1.0.30", "8.5.1.3.30")),
        JpkiError::Policy
    );
    let mut file: serde_json::Value = serde_json::from_str(&text).expect("json");
    file["auth_anchors"]
        .as_array_mut()
        .expect("anchors")
        .truncate(1);
    assert_eq!(refuse(&file.to_string()), JpkiError::UnknownIssuer);
    file["auth_anchors"]
        .as_array_mut()
        .expect("anchors")
        .clear();
    let empty = TrustStore::from_json(&file.to_string()).map(|_| ());
    assert_eq!(empty, Err(JpkiError::TrustStore));
    file["more"] = true.into();
    assert!(TrustStore::from_json(&file.to_string()).is_err());
}

#[test]
fn a_flipped_bit_in_any_byte_is_refused() {
    let bench = Bench::new(&[]);
    let der = bench.file("p001", "auth.der");
    for byte in 0..der.len() {
        let mut wrong = der.clone();
        wrong[byte] ^= 1 << (byte % 8);
        assert!(
            verify(&wrong, &bench.trust, OPENING).is_err(),
            "byte {byte}"
        );
    }
    for end in 0..der.len() {
        assert!(
            verify(&der[..end], &bench.trust, OPENING).is_err(),
            "{end} bytes"
        );
    }
    let longer = [&der[..], &[0]].concat();
    assert_eq!(
        verify(&longer, &bench.trust, OPENING).map(|_| ()),
        Err(JpkiError::Encoding)
    );
}

#[test]
fn the_lookup_key_is_issuer_and_serial() {
    let bench = Bench::new(&[PersonaKind::RogueAuthority]);
    let one = bench.certificate("p001");
    let two = bench.certificate("p002");
    assert_ne!(one.issuer_and_serial(), two.issuer_and_serial());
    let certificate = Certificate::from_der(one.der()).expect("certificate");
    let tbs = certificate.tbs_certificate;
    let wanted = [
        tbs.issuer.to_der().expect("issuer"),
        tbs.serial_number.to_der().expect("serial"),
    ]
    .concat();
    assert_eq!(one.issuer_and_serial(), wanted);
    assert_eq!(one.der(), bench.file("p001", "auth.der"));
}

proptest! {
    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(AuthCertificate::parse(&bytes).is_err());
    }
}
