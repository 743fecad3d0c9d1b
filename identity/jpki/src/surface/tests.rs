use proptest::prelude::*;
use vcard::PersonaKind;

use super::*;
use crate::tests::Bench;

#[test]
fn a_good_record_gives_the_photo() {
    let bench = Bench::new(&[PersonaKind::WrongFace]);
    let (record, cv) = (
        bench.file("p001", "surface.bin"),
        bench.file("p001", "cv.bin"),
    );
    let surface = SurfaceRecord::parse(&record).expect("record");
    let verified = surface.verify(&cv, &bench.trust).expect("signature");
    assert_eq!(verified.photo(), bench.photo("a"));
    let other = bench.file("wrong-face-1", "surface.bin");
    let other = SurfaceRecord::parse(&other).expect("record");
    assert_eq!(
        other.verify(&cv, &bench.trust).expect("signature").photo(),
        bench.photo("a")
    );
}

#[test]
fn a_forged_photo_is_refused() {
    let bench = Bench::new(&[PersonaKind::ForgedPhoto]);
    let (record, cv) = (
        bench.file("forged-photo-1", "surface.bin"),
        bench.file("forged-photo-1", "cv.bin"),
    );
    let surface = SurfaceRecord::parse(&record).expect("record");
    assert_eq!(
        surface.verify(&cv, &bench.trust).map(|_| ()),
        Err(JpkiError::SurfaceSignature)
    );
}

/// Two cards' records cannot be mixed: the photo of one with the key of the other.
#[test]
fn groups_of_two_cards_do_not_mix() {
    let bench = Bench::new(&[]);
    let (one, two) = (
        bench.file("p001", "surface.bin"),
        bench.file("p002", "surface.bin"),
    );
    let cv = bench.file("p001", "cv.bin");
    let two = SurfaceRecord::parse(&two).expect("record");
    let mut mixed = SurfaceRecord::parse(&one).expect("record");
    (mixed.wholes[5], mixed.values[5]) = (two.wholes[5], two.values[5]);
    assert_eq!(
        mixed.verify(&cv, &bench.trust).map(|_| ()),
        Err(JpkiError::SurfaceSignature)
    );
}

#[test]
fn every_flipped_bit_up_to_the_signature_is_refused() {
    let bench = Bench::new(&[]);
    let (record, cv) = (
        bench.file("p001", "surface.bin"),
        bench.file("p001", "cv.bin"),
    );
    let good = |record: &[u8], cv: &[u8]| {
        SurfaceRecord::parse(record)
            .and_then(|surface| surface.verify(cv, &bench.trust).map(|_| ()))
            .is_ok()
    };
    assert!(good(&record, &cv));
    let signature = record
        .windows(5)
        .position(|w| w == [0xDF, 0x28, 0x82, 1, 0])
        .expect("DF28");
    for byte in 0..signature + 5 + 256 {
        let mut wrong = record.clone();
        wrong[byte] ^= 1 << (byte % 8);
        assert!(!good(&wrong, &cv), "byte {byte}");
    }
    for byte in 0..cv.len() {
        let mut wrong = cv.clone();
        wrong[byte] ^= 1 << (byte % 8);
        // The municipality's own identifier is inside the signed body, so this too is refused.
        assert!(!good(&record, &wrong), "byte {byte} of the certificate");
    }
    for end in 0..record.len() {
        assert!(SurfaceRecord::parse(&record[..end]).is_err(), "{end} bytes");
    }
}

#[test]
fn an_unpinned_root_is_unknown() {
    let bench = Bench::new(&[]);
    let (record, mut cv) = (
        bench.file("p001", "surface.bin"),
        bench.file("p001", "cv.bin"),
    );
    let surface = SurfaceRecord::parse(&record).expect("record");
    let at = cv
        .windows(7)
        .position(|w| w == b"6000023")
        .expect("root id");
    cv[at..at + 7].copy_from_slice(b"5000023");
    assert_eq!(
        surface.verify(&cv, &bench.trust).map(|_| ()),
        Err(JpkiError::CvUnknownRoot)
    );
}

#[test]
fn the_card_in_the_reader_signs_a_nonce_with_the_key_in_the_record() {
    let bench = Bench::new(&[]);
    let nonce = [9; 32];
    let signature_of = |id: &str| {
        let mut card = bench.card(id);
        let select = [&[0, 0xA4, 4, 0x0C, 10][..], &vcard::card::files::SURFACE].concat();
        card.apdu(&select);
        let info = vcard::tlv::digest_info(&Sha256::digest(nonce));
        let mut answer = card.apdu(&[&[0x80, 0x2A, 0, 0, 51][..], &info, &[0]].concat());
        answer.truncate(256);
        answer
    };
    let (record, cv) = (
        bench.file("p001", "surface.bin"),
        bench.file("p001", "cv.bin"),
    );
    let surface = SurfaceRecord::parse(&record).expect("record");
    let verified = surface.verify(&cv, &bench.trust).expect("signature");
    assert_eq!(verified.check_nonce(&nonce, &signature_of("p001")), Ok(()));
    assert_eq!(
        verified.check_nonce(&nonce, &signature_of("p002")),
        Err(JpkiError::SurfaceNonce)
    );
}

proptest! {
    #[test]
    fn nothing_panics(mut bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(SurfaceRecord::parse(&bytes).is_err());
        let length = u16::try_from(bytes.len()).unwrap_or(0).to_be_bytes();
        bytes.splice(0..0, [0xFF, 0x20, 0x82, length[0], length[1], 0xDF, 0x21, 18]);
        prop_assert!(SurfaceRecord::parse(&bytes).is_err());
    }
}
