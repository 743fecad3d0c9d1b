//! Chapter 05: what parties and officers sign.

use crate::statement::{Field, Tried, signed, wire, written};
use board::entry::{Act, CeremonyEntry, Evidence, OfficerAct, Setup, ShareCommit, ShareEntry};
use crypto::Hash;
use crypto::signed::Statement as _;
use testkit::election::{Lab, Options};

pub fn all() -> Vec<Tried> {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.close();
    let mut out = vec![setup(&mut lab), ceremony(&mut lab), evidence(&mut lab)];
    out.extend([commit(&mut lab), share(&mut lab)]);
    out.extend(acts(&mut lab));
    out.push(hand_over(&mut lab));
    out
}

fn top(kind: u8) -> Field {
    ("version and type", vec![2, kind])
}

fn setup(lab: &mut Lab) -> Tried {
    let s: Setup = lab.parties.setup();
    let s = s.signed(&lab.parties.authority, &mut lab.rng);
    let fields = vec![
        top(10),
        ("network", s.body.network.to_vec()),
        ("id", written(|w| w.text(&s.body.id))),
        ("authority", wire(&s.body.authority)),
        ("officers", written(|w| w.list(&s.body.officers))),
        (
            "trustees' names",
            written(|w| w.list(&s.body.trustee_names)),
        ),
        ("roster", wire(&s.body.roster)),
    ];
    let by = (&s.body.authority, &s.signature);
    signed("board-setup", by, &s.body.signed_bytes(), fields)
}

fn ceremony(lab: &mut Lab) -> Tried {
    let key = &lab.parties.trustees[0];
    let c = CeremonyEntry {
        setup: lab.setup,
        trustee: 1,
        message: ceremony::Message::Commit(Hash([4; 64])),
    };
    let c = c.signed(key, &mut lab.rng);
    let fields = vec![
        top(11),
        ("setup", wire(&c.body.setup)),
        ("trustee", c.body.trustee.to_le_bytes().to_vec()),
        ("message", wire(&c.body.message)),
    ];
    let by = (&key.public(), &c.signature);
    signed("board-ceremony", by, &c.body.signed_bytes(), fields)
}

fn evidence(lab: &mut Lab) -> Tried {
    let key = &lab.parties.registrars[0];
    let home = ballot::manifest::Channel::Home;
    let count = board::entry::ChannelCount {
        staff_accepted: 4,
        staff_refused: 5,
        assisted: 6,
        ..board::entry::ChannelCount::unattended(home, 3, 1)
    };
    let e = Evidence {
        election: lab.election,
        registrar: 0,
        day: 20_840,
        counts: vec![count],
        incidents: 2,
        part: 1,
        leaves: vec![[5; 32], [6; 32]],
    };
    let e = e.signed(key, &mut lab.rng);
    let fields = vec![
        top(14),
        ("election", wire(&e.body.election)),
        ("registrar", e.body.registrar.to_le_bytes().to_vec()),
        ("day", e.body.day.to_le_bytes().to_vec()),
        ("counts", written(|w| w.list(&e.body.counts))),
        ("incidents", e.body.incidents.to_le_bytes().to_vec()),
        ("part", e.body.part.to_le_bytes().to_vec()),
        (
            "leaves",
            written(|w| {
                w.u32(2);
                w.raw(&e.body.leaves.concat());
            }),
        ),
    ];
    let by = (&key.public(), &e.signature);
    signed("board-evidence", by, &e.body.signed_bytes(), fields)
}

fn commit(lab: &mut Lab) -> Tried {
    let key = &lab.parties.trustees[1];
    let c = ShareCommit {
        election: lab.election,
        trustee: 2,
        target: Hash([6; 64]),
        commitment: Hash([7; 64]),
    };
    let c = c.signed(key, &mut lab.rng);
    let fields = vec![
        top(21),
        ("election", wire(&c.body.election)),
        ("trustee", c.body.trustee.to_le_bytes().to_vec()),
        ("target", wire(&c.body.target)),
        ("commitment", wire(&c.body.commitment)),
    ];
    let by = (&key.public(), &c.signature);
    signed("board-share-commit", by, &c.body.signed_bytes(), fields)
}

fn share(lab: &mut Lab) -> Tried {
    let (share, _) = lab.share(2);
    let key = &lab.parties.trustees[1];
    let s = ShareEntry {
        election: lab.election,
        share,
    }
    .signed(key, &mut lab.rng);
    let fields = vec![
        top(23),
        ("election", wire(&s.body.election)),
        ("partial decryption", wire(&s.body.share)),
    ];
    let by = (&key.public(), &s.signature);
    signed("board-share", by, &s.body.signed_bytes(), fields)
}

/// Every act, its type byte and what it says besides the election.
fn list(lab: &Lab) -> Vec<(Act, u8, Vec<Field>)> {
    let text = lab.manifest.as_ref().unwrap().manifest.title.clone();
    let n = |n: u64| n.to_le_bytes().to_vec();
    let key = written(|w| w.text("incidents"));
    let words = wire(&text);
    let open = Act::Open {
        count: 0,
        height: 7,
        head: [8; 32],
    };
    let notice = Act::Notice {
        key: "incidents".to_owned(),
        text,
    };
    vec![
        (
            open,
            13,
            vec![("count", n(0)), ("height", n(7)), ("head", vec![8; 32])],
        ),
        (notice, 17, vec![("key", key), ("text", words)]),
        (Act::Extend { until: 9 }, 18, vec![("until", n(9))]),
        (Act::Resume { until: 9 }, 19, vec![("until", n(9))]),
        (Act::Drain, 20, Vec::new()),
        (Act::Announce, 22, Vec::new()),
        (
            Act::SaltDestroyed { registrar: 1 },
            25,
            vec![("registrar", 1u16.to_le_bytes().to_vec())],
        ),
        (
            Act::Release(ballot::manifest::Release {
                version: "1.0.0".to_owned(),
                platform: "linux".to_owned(),
                size: 9,
                sha256: [7; 32],
            }),
            26,
            vec![
                ("version", written(|w| w.text("1.0.0"))),
                ("platform", written(|w| w.text("linux"))),
                ("size", n(9)),
                ("hash", vec![7; 32]),
            ],
        ),
    ]
}

/// Acts that say how a sealed election stands.
fn standing(lab: &Lab) -> Vec<(Act, u8, Vec<Field>)> {
    vec![
        (
            Act::Withdraw {
                reason: lab.manifest.as_ref().unwrap().manifest.title.clone(),
            },
            29,
            vec![(
                "reason",
                wire(&lab.manifest.as_ref().unwrap().manifest.title),
            )],
        ),
        (
            Act::Hints(board::entry::Hints {
                number: 3,
                portal: "https://vote.example".to_owned(),
                hints: vec!["https://a.example".to_owned()],
            }),
            33,
            vec![
                ("number", 3u32.to_le_bytes().to_vec()),
                ("portal", written(|w| w.text("https://vote.example"))),
                (
                    "hints",
                    written(|w| {
                        w.u32(1);
                        w.text("https://a.example");
                    }),
                ),
            ],
        ),
    ]
}

/// What the officers sign. The validators' signatures cover the same and the officers' own
/// (core/board/tests/handover.rs).
fn hand_over(lab: &mut Lab) -> Tried {
    let validators = lab.network().validators.clone();
    let h = lab.hand_over_to(1, validators);
    let key = &lab.parties.officers[0];
    let fields = vec![
        top(27),
        ("election", wire(&h.election)),
        ("epoch", h.epoch.to_le_bytes().to_vec()),
        ("validators", written(|w| w.list(&h.validators))),
        ("until", h.until.to_le_bytes().to_vec()),
    ];
    let by = (&key.public(), &h.officers[0].1);
    signed("officer-hand-over", by, &h.ordered(), fields)
}

fn acts(lab: &mut Lab) -> Vec<Tried> {
    let election = lab.election;
    let acts = [list(lab), standing(lab)].concat();
    acts.into_iter()
        .map(|(act, kind, more)| {
            let key = &lab.parties.officers[0];
            let signature = OfficerAct::sign(&election, &act, key, &mut lab.rng);
            let mut fields = vec![top(kind), ("election", wire(&election))];
            fields.extend(more);
            let message = OfficerAct::message(&election, &act);
            let by = (&key.public(), &signature);
            signed(act.purpose(), by, &message, fields)
        })
        .collect()
}
