//! Chapter 09: the codes of a booth, and what a second device says to a check ballot and to a cast
//! one.

use crate::file::{Answer, File, Group};
use crate::input::{In, hex};
use crate::manifest::small;
use ballot::check::{Revealed, Shown, from_code, to_code};
use ballot::{Ballot, CheckBallot, Opening, Side};
use board::Receipt;
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
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
    match from_code::<Revealed>(i.text("code")) {
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

fn compute_opened(i: In<'_>, shared: In<'_>) -> Answer {
    let device = device(i, shared);
    let [receipt, entry, of_opening, opening] =
        ["receipt", "entry", "opening_receipt", "opening"].map(|field| i.bytes(field));
    let (cast, opening) = ((&receipt[..], &entry[..]), (&of_opening[..], &opening[..]));
    match device.found_opening(&i.hash("fingerprint"), i.number("noted_at"), cast, opening) {
        Err(alarm) => Answer::refuse(rule(alarm)),
        Ok(found) => {
            let values: Vec<u8> = found.numbers.iter().map(|n| n.value).collect();
            Answer::accept(
                json!({"side": found.side, "values": values, "seq": found.seq,
                                  "board_number": found.board_number}),
            )
        }
    }
}

fn compute_board_number(i: In<'_>, _: In<'_>) -> Answer {
    let number = ballot::code::board_number(&i.array("block"), &i.hash("entry_hash"));
    Answer::accept(json!({"board_number": ballot::code::board_number_text(number)}))
}

/// Two voters who cast, two who check; the first casts once more. Two ballots are opened.
struct Scene {
    lab: Lab,
    cast: [Ballot; 3],
    checked: [Ballot; 2],
    opened: [Vec<u8>; 2],
    /// Of the second and the third ballot.
    openings: [Opening; 2],
    /// A ballot and openings of it that no board takes: beside it, with another number, with a number
    /// of 100.
    forced: (Ballot, [Vec<u8>; 3]),
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
        let openings = [
            lab.opening(&cast[1], Side::Mask),
            lab.opening(&cast[2], Side::Masked),
        ];
        lab.post(&[openings[0].to_bytes(), openings[1].to_bytes()]);
        let forced = forced(&mut lab);
        Self {
            lab,
            cast,
            checked,
            opened,
            openings,
            forced,
        }
    }
    fn key(&self, b: &Ballot) -> &SigningKey {
        let mut voters = self.lab.voters.iter().map(|v| &v.key);
        voters
            .find(|k| k.public() == b.vk)
            .expect("a voter of the scene")
    }
    /// What a booth shows of a ballot.
    fn shown(&self, b: &Ballot) -> Shown {
        Shown::of(b, self.key(b), &mut ChaCha20Rng::seed_from_u64(90))
    }
    /// The same after a change by whoever holds the key of `by`.
    fn shown_otherwise(&self, b: &Ballot, by: &Ballot, change: fn(&mut Shown)) -> Shown {
        let mut shown = self.shown(b);
        shown.vk = by.vk;
        change(&mut shown);
        shown.signed(self.key(by), &mut ChaCha20Rng::seed_from_u64(91))
    }
    fn time(&self, entry: &[u8]) -> u64 {
        self.receipt(entry).time_ms().expect("in a block")
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

/// What validators who keep no rule could certify.
fn forced(lab: &mut Lab) -> (Ballot, [Vec<u8>; 3]) {
    let ballot = lab.ballot_of(4, &[vec![0], vec![2]], (1, Hash::ZERO), &[85; 32]);
    let good = lab.opening(&ballot, Side::Mask);
    let (mut wrong, mut large) = (good.clone(), good.clone());
    wrong.lines[0].value = (wrong.lines[0].value + 1) % 100;
    large.lines[0].value = 100;
    let openings = [good, wrong, large].map(|o| o.to_bytes());
    let time = lab.now + 1000;
    lab.force_block(time, vec![ballot.to_bytes(), openings[0].clone()]);
    lab.force_block(time + 1, vec![openings[1].clone()]);
    lab.force_block(time + 2, vec![openings[2].clone()]);
    (ballot, openings)
}

/// What a device noted when it was shown this.
fn noted(shown: &Shown) -> Value {
    json!([to_code(shown)])
}

/// Other pictures than the ballot has.
fn other_pictures(shown: &mut Shown) {
    shown.pictures[0] = (shown.pictures[0] + 1) % 16;
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
    let good = s.shown(&s.cast[0]);
    let code = to_code(&good);
    let case = |code: &str| json!({"code": code});
    let mut pictures = good;
    pictures.pictures = [3, 16];
    let mut key = good.to_bytes();
    key[66..98].fill(0);
    let identity = crypto::hash::to_hex(&key);
    let spaced = format!("https://p.example/#a#{} {}\n", &code[..9], &code[9..]);
    let mut unsigned = good;
    other_pictures(&mut unsigned);
    let mut foreign = good;
    foreign.signature = s.shown(&s.cast[2]).signature;
    let stranger = good.signed(s.key(&s.cast[1]), &mut ChaCha20Rng::seed_from_u64(92));
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
        .with("without the signature", case(&code[..200]), "R9.01")
        .with(
            "other pictures under the signature",
            case(&to_code(&unsigned)),
            "R9.08",
        )
        .with(
            "the signature of another code",
            case(&to_code(&foreign)),
            "R9.08",
        )
        .with(
            "signed by another voting key",
            case(&to_code(&stranger)),
            "R9.08",
        )
}

fn seconds(s: &Scene) -> Group {
    let code = to_code(&Revealed::of(&s.checked[0], &[83; 32]));
    let case = |code: &str| json!({"code": code});
    let z = code.len() - 64;
    let large = format!("{}{}", &code[..z], crate::chapter01::ORDER);
    let first = to_code(&s.shown(&s.checked[0]));
    let note = "the second code (type 41): shown when the check ballot is final";
    Group::new("second-code", note, compute_second)
        .good("as shown", case(&code))
        .with("a byte less", case(&code[..code.len() - 2]), "R9.01")
        .with("the first code", case(&first), "R9.01")
        .with("z is the order", case(&large), "R9.01")
}

fn checks(s: &Scene) -> Group {
    let shown = s.shown(&s.checked[0]);
    let pictures = s.shown_otherwise(&s.checked[0], &s.checked[0], other_pictures);
    let key = s.shown_otherwise(&s.checked[0], &s.checked[1], |_| ());
    let opening = |ballot: &Ballot, seed: u8| json!(to_code(&Revealed::of(ballot, &[seed; 32])));
    let good = json!({"noted": noted(&shown), "fingerprint": hex(shown.entry_hash.0),
                      "receipt": s.receipt_hex(&s.opened[0]), "entry": hex(&s.opened[0]),
                      "second": opening(&s.checked[0], 83)});
    let mut signature = Revealed::of(&s.checked[0], &[83; 32]);
    signature.withheld = s.checked[1].signature;
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
        ("another mark was noted", "R9.03", "noted", noted(&pictures)),
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
    let pictures = s.shown_otherwise(&s.cast[1], &s.cast[1], other_pictures);
    let case = |b: &Ballot, last: &Ballot| {
        json!({"noted": noted(&s.shown(b)), "fingerprint": hex(b.entry_hash().0),
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
        ("another mark was noted", "R9.06", "noted", noted(&pictures)),
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

fn openings(s: &Scene) -> Group {
    let case = |b: &Ballot, opening: &[u8]| {
        let entry = b.to_bytes();
        json!({"noted": noted(&s.shown(b)), "fingerprint": hex(b.entry_hash().0),
               "noted_at": s.time(&entry), "receipt": s.receipt_hex(&entry), "entry": hex(&entry),
               "opening_receipt": s.receipt_hex(opening), "opening": hex(opening)})
    };
    let [mask, masked] = s.openings.each_ref().map(|o| o.to_bytes());
    let good = case(&s.cast[1], &mask);
    let time = s.time(&s.cast[1].to_bytes());
    let (forced, [beside, wrong, large]) = (&s.forced.0, &s.forced.1);
    let pictures = s.shown_otherwise(&s.cast[1], &s.cast[1], other_pictures);
    let cases = [
        ("nothing was noted", "R9.02", "noted", json!([])),
        (
            "a receipt of another place",
            "R6.33",
            "receipt",
            s.moved(&s.cast[1].to_bytes()),
        ),
        ("another mark was noted", "R9.06", "noted", noted(&pictures)),
        (
            "noted more than a minute after the ballot's block",
            "R9.11",
            "noted_at",
            json!(time + 60_001),
        ),
        (
            "an opening's receipt of another place",
            "R6.33",
            "opening_receipt",
            s.moved(&mask),
        ),
        (
            "an opening's receipt of another form",
            "R6.30",
            "opening_receipt",
            hex([2, 7]),
        ),
        (
            "the receipt of another opening",
            "R6.31",
            "opening_receipt",
            s.receipt_hex(&masked),
        ),
    ];
    let other = with(
        &s.found(&good, &s.cast[0].to_bytes()),
        "noted_at",
        json!(time),
    );
    let swapped = with(
        &with(&good, "opening", hex(&masked)),
        "opening_receipt",
        s.receipt_hex(&masked),
    );
    let ballot = with(
        &with(&good, "opening", good["entry"].clone()),
        "opening_receipt",
        good["receipt"].clone(),
    );
    let note = "the device noted the codes `noted` at `noted_at`, asks for the ballot of `fingerprint` \
                (`receipt`, `entry`) and for its opening (`opening_receipt`, `opening`); `values`: the \
                numbers line by line, `side`: mask (A) or masked (B)";
    let group = Group::new("opened", note, compute_opened)
        .good("a mask", good.clone())
        .good(
            "the masked sum of a second ballot",
            case(&s.cast[2], &masked),
        )
        .good(
            "noted a minute after the ballot's block",
            with(&good, "noted_at", json!(time + 60_000)),
        )
        .good("noted long before", with(&good, "noted_at", json!(0)))
        .with("the ballot of another", other, "R9.06")
        .with("the opening of another", swapped, "R9.09")
        .with("a ballot as opening", ballot, "R9.09")
        .with("in the block of its ballot", case(forced, beside), "R9.10")
        .with("with another number", case(forced, wrong), "R3.21")
        .with("with a number of 100", case(forced, large), "R3.20");
    varied(group, &good, cases)
}

fn board_numbers() -> Group {
    let case =
        |block: [u8; 32], entry: [u8; 64]| json!({"block": hex(block), "entry_hash": hex(entry)});
    let note = "the eight digits that a voter without a device writes down";
    Group::new("board-number", note, compute_board_number)
        .good("zeros", case([0; 32], [0; 64]))
        .good("another block", case([1; 32], [0; 64]))
        .good("another entry", case([0; 32], [1; 64]))
        .good("ones", case([0xff; 32], [0xff; 64]))
}

pub fn file() -> File {
    let s = Scene::new();
    let manifest = s.lab.manifest.as_ref().expect("sealed").to_bytes();
    File::new(
        "09-second-device.json",
        "Chapter 09: codes of a booth, and a second device that follows a check ballot, a cast one \
         or its opening; network and validators are pinned from the shared manifest.",
        &json!({"manifest": hex(manifest)}),
        vec![
            firsts(&s),
            seconds(&s),
            checks(&s),
            casts(&s),
            openings(&s),
            board_numbers(),
        ],
    )
}
