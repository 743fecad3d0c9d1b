use super::*;
use ballot::contest::{Selection, Shape};
use ballot::manifest::{Contest, OptionItem};
use ballot::proof::{Context, Key, prove};
use ballot::text::Text;
use crypto::sharing::Polynomial;
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Hash, Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn contest(n: u16) -> Contest {
    let option = |i| OptionItem {
        id: format!("P{i:02}"),
        number: i,
        title: Text::default(),
        proposer: Text::default(),
        summary: Text::default(),
    };
    Contest {
        id: "c".into(),
        title: Text::default(),
        shape: Shape::new(n, 1, 1).unwrap(),
        options: (1..=n).map(option).collect(),
        blank: None,
    }
}

struct Box3of5 {
    target: Target,
    shares: Vec<Scalar>,
    keys: Vec<Point>,
    rng: ChaCha20Rng,
}

fn box_with(choices: &[u16]) -> Box3of5 {
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let p = Polynomial::random(3, &mut rng);
    let joint = Point::mul_base(&p.constant()).unwrap();
    let contests = [contest(4)];
    let key = Key::new(contests[0].shape, &[1, 2, 3, 4], joint);
    let mut aggregate = Aggregate::empty(&contests);
    for (i, c) in choices.iter().enumerate() {
        let ctx = Context {
            election: Hash::ZERO,
            contest: 0,
            vk: Point::base(),
            seq: u32::try_from(i).unwrap(),
            prev: Hash::ZERO,
            pictures: [0, 0],
        };
        let s = Selection::new(key.shape(), &[*c]).unwrap();
        aggregate
            .add(&[prove(&key, &ctx, &s, &[9; 32], &mut rng)])
            .unwrap();
    }
    let shares: Vec<Scalar> = (1..=5).map(|i| p.evaluate(i)).collect();
    let keys = shares.iter().map(|s| Point::mul_base(s).unwrap()).collect();
    let target = Target {
        election: Hash::ZERO,
        close_block: [3; 32],
        counted_root: Hash([4; 64]),
        counted: choices.len() as u64,
        aggregate,
    };
    Box3of5 {
        target,
        shares,
        keys,
        rng,
    }
}

impl Box3of5 {
    fn share(&mut self, id: u16) -> PartialDecryption {
        let i = usize::from(id - 1);
        PartialDecryption::make(
            &self.target,
            id,
            &self.shares[i],
            &self.keys[i],
            &mut self.rng,
        )
    }
}

#[test]
fn any_three_of_five_find_the_votes() {
    let mut b = box_with(&[0, 1, 1, 3, 3, 3]);
    for ids in [[1, 2, 3], [5, 2, 4]] {
        let shares: Vec<_> = ids.iter().map(|i| b.share(*i)).collect();
        for s in &shares {
            let c = s.commitment(&b.target);
            assert_eq!(
                s.check(&b.target, &b.keys[usize::from(s.trustee - 1)], &c),
                Ok(())
            );
            assert_eq!(PartialDecryption::from_bytes(&s.to_bytes()).as_ref(), Ok(s));
        }
        assert_eq!(combine(&b.target, 3, &shares), Ok(vec![vec![1, 2, 0, 3]]));
    }
}

#[test]
fn an_empty_box_gives_zeros() {
    let mut b = box_with(&[]);
    let shares: Vec<_> = (1..=3).map(|i| b.share(i)).collect();
    for s in &shares {
        let c = s.commitment(&b.target);
        assert_eq!(
            s.check(&b.target, &b.keys[usize::from(s.trustee - 1)], &c),
            Ok(())
        );
    }
    assert_eq!(combine(&b.target, 3, &shares), Ok(vec![vec![0; 4]]));
}

#[test]
fn rejects_r7_01_missing_shares() {
    let mut b = box_with(&[0]);
    let mut s = b.share(1);
    s.shares.pop();
    let c = s.commitment(&b.target);
    assert_eq!(s.check(&b.target, &b.keys[0], &c), Err(ShareError::Shape));
}

#[test]
fn rejects_r7_02_wrong_share_key_target_or_position() {
    let mut b = box_with(&[0, 2]);
    let good = b.share(1);
    let check = |s: &PartialDecryption, t: &Target, k: &Point| s.check(t, k, &s.commitment(t));
    assert_eq!(check(&good, &b.target, &b.keys[1]), Err(ShareError::Proof));
    let mut s = good.clone();
    s.trustee = 2;
    assert_eq!(check(&s, &b.target, &b.keys[0]), Err(ShareError::Proof));
    let mut s = good.clone();
    s.shares.swap(0, 1);
    assert_eq!(check(&s, &b.target, &b.keys[0]), Err(ShareError::Proof));
    let mut s = good.clone();
    s.shares[0].0 = Encoded([0; 32]);
    assert_eq!(check(&s, &b.target, &b.keys[0]), Err(ShareError::Proof));
    for change in 0..3 {
        let mut t = b.target.clone();
        match change {
            0 => t.election = Hash([1; 64]),
            1 => t.close_block = [0; 32],
            _ => t.counted_root = Hash::ZERO,
        }
        assert_eq!(
            check(&good, &t, &b.keys[0]),
            Err(ShareError::Proof),
            "{change}"
        );
    }
}

#[test]
fn rejects_r7_03_shares_that_were_not_committed() {
    let mut b = box_with(&[0]);
    let (one, two) = (b.share(1), b.share(1));
    let c = one.commitment(&b.target);
    assert_eq!(
        two.check(&b.target, &b.keys[0], &c),
        Err(ShareError::Commitment)
    );
}

#[test]
fn rejects_r7_04_too_few_or_repeated_trustees() {
    let mut b = box_with(&[0]);
    let (one, two) = (b.share(1), b.share(2));
    let few = [one.clone(), two.clone()];
    assert_eq!(combine(&b.target, 3, &few), Err(CombineError::TooFew));
    let repeated = [one.clone(), one, two];
    assert_eq!(combine(&b.target, 3, &repeated), Err(CombineError::TooFew));
}

#[test]
fn rejects_r7_05_plaintexts_that_are_no_count() {
    let mut b = box_with(&[0, 0, 0]);
    b.target.counted = 1;
    let shares: Vec<_> = (1..=3).map(|i| b.share(i)).collect();
    assert_eq!(combine(&b.target, 3, &shares), Err(CombineError::Plaintext));
}

#[test]
fn logarithms_up_to_the_maximum_and_not_beyond() {
    for max in [0u64, 1, 2, 3, 255, 256, 1000, 70_000] {
        let t = DiscreteLog::new(max);
        for v in [0, 1, max / 2, max.saturating_sub(1), max] {
            let p = RistrettoPoint::mul_base(&Scalar::from(v));
            assert_eq!(t.solve(&p), (v <= max).then_some(v), "{v} of {max}");
        }
        assert_eq!(
            t.solve(&RistrettoPoint::mul_base(&Scalar::from(max + 1))),
            None
        );
        assert_eq!(
            t.solve(&-curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT),
            None
        );
    }
}

#[test]
fn debug_shows_neither_shares_nor_nonce() {
    let share = box_with(&[0]).share(2);
    let shown = format!("{share:?}");
    assert_eq!(shown, "PartialDecryption(trustee 2, 4 shares)");
}
