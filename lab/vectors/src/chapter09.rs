//! Chapter 09: the codes of a booth, and what a second device says to a check ballot and to a cast
//! one.

use crate::file::{Answer, File, Group};
use crate::input::{In, hex};
use crate::manifest::small;
use ballot::check::{Opening, Shown, from_code, to_code};
use ballot::{Ballot, CheckBallot};
use board::Receipt;
use crypto::Hash;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use serde_json::{Value, json};
use testkit::election::Lab;
use web_verify::device::{Alarm, Device};
use web_verify::pins::Pins;

fn device(i: In<'_>, shared: In<'_>) -> Device {
    let pins = Pins::read(None, Some(&shared.bytes("manifest"))).expect("a good manifest");
    let mut device = Device::new(pins);
    for code in i.list("noted") {
        let code = code.as_str().expect("a code");
        device.note(code).expect("a good code");
    }
    device
}

fn rule(alarm: Alarm) -> String {
    alarm.rule().expect("the election is known").to_string()
}

fn compute_first(i: In<'_>, shared: In<'_>) -> Answer {
    let pins = Pins::read(None, Some(&shared.bytes("manifest"))).expect("a good manifest");
    let text = i.text("code");
    match Device::new(pins).note(text) {
        Err(error) => Answer::refuse(error.rule()),
        Ok(note) => {
            let shown: Shown = from_code(text).expect("noted");
            Answer::accept(
                json!({"fingerprint": note.entry_hash, "code": note.code, "vk": note.vk,
                       "mark": hex(shown.pictures)}),
            )
        }
    }
}

fn compute_second(i: In<'_>, _: In<'_>) -> Answer {
    match from_code::<Opening>(i.text("code")) {
        Err(error) => Answer::refuse(error.rule()),
        Ok(opening) => {
            let mut withheld = Writer::new();
            opening.withheld.write(&mut withheld);
            Answer::accept(json!({"fingerprint": opening.entry_hash.to_hex(),
                                  "seed": hex(*opening.seed), "withheld": hex(withheld.finish())}))
        }
    }
}

fn compute_check(i: In<'_>, shared: In<'_>) -> Answer {
    let mut device = device(i, shared);
    let entry_hash = i.hash("fingerprint");
    let found = device.found_check(&entry_hash, &i.bytes("receipt"), &i.bytes("entry"));
    match found.and_then(|_| device.open(i.text("second"))) {
        Err(alarm) => Answer::refuse(rule(alarm)),
        Ok(named) => {
            let numbers: Vec<u16> = named.iter().map(|n| n.number).collect();
            Answer::accept(json!({"marked": numbers}))
        }
    }
}

fn compute_cast(i: In<'_>, shared: In<'_>) -> Answer {
    let device = device(i, shared);
    let (receipt, entry, last) = (i.bytes("receipt"), i.bytes("entry"), i.bytes("last"));
    match device.found_cast(&i.hash("fingerprint"), &receipt, &entry, &last) {
        Err(alarm) => Answer::refuse(rule(alarm)),
        Ok(cast) => Answer::accept(json!({"seq": cast.seq})),
    }
}

/// Two voters who cast, two who check; the first casts once more.
struct Scene {
    lab: Lab,
    cast: [Ballot; 3],
    checked: [Ballot; 2],
    opened: [Vec<u8>; 2],
}

impl Scene {
    fn new() -> Self {
        let mut lab = Lab::open(small());
        let mut make = |voter: usize, place, seed: u8| {
            lab.ballot_of(voter, &[vec![1], vec![0, 1]], place, &[seed; 32])
        };
        let first = make(0, (1, Hash::ZERO), 80);
        let second = make(0, (2, first.entry_hash()), 82);
        let cast = [first, make(1, (1, Hash::ZERO), 81), second];
        let checked = [make(2, (1, Hash::ZERO), 83), make(3, (1, Hash::ZERO), 84)];
        let opened = [0, 1].map(|i| {
            let key = lab.voter(2 + i).key.clone();
            CheckBallot::open(&checked[i], &key, &mut lab.rng).to_bytes()
        });
        lab.post(&[cast[0].to_bytes(), cast[1].to_bytes()]);
        lab.post(&opened);
        lab.post(&[cast[2].to_bytes()]);
        Self {
            lab,
            cast,
            checked,
            opened,
        }
    }
    fn receipt(&self, entry: &[u8]) -> Receipt {
        let mut chain = self.lab.chain.iter();
        let stored = chain
            .find(|s| s.block.entries.iter().any(|e| e == entry))
            .expect("on the board");
        let entries = &stored.block.entries;
        let hashes: Vec<Hash> = entries.iter().map(|e| board::entry_hash(e)).collect();
        let index = entries.iter().position(|e| e == entry).expect("inside");
        let certificate = stored.certificate.clone().expect("final");
        let headers = vec![stored.block.header.clone()];
        let index = u32::try_from(index).expect("small");
        Receipt::new(entry, &hashes, index, headers, certificate).expect("inside")
    }
    fn receipt_hex(&self, entry: &[u8]) -> Value {
        hex(self.receipt(entry).to_bytes())
    }
    /// The receipt of `entry`, for the entry after or before it in its block.
    fn moved(&self, entry: &[u8]) -> Value {
        let mut moved = self.receipt(entry);
        moved.index ^= 1;
        hex(moved.to_bytes())
    }
    /// `base` with this entry found instead, and its receipt.
    fn found(&self, base: &Value, entry: &[u8]) -> Value {
        let base = with(base, "entry", hex(entry));
        with(&base, "receipt", self.receipt_hex(entry))
    }
}

/// What a device noted when it was shown this.
fn noted(shown: &Shown) -> Value {
    json!([to_code(shown)])
}

/// What it noted if the booth showed other pictures.
fn with_other_pictures(shown: &Shown) -> Value {
    let mut other = *shown;
    other.pictures = [(shown.pictures[0] + 1) % 16, shown.pictures[1]];
    noted(&other)
}

/// Name, rule, field and what it is instead.
type Case = (&'static str, &'static str, &'static str, Value);

fn varied(group: Group, good: &Value, cases: impl IntoIterator<Item = Case>) -> Group {
    let add = |g: Group, (name, rule, field, v): Case| g.with(name, with(good, field, v), rule);
    cases.into_iter().fold(group, add)
}

fn with(base: &Value, field: &str, value: Value) -> Value {
    let mut out = base.clone();
    out[field] = value;
    out
}

fn firsts(s: &Scene) -> Group {
    let good = Shown::of(&s.cast[0]);
    let code = to_code(&good);
    let case = |code: &str| json!({"code": code});
    let mut pictures = good;
    pictures.pictures = [3, 16];
    let mut key = good.to_bytes();
    key[66..98].fill(0);
    let identity = crypto::hash::to_hex(&key);
    let spaced = format!("https://p.example/#a#{} {}\n", &code[..9], &code[9..]);
    let note = "the first code (type 40): shown before the voter decides; the text as scanned";
    Group::new("first-code", note, compute_first)
        .good("as shown", case(&code))
        .good("in lower case", case(&code.to_lowercase()))
        .good("behind an address, with white space", case(&spaced))
        .with("a digit less", case(&code[..code.len() - 1]), "R9.01")
        .with("a byte more", case(&format!("{code}00")), "R9.01")
        .with(
            "another version",
            case(&format!("01{}", &code[2..])),
            "R9.01",
        )
        .with(
            "another type",
            case(&format!("0229{}", &code[4..])),
            "R9.01",
        )
        .with("no hexadecimal", case(&format!("{}G", &code[1..])), "R9.01")
        .with("a mark above 15", case(&to_code(&pictures)), "R9.01")
        .with("the identity as voting key", case(&identity), "R9.01")
        .with("nothing", case(""), "R9.01")
}

fn seconds(s: &Scene) -> Group {
    let code = to_code(&Opening::of(&s.checked[0], &[83; 32]));
    let case = |code: &str| json!({"code": code});
    let z = code.len() - 64;
    let large = format!("{}{}", &code[..z], crate::chapter01::ORDER);
    let first = to_code(&Shown::of(&s.checked[0]));
    let note = "the second code (type 41): shown when the check ballot is final";
    Group::new("second-code", note, compute_second)
        .good("as shown", case(&code))
        .with("a byte less", case(&code[..code.len() - 2]), "R9.01")
        .with("the first code", case(&first), "R9.01")
        .with("z is the order", case(&large), "R9.01")
}

fn checks(s: &Scene) -> Group {
    let shown = Shown::of(&s.checked[0]);
    let opening = |ballot: &Ballot, seed: u8| json!(to_code(&Opening::of(ballot, &[seed; 32])));
    let good = json!({"noted": noted(&shown), "fingerprint": hex(shown.entry_hash.0),
                      "receipt": s.receipt_hex(&s.opened[0]), "entry": hex(&s.opened[0]),
                      "second": opening(&s.checked[0], 83)});
    let mut signature = Opening::of(&s.checked[0], &[83; 32]);
    signature.withheld = s.checked[1].signature;
    let mut key = shown;
    key.vk = s.checked[1].vk;
    let cases = [
        ("nothing was noted", "R9.02", "noted", json!([])),
        (
            "a second code that nothing was noted for",
            "R9.02",
            "second",
            opening(&s.checked[1], 84),
        ),
        (
            "a receipt of another place",
            "R6.33",
            "receipt",
            s.moved(&s.opened[0]),
        ),
        (
            "another mark was noted",
            "R9.03",
            "noted",
            with_other_pictures(&shown),
        ),
        (
            "another voting key was noted",
            "R9.03",
            "noted",
            noted(&key),
        ),
        (
            "the withheld signature of another",
            "R9.04",
            "second",
            json!(to_code(&signature)),
        ),
        (
            "another seed",
            "R9.05",
            "second",
            opening(&s.checked[0], 84),
        ),
    ];
    let note = "the device noted the codes `noted`, asks for the check ballot of `fingerprint`, \
                gets `receipt` and `entry`, and then sees the code `second`; the printed numbers \
                of the marked options";
    let cast = s.found(&good, &s.cast[0].to_bytes());
    let other = s.found(&good, &s.opened[1]);
    let group = Group::new("check", note, compute_check)
        .good("what was noted and opened", good.clone())
        .with("a cast ballot", cast, "R3.11")
        .with("the check ballot of another", other, "R9.03");
    varied(group, &good, cases)
}

fn casts(s: &Scene) -> Group {
    let shown = Shown::of(&s.cast[1]);
    let case = |b: &Ballot, last: &Ballot| {
        json!({"noted": noted(&Shown::of(b)), "fingerprint": hex(b.entry_hash().0),
               "receipt": s.receipt_hex(&b.to_bytes()), "entry": hex(b.to_bytes()),
               "last": s.receipt_hex(&last.to_bytes())})
    };
    let good = case(&s.cast[1], &s.cast[1]);
    let cases = [
        ("nothing was noted", "R9.02", "noted", json!([])),
        (
            "a receipt of another place",
            "R6.33",
            "receipt",
            s.moved(&s.cast[1].to_bytes()),
        ),
        (
            "another mark was noted",
            "R9.06",
            "noted",
            with_other_pictures(&shown),
        ),
        (
            "a last receipt of another form",
            "R6.30",
            "last",
            hex([1, 7]),
        ),
    ];
    let note = "the device noted the codes `noted` and asks for the ballot of `fingerprint`; \
                `last` is the receipt of the last ballot of its voting key";
    let other = s.found(&good, &s.cast[0].to_bytes());
    let check = s.found(&good, &s.opened[0]);
    let group = Group::new("cast", note, compute_cast)
        .good("what was noted", good.clone())
        .good("a second ballot", case(&s.cast[2], &s.cast[2]))
        .with("the ballot of another", other, "R9.06")
        .with("a check ballot", check, "R9.06")
        .with("replaced later", case(&s.cast[0], &s.cast[2]), "R9.07");
    varied(group, &good, cases)
}

pub fn file() -> File {
    let s = Scene::new();
    let manifest = s.lab.manifest.as_ref().expect("sealed").to_bytes();
    File::new(
        "09-second-device.json",
        "Chapter 09: codes of a booth, and a second device that follows a check ballot or a cast \
         one; network and validators are pinned from the shared manifest.",
        &json!({"manifest": hex(manifest)}),
        vec![firsts(&s), seconds(&s), checks(&s), casts(&s)],
    )
}
