use super::*;
use crate::check::MAX_SMALL_ENTRY_BYTES;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn report(first: u32) -> Evidence {
    let leaf = |i: u32| {
        let mut leaf = [0; 32];
        leaf[..4].copy_from_slice(&i.to_be_bytes());
        leaf
    };
    let unattended = |channel| ChannelCount::unattended(channel, 0, 0);
    let mut counts = Channel::ALL.map(unattended).to_vec();
    counts[1].first = first;
    Evidence {
        election: Hash([1; 64]),
        registrar: 2,
        day: 20_840,
        counts,
        incidents: 7,
        part: 0,
        leaves: (0..first).rev().map(leaf).collect(),
    }
}

#[test]
fn a_full_part_is_a_small_entry() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let key = SigningKey::generate(&mut rng);
    let parts = report(8_001).divided();
    let bytes = parts[0].clone().signed(&key, &mut rng).to_bytes();
    assert!(bytes.len() <= MAX_SMALL_ENTRY_BYTES, "{}", bytes.len());
}

#[test]
fn every_number_of_leaves_is_divided_into_sound_parts() {
    for (first, sizes) in [
        (0, vec![0]),
        (1, vec![1]),
        (7_999, vec![7_999]),
        (8_000, vec![8_000]),
        (8_001, vec![8_000, 1]),
        (16_000, vec![8_000, 8_000]),
    ] {
        let parts = report(first).divided();
        let lengths: Vec<usize> = parts.iter().map(|e| e.leaves.len()).collect();
        assert_eq!(lengths, sizes);
        assert!(parts.iter().all(Evidence::is_sound));
        let all: Vec<Leaf> = parts.into_iter().flat_map(|e| e.leaves).collect();
        assert!(all.is_sorted());
    }
}

#[test]
fn a_report_has_at_most_512_parts() {
    let mut e = report(8_000);
    e.counts[1].first = 512 * 8_000;
    assert!(!report(8_000).divided().is_empty() && e.divided()[0].is_sound());
    let mut e = report(8_000);
    e.counts[1].first = 512 * 8_000 + 1;
    assert!(!e.divided()[0].is_sound());
}
