//! Chapter 02: polynomials, sealed shares, whole ceremonies message by message.

use crate::file::{Answer, File, Group};
use crate::input::{In, bytes_of, hex, scalar_of, scalars};
use ceremony::trustee::{self, Confirmed, Shared, Verdict};
use ceremony::{Ceremony, CeremonyError, HpkeSecret, Member, Message, Roster, SealedShare};
use crypto::schnorr::SigningKey;
use crypto::sharing::{Polynomial, evaluate_commitments, lagrange_at_zero};
use crypto::wire::{Reader, TopLevel as _, Wire as _, Writer};
use crypto::{Hash, Point, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};

fn compute_polynomial(i: In<'_>, _: In<'_>) -> Answer {
    let coefficients: Vec<Scalar> = i.list("coefficients").iter().map(scalar_of).collect();
    let p = Polynomial::from_coefficients(coefficients);
    let commitments = p.commitments().expect("no coefficient is zero");
    let at: Vec<Value> = i.list("at").to_vec();
    let ids = at
        .iter()
        .map(|x| u16::try_from(x.as_u64().expect("a number")).expect("small"));
    let shares: Vec<Scalar> = ids.clone().map(|x| p.evaluate(x)).collect();
    let points: Vec<Value> = ids
        .map(|x| hex(evaluate_commitments(&commitments, x).compress().as_bytes()))
        .collect();
    let commitments: Vec<Value> = commitments.iter().map(|c| hex(c.as_bytes())).collect();
    Answer::accept(
        json!({"commitments": commitments, "shares": scalars(&shares),
                          "public_shares": points}),
    )
}

fn compute_lagrange(i: In<'_>, _: In<'_>) -> Answer {
    let ids: Vec<u16> = i
        .list("ids")
        .iter()
        .map(|n| u16::try_from(n.as_u64().expect("a number")).expect("small"))
        .collect();
    let weights: Option<Vec<Scalar>> = ids.iter().map(|i| lagrange_at_zero(*i, &ids)).collect();
    match weights {
        Some(w) => Answer::accept(json!({"weights": scalars(&w)})),
        None => Answer::refuse("R7.04"),
    }
}

fn compute_open(i: In<'_>, _: In<'_>) -> Answer {
    let share = SealedShare {
        to: i.u16("to"),
        encapsulated: i.array("encapsulated"),
        sealed: i.array("box"),
    };
    let key = HpkeSecret::from_bytes(i.array("secret_key"));
    match ceremony::open_share(&i.hash("setup"), i.u16("from"), &key, &share) {
        Some(s) => Answer::accept(json!({"share": hex(s.as_bytes())})),
        None => Answer::refuse("R2.08"),
    }
}

fn roster_of(bytes: &[u8]) -> Result<Roster, CeremonyError> {
    let mut r = Reader::new(bytes);
    let roster = Roster::read(&mut r).map_err(|_| CeremonyError::Roster)?;
    r.end().map_err(|_| CeremonyError::Roster)?;
    Ok(roster)
}

fn compute_ceremony(i: In<'_>, _: In<'_>) -> Answer {
    let roster = match roster_of(&i.bytes("roster")) {
        Ok(roster) => roster,
        Err(error) => return Answer::refuse(error.rule()),
    };
    let mut c = Ceremony::new(i.hash("setup"), roster);
    let mut expect = "accept".to_owned();
    for m in i.list("messages") {
        let sender = u16::try_from(m["from"].as_u64().expect("a number")).expect("small");
        let done = Message::from_bytes(&bytes_of(&m["bytes"]))
            .map_err(CeremonyError::from)
            .and_then(|m| c.apply(sender, &m));
        expect = done
            .err()
            .map_or("accept".to_owned(), |e| e.rule().to_string());
    }
    let mut out = json!({"culprit": c.culprit()});
    if let Ok(outcome) = c.outcome() {
        let keys: Vec<Value> = outcome
            .verification
            .iter()
            .map(|k| hex(k.as_bytes()))
            .collect();
        out["joint"] = hex(outcome.joint.as_bytes());
        out["verification"] = keys.into();
        out["root"] = hex(outcome.root.0);
    }
    Answer { out, expect }
}

/// A ceremony that writes down what is said.
struct Play {
    ceremony: Ceremony,
    keys: Vec<SigningKey>,
    boxes: Vec<HpkeSecret>,
    rng: ChaCha20Rng,
    said: Vec<Value>,
}

impl Play {
    fn new(n: u16, t: u16, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let keys: Vec<_> = (0..n).map(|_| SigningKey::generate(&mut rng)).collect();
        let boxes: Vec<_> = (0..n).map(|_| HpkeSecret::generate(&mut rng)).collect();
        let members = (1u16..)
            .zip(keys.iter().zip(&boxes))
            .map(|(id, (k, b))| Member {
                id,
                key: k.public(),
                hpke: b.1,
            });
        let roster = Roster::new(t, members.collect()).expect("a sound roster");
        Self {
            ceremony: Ceremony::new(Hash([9; 64]), roster),
            keys,
            boxes: boxes.into_iter().map(|b| b.0).collect(),
            rng,
            said: Vec::new(),
        }
    }
    fn ids(&self) -> std::ops::RangeInclusive<u16> {
        1..=u16::try_from(self.keys.len()).expect("few")
    }
    /// Writes the message down, whether it is accepted or not.
    fn say(&mut self, id: u16, m: &Message) {
        let _refused = self.ceremony.apply(id, m);
        self.said_bytes(id, &m.to_bytes());
    }
    fn said_bytes(&mut self, id: u16, bytes: &[u8]) {
        self.said.push(json!({"from": id, "bytes": hex(bytes)}));
    }
    fn commit(&mut self) -> Vec<trustee::Committed> {
        let c = self.ceremony.clone();
        let made: Vec<_> = self
            .ids()
            .map(|i| trustee::commit(&c, i, &mut self.rng).expect("on the roster"))
            .collect();
        let mut states = Vec::new();
        for (i, (state, m)) in self.ids().zip(made) {
            self.say(i, &m);
            states.push(state);
        }
        states
    }
    fn reveal(&mut self, states: Vec<trustee::Committed>) -> Vec<trustee::Revealed> {
        let mut out = Vec::new();
        for (i, state) in self.ids().zip(states) {
            let (state, m) = state.reveal();
            self.say(i, &m);
            out.push(state);
        }
        out
    }
    /// Rounds 1–3; `spoil` damages the box from 2 to 1.
    fn deal(&mut self, spoil: bool) -> Vec<Shared> {
        let states = self.commit();
        let states = self.reveal(states);
        let mut out = Vec::new();
        for (i, state) in self.ids().zip(states) {
            let c = self.ceremony.clone();
            let (state, mut m) = state.deal(&c, &mut self.rng).expect("good keys");
            if let (true, 2, Message::Shares(shares)) = (spoil, i, &mut m) {
                shares[0].sealed[5] ^= 1;
            }
            self.say(i, &m);
            out.push(state);
        }
        out
    }
    fn confirm(&mut self, shared: Vec<Shared>) -> Vec<Confirmed> {
        let c = self.ceremony.clone();
        let mut out = Vec::new();
        for (i, s) in self.ids().zip(shared) {
            let key = &self.boxes[usize::from(i) - 1];
            let Ok(Verdict::Good(confirmed)) = s.check(&c, key) else {
                panic!("a share does not fit");
            };
            self.say(i, &Message::Confirm);
            out.push(confirmed);
        }
        out
    }
    fn sign(&mut self, confirmed: Vec<Confirmed>) {
        for (i, c) in self.ids().zip(confirmed) {
            let key = self.keys[usize::from(i) - 1].clone();
            let public = self.ceremony.clone();
            let (_, m) = c.sign(&public, &key, &mut self.rng).expect("good keys");
            self.say(i, &m);
        }
    }
    fn inputs(&self) -> Value {
        let mut w = Writer::new();
        self.ceremony.roster().write(&mut w);
        json!({"setup": hex(self.ceremony.setup().0), "roster": hex(w.finish()),
               "messages": self.said})
    }
}

fn finished(n: u16, t: u16, seed: u64) -> Value {
    let mut p = Play::new(n, t, seed);
    let shared = p.deal(false);
    let confirmed = p.confirm(shared);
    p.sign(confirmed);
    p.inputs()
}

/// Trustee 1 complains about 2: with a reason or without; 2 answers rightly or wrongly.
fn complained(spoil: bool, right: bool, further: &[(u16, Message)]) -> Value {
    let mut p = Play::new(3, 2, 41);
    let shared = p.deal(spoil);
    p.say(1, &Message::Complain { accused: 2 });
    let Some(Message::Answer { complainer, share }) = shared[1].answers(&p.ceremony).pop() else {
        panic!("an open complaint");
    };
    let share = if right { share } else { share + Scalar::ONE };
    p.say(2, &Message::Answer { complainer, share });
    if right {
        let confirmed = p.confirm(shared);
        p.sign(confirmed);
    }
    for (id, m) in further {
        p.say(*id, m);
    }
    p.inputs()
}

/// The first rounds and then messages of a test.
fn after(round: u8, make: impl FnOnce(&mut Play)) -> Value {
    let mut p = Play::new(3, 2, 42);
    match round {
        0 => (),
        1 => drop(p.commit()),
        2 => {
            let states = p.commit();
            p.reveal(states);
        }
        3 => drop(p.deal(false)),
        _ => {
            let shared = p.deal(false);
            p.confirm(shared);
        }
    }
    make(&mut p);
    p.inputs()
}

/// A reveal of trustee 2 that was committed to and is faulty.
fn faulty_reveal(change: impl FnOnce(&mut Vec<Point>, &mut Play) -> SigningKey) -> Value {
    let mut p = Play::new(3, 2, 43);
    let polynomial = Polynomial::random(2, &mut p.rng);
    let mut commitments = polynomial.commitments().expect("not zero");
    let key = change(&mut commitments, &mut p);
    let mut w = Writer::new();
    p.ceremony.setup().write(&mut w);
    p.ceremony.roster().write(&mut w);
    w.u16(2);
    w.list(&commitments);
    let knowledge = key.sign("ceremony-knowledge", &w.finish(), &mut p.rng);
    let reveal = Message::Reveal {
        commitments,
        knowledge,
    };
    let mut roster = Writer::new();
    p.ceremony.roster().write(&mut roster);
    let fields: [&[u8]; 4] = [
        &[9; 64],
        &roster.finish(),
        &2u16.to_le_bytes(),
        &reveal.to_bytes(),
    ];
    let hash = crypto::hash::hash("ceremony-commit", &fields);
    let c = p.ceremony.clone();
    for i in [1, 3] {
        let (_, m) = trustee::commit(&c, i, &mut p.rng).expect("on the roster");
        p.say(i, &m);
    }
    p.say(2, &Message::Commit(hash));
    p.say(2, &reveal);
    p.inputs()
}

fn rosters() -> Vec<(String, Value, String)> {
    let p = Play::new(3, 2, 44);
    let members = p.ceremony.roster().members().to_vec();
    let case = |t: u16, members: &[Member]| {
        let mut w = Writer::new();
        w.u16(t);
        w.list(members);
        json!({"setup": hex([9; 64]), "roster": hex(w.finish()), "messages": []})
    };
    let mut key = members.clone();
    key[1].key = key[0].key;
    let mut sealed = members.clone();
    sealed[1].hpke = sealed[0].hpke;
    let mut zero = members.clone();
    zero[1].hpke = [0; 32];
    let mut top = members.clone();
    top[1].hpke[31] |= 0x80;
    let mut ids = members.clone();
    ids[2].id = 4;
    [
        ("no message yet", case(2, &members), "accept"),
        ("t is not a majority", case(1, &members), "R2.01"),
        ("t above n", case(4, &members), "R2.01"),
        ("a signing key twice", case(2, &key), "R2.01"),
        ("an HPKE key twice", case(2, &sealed), "R2.01"),
        ("an HPKE key of small order", case(2, &zero), "R2.01"),
        ("an HPKE key that is not reduced", case(2, &top), "R2.01"),
        ("ids with a gap", case(2, &ids), "R2.01"),
    ]
    .map(|(name, inputs, rule)| (name.to_owned(), inputs, rule.to_owned()))
    .to_vec()
}

fn ceremonies() -> Group {
    let sign = |p: &mut Play| {
        let key = p.keys[0].clone();
        let bad = Message::Sign(key.sign("ceremony-root", b"another root", &mut p.rng));
        p.say(1, &bad);
    };
    let complain = |accused| Message::Complain { accused };
    let answer = |share| Message::Answer {
        complainer: 1,
        share,
    };
    Group::new(
        "ceremony",
        "messages in board order; the verdict is that of the last one",
        compute_ceremony,
    )
    .all(rosters())
    .good("2 of 3", finished(3, 2, 45))
    .good("1 of 1", finished(1, 1, 46))
    .good("8 of 15", finished(15, 8, 47))
    .good(
        "a box that does not open, answered",
        complained(true, true, &[]),
    )
    .good(
        "a complaint without reason, answered",
        complained(false, true, &[]),
    )
    .good("a wrong answer is accepted", complained(true, false, &[]))
    .with(
        "anything after a wrong answer",
        complained(true, false, &[(3, Message::Confirm)]),
        "R2.12",
    )
    .with(
        "bytes that are no message",
        after(0, |p| p.said_bytes(1, &[2, 30, 9])),
        "R2.02",
    )
    .with(
        "a reveal with the identity",
        after(1, |p| {
            p.said_bytes(1, &[&[2, 30, 2, 1, 0, 0, 0][..], &[0; 96]].concat());
        }),
        "R2.02",
    )
    .with(
        "a second commitment",
        after(1, |p| p.say(1, &Message::Commit(Hash([1; 64])))),
        "R2.03",
    )
    .with(
        "a confirmation in round 1",
        after(0, |p| p.say(1, &Message::Confirm)),
        "R2.03",
    )
    .with(
        "a complaint in round 3",
        after(2, |p| p.say(1, &complain(2))),
        "R2.03",
    )
    .with(
        "another reveal than committed",
        after(1, |p| {
            let c = p.ceremony.clone();
            let (state, _) = trustee::commit(&c, 1, &mut p.rng).expect("on the roster");
            p.say(1, &state.reveal().1);
        }),
        "R2.04",
    )
    .with(
        "knowledge of another key",
        faulty_reveal(|_, p| p.keys[0].clone()),
        "R2.05",
    )
    .with(
        "one commitment of two",
        faulty_reveal(|c, p| {
            c.truncate(1);
            p.keys[0].clone()
        }),
        "R2.06",
    )
    .with(
        "no shares",
        after(2, |p| p.say(1, &Message::Shares(vec![]))),
        "R2.07",
    )
    .with(
        "a complaint about oneself",
        after(3, |p| p.say(1, &complain(1))),
        "R2.03",
    )
    .with(
        "a complaint about a stranger",
        after(3, |p| p.say(1, &complain(4))),
        "R2.11",
    )
    .with(
        "a complaint twice",
        after(3, |p| {
            p.say(1, &complain(2));
            p.say(1, &complain(2));
        }),
        "R2.03",
    )
    .good(
        "complaints about two",
        after(3, |p| {
            p.say(1, &complain(2));
            p.say(1, &complain(3));
        }),
    )
    .with(
        "confirming with an open complaint of one's own",
        after(3, |p| {
            p.say(1, &complain(2));
            p.say(1, &Message::Confirm);
        }),
        "R2.03",
    )
    .good(
        "confirming with an open complaint of another",
        after(3, |p| {
            p.say(1, &complain(2));
            p.say(2, &Message::Confirm);
        }),
    )
    .with(
        "a complaint after confirming",
        after(3, |p| {
            p.say(1, &Message::Confirm);
            p.say(1, &complain(2));
        }),
        "R2.03",
    )
    .with(
        "an answer without complaint",
        after(3, |p| p.say(2, &answer(Scalar::ONE))),
        "R2.03",
    )
    .with("a signature over another root", after(4, sign), "R2.09")
    .with(
        "a stranger",
        after(0, |p| p.say(4, &Message::Confirm)),
        "R2.11",
    )
    .with(
        "a stranger number 0",
        after(0, |p| p.say(0, &Message::Commit(Hash([1; 64])))),
        "R2.11",
    )
}

fn sealed_shares() -> Group {
    let mut p = Play::new(3, 2, 48);
    p.deal(false);
    let message = Message::from_bytes(&bytes_of(&p.said[6]["bytes"])).expect("a message");
    let Message::Shares(shares) = message else {
        panic!("the first message of round 3");
    };
    let case = |from: u16, key: &HpkeSecret, s: &SealedShare| {
        json!({"setup": hex([9; 64]), "from": from, "to": s.to, "secret_key": hex(key.expose()),
               "encapsulated": hex(s.encapsulated), "box": hex(s.sealed)})
    };
    let (two, three) = (&p.boxes[1], &p.boxes[2]);
    let mut damaged = shares[0].clone();
    damaged.sealed[0] ^= 1;
    let note = "HPKE base mode with the info of spec 02; a box that does not open is a complaint";
    Group::new("sealed-share", note, compute_open)
        .good("from 1 to 2", case(1, two, &shares[0]))
        .good("from 1 to 3", case(1, three, &shares[1]))
        .with("under another name", case(2, three, &shares[1]), "R2.08")
        .with("with another key", case(1, three, &shares[0]), "R2.08")
        .with("a damaged box", case(1, two, &damaged), "R2.08")
}

fn compute_words(i: In<'_>, _: In<'_>) -> Answer {
    let words = crypto::words::six(&i.bytes("value"));
    let numbers: Vec<Option<u16>> = words.iter().map(|w| crypto::words::number(w)).collect();
    Answer::accept(json!({"words": words, "numbers": numbers}))
}

fn words() -> Group {
    let case = |value: &[u8]| json!({"value": hex(value)});
    let note = "six words of a value (§4) and their numbers in words.txt, counted from 0";
    Group::new("words", note, compute_words)
        .good("64 zeros", case(&[0; 64]))
        .good("64 other bytes", case(&[9; 64]))
        .good("32 zeros", case(&[0; 32]))
        .good("nothing", case(&[]))
}

/// The paper of a trustee (§5) written down from the chapter's text; the trustee's program, which
/// is not linked here, is held against these vectors by a test of its own.
fn compute_backup(i: In<'_>, _: In<'_>) -> Answer {
    let mut bytes = vec![1, u8::try_from(i.number("trustee")).expect("small")];
    bytes.extend(&i.hash("setup").0[..8]);
    bytes.extend(i.bytes("seed"));
    bytes.extend(i.bytes("share"));
    bytes.push(crypto::hash::hash("trustee-backup", &[&bytes]).0[0]);
    let data: Vec<u16> = crypto::words::of_bits(&bytes)
        .iter()
        .filter_map(|w| crypto::words::number(w))
        .collect();
    let line = |(n, numbers): (u8, &[u16])| -> Value {
        let five: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let h = crypto::hash::hash("trustee-backup-line", &[&[n], &five]).0;
        let check = u16::from_be_bytes([h[0], h[1]]) >> 6;
        let words = numbers.iter().chain([&check]);
        words
            .map(|n| crypto::words::word(*n).expect("ten bits"))
            .collect()
    };
    let lines: Vec<Value> = (1..=12).zip(data.chunks(5)).map(line).collect();
    let qr = crypto::hash::to_hex(&bytes).to_uppercase();
    Answer::accept(json!({"bytes": hex(&bytes), "lines": lines,
                          "qr": format!("IREFUDA-TRUSTEE-BACKUP:{qr}")}))
}

fn backups() -> Group {
    let case = |trustee: u8, seed: u8| {
        json!({"trustee": trustee, "setup": hex([9; 64]), "seed": hex([seed; 32]),
               "share": hex(Scalar::from_bytes_mod_order([seed + 1; 32]).as_bytes())})
    };
    let note = "the backup of a trustee on paper (§5): 75 bytes, twelve lines of six words, the \
                text of the QR code";
    Group::new("backup", note, compute_backup)
        .good("trustee 3", case(3, 7))
        .good("trustee 15", case(15, 200))
}

pub fn file() -> File {
    let small = |n: u8| hex(Scalar::from(n).as_bytes());
    let large: Value = (1u8..=8)
        .map(|i| hex(Scalar::from_bytes_mod_order([i; 32]).as_bytes()))
        .collect();
    let polynomials = Group::new(
        "polynomial",
        "f(x), its commitments, and f(x)·G from them",
        compute_polynomial,
    )
    .good(
        "3 + 2x",
        json!({"coefficients": [small(3), small(2)], "at": [1, 2, 15]}),
    )
    .good("degree 7", json!({"coefficients": large, "at": [1, 8, 15]}));
    let weights = Group::new("lagrange", "λ_i at zero for a set of ids", compute_lagrange)
        .good("1 2 3", json!({"ids": [1, 2, 3]}))
        .good("5 1", json!({"ids": [5, 1]}))
        .good("fifteen", json!({"ids": (1..=15).collect::<Vec<u16>>()}))
        .with("an id twice", json!({"ids": [1, 1]}), "R7.04");
    File::new(
        "02-ceremony.json",
        "Chapter 02: polynomials, sealed shares, ceremonies message by message, words, backups.",
        &json!({}),
        vec![
            polynomials,
            weights,
            sealed_shares(),
            ceremonies(),
            words(),
            backups(),
        ],
    )
}
