//! Chapter 07: sums, target, decryption shares, votes.

use crate::file::{Answer, File, Group};
use crate::input::{In, array_of, bytes_of, hex};
use crate::stream::Stream;
use crypto::elgamal::Ciphertext;
use crypto::sharing::Polynomial;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use crypto::{Encoded, Hash, Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tally::{Aggregate, PartialDecryption, Target};

/// A ciphertext as 64 bytes.
fn ciphertext_of(value: &Value) -> Ciphertext {
    let bytes: [u8; 64] = array_of(value);
    let (a, b) = bytes.split_at(32);
    let half = |h: &[u8]| Encoded(h.try_into().expect("32 bytes"));
    Ciphertext::decode(&half(a), &half(b)).expect("canonical")
}

fn row_of(value: &Value) -> Vec<Ciphertext> {
    let list = value.as_array().expect("a list").iter();
    list.map(ciphertext_of).collect()
}

fn sums_of(value: &Value) -> Vec<Vec<Ciphertext>> {
    let list = value.as_array().expect("a list").iter();
    list.map(row_of).collect()
}

fn sums_value(sums: &[Vec<Ciphertext>]) -> Value {
    let one = |c: &Ciphertext| {
        let mut w = Writer::new();
        c.write(&mut w);
        hex(w.finish())
    };
    sums.iter()
        .map(|row| row.iter().map(one).collect::<Value>())
        .collect()
}

fn compute_sums(i: In<'_>, _: In<'_>) -> Answer {
    let mut ballots = i.list("ballots").iter().map(sums_of);
    let mut sums = ballots.next().expect("a ballot");
    for ballot in ballots {
        for (sum, c) in sums.iter_mut().flatten().zip(ballot.iter().flatten()) {
            *sum += c;
        }
    }
    Answer::accept(json!({"sums": sums_value(&sums)}))
}

fn target_of(i: In<'_>) -> Target {
    Target {
        election: i.hash("election"),
        close_block: i.array("close_block"),
        counted_root: i.hash("counted_root"),
        counted: i.number("counted"),
        aggregate: Aggregate::from_sums(sums_of(i.get("sums"))),
    }
}

fn compute_target(i: In<'_>, shared: In<'_>) -> Answer {
    let i = if i.maybe("sums").is_some() { i } else { shared };
    Answer::accept(json!({"target": target_of(i).digest().to_hex()}))
}

fn compute_partial(i: In<'_>, shared: In<'_>) -> Answer {
    let target = target_of(shared);
    let secret = i.scalar("secret");
    let verification = Point::mul_base(&secret).expect("not zero");
    let (id, random) = (i.u16("trustee"), i.bytes("random"));
    let made = PartialDecryption::make(&target, id, &secret, &verification, &mut Stream(&random));
    Answer::accept(json!({"verification": hex(verification.as_bytes()),
                          "partial": hex(made.to_bytes()),
                          "commitment": made.commitment(&target).to_hex()}))
}

fn compute_check(i: In<'_>, shared: In<'_>) -> Answer {
    let target = target_of(shared);
    let Ok(partial) = PartialDecryption::from_bytes(&i.bytes("partial")) else {
        return Answer::refuse("R5.01");
    };
    let done = partial.check(&target, &i.point("verification"), &i.hash("commitment"));
    Answer::verdict(done.map_err(|e| e.rule()))
}

fn compute_combine(i: In<'_>, shared: In<'_>) -> Answer {
    let target = target_of(shared);
    let list = i.list("partials").iter();
    let partials: Vec<PartialDecryption> = list
        .map(|p| PartialDecryption::from_bytes(&bytes_of(p)).expect("canonical"))
        .collect();
    match tally::combine(&target, i.u16("t"), &partials) {
        Ok(votes) => Answer::accept(json!({"votes": votes})),
        Err(error) => Answer::refuse(error.rule()),
    }
}

/// A box of three ballots over two contests, a key shared 3 of 5, and everybody's shares.
struct Box3 {
    ballots: Vec<Value>,
    shared: Value,
    shares: Vec<Scalar>,
    rng: ChaCha20Rng,
}

const VOTES: [[&[u8]; 2]; 3] = [
    [&[0, 1], &[1, 0, 1]],
    [&[0, 1], &[0, 0, 1]],
    [&[1, 0], &[0, 0, 0]],
];

impl Box3 {
    fn new() -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(70);
        let p = Polynomial::random(3, &mut rng);
        let joint = Point::mul_base(&p.constant()).expect("not zero");
        let mut encrypt = |v: u8| {
            let r = crypto::group::random_scalar(&mut rng);
            Ciphertext {
                a: RistrettoPoint::mul_base(&r),
                b: RistrettoPoint::mul_base(&Scalar::from(v)) + joint.point() * r,
            }
        };
        let mut ballot = |rows: &[&[u8]; 2]| -> Vec<Vec<Ciphertext>> {
            rows.iter()
                .map(|row| row.iter().map(|v| encrypt(*v)).collect())
                .collect()
        };
        let ballots: Vec<Value> = VOTES.iter().map(|b| sums_value(&ballot(b))).collect();
        let inputs = json!({"ballots": ballots});
        let answer = compute_sums(
            In(inputs.as_object().expect("an object")),
            In(&Default::default()),
        );
        let shared = json!({"election": hex([7; 64]), "close_block": hex([8; 32]), "counted": 3,
                            "counted_root": hex([9; 64]), "sums": answer.out["sums"]});
        let shares = (1..=5).map(|i| p.evaluate(i)).collect();
        Self {
            ballots,
            shared,
            shares,
            rng,
        }
    }
    fn target(&self) -> Target {
        target_of(In(self.shared.as_object().expect("an object")))
    }
    fn key(&self, id: u16) -> (Scalar, Point) {
        let x = self.shares[usize::from(id) - 1];
        (x, Point::mul_base(&x).expect("not zero"))
    }
    fn partial(&mut self, id: u16) -> PartialDecryption {
        let (x, key) = self.key(id);
        PartialDecryption::make(&self.target(), id, &x, &key, &mut self.rng)
    }
}

fn checks(b: &mut Box3) -> Group {
    let target = b.target();
    let key = b.key(2).1;
    let good = b.partial(2);
    let case = |p: &PartialDecryption, key: &Point, commitment: Hash| {
        json!({"partial": hex(p.to_bytes()), "verification": hex(key.as_bytes()),
               "commitment": commitment.to_hex()})
    };
    // The forger commits to what he will show.
    let forged = |change: fn(&mut PartialDecryption)| {
        let mut p = good.clone();
        change(&mut p);
        case(&p, &key, p.commitment(&target))
    };
    let mut large = good.to_bytes();
    large[2 + 2 + 4 + 96..][..32].copy_from_slice(&bytes_of(&json!(crate::chapter01::ORDER)));
    let large = json!({"partial": hex(&large), "verification": hex(key.as_bytes()),
                       "commitment": hex([0; 64])});
    Group::new(
        "partial-check",
        "against the shared target; R5.01 where it does not decode",
        compute_check,
    )
    .good("good", case(&good, &key, good.commitment(&target)))
    .with("a share too few", forged(|p| p.shares.truncate(4)), "R7.01")
    .with(
        "a share too many",
        forged(|p| p.shares.push(p.shares[0])),
        "R7.01",
    )
    .with(
        "another commitment",
        case(&good, &key, Hash([1; 64])),
        "R7.03",
    )
    .with(
        "another nonce than committed",
        {
            let mut p = good.clone();
            p.nonce = [1; 32];
            case(&p, &key, good.commitment(&target))
        },
        "R7.03",
    )
    .with(
        "another key",
        case(&good, &b.key(3).1, good.commitment(&target)),
        "R7.02",
    )
    .with("another trustee's name", forged(|p| p.trustee = 3), "R7.02")
    .with(
        "two shares exchanged",
        forged(|p| p.shares.swap(0, 1)),
        "R7.02",
    )
    .with(
        "another image",
        forged(|p| p.shares[4].0 = p.shares[3].0),
        "R7.02",
    )
    .with(
        "an image that is not canonical",
        forged(|p| p.shares[0].0 = Encoded([0xff; 32])),
        "R7.02",
    )
    .with(
        "z plus one",
        forged(|p| p.shares[2].1.z += Scalar::ONE),
        "R7.02",
    )
    .with("z is the order", large, "R5.01")
}

fn combinations(b: &mut Box3) -> Group {
    let all: Vec<PartialDecryption> = (1..=5).map(|i| b.partial(i)).collect();
    let case = |t: u16, list: &[&PartialDecryption]| {
        let partials: Vec<Value> = list.iter().map(|p| hex(p.to_bytes())).collect();
        json!({"t": t, "partials": partials})
    };
    let mut shifted = all[0].clone();
    shifted.shares[0].0 = Encoded(*Point::base().as_bytes());
    Group::new(
        "combine",
        "votes from t shares that were checked before",
        compute_combine,
    )
    .good("1 2 3", case(3, &[&all[0], &all[1], &all[2]]))
    .good("5 2 4", case(3, &[&all[4], &all[1], &all[3]]))
    .good(
        "a fourth is not needed",
        case(3, &[&all[0], &all[1], &all[2], &all[4]]),
    )
    .with("two", case(3, &[&all[0], &all[1]]), "R7.04")
    .with("one twice", case(3, &[&all[0], &all[1], &all[0]]), "R7.04")
    .with(
        "two that are taken for enough",
        case(2, &[&all[0], &all[1]]),
        "R7.05",
    )
    .with(
        "a share of another secret",
        case(3, &[&shifted, &all[1], &all[2]]),
        "R7.05",
    )
}

pub fn file() -> File {
    let mut b = Box3::new();
    let sums = Group::new("sums", "Σa ‖ Σb per contest and option", compute_sums)
        .good("three ballots", json!({"ballots": b.ballots}))
        .good("one ballot", json!({"ballots": b.ballots[..1]}));
    let target = Group::new(
        "target",
        "H(\"tally-target\", …); without inputs of its own: the \
                            shared one",
        compute_target,
    )
    .good("the shared box", json!({}))
    .good(
        "an empty box",
        json!({
            "election": hex([7; 64]), "close_block": hex([8; 32]), "counted": 0,
            "counted_root": hex([9; 64]), "sums": [[hex([0; 64]), hex([0; 64])]],
        }),
    );
    let mut random = vec![0; 32 + 5 * 64];
    b.rng.fill_bytes(&mut random);
    let note = "`random`: 32 bytes of the commitment, then 64 for the w of each proof";
    let partial = Group::new("partial", note, compute_partial).good(
        "trustee 4",
        json!({"trustee": 4, "secret": hex(b.key(4).0.as_bytes()), "random": hex(random)}),
    );
    let shared = b.shared.clone();
    let groups = vec![sums, target, partial, checks(&mut b), combinations(&mut b)];
    File::new(
        "07-tally.json",
        "Chapter 07: sums, target, decryption shares, commitments, votes.",
        &shared,
        groups,
    )
}
