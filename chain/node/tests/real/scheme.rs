//! The node's signing scheme against the engine's: what the board refuses never counts.

use crate::twist::Twisted;
use board::finality::{FinalityCertificate, FinalityError, framed, signature_holds};
use board::network::namespace;
use commonware_codec::Encode as _;
use commonware_consensus::simplex::scheme::ed25519;
use commonware_consensus::simplex::types::{Finalization, Finalize, Proposal, Subject};
use commonware_consensus::types::{Epoch, Round, View};
use commonware_cryptography::certificate::{Attestation, Scheme as _, Verifier as _};
use commonware_cryptography::ed25519::{PrivateKey, PublicKey};
use commonware_cryptography::sha256::Digest;
use commonware_cryptography::{Signer as _, Verifier as _};
use commonware_parallel::Sequential;
use commonware_utils::{non_empty, ordered::Set};
use node::rules::good_certificate;
use node::scheme::{RefusedVotes, SignVotes, StrictScheme};
use std::sync::Arc;

const NETWORK: [u8; 32] = [9; 32];

/// Four validators; the last one twists its votes to finalise.
struct Committee {
    keys: Set<PublicKey>,
    strict: Vec<StrictScheme>,
    /// The engine's own scheme, which takes what the last one signs.
    lax: ed25519::Scheme,
    refused: Arc<RefusedVotes>,
}

fn committee() -> Committee {
    let mut secrets: Vec<_> = (0..4u64).map(PrivateKey::from_seed).collect();
    secrets.sort_by_key(|k| k.public_key());
    let keys: Set<PublicKey> = Set::from_iter_dedup(secrets.iter().map(|k| k.public_key()));
    let names = (0..4).map(|i| format!("node-{i}")).collect();
    let refused = Arc::new(RefusedVotes::new(names));
    let space = namespace(&NETWORK);
    let strict = secrets
        .into_iter()
        .enumerate()
        .map(|(i, key)| {
            let votes: Arc<dyn SignVotes> = if i == 3 {
                Arc::new(Twisted::new(key))
            } else {
                Arc::new(key)
            };
            StrictScheme::new(&space, keys.clone(), votes, Arc::clone(&refused)).unwrap()
        })
        .collect();
    Committee {
        lax: ed25519::Scheme::verifier(&space, keys.clone()),
        keys,
        strict,
        refused,
    }
}

fn proposal(payload: u8) -> Proposal<Digest> {
    let round = Round::new(Epoch::zero(), View::new(7));
    Proposal::new(round, View::new(6), Digest([payload; 32]))
}

fn votes(c: &Committee, p: &Proposal<Digest>, from: &[usize]) -> Vec<Attestation<StrictScheme>> {
    from.iter()
        .map(|i| {
            c.strict[*i]
                .sign(Subject::Finalize { proposal: p })
                .unwrap()
        })
        .collect()
}

/// The certificate an engine without the strict scheme makes of these votes.
fn lax_certificate(c: &Committee, p: &Proposal<Digest>, from: &[usize]) -> Vec<u8> {
    let finalizes: Vec<Finalize<ed25519::Scheme, Digest>> = votes(c, p, from)
        .into_iter()
        .map(|vote| Finalize {
            proposal: p.clone(),
            attestation: Attestation {
                signer: vote.signer,
                signature: vote.signature,
            },
        })
        .collect();
    for vote in &finalizes {
        assert!(vote.verify(&mut rand::rng(), &c.lax, &Sequential));
    }
    let made = Finalization::from_finalizes(&c.lax, non_empty![@&finalizes], &Sequential).unwrap();
    assert!(made.verify(&mut rand::rng(), &c.lax, &Sequential));
    made.encode().to_vec()
}

fn board_committee(c: &Committee) -> board::Committee {
    let keys = c.keys.iter().map(|k| k.as_ref().try_into().unwrap());
    board::Committee::new(NETWORK, 0, keys.collect())
}

/// Without this the other tests could pass because nothing was twisted.
#[test]
fn a_48_the_engine_takes_every_twist_and_the_board_none() {
    let key = PrivateKey::from_seed(5);
    let twisted = Twisted::new(key.clone());
    let space = [&namespace(&NETWORK)[..], b"_FINALIZE"].concat();
    for last in 0..6u8 {
        let vote = [1, 2, last];
        let signature = twisted.sign_vote(&space, &vote);
        assert!(key.public_key().verify(&space, &vote, &signature), "{last}");
        let public = key.public_key();
        let holds = signature_holds(
            public.as_ref().try_into().unwrap(),
            &framed(&space, &vote),
            signature.as_ref().try_into().unwrap(),
        );
        assert!(!holds, "{last}");
    }
}

#[test]
fn a_48_a_twisted_vote_does_not_count_and_its_signer_is_named() {
    let c = committee();
    for payload in 0..6 {
        let p = proposal(payload);
        let subject = Subject::Finalize { proposal: &p };
        let all = votes(&c, &p, &[0, 1, 3, 2]);
        let found =
            c.strict[0].verify_attestations(&mut rand::rng(), subject, all.clone(), &Sequential);
        let good: Vec<usize> = found.verified.iter().map(|v| v.signer.into()).collect();
        let bad: Vec<usize> = found.invalid.iter().map(|i| (*i).into()).collect();
        assert_eq!((good, bad), (vec![0, 1, 2], vec![3]));
        let made = c.strict[0].optimistic_assemble(
            &mut rand::rng(),
            subject,
            all.clone(),
            std::iter::empty(),
            &Sequential,
        );
        let refused = made.expect_err("a twisted vote went into a certificate");
        let made = c.strict[0]
            .assemble(non_empty![@refused.verified.into_iter()], &Sequential)
            .unwrap();
        assert!(c.strict[1].verify_certificate(&mut rand::rng(), subject, &made, &Sequential));
        // Two good ones and the twisted one are no quorum.
        let few = votes(&c, &p, &[0, 1, 3])
            .into_iter()
            .filter(|v| c.strict[0].verify_attestation(&mut rand::rng(), subject, v, &Sequential));
        assert_eq!(few.count(), 2);
    }
    let named: Vec<(&str, u64)> = c.refused.each().collect();
    assert_eq!(named[..3], [("node-0", 0), ("node-1", 0), ("node-2", 0)]);
    assert_eq!(named[3], ("node-3", 18));
}

/// Refused as a certificate, also with a quorum of good signatures beside the bad one; and a stored
/// one is handed out without it, or not at all.
#[test]
fn a_48_rejects_r6_24_a_certificate_with_a_twisted_signature() {
    let c = committee();
    let committee = board_committee(&c);
    let space = namespace(&NETWORK);
    for payload in 0..6 {
        let p = proposal(payload);
        for (from, usable) in [(&[0, 1, 3][..], false), (&[0, 1, 2, 3], true)] {
            let bytes = lax_certificate(&c, &p, from);
            let ours = FinalityCertificate::from_bytes(&bytes).unwrap();
            let verdict = ours.verify(committee.keys(), &space, &[payload; 32]);
            assert_eq!(verdict, Err(FinalityError::Signature));
            let theirs: Finalization<StrictScheme, Digest> =
                commonware_codec::Decode::decode_cfg(commonware_codec::Copying(&bytes), &4)
                    .unwrap();
            assert!(!theirs.verify(&mut rand::rng(), &c.strict[0], &Sequential));
            let (good, bad) = ours.strict_part(committee.keys(), &space);
            assert_eq!(bad, [3]);
            let handed_out = good_certificate(&committee, &bytes);
            assert_eq!(handed_out, usable.then(|| good.to_bytes()));
            if let Some(bytes) = handed_out {
                let good = FinalityCertificate::from_bytes(&bytes).unwrap();
                good.verify(committee.keys(), &space, &[payload; 32])
                    .unwrap();
                assert_eq!(good_certificate(&committee, &bytes), Some(bytes));
            }
        }
    }
}
