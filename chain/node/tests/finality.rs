//! The board's own decoder of finality certificates against the engine's types.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use board::finality::{FinalityCertificate, FinalityError};
use board::header::Header;
use board::network::{namespace, tolerated};
use board::receipt::ReceiptError;
use board::{Committee, Receipt};
use commonware_codec::{Copying, Decode as _, Encode as _};
use commonware_consensus::simplex::{
    scheme::ed25519::Scheme,
    types::{Finalization, Finalize, Proposal},
};
use commonware_consensus::types::{Epoch, Round, View};
use commonware_cryptography::{Signer as _, ed25519, sha256::Digest};
use commonware_parallel::Sequential;
use commonware_utils::{non_empty, ordered::Set};
use crypto::Hash;
use crypto::wire::TopLevel as _;

const NETWORK: [u8; 32] = [9; 32];

struct Validators {
    schemes: Vec<Scheme>,
    committee: Committee,
}

fn validators(n: u64) -> Validators {
    let keys: Vec<_> = (0..n).map(ed25519::PrivateKey::from_seed).collect();
    let set: Set<ed25519::PublicKey> = Set::from_iter_dedup(keys.iter().map(|k| k.public_key()));
    let space = namespace(&NETWORK);
    let schemes = keys
        .into_iter()
        .map(|k| Scheme::signer(&space, set.clone(), k).unwrap())
        .collect();
    let mut keys: Vec<[u8; 32]> = set.iter().map(|k| k.as_ref().try_into().unwrap()).collect();
    // Rule 6.21 numbers validators by key; the engine's set must do the same.
    assert!(keys.is_sorted());
    keys.sort_unstable();
    Validators {
        schemes,
        committee: Committee::new(NETWORK, 0, keys),
    }
}

impl Validators {
    fn certify(&self, digest: [u8; 32], view: u64, signers: usize) -> Vec<u8> {
        let round = Round::new(Epoch::zero(), View::new(view));
        let proposal = Proposal::new(round, View::new(view - 1), Digest(digest));
        let votes: Vec<_> = self.schemes[..signers]
            .iter()
            .map(|s| Finalize::sign(s, proposal.clone()).unwrap())
            .collect();
        let votes = non_empty![@&votes];
        Finalization::from_finalizes(&self.schemes[0], votes, &Sequential)
            .unwrap()
            .encode()
            .to_vec()
    }
}

fn chain(count: usize, follow: u64) -> (Vec<Vec<u8>>, Vec<Hash>, Vec<Header>) {
    let entries: Vec<Vec<u8>> = (0..count)
        .map(|i| format!("entry {i}").into_bytes())
        .collect();
    let hashes: Vec<Hash> = entries
        .iter()
        .map(|e| crypto::hash::entry_hash(e))
        .collect();
    let first = Header {
        network: NETWORK,
        parent: [1; 32],
        height: 41,
        time_ms: 1000,
        entries_root: board::header::entries_root(&hashes),
        count: u32::try_from(count).unwrap(),
    };
    let mut headers = vec![first];
    for i in 0..follow {
        let next = Header::next(headers.last().unwrap(), 2000 + i, &[]);
        headers.push(next);
    }
    (entries, hashes, headers)
}

#[test]
fn both_decoders_read_the_same_certificate() {
    for n in [1u64, 2, 4, 7, 9, 10, 32] {
        let v = validators(n);
        let n = usize::try_from(n).unwrap();
        for view in [1u64, 127, 128, 16_384, 1 << 40] {
            let bytes = v.certify([5; 32], view, n - tolerated(n));
            let ours = FinalityCertificate::from_bytes(&bytes).unwrap();
            assert_eq!(ours.to_bytes(), bytes);
            assert_eq!(
                (ours.view, ours.parent_view, ours.payload),
                (view, view - 1, [5; 32])
            );
            ours.verify(v.committee.keys(), &namespace(&NETWORK), &[5; 32])
                .unwrap();
            let theirs = Finalization::<Scheme, Digest>::decode_cfg(Copying(&bytes), &n).unwrap();
            assert!(theirs.verify(&mut rand::rng(), &v.schemes[0], &Sequential));
        }
    }
}

#[test]
fn every_flipped_bit_is_refused_by_both() {
    let v = validators(4);
    let bytes = v.certify([5; 32], 300, 3);
    for bit in 0..bytes.len() * 8 {
        let mut b = bytes.clone();
        b[bit / 8] ^= 1 << (bit % 8);
        let ours = FinalityCertificate::from_bytes(&b)
            .and_then(|c| c.verify(v.committee.keys(), &namespace(&NETWORK), &[5; 32]));
        assert!(ours.is_err(), "bit {bit}");
        let theirs = Finalization::<Scheme, Digest>::decode_cfg(Copying(&b), &4).is_ok_and(|f| {
            f.proposal.payload.0 == [5; 32]
                && f.verify(&mut rand::rng(), &v.schemes[0], &Sequential)
        });
        assert!(!theirs, "bit {bit}");
    }
}

#[test]
fn receipts_of_every_tree_shape_and_with_headers_between() {
    let v = validators(4);
    for count in 1..=17usize {
        for follow in [0u64, 1, 5] {
            let (entries, hashes, headers) = chain(count, follow);
            let certificate = v.certify(headers.last().unwrap().digest(), 77, 3);
            for (index, entry) in (0u32..).zip(&entries) {
                let receipt =
                    Receipt::new(entry, &hashes, index, headers.clone(), certificate.clone())
                        .unwrap();
                let receipt = Receipt::decode(&receipt.to_bytes()).unwrap();
                receipt.verify_entry(&v.committee, entry).unwrap();
                let other = hashes[(usize::try_from(index).unwrap() + 1) % count];
                if count > 1 {
                    assert_eq!(
                        receipt.verify(&v.committee, &other),
                        Err(ReceiptError::Entry)
                    );
                }
            }
        }
    }
}

#[test]
fn rejects_r6_22_r6_23_r6_32_wrong_headers_and_too_few_signatures() {
    let v = validators(4);
    let (entries, hashes, headers) = chain(5, 3);
    let last = headers.last().unwrap().digest();
    let receipt = |headers: &[Header], certificate: Vec<u8>| {
        Receipt::new(&entries[2], &hashes, 2, headers.to_vec(), certificate).unwrap()
    };
    let check = |r: Receipt| r.verify_entry(&v.committee, &entries[2]);
    // A quorum signed a block that is not the last header shown.
    let early = v.certify(headers[1].digest(), 77, 3);
    assert_eq!(
        check(receipt(&headers, early)),
        Err(ReceiptError::Finality(FinalityError::Header))
    );
    // A header left out in the middle.
    let gap = [headers[0].clone(), headers[2].clone(), headers[3].clone()];
    assert_eq!(
        check(receipt(&gap, v.certify(last, 77, 3))),
        Err(ReceiptError::Headers)
    );
    // The engine refuses to make a certificate of two; by hand it is refused by the board.
    let mut few = FinalityCertificate::from_bytes(&v.certify(last, 77, 3)).unwrap();
    few.signatures.pop();
    assert_eq!(
        check(receipt(&headers, few.to_bytes())),
        Err(ReceiptError::Finality(FinalityError::TooFew))
    );
    // Another network's committee signed the same header.
    let other = Committee::new([8; 32], 0, v.committee.keys().to_vec());
    let good = receipt(&headers, v.certify(last, 77, 3));
    assert_eq!(
        good.verify_entry(&other, &entries[2]),
        Err(ReceiptError::Headers)
    );
    assert_eq!(check(good), Ok(()));
}
