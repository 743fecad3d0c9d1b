//! Chapter 08: a whole record, and what is wrong with edited ones.

mod reports;

use crate::chapter05::Story;
use crate::chapter05::handover::keys;
use crate::file::{Answer, File, Group};
use crate::input::{In, array_of, bytes_of, hex};
use ballot::text::Text;
use board::entry::{Act, Hints};
use board::record::Memory;
use crypto::Hash;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use testkit::election::{Lab, Options};
use verify::{Expected, Trust};

fn compute_digest(i: In<'_>, _: In<'_>) -> Answer {
    let fields = [i.bytes("election"), i.bytes("head")];
    let digest = crypto::hash::hash("record", &[&fields[0], &fields[1]]);
    Answer::accept(json!({"digest": digest.to_hex()}))
}

fn edit(files: &mut Memory, step: &Value) {
    let name = step["file"].as_str().expect("a file").to_owned();
    if step.get("remove").is_some() {
        files.0.remove(&name);
        return;
    }
    let bytes = files.0.entry(name).or_default();
    if let Some(all) = step.get("all") {
        *bytes = bytes_of(all);
    } else if let Some(tail) = step.get("append") {
        bytes.extend(bytes_of(tail));
    } else if let Some(n) = step.get("cut") {
        let n = usize::try_from(n.as_u64().expect("a number")).expect("small");
        bytes.truncate(bytes.len() - n);
    } else {
        let at = usize::try_from(step["at"].as_u64().expect("a number")).expect("small");
        let new = bytes_of(&step["bytes"]);
        bytes[at..at + new.len()].copy_from_slice(&new);
    }
}

fn compute_record(i: In<'_>, shared: In<'_>) -> Answer {
    let files = shared.object("files").0;
    let mut files = Memory(
        files
            .iter()
            .map(|(name, b)| (name.clone(), bytes_of(b)))
            .collect(),
    );
    for step in i.list("edits") {
        edit(&mut files, step);
    }
    let trust = i.maybe("trust").map(|t| Trust {
        authority: array_of(&t["authority"]),
        network: array_of(&t["network"]),
        validators: t["validators"]
            .as_array()
            .expect("a list")
            .iter()
            .map(array_of)
            .collect(),
        practice: t["practice"].as_bool().expect("true or false"),
    });
    let election = i.maybe("election").map(|e| Hash(array_of(e)));
    let expected = Expected {
        trust: trust.as_ref(),
        election: election.as_ref(),
    };
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let report = verify::verify(&files, expected, &mut rng, &mut |_| ());
    match report.failed_rules().first() {
        Some(rule) => Answer::refuse(rule),
        None => {
            let facts = report.facts.expect("a good record");
            let found: Vec<Value> = report
                .findings
                .iter()
                .map(|f| {
                    json!({"rule": f.rule.to_string(), "registrar": f.registrar,
                           "days": f.days, "missing": f.missing,
                           "difference": f.difference, "margin": f.margin})
                })
                .collect();
            Answer::accept(json!({"record_digest": facts.record_digest,
                                  "election": facts.election_hash, "received": facts.received,
                                  "counted": facts.counted, "spoiled": facts.check_ballots,
                                  "opened": facts.opened,
                                  "issued": facts.issued, "findings": found}))
        }
    }
}

/// An election with one registrar and one contest.
pub const ONE: Options = Options {
    seed: 22,
    validators: 4,
    registrars: 1,
    n: 3,
    t: 2,
    options: 2,
    more: &[],
    min_counted: 1,
    opens: testkit::election::OPENS,
};

fn record(name: &str, edits: Value, expect: &str) -> (String, Value, String) {
    (name.to_owned(), json!({"edits": edits}), expect.to_owned())
}

/// Every file of another record in place of this one's.
fn in_place_of(name: &str, lab: &Lab, expect: &str) -> (String, Value, String) {
    let files = lab.record().0;
    let edits = files
        .iter()
        .map(|(file, bytes)| json!({"file": file, "all": hex(bytes)}));
    record(name, edits.collect(), expect)
}

/// Records of elections without a result.
fn not_held() -> Vec<(String, Value, String)> {
    let mut lab = Lab::sealed(Options {
        seed: 22,
        ..crate::manifest::small()
    });
    let sealed = in_place_of("an election that is only sealed", &lab, "R8.09");
    let hints = lab.act(Act::Hints(Hints {
        number: 1,
        portal: "https://vote.example".to_owned(),
        hints: vec![
            "https://a.example".to_owned(),
            "https://b.example".to_owned(),
        ],
    }));
    lab.post_one(&hints);
    let withdraw = lab.act(Act::Withdraw {
        reason: Text::new("選択肢の\n誤り", "a wrong \"option\"", "まちがい"),
    });
    lab.post_one(&withdraw);
    let withdrawn = in_place_of("an election that was withdrawn", &lab, "accept");
    let view = |files: &mut Memory| {
        let about = files.0.get_mut("view/election.json").expect("a view");
        let text = String::from_utf8(about.clone()).expect("text");
        let changed = text.replacen("\"withdrawn\": {", "\"withdrawn\":  {", 1);
        assert_ne!(text, changed);
        *about = changed.into_bytes();
    };
    let mut files = lab.record();
    view(&mut files);
    let edits = files.0.iter();
    let edits = edits.map(|(file, bytes)| json!({"file": file, "all": hex(bytes)}));
    let wrong = record("its view with a blank more", edits.collect(), "R8.06");
    vec![sealed, withdrawn, wrong]
}

fn edits(lab: &Lab) -> Vec<(String, Value, String)> {
    let files = lab.record().0;
    let size = |name: &str| files[name].len();
    let text = |name: &str| String::from_utf8(files[name].clone()).expect("text");
    let result = text("view/result.json").replacen("\"received\": 4", "\"received\": 5", 1);
    assert_ne!(result, text("view/result.json"), "the view has this line");
    let counted = text("view/counted.json").trim_end().to_owned();
    let other = Lab::sealed(Options {
        seed: 21,
        ..crate::manifest::small()
    });
    let foreign = crypto::wire::TopLevel::to_bytes(other.manifest.as_ref().expect("sealed"));
    // The last certificate: everything behind the last item's beginning.
    let certificates: Vec<usize> = lab
        .chain
        .iter()
        .filter_map(|s| s.certificate.as_ref().map(|c| 4 + c.len()))
        .collect();
    let last = certificates[certificates.len() - 1];
    let finality = size("finality.bin");
    let tail = hex(&files["finality.bin"][finality - last..]);
    vec![
        record("as it is", json!([]), "accept"),
        record(
            "a view is missing",
            json!([{"file": "view/result.json", "remove": true}]),
            "R8.01",
        ),
        record(
            "another file",
            json!([{"file": "notes.txt", "all": "00"}]),
            "R8.01",
        ),
        record(
            "blocks end inside",
            json!([{"file": "blocks.bin", "cut": 1}]),
            "R8.02",
        ),
        record(
            "entries end inside",
            json!([{"file": "entries.bin", "cut": 1}]),
            "R8.02",
        ),
        record(
            "an entry left over",
            json!([{"file": "entries.bin", "append": "020000000111"}]),
            "R8.02",
        ),
        record(
            "a header of another type",
            json!([{"file": "blocks.bin", "at": 119, "bytes": "07"}]),
            "R8.02",
        ),
        record(
            "no block, but entries",
            json!([{"file": "blocks.bin", "all": ""}]),
            "R8.02",
        ),
        record(
            "no block at all",
            json!([{"file": "blocks.bin", "all": ""}, {"file": "entries.bin", "all": ""}]),
            "R8.03",
        ),
        record(
            "another genesis time",
            json!([{"file": "blocks.bin", "at": 74, "bytes": "00"}]),
            "R8.03",
        ),
        record(
            "the manifest ends inside",
            json!([{"file": "manifest.bin", "cut": 1}]),
            "R1.02",
        ),
        record(
            "the manifest's last signature",
            json!([{"file": "manifest.bin", "at": size("manifest.bin") - 60, "bytes": "00000000"}]),
            "R1.08",
        ),
        record(
            "another sealed manifest",
            json!([{"file": "manifest.bin", "all": hex(foreign)}]),
            "R8.05",
        ),
        record(
            "the last certificate is missing",
            json!([{"file": "finality.bin", "cut": last}]),
            "R8.04",
        ),
        record(
            "no certificate at all",
            json!([{"file": "finality.bin", "all": ""}]),
            "R8.04",
        ),
        record(
            "the last certificate twice",
            json!([{"file": "finality.bin", "append": tail}]),
            "R8.04",
        ),
        record(
            "the last certificate's signature",
            json!([{"file": "finality.bin", "at": finality - 70, "bytes": "00000000"}]),
            "R6.24",
        ),
        record(
            "a certificate of another form",
            json!([{"file": "finality.bin", "at": 4, "bytes": "80"}]),
            "R6.20",
        ),
        record(
            "a bit of the last header",
            json!([{"file": "blocks.bin", "at": size("blocks.bin") - 1, "bytes": "01"}]),
            "R6.07",
        ),
        record(
            "a number in the result view",
            json!([{"file": "view/result.json", "all": hex(result)}]),
            "R8.06",
        ),
        record(
            "no newline at the end of a view",
            json!([{"file": "view/counted.json", "all": hex(counted)}]),
            "R8.06",
        ),
        record(
            "a byte behind a view",
            json!([{"file": "view/election.json", "append": "0a"}]),
            "R8.06",
        ),
        without_result(lab, &certificates),
        another("validators handed over", "accept", ONE, |lab| {
            lab.post_hand_over(keys(2..=8));
            lab.cast(0, 1);
            lab.finish();
        }),
        another(
            "a hand-over that is not certified itself",
            "R8.04",
            ONE,
            |lab| {
                lab.post_hand_over(keys(2..=8));
                lab.chain.last_mut().expect("a chain").certificate = None;
                lab.cast(0, 1);
                lab.finish();
            },
        ),
        another(
            "the old set certifies after a hand-over",
            "R6.25",
            ONE,
            |lab| {
                let old = lab.parties.validators.clone();
                lab.post_hand_over(keys(2..=8));
                lab.parties.validators = old;
                lab.parties.epoch = 0;
                lab.cast(0, 1);
                lab.finish();
            },
        ),
    ]
}

/// A whole record of another election, in which this happened from the opening to the result.
pub fn another(
    name: &str,
    expect: &str,
    options: Options,
    happened: impl FnOnce(&mut Lab),
) -> (String, Value, String) {
    let mut lab = Lab::open(options);
    happened(&mut lab);
    let files = lab.record().0;
    let edits: Vec<Value> = files
        .iter()
        .map(|(file, bytes)| json!({"file": file, "all": hex(bytes)}))
        .collect();
    record(name, edits.into(), expect)
}

/// The record up to the shares, with the views of that moment.
fn without_result(lab: &Lab, certificates: &[usize]) -> (String, Value, String) {
    let entry = &lab.chain.last().expect("a chain").block.entries[0];
    let short = Lab {
        chain: lab.chain[..lab.chain.len() - 1].to_vec(),
        ..half(lab)
    };
    let views = short.record().0;
    let view = |name: &str| json!({"file": name, "all": hex(&views[name])});
    let edits = json!([
        {"file": "blocks.bin", "cut": board::Header::LEN},
        {"file": "entries.bin", "cut": 4 + entry.len()},
        {"file": "finality.bin", "cut": certificates[certificates.len() - 1]},
        view("view/election.json"),
        view("view/result.json"),
    ]);
    record("without a result", edits, "R8.09")
}

/// The same election, not finished: everything but the result.
fn half(lab: &Lab) -> Lab {
    let mut state = board::State::genesis(lab.network());
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for s in &lab.chain[1..lab.chain.len() - 1] {
        let refs: Vec<&[u8]> = s.block.entries.iter().map(Vec::as_slice).collect();
        let checked = board::check_many(state.context(), &refs, &mut rng);
        let checked: Vec<_> = checked.into_iter().map(|c| c.expect("good")).collect();
        state = state.apply_block(&s.block.header, &checked).expect("good");
    }
    let mut out = Lab::new(lab.options);
    out.state = state;
    out.setup = lab.setup;
    out.election = lab.election;
    out.manifest.clone_from(&lab.manifest);
    out
}

fn trusted(lab: &Lab) -> Group {
    let keys: Vec<Value> = lab.network().committee().iter().map(hex).collect();
    let authority = hex(lab.parties.authority.public().as_bytes());
    let case = |authority: Value, network: [u8; 32], keys: &[Value]| {
        let trust = json!({"authority": authority, "network": hex(network), "validators": keys,
            "practice": true});
        json!({"edits": [], "trust": trust})
    };
    let mut real = case(authority.clone(), [1; 32], &keys);
    real["trust"]["practice"] = json!(false);
    let id = lab.network().id();
    let asked = |e: Value| json!({"edits": [], "election": e});
    Group::new(
        "trust",
        "the shared record against a trust file or an election hash",
        compute_record,
    )
    .good("trusted", case(authority.clone(), id, &keys))
    .with(
        "a real election is meant, on another network",
        real,
        "R1.10",
    )
    .with("another authority", case(hex([1; 32]), id, &keys), "R8.07")
    .with(
        "another network",
        case(authority.clone(), [1; 32], &keys),
        "R8.08",
    )
    .with(
        "a validator fewer",
        case(authority, id, &keys[1..]),
        "R8.08",
    )
    .good(
        "the election that was asked for",
        asked(hex(lab.election.0)),
    )
    .with("another election", asked(hex([1; 64])), "R8.13")
}

pub fn file() -> File {
    let story = Story::new();
    let lab = &story.lab;
    let files: serde_json::Map<String, Value> = lab
        .record()
        .0
        .iter()
        .map(|(name, b)| (name.clone(), hex(b)))
        .collect();
    let head = lab.chain.last().expect("a chain").block.header.digest();
    let digest = Group::new(
        "record-digest",
        "H(\"record\", E, digest of the last header)",
        compute_digest,
    )
    .good(
        "the shared record",
        json!({"election": hex(lab.election.0), "head": hex(head)}),
    );
    let note = "the shared record after edits, in order: `remove`, `all` (new content), `append`, \
                `cut` (bytes off the end), `at` with `bytes`; the rule is the report's first";
    let records = Group::new("record", note, compute_record)
        .all(edits(lab))
        .all(not_held())
        .all(reports::stories());
    File::new(
        "08-record.json",
        "Chapter 08: a record with its views, edited records, trust.",
        &json!({"files": files}),
        vec![digest, records, trusted(lab)],
    )
}
