use vcard::PersonaKind;

use super::*;
use crate::tests::{Bench, HOUR, OPENING};

const DAY: u64 = 24 * HOUR;

#[test]
fn a_fresh_list_tells_good_from_revoked() {
    let bench = Bench::new(&[PersonaKind::Revoked]);
    let now = OPENING + HOUR;
    let list = RevocationList::verify(&bench.pki.issue_crl(now).expect("crl"), &bench.trust)
        .expect("list");
    assert_eq!(list.check(&bench.verified("p001"), now, OPENING), Ok(()));
    assert_eq!(
        list.check(&bench.verified("revoked-1"), now, OPENING),
        Err(JpkiError::Revoked)
    );
    assert_eq!(list.this_update_ms(), now);
    assert_eq!(list.next_update_ms(), Some(now + DAY + 999));
}

#[test]
fn dates_are_checked_on_both_sides() {
    let bench = Bench::new(&[]);
    let made = OPENING + HOUR;
    let list = RevocationList::verify(&bench.pki.issue_crl(made).expect("crl"), &bench.trust)
        .expect("list");
    let card = bench.verified("p001");
    assert_eq!(
        list.check(&card, made - 1, OPENING),
        Err(JpkiError::CrlNotYetValid)
    );
    assert_eq!(list.check(&card, made + DAY + 999, OPENING), Ok(()));
    assert_eq!(
        list.check(&card, made + DAY + 1000, OPENING),
        Err(JpkiError::CrlStale)
    );
    let old = bench
        .pki
        .issue_crl_between(OPENING - 1000, OPENING + DAY)
        .expect("crl");
    let old = RevocationList::verify(&old, &bench.trust).expect("list");
    assert_eq!(
        old.check(&card, made, OPENING),
        Err(JpkiError::CrlBeforeOpening)
    );
}

#[test]
fn strangers_lists_are_refused() {
    let bench = Bench::new(&[]);
    let verify = |authority: &vcard::pki::x509::Authority| {
        let der = authority
            .revocation_list(OPENING, OPENING + DAY, &[])
            .expect("crl");
        RevocationList::verify(&der, &bench.trust)
    };
    assert_eq!(
        verify(&bench.pki.rogue).map(|_| ()),
        Err(JpkiError::CrlIssuer)
    );
    assert_eq!(
        verify(&bench.pki.sign).map(|_| ()),
        Err(JpkiError::CrlIssuer)
    );
    let old = verify(&bench.pki.auth_old).expect("an older generation is trusted as itself");
    assert_eq!(
        old.check(&bench.verified("p001"), OPENING, OPENING),
        Err(JpkiError::CrlOtherAuthority)
    );
}

#[test]
fn every_flipped_bit_is_refused() {
    let bench = Bench::new(&[PersonaKind::Revoked]);
    let der = bench.pki.issue_crl(OPENING).expect("crl");
    for bit in 0..der.len() * 8 {
        let mut wrong = der.clone();
        wrong[bit / 8] ^= 1 << (bit % 8);
        assert!(
            RevocationList::verify(&wrong, &bench.trust).is_err(),
            "bit {bit}"
        );
    }
}
