//! Chapter 01 §4: the sealed manifest.

use crate::file::{Answer, File, Group};
use crate::input::{In, hex};
use ballot::manifest::{Channel, Entitled, Place, Relay, Release, TieKind, Window};
use ballot::text::Text;
use ballot::{Manifest, SealedManifest};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use serde_json::{Value, json};
use testkit::election::{Kind, Lab, Options};

/// A small election with two contests: one of two, and none to two of three with a blank option.
pub fn small() -> Options {
    Options {
        seed: 20,
        validators: 4,
        registrars: 1,
        n: 3,
        t: 2,
        options: 2,
        more: &[Kind {
            options: 3,
            k_min: 0,
            k_max: 2,
            blank: Some(2),
        }],
        ..Options::default()
    }
}

fn compute(i: In<'_>, _: In<'_>) -> Answer {
    let Ok(sealed) = SealedManifest::from_bytes(&i.bytes("bytes")) else {
        return Answer::refuse("R1.02");
    };
    let done = match i.maybe("election") {
        Some(_) => sealed.check_is(&i.hash("election")),
        None => sealed.check().map(|_| ()),
    };
    let meant = i.maybe("practice").and_then(Value::as_bool);
    let done =
        done.and_then(|()| meant.map_or(Ok(()), |meant| sealed.manifest.check_practice(meant)));
    match done {
        Err(error) => Answer::refuse(error.rule()),
        Ok(()) => {
            let m = &sealed.manifest;
            Answer::accept(json!({"election": m.election_hash().to_hex(),
                                  "ballot_length": m.ballot_len(), "opens_at": m.opens_at()}))
        }
    }
}

/// A change of the manifest's fields and the rule it breaks.
type Change = (&'static str, &'static str, fn(&mut Manifest));

const CHANGES: [Change; 62] = [
    ("R1.03", "t is not a majority", |m| m.trustees.t = 1),
    ("R1.03", "trustee ids out of order", |m| {
        m.trustees.members.swap(0, 1)
    }),
    ("R1.04", "an empty window", |m| {
        m.channels[0].windows[0].closes = m.channels[0].windows[0].opens;
    }),
    ("R1.04", "windows that overlap", |m| {
        let Window { opens, closes } = m.channels[0].windows[0];
        m.channels[0].windows = vec![
            Window {
                opens,
                closes: opens + 2,
            },
            Window {
                opens: opens + 1,
                closes,
            },
        ];
    }),
    ("R1.04", "a window after the close", |m| {
        m.channels[0].windows[0].closes += 1
    }),
    ("R1.05", "no contest", |m| m.contests.clear()),
    ("R1.05", "no channel", |m| m.channels.clear()),
    ("R1.05", "no registrar", |m| m.registrars.clear()),
    ("R1.05", "no validator", |m| m.validators.clear()),
    ("R1.05", "one officer", |m| m.officers.truncate(1)),
    ("R1.05", "an officer's key twice", |m| {
        m.officers[1].key = m.officers[0].key
    }),
    ("R1.05", "an even modulus", |m| {
        m.registrars[0].first[255] &= 0xfe
    }),
    ("R1.05", "a short modulus", |m| {
        m.registrars[0].first[0] &= 0x7f
    }),
    ("R1.05", "one modulus for two kinds", |m| {
        m.registrars[0].again[0] = m.registrars[0].first
    }),
    ("R1.05", "a node key twice", |m| {
        m.validators[1].node_key = m.validators[0].node_key
    }),
    ("R1.05", "an auditor's key of order 4", |m| {
        m.auditors[0] = [0; 32];
        m.auditors[0][0] = 1;
    }),
    ("R1.06", "announced before the close", |m| {
        m.announce_at = m.close_at - 1
    }),
    ("R1.06", "no window at all", |m| {
        m.channels[0].windows.clear()
    }),
    ("R1.06", "a drain of 19 999 ms", |m| m.drain_ms = 19_999),
    ("R1.06", "a drain of 600 001 ms", |m| m.drain_ms = 600_001),
    ("R1.06", "announced 30 days and 1 ms after the limit", |m| {
        m.announce_at = m.extend_limit + 2_592_000_001;
    }),
    ("R1.06", "a limit 30 days and 1 ms after the close", |m| {
        m.extend_limit = m.close_at + 2_592_000_001;
    }),
    ("R1.11", "a counter without a place", |m| {
        let mut counter = m.channels[0].clone();
        counter.kind = Channel::Counter;
        m.channels.push(counter);
    }),
    ("R1.11", "a place at home", |m| place(m, Channel::Home, 0)),
    ("R1.11", "a place of a channel that is not there", |m| {
        place(m, Channel::Venue, 0);
    }),
    (
        "R1.11",
        "a place without hours of a channel that is not there",
        |m| {
            place(m, Channel::Venue, 0);
            m.places[0].windows.clear();
        },
    ),
    ("R1.11", "a place that opens before its channel", |m| {
        let mut venue = m.channels[0].clone();
        venue.kind = Channel::Venue;
        m.channels.push(venue);
        place(m, Channel::Venue, 1);
    }),
    ("R1.12", "a title with a direction mark", |m| {
        m.title.en.push('\u{200f}');
    }),
    (
        "R1.12",
        "a title that differs by a variation selector",
        |m| {
            m.title.ja.push('\u{e0100}');
        },
    ),
    ("R1.12", "a title that is empty in English", |m| {
        m.title.en.clear()
    }),
    ("R1.12", "a name that begins with a blank", |m| {
        m.officers[0].name.ja.insert(0, '\u{3000}');
    }),
    ("R1.12", "four combining marks in a row", |m| {
        m.contests[0].options[0].title.en = "q\u{323}\u{332}\u{301}\u{302}".into();
    }),
    ("R1.12", "a line feed in a title", |m| {
        m.contests[0].options[0].title.plain.insert(3, '\n');
    }),
    ("R1.12", "a summary in one language", |m| {
        m.contests[0].options[0].summary.ja = "要".to_owned();
    }),
    ("R1.12", "titles that look alike", |m| {
        m.contests[1].options[0].title.en = "Plan Ａ".to_owned();
        m.contests[1].options[2].title.en = "planA".to_owned();
    }),
    ("R1.13", "an option's id twice", |m| {
        m.contests[1].options[1].id = m.contests[1].options[0].id.clone();
    }),
    ("R1.13", "a printed number twice", |m| {
        m.contests[1].options[1].number = m.contests[1].options[0].number;
    }),
    ("R1.13", "three digits where one mark is made", |m| {
        m.contests[0].options[1].number = 100;
    }),
    ("R1.13", "a blank in an id", |m| m.id.push(' ')),
    (
        "R1.13",
        "a release twice, in other letters and dashes",
        |m| {
            let mut release = Release {
                version: "1.0.0-rc1".to_owned(),
                platform: "linux-x86_64".to_owned(),
                size: 1,
                sha256: [1; 32],
            };
            m.releases.push(release.clone());
            release.version = "1.0.0_RC1".to_owned();
            m.releases.push(release);
        },
    ),
    ("R1.13", "nobody expected", |m| m.eligibility.expected = 0),
    ("R1.14", "a table of salts that is too small", |m| {
        m.registrars[0].salt_depth = 7;
    }),
    ("R1.14", "a small table where the vote counts", |m| {
        m.practice = false;
        m.registrars[0].salt_depth = 15;
    }),
    ("R1.14", "a table of salts that is too large", |m| {
        m.registrars[0].salt_depth = 29;
    }),
    ("R1.05", "a validator's X25519 key of order 4", |m| {
        m.validators[0].hpke = [0; 32];
        m.validators[0].hpke[0] = 1;
    }),
    ("R1.05", "a validator's X25519 key twice", |m| {
        m.validators[1].hpke = m.validators[0].hpke;
    }),
    ("R1.05", "one modulus for two windows", |m| {
        m.again_windows.push(m.again_windows[0] + 1);
        let modulus = m.registrars[0].again[0];
        m.registrars[0].again.push(modulus);
    }),
    ("R1.15", "no window of the again keys", |m| {
        m.again_windows.clear();
        m.registrars[0].again.clear();
    }),
    ("R1.15", "the first window after the opening", |m| {
        m.again_windows[0] += 1;
    }),
    ("R1.15", "two windows at once", |m| {
        m.again_windows.insert(0, m.again_windows[0]);
        m.registrars[0].again.push([0xfd; 256]);
    }),
    ("R1.15", "a window of six hours and 1 ms", |m| {
        let from = m.again_windows[0] - 21_600_001;
        m.again_windows.insert(0, from);
        m.registrars[0].again.push([0xfd; 256]);
    }),
    ("R1.15", "the last window six hours and 1 ms long", |m| {
        m.again_windows = vec![m.extend_limit - 21_600_001];
        m.registrars[0].again.truncate(1);
    }),
    (
        "R1.15",
        "the last window from the extension limit on",
        |m| {
            m.again_windows.push(m.extend_limit);
            m.registrars[0].again.push([0xfd; 256]);
        },
    ),
    ("R1.15", "a window without a key", |m| {
        m.again_windows.insert(0, m.again_windows[0] - 1);
    }),
    ("R1.15", "a key without a window", |m| {
        m.registrars[0].again.push([0xfd; 256]);
    }),
    ("R1.16", "a bucket of fewer than four", |m| {
        m.bucket_bits = 8
    }),
    ("R1.16", "a bucket of 16 383 where the vote counts", |m| {
        m.practice = false;
        m.registrars[0].salt_depth = 16;
        m.eligibility.expected = 32_767;
        m.bucket_bits = 1;
    }),
    ("R1.16", "17 bits", |m| {
        m.eligibility.expected = u32::MAX;
        m.bucket_bits = 17;
    }),
    ("R1.17", "a relay twice", |m| {
        relay(m, 60, 60);
        relay(m, 61, 60);
    }),
    ("R1.17", "a relay with a registrar's key", |m| {
        relay(m, 60, 60);
        m.relays[0].spki = m.registrars[0].spki;
    }),
    ("R1.17", "a relay at a validator's address", |m| {
        relay(m, 60, 60);
        m.relays[0].origin = format!("{}/relay", m.validators[0].origin);
    }),
    ("R1.17", "a relay where the portal is", |m| {
        relay(m, 60, 60);
        m.portal = format!("{}/vote", m.relays[0].origin);
    }),
];

/// Adds a place that opens when the first channel does, or so much earlier.
fn place(m: &mut Manifest, channel: Channel, earlier: u64) {
    let Window { opens, closes } = m.channels[0].windows[0];
    m.places.push(Place {
        id: "place-1".to_owned(),
        channel,
        name: m.title.clone(),
        address: m.title.clone(),
        windows: vec![Window {
            opens: opens - earlier,
            closes,
        }],
    });
}

/// Adds a relay.
fn relay(m: &mut Manifest, origin: u8, key: u8) {
    m.relays.push(Relay {
        name: m.title.clone(),
        origin: format!("https://relay{origin}.example"),
        spki: [key; 32],
    });
}

/// What the rules allow at their edges.
fn full(m: &mut Manifest) {
    let mut venue = m.channels[0].clone();
    venue.kind = Channel::Venue;
    m.channels.push(venue);
    place(m, Channel::Venue, 0);
    m.bucket_bits = 7;
    relay(m, 60, 60);
    relay(m, 61, 61);
    let last = m.extend_limit - 1;
    m.again_windows = vec![last - 21_600_000, last];
    let spare = [0xfd; 256];
    m.registrars[0].again.resize(2, spare);
    m.drain_ms = 600_000;
    m.announce_at = m.extend_limit + 2_592_000_000;
    m.tie_rule.kind = TieKind::Lot;
    m.eligibility.entitled = Entitled::Codes;
    let two_lines = Text::new("要\n約", "two\nlines", "要\n約");
    m.contests[0].options[0].summary = two_lines;
    m.contests[0].options[0].number = 0;
    m.contests[1].options[1].number = 999;
    m.releases.push(Release {
        version: "1.0.0".to_owned(),
        platform: "linux-x86_64".to_owned(),
        size: u64::MAX,
        sha256: [1; 32],
    });
}

fn case(sealed: &SealedManifest) -> Value {
    json!({"bytes": hex(sealed.to_bytes())})
}

fn changed(lab: &mut Lab) -> Vec<(String, Value, String)> {
    let base = lab.draft_manifest();
    let mut make = |(rule, name, change): Change| {
        let mut m = base.clone();
        change(&mut m);
        let sealed = lab.parties.seal(m, &mut lab.rng);
        (name.to_owned(), case(&sealed), rule.to_owned())
    };
    CHANGES.map(&mut make).to_vec()
}

fn signatures(mut group: Group, lab: &mut Lab, good: &SealedManifest) -> Group {
    let mut by = |key: &SigningKey| good.manifest.sign(key, &mut lab.rng);
    let stranger = by(&lab.parties.officers[0]);
    let third = by(&lab.parties.trustees[2]);
    let mut sealed = good.clone();
    sealed.authority_signature = stranger;
    group = group.with(
        "signed by an officer for the authority",
        case(&sealed),
        "R1.07",
    );
    let [one, two] = [good.trustee_signatures[0], good.trustee_signatures[1]];
    for (name, list) in [
        ("one trustee of two", vec![one]),
        ("a trustee twice", vec![one, one]),
        ("trustees out of order", vec![two, one]),
        ("an unknown trustee", vec![one, (4, two.1)]),
        ("another trustee's signature", vec![one, (2, third)]),
        (
            "a third signature that is wrong",
            vec![one, two, (3, two.1)],
        ),
    ] {
        let mut sealed = good.clone();
        sealed.trustee_signatures = list;
        group = group.with(name, case(&sealed), "R1.08");
    }
    let mut all = good.clone();
    all.trustee_signatures.push((3, third));
    group.good("all three trustees", case(&all))
}

/// Position of the first contest's shape in a sealed manifest.
fn shape_at(m: &Manifest, bytes: &[u8]) -> usize {
    let c = &m.contests[0];
    let mut w = crypto::wire::Writer::new();
    w.text(&c.id);
    crypto::wire::Wire::write(&c.title, &mut w);
    crypto::wire::Wire::write(&c.shape, &mut w);
    let needle = w.finish();
    let found = bytes.windows(needle.len()).position(|w| w == needle);
    found.expect("the contest is in the manifest") + needle.len() - 6
}

fn bytes_cases(mut group: Group, good: &SealedManifest) -> Group {
    let bytes = good.to_bytes();
    let edit = |at: usize, value: &[u8]| {
        let mut b = bytes.clone();
        b[at..at + value.len()].copy_from_slice(value);
        json!({"bytes": hex(b)})
    };
    group = group
        .with(
            "a byte after the end",
            json!({"bytes": hex([&bytes[..], &[0]].concat())}),
            "R1.02",
        )
        .with(
            "a byte too few",
            json!({"bytes": hex(&bytes[..bytes.len() - 1])}),
            "R1.02",
        )
        .with("version 1", edit(0, &[1]), "R1.02");
    let at = shape_at(&good.manifest, &bytes);
    for (name, shape) in [
        ("one option (R1.01)", [1u16, 1, 1]),
        ("101 options (R1.01)", [101, 1, 1]),
        ("k_min above k_max (R1.01)", [2, 2, 1]),
        ("k_max above n (R1.01)", [2, 1, 3]),
        ("no mark at all (R1.01)", [2, 0, 0]),
        ("every option forced (R1.01)", [2, 2, 2]),
    ] {
        let raw: Vec<u8> = shape.iter().flat_map(|n| n.to_le_bytes()).collect();
        group = group.with(name, edit(at, &raw), "R1.02");
    }
    group
}

pub fn file() -> File {
    let mut lab = Lab::sealed(small());
    let good = lab.manifest.clone().expect("sealed");
    let election = good.manifest.election_hash().to_hex();
    let named = |election: &str| json!({"bytes": hex(good.to_bytes()), "election": election});
    let meant = |practice: bool| json!({"bytes": hex(good.to_bytes()), "practice": practice});
    let mut edge = lab.draft_manifest();
    full(&mut edge);
    let edge = lab.parties.seal(edge, &mut lab.rng);
    let note = "a sealed manifest (type 2), where given with the election hash it must have, or \
                with whether practice is meant";
    let mut group = Group::new("sealed-manifest", note, compute)
        .good("good", case(&good))
        .good("the expected election", named(&election))
        .with("another election", named(&"07".repeat(64)), "R1.09")
        .good("practice, as meant", meant(true))
        .with(
            "practice, where a real election is meant",
            meant(false),
            "R1.10",
        )
        .good("everything at its edge", case(&edge))
        .all(changed(&mut lab));
    group = signatures(group, &mut lab, &good);
    group = bytes_cases(group, &good);
    File::new(
        "01-manifest.json",
        "Chapter 01 §4: sealed manifests and their rules.",
        &json!({}),
        vec![group],
    )
}
