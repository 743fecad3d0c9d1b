use super::*;
use ballot::contest::{Selection, Shape};
use ballot::proof::{self, Context};
use crypto::Hash;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

#[test]
fn the_classic_proof_accepts_choices_and_refuses_changes() {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let key = Key::new(Point::mul_base(&random_scalar(&mut rng)).unwrap());
    let ballots: Vec<_> = (0..5).map(|i| prove(&key, b"c", i, 5, &mut rng)).collect();
    assert!(verify(&key, b"c", &ballots, &mut rng));
    assert!(!verify(&key, b"d", &ballots, &mut rng));
    assert!(ballots.iter().all(|b| verify_each(&key, b"c", b)));
    assert!(!verify_each(&key, b"d", &ballots[0]));
    let mut bad = ballots.clone();
    bad[3].items.swap(0, 3);
    assert!(!verify(&key, b"c", &bad, &mut rng));
    assert!(!verify_each(&key, b"c", &bad[3]));
    // Two marks: each option is a bit, the sum is not one.
    let mut two = ballots;
    two[0].items[1] = two[1].items[1].clone();
    assert!(!verify(&key, b"c", &two, &mut rng));
    assert!(!verify_each(&key, b"c", &two[0]));
}

/// Both proofs are about the same plaintexts: sums of both kinds of ballots decrypt alike.
#[test]
fn classic_and_bit_vector_ballots_count_alike() {
    let mut rng = ChaCha20Rng::seed_from_u64(2);
    let secret = random_scalar(&mut rng);
    let joint = Point::mul_base(&secret).unwrap();
    let classic = Key::new(joint);
    let ours = proof::Key::new(Shape::new(4, 1, 1).unwrap(), &[1, 2, 3, 4], joint);
    let mut totals = [[RistrettoPoint::default(); 4]; 2];
    for (i, choice) in [0u16, 2, 2, 3, 2].into_iter().enumerate() {
        let c = prove(&classic, b"c", usize::from(choice), 4, &mut rng);
        let ctx = Context {
            election: Hash::ZERO,
            contest: 0,
            vk: joint,
            seq: u32::try_from(i).unwrap(),
            prev: Hash::ZERO,
            pictures: [0, 0],
        };
        let s = Selection::new(ours.shape(), &[choice]).unwrap();
        let b = proof::prove(&ours, &ctx, &s, &[u8::try_from(i).unwrap(); 32], &mut rng);
        let plain =
            |a: &Encoded, b: &Encoded| b.decompress().unwrap() - a.decompress().unwrap() * secret;
        let [theirs, mine] = &mut totals;
        for (sum, item) in theirs.iter_mut().zip(&c.items) {
            *sum += plain(&item.a, &item.b);
        }
        for (sum, (a, b)) in mine.iter_mut().zip(b.a.iter().zip(&b.b)) {
            *sum += plain(a, b);
        }
    }
    assert_eq!(totals[0], totals[1]);
    for (total, votes) in totals[0].iter().zip([1u8, 0, 3, 1]) {
        assert_eq!(*total, RistrettoPoint::mul_base(&Scalar::from(votes)));
    }
}
