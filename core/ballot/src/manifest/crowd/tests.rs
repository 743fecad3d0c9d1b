use super::*;
use crate::manifest::tests::cast;

fn manifest() -> Manifest {
    let mut m = cast(3, [[0x81; 256], [0x83; 256], [0x85; 256]]).manifest;
    let relay = |n: u8| Relay {
        name: m.title.clone(),
        origin: format!("https://relay{n}.example"),
        spki: [n; 32],
    };
    m.relays = vec![relay(81), relay(82)];
    m
}

#[test]
fn rejects_r1_16_buckets_without_a_crowd() {
    let judge = |practice: bool, expected: u32, bits: u8| {
        let mut m = manifest();
        // A real election takes a larger table of salts (R1.14), which the fixture has.
        (m.practice, m.eligibility.expected, m.bucket_bits) = (practice, expected, bits);
        m.check()
    };
    let small = Err(ManifestError::Bucket);
    assert_eq!(judge(false, 1, 0), Ok(()));
    assert_eq!(judge(false, 32_768, 1), Ok(()));
    assert_eq!(judge(false, 32_767, 1), small);
    assert_eq!(judge(true, 32, 3), Ok(()));
    assert_eq!(judge(true, 31, 3), small);
    assert_eq!(judge(false, u32::MAX, 16), Ok(()));
    assert_eq!(judge(false, u32::MAX, 17), small);
    assert_eq!(judge(true, u32::MAX, 17), small);
    for bits in [32, 64, 255] {
        assert_eq!(judge(true, u32::MAX, bits), small);
    }
}

#[test]
fn rejects_r1_17_a_relay_that_is_somebody_else_too() {
    assert_eq!(manifest().check(), Ok(()));
    type Change = fn(&mut Manifest);
    let changes: [(&str, Change); 9] = [
        ("an origin twice", |m| {
            m.relays[1].origin = m.relays[0].origin.clone();
        }),
        ("an origin twice, once with a path", |m| {
            m.relays[1].origin = format!("{}/x", m.relays[0].origin);
        }),
        ("a key twice", |m| m.relays[1].spki = m.relays[0].spki),
        ("a registrar's origin", |m| {
            m.relays[0].origin = m.registrars[0].origin.clone();
        }),
        ("a registrar's key", |m| {
            m.relays[0].spki = m.registrars[0].spki;
        }),
        ("a validator's origin", |m| {
            m.relays[1].origin = format!("{}/", m.validators[0].origin);
        }),
        ("a validator's key", |m| {
            m.relays[1].spki = m.validators[0].spki;
        }),
        ("the portal's address", |m| {
            m.relays[0].origin = m.portal.clone();
        }),
        ("the portal's origin", |m| {
            m.portal = format!("{}/vote/", m.relays[0].origin);
        }),
    ];
    for (name, change) in changes {
        let mut m = manifest();
        change(&mut m);
        assert_eq!(m.check(), Err(ManifestError::Relays), "{name}");
    }
}

#[test]
fn rejects_r1_12_r1_13_relays_without_name_or_address() {
    let mut m = manifest();
    m.relays[0].origin.clear();
    assert_eq!(m.check(), Err(ManifestError::Ids));
    let mut m = manifest();
    m.relays[0].name.en.clear();
    assert!(matches!(m.check(), Err(ManifestError::Text(_))));
}
