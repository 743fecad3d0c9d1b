use super::*;
use crate::contest::Selection;
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn joint() -> (Scalar, Point) {
    let sk = crypto::group::random_scalar(&mut rng(99));
    (sk, Point::mul_base(&sk).unwrap())
}

fn ctx() -> Context {
    Context {
        election: Hash([7; 64]),
        contest: 0,
        vk: Point::base(),
        seq: 1,
        prev: Hash::ZERO,
        pictures: [3, 9],
    }
}

fn key(n: u16, lo: u16, hi: u16) -> Key {
    let numbers: Vec<u16> = (1..=n).collect();
    Key::new(Shape::new(n, lo, hi).unwrap(), &numbers, joint().1)
}

fn ballot(key: &Key, marks: &[u16], seed: u64) -> ContestBallot {
    let s = Selection::new(key.shape(), marks).unwrap();
    prove(key, &ctx(), &s, &[5; 32], &mut rng(seed))
}

/// What a prover without the checks claims about one check line: the plaintexts of A and B and the
/// carry.
type Line = [Scalar; 3];

/// The lines of an honest prover: masks 98, 99, 100 … modulo μ.
fn honest_lines(key: &Key, plain: &[Scalar]) -> Vec<Line> {
    let modulus = u16::from(key.lines().modulus().number());
    let bits: Vec<u8> = plain.iter().map(|v| u8::from(*v == Scalar::ONE)).collect();
    let one = |(mask, sum): (u16, u16)| {
        let (a, total) = (mask % modulus, sum + mask % modulus);
        [a, total % modulus, total / modulus].map(Scalar::from)
    };
    (98..).zip(key.lines().sums(&bits)).map(one).collect()
}

/// A prover without the checks: proves any scalars for bits and encrypts any plaintexts.
fn forge(key: &Key, committed: &[Scalar], plain: &[Scalar], seed: u64) -> ContestBallot {
    forge_lines(key, committed, plain, &honest_lines(key, plain), seed)
}

#[expect(
    clippy::too_many_lines,
    reason = "a whole prover, in the order of the spec"
)]
fn forge_lines(
    key: &Key,
    committed: &[Scalar],
    plain: &[Scalar],
    lines: &[Line],
    seed: u64,
) -> ContestBallot {
    use curve25519_dalek::traits::VartimeMultiscalarMul as _;
    let mut rng = rng(seed);
    let (n, slots) = (key.shape().options(), committed.len());
    let mut rand = || crypto::group::random_scalar(&mut rng);
    let r: Vec<Scalar> = (0..n).map(|_| rand()).collect();
    let masks: Vec<[Scalar; 2]> = lines.iter().map(|_| [rand(), rand()]).collect();
    let bits: Vec<Scalar> = committed
        .iter()
        .copied()
        .chain(lines.iter().map(|l| l[2]))
        .collect();
    let mut s: Vec<Scalar> = (0..bits.len()).map(|_| rand()).collect();
    s[0] = -s[1..slots].iter().sum::<Scalar>();
    let (nu, sigma, rho) = (rand(), rand(), rand());
    let enc = |p: RistrettoPoint| Encoded::from(p.compress());
    let k = key.joint().point();
    let pair = |v: &Scalar, r: &Scalar| {
        [
            enc(RistrettoPoint::mul_base(r)),
            enc(RistrettoPoint::mul_base(v) + k * r),
        ]
    };
    let vec = |x: Vec<Scalar>, h: Scalar| {
        RistrettoPoint::vartime_multiscalar_mul(&x, &key.vector) + key.blind * h
    };
    let cross = s.iter().zip(&bits).map(|(s, v)| s * (Scalar::ONE - v - v));
    let squares = s.iter().map(|s| -(s * s));
    let votes: Vec<_> = plain.iter().zip(&r).map(|(v, r)| pair(v, r)).collect();
    let side = |i: usize| {
        lines
            .iter()
            .zip(&masks)
            .map(|(l, r)| pair(&l[i], &r[i]))
            .collect()
    };
    let mut c = ContestBallot {
        a: votes.iter().map(|p| p[0]).collect(),
        b: votes.iter().map(|p| p[1]).collect(),
        masks: side(0),
        masked: side(1),
        v: enc(vec(bits.iter().copied().chain(cross).collect(), nu)),
        s: enc(vec(s.iter().copied().chain(squares).collect(), sigma)),
        a2: Encoded([0; 32]),
        b2: Encoded([0; 32]),
        f: vec![],
        phi: Scalar::ZERO,
        z: Scalar::ZERO,
    };
    let (t, y) = key.challenge_y(&ctx(), &c);
    let mut p = Scalar::ONE;
    let (mut ss, mut sr) = (Scalar::ZERO, Scalar::ZERO);
    for (s, r) in s.iter().zip(&r) {
        ss += p * s;
        sr += p * r;
        p *= y;
    }
    for ((row, [ra, rb]), s) in key.lines().rows().iter().zip(&masks).zip(&s[slots..]) {
        ss += p * Scalar::from(key.lines().modulus().number()) * s;
        sr += p
            * (row
                .iter()
                .map(|(i, w)| Scalar::from(*w) * r[*i])
                .sum::<Scalar>()
                + ra
                - rb);
        p *= y;
    }
    c.a2 = enc(RistrettoPoint::mul_base(&rho));
    c.b2 = enc(RistrettoPoint::mul_base(&ss) + k * rho);
    let x = Key::challenge_x(t, &c);
    c.f = s
        .iter()
        .zip(&bits)
        .skip(1)
        .map(|(s, v)| s + x * v)
        .collect();
    c.phi = sigma + x * nu;
    c.z = rho + x * sr;
    c
}

fn check(key: &Key, c: &ContestBallot) -> Result<(), ProofError> {
    verify_one(
        key,
        &Item {
            ctx: ctx(),
            contest: c,
        },
        &mut rng(1),
    )
}

fn scalars(v: &[i64]) -> Vec<Scalar> {
    v.iter()
        .map(|v| {
            let s = Scalar::from(v.unsigned_abs());
            if *v < 0 { -s } else { s }
        })
        .collect()
}

#[test]
fn every_choice_of_every_small_shape_verifies_and_decrypts() {
    for (n, lo, hi) in [
        (2, 1, 1),
        (3, 0, 1),
        (4, 0, 2),
        (5, 2, 3),
        (12, 1, 1),
        (3, 2, 3),
    ] {
        let key = key(n, lo, hi);
        for marks in 0u32..(1 << n.min(5)) {
            let marks: Vec<u16> = (0..n).filter(|i| marks >> i & 1 == 1).collect();
            let Ok(s) = Selection::new(key.shape(), &marks) else {
                continue;
            };
            let c = prove(&key, &ctx(), &s, &[5; 32], &mut rng(2));
            assert_eq!(check(&key, &c), Ok(()), "{n} {lo} {hi} {marks:?}");
            let bytes = c.to_bytes();
            assert_eq!(bytes.len(), key.shape().encoded_len());
            assert_eq!(
                ContestBallot::from_bytes(&bytes, key.shape()),
                Ok(c.clone())
            );
            for (i, (a, b)) in c.a.iter().zip(&c.b).enumerate() {
                let v = b.decompress().unwrap() - a.decompress().unwrap() * joint().0;
                let want = Scalar::from(u8::from(marks.contains(&u16::try_from(i).unwrap())));
                assert_eq!(v, RistrettoPoint::mul_base(&want));
            }
        }
    }
}

#[test]
fn the_honest_forger_is_a_faithful_prover() {
    let key = key(4, 1, 1);
    let v = scalars(&[0, 1, 0, 0]);
    assert_eq!(check(&key, &forge(&key, &v, &v, 3)), Ok(()));
}

#[test]
fn a_14_rejects_r3_04_vectors_that_are_not_bits_or_have_another_sum() {
    let key = key(4, 1, 1);
    for bad in [
        [1, 1, 0, 0],
        [0, 0, 0, 0],
        [2, -1, 0, 0],
        [5, 0, 0, 0],
        [-1, 1, 1, 0],
        [2, 0, 0, 0],
    ] {
        let v = scalars(&bad);
        assert_eq!(
            check(&key, &forge(&key, &v, &v, 4)),
            Err(ProofError::Bits),
            "{bad:?}"
        );
    }
}

#[test]
fn a_14_rejects_r3_04_three_marks_behind_slack_minus_one() {
    let key = key(4, 1, 2);
    let v = scalars(&[1, 1, 1, 0, -1]);
    assert_eq!(
        check(&key, &forge(&key, &v, &v[..4], 5)),
        Err(ProofError::Bits)
    );
}

#[test]
fn rejects_r3_06_ciphertexts_of_another_vector() {
    let key = key(4, 1, 1);
    let committed = scalars(&[0, 1, 0, 0]);
    for plain in [[1, 0, 0, 0], [0, 2, 0, 0], [1, 1, -1, 0], [0, 0, 0, 0]] {
        let c = forge(&key, &committed, &scalars(&plain), 6);
        assert_eq!(check(&key, &c), Err(ProofError::LinkB), "{plain:?}");
    }
}

#[test]
fn a_02_rejects_r3_04_permuted_rerandomised_and_negated_copies() {
    let key = key(4, 1, 1);
    let good = ballot(&key, &[1], 7);
    let mut c = good.clone();
    c.a.swap(0, 1);
    c.b.swap(0, 1);
    assert!(check(&key, &c).is_err());
    let mut c = good.clone();
    let r = crypto::group::random_scalar(&mut rng(8));
    let add =
        |e: Encoded, p: RistrettoPoint| Encoded::from((e.decompress().unwrap() + p).compress());
    c.a[0] = add(c.a[0], RistrettoPoint::mul_base(&r));
    c.b[0] = add(c.b[0], key.joint().point() * r);
    assert!(check(&key, &c).is_err());
    let mut c = good;
    for p in c.a.iter_mut().chain(&mut c.b) {
        *p = Encoded::from((-p.decompress().unwrap()).compress());
    }
    assert!(check(&key, &c).is_err());
}

#[test]
fn rejects_r3_05_other_a_of_the_proof() {
    // A' is hashed, so shifting it moves x; the first equation that notices is reported.
    let key = key(3, 1, 1);
    let mut c = ballot(&key, &[0], 9);
    c.z += Scalar::ONE;
    assert_eq!(check(&key, &c), Err(ProofError::LinkA));
}

#[test]
fn a_01_rejects_a_proof_under_any_other_context() {
    let key = key(4, 1, 1);
    let c = ballot(&key, &[1], 10);
    let other = Point::mul_base(&Scalar::from(5u8)).unwrap();
    let contexts = [
        Context {
            election: Hash([8; 64]),
            ..ctx()
        },
        Context {
            contest: 1,
            ..ctx()
        },
        Context { vk: other, ..ctx() },
        Context { seq: 2, ..ctx() },
        Context {
            prev: Hash([1; 64]),
            ..ctx()
        },
        Context {
            pictures: [9, 3],
            ..ctx()
        },
    ];
    for ctx in contexts {
        let item = Item { ctx, contest: &c };
        assert_eq!(
            verify_one(&key, &item, &mut rng(1)),
            Err(ProofError::Bits),
            "{ctx:?}"
        );
    }
    let stranger = Key::new(*key.shape(), &[1, 2, 3, 4], other);
    assert!(check(&stranger, &c).is_err());
}

/// Key, shape and generators are the manifest's; a ballot says nothing about them.
#[test]
fn a_04_rejects_r3_06_a_ballot_under_a_key_of_the_provers_choice() {
    let own = Key::new(
        Shape::new(4, 1, 1).unwrap(),
        &[1, 2, 3, 4],
        Point::mul_base(&Scalar::from(5u8)).unwrap(),
    );
    let c = ballot(&own, &[2], 41);
    assert_eq!(check(&own, &c), Ok(()));
    assert!(check(&key(4, 1, 1), &c).is_err());
    // Of the same length, with other bounds.
    let c = ballot(&key(4, 1, 2), &[2], 42);
    assert!(check(&key(4, 2, 3), &c).is_err());
    assert!(check(&key(4, 0, 1), &c).is_err());
}

#[test]
fn a_04_a_11_generators_are_hashed_from_their_labels_and_all_differ() {
    let k = key(4, 0, 2);
    let mut seen = std::collections::BTreeSet::new();
    for (label, count) in [("G", 10u32), ("J", 10), ("H'", 1)] {
        for i in 0..count {
            seen.insert(generator(label, i).compress().to_bytes());
        }
    }
    let used: Vec<_> = k.vector.iter().chain([&k.blind]).collect();
    assert!(used.iter().all(|p| seen.contains(&p.compress().to_bytes())));
    assert_eq!(used.len(), seen.len());
    assert!(!seen.contains(Point::base().as_bytes()) && !seen.contains(k.joint.as_bytes()));
}

#[test]
fn a_05_rejects_r3_01_r3_02_r3_03_bad_lengths_scalars_and_points() {
    let key = key(3, 1, 1);
    let good = ballot(&key, &[2], 11);
    let bytes = good.to_bytes();
    let read = |b: &[u8]| ContestBallot::from_bytes(b, key.shape());
    assert_eq!(read(&bytes[1..]), Err(ProofError::Length));
    let mut b = bytes;
    let last = b.len() - 1;
    b[last] = 0xff;
    assert_eq!(read(&b), Err(ProofError::Scalar));
    let mut c = good.clone();
    c.a[0] = Encoded([0; 32]);
    assert_eq!(check(&key, &c), Err(ProofError::Point));
    c = good.clone();
    c.v = Encoded([0; 32]);
    assert_eq!(check(&key, &c), Err(ProofError::Point));
    c = good.clone();
    c.b[1] = Encoded([0xff; 32]);
    assert_eq!(check(&key, &c), Err(ProofError::Point));
    // The first halves of the masks are as good a place to hide one.
    c = good.clone();
    c.masks[0][0] = Encoded([0; 32]);
    assert_eq!(check(&key, &c), Err(ProofError::Point));
    c = good.clone();
    c.masked[0][0] = Encoded([0; 32]);
    assert_eq!(check(&key, &c), Err(ProofError::Point));
    c = good;
    c.masked[0][1] = Encoded([0xff; 32]);
    assert_eq!(check(&key, &c), Err(ProofError::Point));
}

fn line(values: [i64; 3]) -> Line {
    let [a, b, t] = scalars(&values)[..] else {
        panic!("three values")
    };
    [a, b, t]
}

/// The numbers in a ballot belong together: mask, choice and masked sum.
#[test]
fn a_13_rejects_r3_06_masks_that_do_not_differ_by_the_choice() {
    let one = key(4, 1, 1);
    // The third option, number 3.
    let v = scalars(&[0, 0, 1, 0]);
    let forged = |values| check(&one, &forge_lines(&one, &v, &v, &[line(values)], 21));
    assert_eq!(forged([98, 1, 1]), Ok(()));
    assert_eq!(forged([10, 13, 0]), Ok(()));
    for bad in [[98, 2, 1], [98, 1, 0], [10, 12, 0], [10, 13, 1], [99, 1, 1]] {
        assert_eq!(forged(bad), Err(ProofError::LinkB), "{bad:?}");
    }
    // Several marks: a line an option, and each has to fit.
    let many = key(3, 0, 2);
    let v = scalars(&[1, 0, 1, 0, 0]);
    let good = [line([1, 0, 1]), line([1, 1, 0]), line([0, 1, 0])];
    let forged = |lines: &[Line]| check(&many, &forge_lines(&many, &v, &v[..3], lines, 22));
    assert_eq!(forged(&good), Ok(()));
    for (i, bad) in [[1, 1, 1], [1, 0, 0], [0, 0, 0]].into_iter().enumerate() {
        let mut lines = good;
        lines[i] = line(bad);
        assert_eq!(forged(&lines), Err(ProofError::LinkB), "line {i}");
    }
}

#[test]
fn a_13_rejects_r3_04_carries_that_are_not_bits_or_are_used_as_marks() {
    let key = key(4, 1, 1);
    let v = scalars(&[0, 0, 1, 0]);
    // Two carries: a sum of 3 + 98 shown as a masked number of −99.
    for values in [[98, -99, 2], [98, 201, -1]] {
        let c = forge_lines(&key, &v, &v, &[line(values)], 23);
        assert_eq!(check(&key, &c), Err(ProofError::Bits), "{values:?}");
    }
    // The carry does not count as a mark: none, with a carry, is not one mark.
    let none = scalars(&[0, 0, 0, 0]);
    let c = forge_lines(&key, &none, &none, &[line([100, 0, 1])], 24);
    assert_eq!(check(&key, &c), Err(ProofError::Bits));
}

/// A number outside 0…99 in both masks passes the proof. It can never be opened (rule R3.20), and
/// with one true number the other still gives the choice.
#[test]
fn masks_outside_their_range_prove_and_cannot_be_opened() {
    let key = key(4, 1, 1);
    let v = scalars(&[0, 0, 1, 0]);
    let c = forge_lines(&key, &v, &v, &[line([1098, 1001, 1])], 25);
    assert_eq!(check(&key, &c), Ok(()));
    for v in 0..100u16 {
        for a in 0..100 {
            let b = (v + a) % 100;
            let fits = (0..100).filter(|w| (w + a) % 100 == b);
            assert_eq!(fits.collect::<Vec<_>>(), [v], "two choices for {a} and {b}");
        }
    }
}

#[test]
fn a_13_rejects_the_masks_of_another_ballot_and_other_printed_numbers() {
    let key = key(4, 1, 1);
    let mut c = ballot(&key, &[1], 26);
    let selection = Selection::new(key.shape(), &[2]).unwrap();
    let other = prove(&key, &ctx(), &selection, &[6; 32], &mut rng(27));
    c.masks = other.masks;
    assert!(check(&key, &c).is_err());
    let c = ballot(&key, &[1], 28);
    let renumbered = Key::new(*key.shape(), &[1, 3, 2, 4], *key.joint());
    assert_eq!(check(&renumbered, &c), Err(ProofError::Bits));
}

#[test]
fn a_batch_names_exactly_the_culprits() {
    let key = key(5, 1, 1);
    let mut all: Vec<_> = (0..20)
        .map(|i| ballot(&key, &[i % 5], 100 + u64::from(i)))
        .collect();
    let bad = scalars(&[1, 1, 0, 0, 0]);
    all[7] = forge(&key, &bad, &bad, 12);
    all[8].z += Scalar::ONE;
    all[19].b.swap(0, 1);
    let items: Vec<_> = all
        .iter()
        .map(|contest| Item {
            ctx: ctx(),
            contest,
        })
        .collect();
    let verdicts = verify_batch(&key, &items, &mut rng(13));
    for (i, v) in verdicts.iter().enumerate() {
        let alone = verify_one(&key, &items[i], &mut rng(14));
        assert_eq!(*v, alone, "batch and single agree on {i}");
        assert_eq!(v.is_err(), [7, 8, 19].contains(&i), "{i}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_flipped_bit_is_refused(bit in 0usize..(8 * (96 * 4 + 320))) {
        let key = key(4, 1, 1);
        let mut bytes = ballot(&key, &[1], 15).to_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let verdict = ContestBallot::from_bytes(&bytes, key.shape()).and_then(|c| check(&key, &c));
        prop_assert!(verdict.is_err());
    }
}
