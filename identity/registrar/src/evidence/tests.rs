use super::*;
use crypto::hash::to_hex;

fn record(certificate: usize) -> Record {
    Record {
        election: Hash([3; 64]),
        kind: "first".into(),
        channel: "home".into(),
        day: 20_475,
        certificate: vec![1; certificate],
        auth_text: vec![2; 250],
        card_signature: vec![3; 256],
        face: "match".into(),
        face_reason: String::new(),
        request: vec![4; 256],
        request_signature: vec![5; 64],
    }
}

fn auditors(n: u8) -> Vec<([u8; 32], [u8; 32])> {
    (1..=n)
        .map(|i| {
            let (private, public) = X25519HkdfSha256::derive_keypair(&[i; 32]);
            (private.to_bytes().into(), public.to_bytes().into())
        })
        .collect()
}

#[test]
fn two_of_three_auditors_open_a_record_and_one_does_not() {
    let keys = auditors(3);
    let public: Vec<_> = keys.iter().map(|k| k.1).collect();
    let sealed = seal(&record(1500), &public, &mut rand::rng()).unwrap();
    let with = |places: &[u16]| {
        let chosen: Vec<_> = places
            .iter()
            .map(|p| (*p, keys[usize::from(*p) - 1].0))
            .collect();
        open(&sealed, &chosen)
    };
    for pair in [[1, 2], [1, 3], [2, 3]] {
        assert_eq!(with(&pair).unwrap(), record(1500));
    }
    assert_eq!(with(&[1, 2, 3]).unwrap(), record(1500));
    assert_eq!(with(&[2]), Err(OpenError::TooFew));
    assert_eq!(
        open(&sealed, &[(1, keys[1].0), (2, keys[0].0)]),
        Err(OpenError::Key)
    );
    for at in (0..sealed.len()).step_by(37) {
        let mut bad = sealed.clone();
        bad[at] ^= 1;
        let chosen: Vec<_> = (1u16..).zip(keys.iter().map(|k| k.0)).collect();
        assert!(open(&bad, &chosen).is_err(), "flip at {at}");
    }
}

#[test]
fn every_sealed_record_has_one_length_and_none_shows_its_content() {
    let public: Vec<_> = auditors(3).iter().map(|k| k.1).collect();
    let a = seal(&record(1), &public, &mut rand::rng()).unwrap();
    let b = seal(&record(2000), &public, &mut rand::rng()).unwrap();
    assert_eq!(a.len(), b.len());
    assert!(!b.windows(16).any(|w| w == [1; 16]));
    assert_eq!(
        seal(&record(4000), &public, &mut rand::rng()),
        Err(SealError::Record)
    );
    assert_eq!(
        seal(&record(1), &[], &mut rand::rng()),
        Err(SealError::Auditors)
    );
}

#[test]
fn the_root_is_that_of_rfc_6962() {
    // Leaves and roots of the certificate-transparency reference tests.
    let leaves: Vec<Vec<u8>> = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
    ]
    .iter()
    .map(|h| crypto::hash::from_hex(h).unwrap())
    .collect();
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    ];
    for (n, expected) in roots.iter().enumerate() {
        assert_eq!(to_hex(&root(&leaves[..n])), *expected, "{n} leaves");
    }
}

#[test]
fn rejects_r1_05_auditors_that_nothing_can_be_sealed_to_when_it_starts() {
    let good: Vec<_> = auditors(2).iter().map(|k| k.1).collect();
    assert_eq!(seals_to(&good, &mut rand::rng()), Ok(()));
    let mut order_four = [0; 32];
    order_four[0] = 1;
    for bad in [[0; 32], order_four] {
        let keys = [good[0], bad];
        assert_eq!(seals_to(&keys, &mut rand::rng()), Err(SealError::Auditors));
    }
    assert_eq!(seals_to(&[], &mut rand::rng()), Err(SealError::Auditors));
}

#[test]
fn every_field_of_key_and_boxes_of_a_record_counts() {
    let key = content_key(&Scalar::from(5u8));
    let hash = crypto::hash::hash("evidence-key", &[Scalar::from(5u8).as_bytes()]);
    assert_eq!(key[..], hash.0[..32]);
    assert_ne!(key, content_key(&Scalar::from(4u8)));

    // Two boxes for one key: only the auditor's place, which is bound to each, tells them apart.
    let (private, public) = auditors(1)[0];
    let sealed = seal(&record(10), &[public, public], &mut rand::rng()).unwrap();
    let keys = [(1, private), (2, private)];
    assert_eq!(open(&sealed, &keys).unwrap(), record(10));
    let (head, length) = (3, 80);
    let mut swapped = sealed.clone();
    swapped[head..head + length].copy_from_slice(&sealed[head + length..head + 2 * length]);
    swapped[head + length..head + 2 * length].copy_from_slice(&sealed[head..head + length]);
    assert_eq!(open(&swapped, &keys), Err(OpenError::Key));
}
