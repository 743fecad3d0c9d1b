use super::*;
use ed25519_dalek::{Signer as _, SigningKey};

const NS: &[u8] = b"irefuda/v2/board/test";

fn keys(n: u8) -> (Vec<SigningKey>, Vec<[u8; 32]>) {
    let mut keys: Vec<SigningKey> = (1..=n).map(|i| SigningKey::from_bytes(&[i; 32])).collect();
    keys.sort_by_key(|k| k.verifying_key().to_bytes());
    let committee = keys.iter().map(|k| k.verifying_key().to_bytes()).collect();
    (keys, committee)
}

fn certificate(keys: &[SigningKey], signers: &[usize], payload: [u8; 32]) -> FinalityCertificate {
    let mut c = FinalityCertificate {
        epoch: 0,
        view: 300,
        parent_view: 299,
        payload,
        committee: keys.len() as u64,
        signatures: vec![],
    };
    let message = signed_bytes(NS, &c.proposal());
    c.signatures = signers
        .iter()
        .map(|i| (*i, keys[*i].sign(&message).to_bytes()))
        .collect();
    c
}

#[test]
fn quorums_of_all_sizes() {
    for n in 1..=10u8 {
        let (keys, committee) = keys(n);
        let need = usize::from(n) - usize::from((n - 1) / 3);
        let all: Vec<usize> = (0..need).collect();
        let c = certificate(&keys, &all, [9; 32]);
        assert_eq!(
            FinalityCertificate::from_bytes(&c.to_bytes()).as_ref(),
            Ok(&c)
        );
        assert_eq!(c.verify(&committee, NS, &[9; 32]), Ok(()), "{n}");
        if need > 1 {
            let c = certificate(&keys, &all[1..], [9; 32]);
            assert_eq!(
                c.verify(&committee, NS, &[9; 32]),
                Err(FinalityError::TooFew),
                "{n}"
            );
        }
    }
}

#[test]
fn rejects_r6_20_to_r6_24_every_flipped_bit_and_every_truncation() {
    let (keys, committee) = keys(4);
    let bytes = certificate(&keys, &[0, 2, 3], [9; 32]).to_bytes();
    let ok = |b: &[u8]| {
        FinalityCertificate::from_bytes(b).and_then(|c| c.verify(&committee, NS, &[9; 32]))
    };
    assert_eq!(ok(&bytes), Ok(()));
    for i in 0..bytes.len() * 8 {
        let mut b = bytes.clone();
        b[i / 8] ^= 1 << (i % 8);
        assert!(ok(&b).is_err(), "bit {i}");
    }
    for n in 0..bytes.len() {
        assert!(ok(&bytes[..n]).is_err(), "{n} bytes");
    }
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(ok(&longer), Err(FinalityError::Bytes));
}

#[test]
fn rejects_r6_20_varints_with_redundant_bytes() {
    let (keys, _) = keys(1);
    let bytes = certificate(&keys, &[0], [9; 32]).to_bytes();
    // epoch 0 as two bytes
    let two = [&[0x80, 0x00], &bytes[1..]].concat();
    assert_eq!(
        FinalityCertificate::from_bytes(&two),
        Err(FinalityError::Bytes)
    );
}

#[test]
fn rejects_r6_24_one_bad_signature_among_enough_good_ones() {
    let (keys, committee) = keys(4);
    let mut c = certificate(&keys, &[0, 1, 2, 3], [9; 32]);
    c.signatures[3].1[5] ^= 1;
    assert_eq!(
        c.verify(&committee, NS, &[9; 32]),
        Err(FinalityError::Signature)
    );
}

#[test]
fn rejects_r6_21_r6_22_other_committee_namespace_or_header() {
    let (keys, committee) = keys(4);
    let c = certificate(&keys, &[0, 1, 2], [9; 32]);
    assert_eq!(
        c.verify(&committee[..3], NS, &[9; 32]),
        Err(FinalityError::Committee)
    );
    assert_eq!(
        c.verify(&committee, NS, &[8; 32]),
        Err(FinalityError::Header)
    );
    assert_eq!(
        c.verify(&committee, b"other", &[9; 32]),
        Err(FinalityError::Signature)
    );
}

#[test]
fn every_field_of_what_validators_sign_counts() {
    let (keys, committee) = keys(1);
    let id = [7; 32];
    let namespace = crate::network::namespace(&id);
    let mut c = certificate(&keys, &[0], [9; 32]);
    // The message as the specification writes it (06 §3), put together by hand.
    let mut message = vec![58];
    message.extend_from_slice(b"irefuda/v2/board/");
    message.extend_from_slice(&id);
    message.extend_from_slice(b"_FINALIZE");
    message.extend_from_slice(&[0, 0xac, 2, 0xab, 2]);
    message.extend_from_slice(&[9; 32]);
    c.signatures[0].1 = keys[0].sign(&message).to_bytes();
    assert_eq!(c.verify(&committee, &namespace, &c.payload), Ok(()));

    let changes: [fn(&mut FinalityCertificate); 4] = [
        |c| c.epoch += 1,
        |c| c.view += 1,
        |c| c.parent_view += 1,
        |c| c.payload[0] ^= 1,
    ];
    for (i, change) in changes.iter().enumerate() {
        let mut other = c.clone();
        change(&mut other);
        let said = other.verify(&committee, &namespace, &other.payload);
        assert_eq!(said, Err(FinalityError::Signature), "field {i}");
    }
    for i in 0..32 {
        let mut other = id;
        other[i] ^= 1;
        let namespace = crate::network::namespace(&other);
        let said = c.verify(&committee, &namespace, &c.payload);
        assert_eq!(
            said,
            Err(FinalityError::Signature),
            "byte {i} of the network"
        );
    }
}

/// The point with y = 1 (the identity) and the one with y = 0 (order 4), and both in the encoding
/// with p added.
#[test]
fn rejects_r6_24_keys_of_small_order_and_keys_in_another_encoding() {
    let mut one = [0; 32];
    one[0] = 1;
    let mut one_again = [0xff; 32];
    one_again[0] = 0xee;
    one_again[31] = 0x7f;
    let zero = [0; 32];
    let mut zero_again = one_again;
    zero_again[0] = 0xed;
    for key in [one, one_again, zero, zero_again] {
        assert!(engine_key(&key).is_none(), "{key:?}");
    }
    // y = 3 is on the curve and not of small order; p + 3 is the same point.
    let on_curve = (2u8..19).find_map(|y| {
        let mut key = [0; 32];
        key[0] = y;
        engine_key(&key).map(|_| y)
    });
    let y = on_curve.unwrap();
    let mut again = [0xff; 32];
    again[0] = 0xed + y;
    again[31] = 0x7f;
    assert!(
        VerifyingKey::from_bytes(&again).is_ok(),
        "a laxer decoder takes it"
    );
    assert!(engine_key(&again).is_none());
}

#[test]
fn a_bad_signature_does_not_spoil_the_good_ones_beside_it() {
    let (keys, committee) = keys(4);
    let mut c = certificate(&keys, &[0, 1, 2, 3], [9; 32]);
    c.signatures[1].1[40] ^= 1;
    assert_eq!(
        c.verify(&committee, NS, &[9; 32]),
        Err(FinalityError::Signature)
    );
    let (good, bad) = c.strict_part(&committee, NS);
    assert_eq!(bad, [1]);
    assert_eq!(good, certificate(&keys, &[0, 2, 3], [9; 32]));
    assert_eq!(good.verify(&committee, NS, &[9; 32]), Ok(()));
}
