//! The job that peers are compared by: encrypt, verify and count N ballots of twelve options,
//! one mark, one trustee.

use crate::baseline::Classic;
use crate::counting::{Counting, Shared};
use crate::ours::{Ours, sums};
use crate::timing::once;
use crate::token::Signatures;
use ballot::proof::ContestBallot;
use ballot::{Ballot, OwnCard};
use crypto::Hash;
use crypto::elgamal::Ciphertext;
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde::{Deserialize, Serialize};
use std::hint::black_box;

const OPTIONS: u16 = 12;

/// CPU seconds of one ballot, and its bytes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Peer {
    /// Who.
    pub name: String,
    /// What is special about it.
    pub note: String,
    /// Encrypt and prove.
    pub encrypt: f64,
    /// Check every proof and signature of the ballot.
    pub verify: f64,
    /// Add up, open, find the votes; divided by the number of ballots.
    pub tally: f64,
    /// As sent.
    pub bytes: usize,
}

/// A whole ballot entry around one contest, with two registrars' tokens.
fn entry(contest: &ContestBallot, key: &SigningKey, rng: &mut ChaCha20Rng) -> Ballot {
    let mut entry = Ballot {
        election: Hash::ZERO,
        vk: key.public(),
        seq: 1,
        prev: Hash::ZERO,
        pictures: [0, 1],
        tokens: vec![[0; 256]; 2],
        card: OwnCard::first(vec![key.public(); 2]),
        contests: vec![contest.to_bytes()],
        signature: Signature {
            r: crypto::Encoded([0; 32]),
            z: crypto::Scalar::ZERO,
        },
    };
    entry.signature = key.sign("ballot", &entry.signed_bytes(), rng);
    entry
}

/// Bytes of a whole ballot entry: twelve options, two registrars.
#[must_use]
pub fn entry_bytes() -> usize {
    let mut rng = ChaCha20Rng::seed_from_u64(15);
    let contest = Ours::new(OPTIONS, 1, 1, 1).prove();
    let key = SigningKey::generate(&mut rng);
    entry(&contest, &key, &mut rng).to_bytes().len()
}

/// This project: whole entries with proof, voter's signature and two tokens.
#[must_use]
pub fn ours(count: u16) -> Peer {
    let shared = Shared::new(1);
    let ours = Ours::under(shared.joint, (OPTIONS, 1, 1), count);
    let mut rng = ChaCha20Rng::seed_from_u64(15);
    let key = SigningKey::generate(&mut rng);
    let encrypt = once(|| {
        for _ in 0..count {
            black_box(entry(&ours.prove(), &key, &mut rng));
        }
    });
    let bytes = entry_bytes();
    let signatures = Signatures::new(bytes - 64);
    let verify = once(|| {
        ours.verify_batch();
        for _ in 0..count {
            signatures.voter();
            signatures.token();
            signatures.token();
        }
    });
    let tally = counted(&shared, count, || ours.decoded());
    peer(
        "Irefuda",
        "whole entry: proof, voter's signature, two registrars' tokens; proofs in one batch",
        [encrypt, verify, tally],
        (count, bytes),
    )
}

/// The classic proof in our group: what Helios does, with our arithmetic under it.
#[must_use]
pub fn classic(count: u16) -> [Peer; 2] {
    let shared = Shared::new(1);
    let classic = Classic::new(shared.joint, OPTIONS, count);
    let encrypt = once(|| {
        for _ in 0..count {
            black_box(classic.prove());
        }
    });
    let single = once(|| classic.equation_by_equation());
    let batch = once(|| classic.batch());
    let tally = counted(&shared, count, || classic.decoded());
    [
        peer(
            "Classic proof",
            "disjunctive proofs in our group, checked as Helios does; no signature, no token",
            [encrypt, single, tally],
            (count, classic.bytes()),
        ),
        peer(
            "Classic proof, batched",
            "the same with commitments sent, in one multiscalar multiplication",
            [encrypt, batch, tally],
            (count, classic.bytes_batched()),
        ),
    ]
}

fn counted(shared: &Shared, count: u16, decoded: impl Fn() -> Vec<Vec<Ciphertext>>) -> f64 {
    once(|| {
        let votes = Counting::new(shared, sums(&decoded()), u64::from(count)).count();
        assert_eq!(votes.iter().sum::<u64>(), u64::from(count));
    })
}

fn peer(name: &str, note: &str, seconds: [f64; 3], (count, bytes): (u16, usize)) -> Peer {
    let [encrypt, verify, tally] = seconds.map(|s| s / f64::from(count));
    Peer {
        name: name.to_owned(),
        note: note.to_owned(),
        encrypt,
        verify,
        tally,
        bytes,
    }
}

/// The table, milliseconds of CPU time for one ballot.
#[must_use]
pub fn table(peers: &[Peer]) -> Vec<String> {
    let mut out = vec![format!(
        "{:<24} {:>12} {:>12} {:>12} {:>8}  note",
        "", "encrypt ms", "verify ms", "tally ms", "bytes"
    )];
    out.extend(peers.iter().map(|p| {
        let [e, v, t] = [p.encrypt, p.verify, p.tally].map(|s| s * 1e3);
        format!(
            "{:<24} {e:>12.3} {v:>12.3} {t:>12.3} {:>8}  {}",
            p.name, p.bytes, p.note
        )
    }));
    out
}

#[cfg(test)]
mod tests;
