//! Chapter 05: one whole election as a chain, and blocks that continue it somewhere.

use crate::book;
use crate::file::{Answer, File, Group};
use crate::input::{In, bytes_of, hex};
use crate::manifest::SMALL;
use ballot::ballot::BALLOT_PURPOSE;
use ballot::{Ballot, SealedManifest, SpoiledBallot};
use board::entry::{Act, CeremonyEntry, Entry, OfficerAct, ResultEntry, Setup, ShareCommit};
use board::{Block, Header, NetworkConfig, State};
use ceremony::Message;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use testkit::election::{Lab, MINUTE, OPENS};

/// Takes one block, or says which rule refuses it.
fn take(state: &State, block: &Value) -> Result<State, String> {
    let header = Header::from_bytes(&bytes_of(&block["header"])).map_err(|_| "R8.02")?;
    let entries: Vec<Vec<u8>> = block["entries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(bytes_of)
        .collect();
    let refs: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let results = board::check_many(state.context(), &refs, &mut rng);
    let checked = results
        .into_iter()
        .collect::<Result<Vec<_>, _>>()
        .map_err(|rule| rule.to_string())?;
    state
        .apply_block(&header, &checked)
        .map_err(|e| e.rule().to_string())
}

fn about(state: &State) -> Value {
    let mut out = json!({"digest": hex(state.digest())});
    let sealed = state.elections().find(|e| e.hash().is_some());
    if let Some(e) = sealed {
        out["phase"] = json!(e.phase().as_str());
        out["close_at"] = json!(e.close_at());
        out["received"] = json!(e.received());
        out["counted"] = json!(e.counted());
        out["spoiled"] = json!(e.spoiled());
        if let Some(t) = e.target() {
            out["counted_root"] = json!(t.counted_root.to_hex());
            out["target"] = json!(t.digest().to_hex());
        }
        if let Some(r) = e.result() {
            out["votes"] = json!(r.votes);
        }
    }
    out
}

/// States after each block of the shared chain.
fn states(shared: In<'_>) -> std::rc::Rc<Vec<State>> {
    type Cache = Option<(Value, std::rc::Rc<Vec<State>>)>;
    thread_local! {
        static LAST: std::cell::RefCell<Cache> = const { std::cell::RefCell::new(None) };
    }
    let blocks = shared.get("blocks");
    LAST.with_borrow_mut(|last| {
        if let Some((_, states)) = last.as_ref().filter(|(of, _)| of == blocks) {
            return std::rc::Rc::clone(states);
        }
        let network = NetworkConfig::from_bytes(&shared.bytes("network")).expect("a network");
        let mut states = vec![State::genesis(&network)];
        for block in blocks.as_array().expect("a list").iter().skip(1) {
            let next = take(&states[states.len() - 1], block).expect("a good block");
            states.push(next);
        }
        let states = std::rc::Rc::new(states);
        *last = Some((blocks.clone(), std::rc::Rc::clone(&states)));
        states
    })
}

fn compute(i: In<'_>, shared: In<'_>) -> Answer {
    let after = usize::try_from(i.number("after")).expect("small");
    let mut state = states(shared)[after].clone();
    for block in i.list("blocks") {
        match take(&state, block) {
            Ok(next) => state = next,
            Err(rule) => return Answer::refuse(rule),
        }
    }
    Answer::accept(about(&state))
}

/// Block heights at which something has just happened.
#[derive(Clone, Copy, Default)]
struct Heights {
    setup: usize,
    ceremony: usize,
    seal: usize,
    open: usize,
    opening: usize,
    voted: usize,
    closed: usize,
    committed: usize,
    announced: usize,
    shared: usize,
    result: usize,
}

/// The election of all chapters that need one: three voters, one of them twice, one check ballot.
pub struct Story {
    pub lab: Lab,
    at: Heights,
    cast: Vec<Ballot>,
    check: Vec<u8>,
    checked: Ballot,
}

impl Story {
    pub fn new() -> Self {
        let mut lab = Lab::new(SMALL);
        let mut at = Heights::default();
        lab.set_up();
        at.setup = lab.chain.len() - 1;
        lab.run_ceremony();
        at.ceremony = lab.chain.len() - 1;
        lab.seal();
        at.seal = lab.chain.len() - 1;
        lab.advance_to(OPENS - 30_000);
        let open = lab.open_act();
        lab.post_one(&open);
        at.open = lab.chain.len() - 1;
        lab.advance_to(OPENS);
        at.opening = lab.chain.len() - 1;
        let marks: [[&[u16]; 2]; 3] = [[&[0], &[0, 1]], [&[1], &[]], [&[0], &[2]]];
        let mut cast = Vec::new();
        for (i, m) in marks.iter().enumerate() {
            cast.push(lab.marked(i, &m.map(<[u16]>::to_vec)));
        }
        let all: Vec<Vec<u8>> = cast.iter().map(|b| b.to_bytes()).collect();
        lab.post(&all);
        let checked = lab.ballot_with(3, 1, 1, Hash::ZERO);
        let key = lab.voter(3).key.clone();
        let check = SpoiledBallot::open(&checked, &key, &mut lab.rng).to_bytes();
        let again = lab.marked(1, &[vec![0], vec![1]]);
        lab.post(&[check.clone(), again.to_bytes()]);
        cast.push(again);
        at.voted = lab.chain.len() - 1;
        lab.evidence();
        lab.close();
        at.closed = lab.chain.len() - 1;
        lab.commit_shares(2);
        at.committed = lab.chain.len() - 1;
        lab.announce();
        at.announced = lab.chain.len() - 1;
        lab.post_shares(2);
        at.shared = lab.chain.len() - 1;
        lab.post_result();
        at.result = lab.chain.len() - 1;
        Self {
            lab,
            at,
            cast,
            check,
            checked,
        }
    }
    /// Network and blocks.
    pub fn shared(&self) -> Value {
        let blocks: Vec<Value> = self
            .lab
            .chain
            .iter()
            .map(|s| block_value(&s.block))
            .collect();
        json!({"network": hex(self.lab.network().to_bytes()), "blocks": blocks})
    }
    fn header(&self, after: usize) -> &Header {
        &self.lab.chain[after].block.header
    }
    /// Blocks of these times and entries behind a block of the chain.
    fn blocks(&self, after: usize, list: &[(u64, Vec<Vec<u8>>)]) -> Value {
        let mut parent = self.header(after).clone();
        let mut out = Vec::new();
        for (time, entries) in list {
            let block = Block::new(&parent, *time, entries.clone());
            parent = block.header.clone();
            out.push(block_value(&block));
        }
        json!({"after": after, "blocks": out})
    }
    /// One block a second later.
    fn next(&self, after: usize, entries: Vec<Vec<u8>>) -> Value {
        self.blocks(after, &[(self.header(after).time_ms + 1000, entries)])
    }
    fn act(&mut self, act: Act) -> Vec<u8> {
        self.lab.act(act).encode()
    }
    /// An act with these officers' indices, signed by those.
    fn act_by(&mut self, by: [u16; 2], keys: [usize; 2]) -> Vec<u8> {
        let act = Act::Close;
        let signatures = [0, 1].map(|n| {
            let key = &self.lab.parties.officers[keys[n]];
            let signature = OfficerAct::sign(&self.lab.election, &act, key, &mut self.lab.rng);
            (by[n], signature)
        });
        let election = self.lab.election;
        Entry::Act(Box::new(OfficerAct {
            election,
            act,
            signatures,
        }))
        .encode()
    }
    fn ballot(&mut self, voter: usize, seq: u32, prev: Hash) -> Ballot {
        self.lab.ballot_with(voter, 0, seq, prev)
    }
    fn opened(&mut self, voter: usize, b: &Ballot) -> Vec<u8> {
        let key = self.lab.voter(voter).key.clone();
        SpoiledBallot::open(b, &key, &mut self.lab.rng).to_bytes()
    }
    fn setup(&mut self, key: &SigningKey, change: impl FnOnce(&mut Setup)) -> Vec<u8> {
        let mut setup = self.lab.parties.setup();
        change(&mut setup);
        Entry::Setup(Box::new(setup.signed(key, &mut self.lab.rng))).encode()
    }
    fn seal(&mut self, change: impl FnOnce(&mut ballot::Manifest)) -> Vec<u8> {
        let mut m = self.lab.manifest.as_ref().expect("sealed").manifest.clone();
        change(&mut m);
        let sealed = self.lab.parties.seal(m, &mut self.lab.rng);
        Entry::Seal(Box::new(sealed)).encode()
    }
    fn sealed_again(&mut self) -> SealedManifest {
        let m = self.lab.manifest.as_ref().expect("sealed").manifest.clone();
        self.lab.parties.seal(m, &mut self.lab.rng)
    }
}

fn block_value(block: &Block) -> Value {
    let entries: Vec<Value> = block.entries.iter().map(hex).collect();
    json!({"header": hex(block.header.to_bytes()), "entries": entries})
}

/// Changes the header of the only block.
fn with_header(story: &Story, after: usize, change: impl FnOnce(&mut Header)) -> Value {
    let parent = story.header(after);
    let mut block = Block::new(parent, parent.time_ms + 1000, vec![]);
    change(&mut block.header);
    json!({"after": after, "blocks": [block_value(&block)]})
}

fn group(kind: &'static str, note: &'static str) -> Group {
    Group::new(kind, note, compute)
}

fn stages(s: &Story) -> Group {
    let h = s.at;
    let list = [
        ("set up", h.setup),
        ("ceremony finished", h.ceremony),
        ("sealed", h.seal),
        ("opened", h.open),
        ("first opening", h.opening),
        ("voted", h.voted),
        ("closed", h.closed),
        ("committed", h.committed),
        ("announced", h.announced),
        ("shares shown", h.shared),
        ("result", h.result),
    ];
    group("stage", "the state after a block of the shared chain").all(list.map(|(name, after)| {
        let inputs = json!({"after": after, "blocks": []});
        (name.to_owned(), inputs, "accept".to_owned())
    }))
}

fn headers(s: &mut Story) -> Group {
    let k = s.at.opening;
    let time = s.header(k).time_ms;
    let two = {
        let mut list =
            [s.ballot(5, 1, Hash::ZERO), s.ballot(6, 1, Hash::ZERO)].map(|b| b.to_bytes());
        list.sort_by_key(|b| board::entry_hash(b));
        list
    };
    let notice = s.act(Act::Notice {
        key: "n".into(),
        text: ballot::text::Text::default(),
    });
    let b = s.ballot(5, 1, Hash::ZERO);
    let (one, other) = (s.opened(5, &b), {
        let b = s.ballot(5, 1, Hash::ZERO);
        s.opened(5, &b)
    });
    let mut twice = vec![one, other];
    twice.sort_by_key(|b| board::entry_hash(b));
    let reversed = vec![two[1].clone(), two[0].clone()];
    group(
        "header",
        "a block behind the shared chain: its header and the order in it",
    )
    .good("an empty block", s.next(k, vec![]))
    .good("one millisecond later", s.blocks(k, &[(time + 1, vec![])]))
    .with(
        "another network",
        with_header(s, k, |h| h.network[0] ^= 1),
        "R6.01",
    )
    .with(
        "another parent",
        with_header(s, k, |h| h.parent[0] ^= 1),
        "R6.02",
    )
    .with(
        "a height left out",
        with_header(s, k, |h| h.height += 1),
        "R6.02",
    )
    .with("the parent's time", s.blocks(k, &[(time, vec![])]), "R6.03")
    .with(
        "another root",
        with_header(s, k, |h| h.entries_root[0] ^= 1),
        "R6.04",
    )
    .with("another count", with_header(s, k, |h| h.count = 1), "R6.04")
    .good("two ballots in order", s.next(k, two.to_vec()))
    .with("two ballots out of order", s.next(k, reversed), "R6.05")
    .with(
        "one ballot twice",
        s.next(k, vec![two[0].clone(), two[0].clone()]),
        "R6.05",
    )
    .good(
        "an act before a ballot",
        s.next(k, vec![notice.clone(), two[0].clone()]),
    )
    .with(
        "an act behind a ballot",
        s.next(k, vec![two[0].clone(), notice.clone()]),
        "R6.05",
    )
    .with(
        "an act twice",
        s.next(k, vec![notice.clone(), notice]),
        "R5.04",
    )
    .with("a voting key twice", s.next(k, twice), "R6.06")
}

fn setups(s: &mut Story) -> Group {
    let authority = s.lab.parties.authority.clone();
    let stranger = s.lab.parties.officers[0].clone();
    let first = s.lab.chain[s.at.setup].block.entries[0].clone();
    let network = s.lab.network().to_bytes();
    let other = s.setup(&authority, |x| x.id = "another".into());
    let cases = [
        (
            "R5.06",
            "a setup for another network",
            s.setup(&authority, |x| x.network[0] ^= 1),
        ),
        (
            "R5.07",
            "a setup signed by another key",
            s.setup(&stranger, |_| ()),
        ),
        (
            "R5.08",
            "one officer",
            s.setup(&authority, |x| x.officers.truncate(1)),
        ),
        (
            "R5.08",
            "an officer's key twice",
            s.setup(&authority, |x| {
                x.officers[1].key = x.officers[0].key;
            }),
        ),
        (
            "R5.08",
            "a trustee without name",
            s.setup(&authority, |x| drop(x.trustee_names.pop())),
        ),
        (
            "R5.10",
            "an authority that is not listed",
            s.setup(&stranger, |x| {
                x.authority = stranger.public();
            }),
        ),
        ("R5.01", "one byte", vec![1]),
        ("R5.01", "version 2", [&[2][..], &first[1..]].concat()),
        ("R5.01", "an unknown type", vec![1, 26]),
        ("R5.01", "a network outside genesis", network),
        ("R5.01", "a byte after the end", [&first[..], &[0]].concat()),
    ];
    let mut g = group("setup", "a setup behind the genesis block or later")
        .good("the first setup", s.next(0, vec![first.clone()]))
        .good("a second election", s.next(s.at.result, vec![other]))
        .with(
            "the same setup twice",
            s.next(s.at.setup, vec![first]),
            "R5.04",
        );
    for (rule, name, entry) in cases {
        g = g.with(name, s.next(0, vec![entry]), rule);
    }
    g
}

fn sealing(s: &mut Story) -> Group {
    let h = s.at;
    let message = Message::Commit(Hash([1; 64]));
    let known = s.lab.ceremony_entry(1, message.clone());
    let mut unknown = CeremonyEntry::new(s.lab.setup, 4, message.clone());
    unknown = unknown.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let mut foreign = CeremonyEntry::new(s.lab.setup, 2, message.clone());
    foreign = foreign.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let mut lost = CeremonyEntry::new(Hash([3; 64]), 1, message);
    lost = lost.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let entry = |c: CeremonyEntry| Entry::Ceremony(Box::new(c)).encode();
    let early = s.lab.ceremony_entry(1, Message::Confirm).encode();
    let close = s.lab.manifest.as_ref().expect("sealed").manifest.close_at;
    let good = s.lab.chain[h.seal].block.entries[0].clone();
    let again = Entry::Seal(Box::new(s.sealed_again())).encode();
    let mut unsigned = s.sealed_again();
    unsigned.trustee_signatures.truncate(1);
    let unsigned = Entry::Seal(Box::new(unsigned)).encode();
    let cases = [
        (
            "R5.01",
            "a seal with a byte after the end",
            [&good[..], &[0]].concat(),
        ),
        (
            "R5.03",
            "a seal of an unknown setup",
            s.seal(|m| m.setup = Hash([3; 64])),
        ),
        (
            "R1.04",
            "a seal with a window after the close",
            s.seal(|m| {
                m.channels[0].windows[0].closes += 1;
            }),
        ),
        ("R1.08", "a seal with one trustee", unsigned),
        (
            "R5.11",
            "a manifest with another id",
            s.seal(|m| m.id = "another".into()),
        ),
        (
            "R5.11",
            "a manifest with another officer's name",
            s.seal(|m| {
                m.officers[0].name = ballot::text::Text::default();
            }),
        ),
        (
            "R5.12",
            "a manifest with another joint key",
            s.seal(|m| {
                m.trustees.joint = m.authority;
            }),
        ),
        (
            "R5.12",
            "a manifest with another root",
            s.seal(|m| m.trustees.ceremony_root.0[0] ^= 1),
        ),
        (
            "R5.13",
            "a manifest with fewer validators",
            s.seal(|m| drop(m.validators.pop())),
        ),
    ];
    let other_order = s.seal(|m| m.validators.reverse());
    let mut g = group("seal", "ceremony and seal")
        .good("a first message", s.next(h.setup, vec![known.encode()]))
        .with(
            "a sender who is not on the roster",
            s.next(h.setup, vec![entry(unknown)]),
            "R2.11",
        )
        .with(
            "a message signed by another",
            s.next(h.setup, vec![entry(foreign)]),
            "R5.09",
        )
        .with(
            "a message for another setup",
            s.next(h.setup, vec![entry(lost)]),
            "R5.03",
        )
        .with(
            "a confirmation in round 1",
            s.next(h.setup, vec![early.clone()]),
            "R2.03",
        )
        .good("a seal", s.next(h.ceremony, vec![good.clone()]))
        .good(
            "validators in another order",
            s.next(h.ceremony, vec![other_order]),
        )
        .with(
            "a seal before the ceremony ends",
            s.next(h.ceremony - 1, vec![good.clone()]),
            "R5.12",
        )
        .with(
            "a seal at the close",
            s.blocks(h.ceremony, &[(close, vec![good])]),
            "R5.14",
        )
        .with("a second seal", s.next(h.seal, vec![again]), "R5.05")
        .with(
            "a message after the seal",
            s.next(h.seal, vec![early]),
            "R5.05",
        );
    for (rule, name, entry) in cases {
        g = g.with(name, s.next(h.ceremony, vec![entry]), rule);
    }
    g
}

fn officers(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let limit = close + 60 * MINUTE;
    let open = |s: &mut Story, count, at: usize, spoil: u8| {
        let mut head = s.header(at).digest();
        head[0] ^= spoil;
        s.act(Act::Open {
            count,
            height: at as u64,
            head,
        })
    };
    let k = h.open - 1;
    let good = open(s, 0, k, 0);
    let mut unknown = OfficerAct {
        election: Hash([3; 64]),
        act: Act::Close,
        signatures: [0u16, 1].map(|i| {
            let key = &s.lab.parties.officers[usize::from(i)];
            (
                i,
                OfficerAct::sign(&Hash([3; 64]), &Act::Close, key, &mut s.lab.rng),
            )
        }),
    };
    let lost = Entry::Act(Box::new(unknown.clone())).encode();
    unknown.election = s.lab.setup;
    let setup_named = Entry::Act(Box::new(unknown)).encode();
    let cases = [
        (
            "R5.17",
            "opening with a ballot in the box",
            open(s, 1, k, 0),
        ),
        ("R5.17", "opening with another head", open(s, 0, k, 1)),
        (
            "R5.17",
            "opening with a head before the seal",
            open(s, 0, h.ceremony, 0),
        ),
        ("R5.03", "an act on another election", lost),
        ("R5.03", "an act that names the setup", setup_named),
        ("R5.15", "one officer twice", s.act_by([1, 1], [1, 1])),
        ("R5.15", "officers out of order", s.act_by([1, 0], [1, 0])),
        (
            "R5.15",
            "an officer who does not exist",
            s.act_by([0, 3], [0, 2]),
        ),
        (
            "R5.16",
            "another officer's signature",
            s.act_by([0, 1], [0, 2]),
        ),
        (
            "R5.34",
            "closing an election that is sealed",
            s.act(Act::Close),
        ),
        (
            "R5.05",
            "announcing an election that is sealed",
            s.act(Act::Announce),
        ),
        (
            "R5.05",
            "resuming an election that is sealed",
            s.act(Act::Resume { until: close }),
        ),
        (
            "R5.31",
            "extending an election that is sealed",
            s.act(Act::Extend { until: limit }),
        ),
        (
            "R5.49",
            "a salt key destroyed before the close",
            s.act(Act::SaltDestroyed { registrar: 0 }),
        ),
    ];
    let mut g = group("officers", "acts of two officers")
        .good("opening", s.next(k, vec![good.clone()]))
        .with(
            "opening at the close",
            s.blocks(k, &[(close, vec![good])]),
            "R5.18",
        );
    for (rule, name, entry) in cases {
        g = g.with(name, s.next(k, vec![entry]), rule);
    }
    let late = |s: &mut Story, act: Act| {
        let entry = s.act(act);
        s.blocks(
            h.voted,
            &[
                (close + 60 * MINUTE - 1, vec![]),
                (close + 60 * MINUTE, vec![entry]),
            ],
        )
    };
    let until = close + 30 * MINUTE;
    let extend = |s: &mut Story, until| {
        let entry = s.act(Act::Extend { until });
        s.next(h.voted, vec![entry])
    };
    let now = close + 60 * MINUTE;
    let short = s.act(Act::Resume { until: limit });
    let resume = s.blocks(
        h.voted,
        &[(close + MINUTE, vec![]), (close + MINUTE + 1, vec![short])],
    );
    let ballot = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let halted = s.blocks(h.voted, &[(close, vec![]), (close + 1, vec![ballot])]);
    let drained = s.act(Act::Extend { until });
    let drain = s.blocks(h.voted, &[(close - 59_000, vec![]), (close, vec![drained])]);
    g.good("an extension", extend(s, until))
        .with("an extension to the same close", extend(s, close), "R5.32")
        .with(
            "an extension above the limit",
            extend(s, limit + 1),
            "R5.32",
        )
        .with("an extension at the close", drain, "R5.31")
        .with(
            "closing while open",
            {
                let entry = s.act(Act::Close);
                s.next(h.voted, vec![entry])
            },
            "R5.34",
        )
        .good(
            "halted after a silence at the close",
            s.blocks(h.voted, &[(close, vec![])]),
        )
        .with("a ballot while halted", halted, "R5.20")
        .good("halted and closed by officers", late(s, Act::Close))
        .good("halted and resumed", resume)
        .with(
            "resumed into the past",
            late(s, Act::Resume { until: now }),
            "R5.33",
        )
        .with(
            "resumed above the limit",
            late(s, Act::Resume { until: limit + 1 }),
            "R5.33",
        )
        .with(
            "opened twice",
            {
                let entry = open(s, 0, h.open, 0);
                s.next(h.opening, vec![entry])
            },
            "R5.05",
        )
}

fn ballots(s: &mut Story) -> Group {
    let (h, close) = (s.at, s.lab.on_board().close_at());
    let mut g = group("ballot", "ballots and check ballots on the board");
    let good = s.ballot(5, 1, Hash::ZERO).to_bytes();
    let last = s.cast[0].entry_hash();
    let again = s.lab.ballot_from(0, 1, (2, last), &[99; 32]);
    let reused = s.lab.ballot_from(5, 1, (1, Hash::ZERO), &[99; 32]);
    let opened_reused = s.opened(5, &reused);
    let (again, reused) = (again.to_bytes(), reused.to_bytes());
    let cast_opened = {
        let b = s.cast[0].clone();
        s.opened(0, &b)
    };
    let checks: Vec<Vec<u8>> = (0..6)
        .map(|_| {
            let b = s.ballot(5, 1, Hash::ZERO);
            s.opened(5, &b)
        })
        .collect();
    let time = s.header(h.voted).time_ms;
    let row = |n: usize| -> Vec<(u64, Vec<Vec<u8>>)> {
        (1u64..)
            .zip(&checks[..n])
            .map(|(i, c)| (time + i, vec![c.clone()]))
            .collect()
    };
    let fingerprint = {
        let other = s.ballot(3, 1, Hash::ZERO);
        let key = s.lab.voter(3).key.clone();
        let mut opened = SpoiledBallot::open(&other, &key, &mut s.lab.rng);
        opened.committed = s.checked.entry_hash();
        let message = opened.signed_bytes();
        opened.signature = key.sign(ballot::spoiled::OPEN_PURPOSE, &message, &mut s.lab.rng);
        opened.to_bytes()
    };
    let mixed = mixed(s);
    let (twice, other) = (repeated(s), s.ballot(5, 2, Hash([1; 64])).to_bytes());
    let (gap, wrong) = (
        s.ballot(0, 4, last).to_bytes(),
        s.ballot(0, 2, Hash([1; 64])).to_bytes(),
    );
    let old = s.ballot(0, 1, Hash::ZERO).to_bytes();
    let check = checks[0].clone();
    let cast_check = s.checked.to_bytes();
    let late = [
        (close - 1000, vec![]),
        (close + 30_000, vec![]),
        (close + 60_000, vec![good.clone()]),
    ];
    let drain = [
        (close - 1000, vec![]),
        (close + 30_000, vec![]),
        (close + 59_999, vec![good.clone()]),
    ];
    g = g
        .good("a first ballot", s.next(h.voted, vec![good.clone()]))
        .good("a second ballot", s.next(h.voted, vec![again.clone()]))
        .good("in the drain", s.blocks(h.voted, &drain))
        .with("in the close block", s.blocks(h.voted, &late), "R5.22")
        .with(
            "before voting opens",
            s.next(h.seal, vec![good.clone()]),
            "R5.20",
        )
        .with(
            "a check ballot before voting opens",
            s.next(h.seal, vec![check.clone()]),
            "R5.20",
        )
        .with(
            "before the first opening",
            s.next(h.open, vec![good.clone()]),
            "R5.21",
        )
        .with("after the close", s.next(h.closed, vec![good]), "R5.22")
        .with(
            "after the result",
            s.next(h.result, vec![check.clone()]),
            "R5.22",
        )
        .with(
            "the same ballot again",
            s.next(h.voted, vec![s.cast[0].to_bytes()]),
            "R5.04",
        )
        .with("number 1 again", s.next(h.voted, vec![old]), "R5.23")
        .with("a number left out", s.next(h.voted, vec![gap]), "R5.23")
        .with("number 2 first", s.next(h.voted, vec![other]), "R5.23")
        .with("another predecessor", s.next(h.voted, vec![wrong]), "R5.24")
        .with(
            "one randomness twice inside",
            s.next(h.voted, vec![twice]),
            "R3.19",
        );
    let two = |a: &[u8], b: &[u8]| [(time + 1, vec![a.to_vec()]), (time + 2, vec![b.to_vec()])];
    g.with(
        "randomness of a cast ballot",
        s.blocks(h.voted, &two(&again, &reused)),
        "R5.25",
    )
    .with(
        "casting a check ballot",
        s.next(h.voted, vec![cast_check]),
        "R5.26",
    )
    .with("randomness of a cast and of a check ballot", mixed, "R5.26")
    .with(
        "randomness of a check ballot",
        s.blocks(h.voted, &two(&opened_reused, &again)),
        "R5.26",
    )
    .with(
        "opening a cast ballot",
        s.next(h.voted, vec![cast_opened.clone()]),
        "R5.27",
    )
    .with(
        "opening a cast ballot after the close",
        s.next(h.closed, vec![cast_opened]),
        "R5.27",
    )
    .good("a check ballot", s.next(h.voted, vec![check]))
    .with(
        "the same check ballot again",
        s.next(h.voted, vec![s.check.clone()]),
        "R5.04",
    )
    .with(
        "the same fingerprint again",
        s.next(h.voted, vec![fingerprint]),
        "R5.04",
    )
    .good("five check ballots", s.blocks(h.voted, &row(5)))
    .with("a sixth check ballot", s.blocks(h.voted, &row(6)), "R5.28")
}

/// A ballot of voter 5 by the prover of the book, with chosen randomness per contest.
fn by_the_book(s: &mut Story, r: [Vec<Scalar>; 2]) -> Ballot {
    let rules = s.lab.rules.clone().expect("sealed");
    let mut b = s.ballot(5, 1, Hash::ZERO);
    for (c, r) in (0u16..).zip(r) {
        let key = &rules.keys()[usize::from(c)];
        let bits = book::bits(key.shape(), &[0]);
        let ctx = ballot::proof::Context {
            election: b.election,
            contest: c,
            vk: b.vk,
            seq: b.seq,
            prev: b.prev,
            mark: b.mark,
        };
        let plain = &bits[..key.shape().options()];
        let pair = (key.shape(), key.joint());
        let made = book::prove(pair, &ctx, (&bits, plain), r, &mut s.lab.rng);
        b.contests[usize::from(c)] = made.contest.to_bytes();
    }
    let key = s.lab.voter(5).key.clone();
    b.signature = key.sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut s.lab.rng);
    b
}

fn small(list: &[u8]) -> Vec<Scalar> {
    list.iter().map(|i| Scalar::from(*i)).collect()
}

fn repeated(s: &mut Story) -> Vec<u8> {
    by_the_book(s, [small(&[1, 2]), small(&[3, 2, 4])]).to_bytes()
}

/// First a cast ballot, then a check ballot, then one with a ciphertext's randomness of each.
fn mixed(s: &mut Story) -> Value {
    let time = s.header(s.at.voted).time_ms;
    let seeds = [[71; 32], [72; 32]];
    let marks = [vec![0], vec![]];
    let cast = s.lab.ballot_of(6, &marks, (1, Hash::ZERO), &seeds[0]);
    let check = s.lab.ballot_of(7, &marks, (1, Hash::ZERO), &seeds[1]);
    let check = s.opened(7, &check);
    let r = |seed: &[u8; 32], n: u32| ballot::proof::randomness(seed, 0, n);
    let first = vec![r(&seeds[0], 0), Scalar::from(9u8)];
    let second = vec![r(&seeds[1], 0), Scalar::from(7u8), Scalar::from(8u8)];
    let both = by_the_book(s, [first, second]);
    let list = [
        (time + 1, vec![cast.to_bytes()]),
        (time + 2, vec![check]),
        (time + 3, vec![both.to_bytes()]),
    ];
    s.blocks(s.at.voted, &list)
}

fn evidence(s: &mut Story) -> Group {
    let h = s.at;
    let make = |s: &mut Story, registrar: usize, day| s.lab.evidence_of(registrar, day).encode();
    let first = make(s, 0, 20_840);
    let old = make(s, 0, 20_839);
    let next = make(s, 0, 20_841);
    let mut damaged = next.clone();
    let end = damaged.len() - 33;
    damaged[end] ^= 1;
    let unordered = {
        let Ok(Entry::Evidence(mut e)) = Entry::decode(&next) else {
            panic!("evidence");
        };
        e.counts.push(e.counts[0]);
        let signed = e.signed(&s.lab.parties.registrars[0], &mut s.lab.rng);
        Entry::Evidence(Box::new(signed)).encode()
    };
    let nobody = {
        let Ok(Entry::Evidence(mut e)) = Entry::decode(&next) else {
            panic!("evidence");
        };
        e.registrar = 1;
        let signed = e.signed(&s.lab.parties.registrars[0], &mut s.lab.rng);
        Entry::Evidence(Box::new(signed)).encode()
    };
    group("evidence", "registrars' counts")
        .good("the first", s.next(h.voted, vec![first.clone()]))
        .good("the next day", s.next(h.closed, vec![next.clone()]))
        .with("another signature", s.next(h.voted, vec![damaged]), "R5.35")
        .with(
            "a registrar who does not exist",
            s.next(h.voted, vec![nobody]),
            "R5.35",
        )
        .with("before voting opens", s.next(h.seal, vec![first]), "R5.05")
        .with(
            "an earlier day",
            s.next(h.closed, vec![old.clone()]),
            "R5.36",
        )
        .with("a channel twice", s.next(h.voted, vec![unordered]), "R5.36")
        .with(
            "after the first commitment",
            s.next(h.closed + 1, vec![next]),
            "R5.37",
        )
        .with(
            "an earlier day after the first commitment",
            s.next(h.closed + 1, vec![old]),
            "R5.37",
        )
}

fn tallying(s: &mut Story) -> Group {
    let h = s.at;
    let target = s.lab.on_board().target().expect("closed").digest();
    let election = s.lab.election;
    let commit = |s: &mut Story, id: u16, target: Hash, key: usize| {
        let c = ShareCommit::new(election, id, target, Hash([4; 64]));
        let c = c.signed(&s.lab.parties.trustees[key], &mut s.lab.rng);
        Entry::ShareCommit(Box::new(c)).encode()
    };
    let announce = s.act(Act::Announce);
    let announce_at = s
        .lab
        .manifest
        .as_ref()
        .expect("sealed")
        .manifest
        .announce_at;
    let early = s.act(Act::Announce);
    let good = commit(s, 3, target, 2);
    let result = s.lab.chain[h.result].block.entries[0].clone();
    let shares =
        [h.announced + 1, h.announced + 2].map(|k| s.lab.chain[k].block.entries[0].clone());
    let third = {
        let (share, _) = s.lab.share(3);
        s.lab.share_entry(&share).encode()
    };
    let fresh = {
        let (share, _) = s.lab.share(1);
        s.lab.share_entry(&share).encode()
    };
    let few = {
        let mut share = s.lab.shares[0].clone();
        share.shares.pop();
        s.lab.share_entry(&share).encode()
    };
    let mut damaged = shares[0].clone();
    let end = damaged.len() - 33;
    damaged[end] ^= 1;
    let changed = |change: fn(&mut ResultEntry)| {
        let Ok(Entry::Result(mut r)) = Entry::decode(&result) else {
            panic!("a result");
        };
        change(&mut r);
        Entry::Result(r).encode()
    };
    let salt = |s: &mut Story, registrar| s.act(Act::SaltDestroyed { registrar });
    let (salt_one, salt_none) = (salt(s, 0), salt(s, 1));
    let salt_again = salt(s, 0);
    let time = s.header(h.result).time_ms;
    let cases = [
        (
            "R5.05",
            "a commitment while open",
            h.voted,
            commit(s, 3, target, 2),
        ),
        (
            "R5.38",
            "a commitment signed by another",
            h.closed,
            commit(s, 3, target, 1),
        ),
        (
            "R5.38",
            "a commitment of nobody",
            h.closed,
            commit(s, 4, target, 1),
        ),
        (
            "R5.39",
            "a second commitment",
            h.closed + 1,
            commit(s, 1, target, 0),
        ),
        (
            "R5.40",
            "a commitment for another box",
            h.closed,
            commit(s, 3, Hash([1; 64]), 2),
        ),
        (
            "R5.42",
            "an announcement too early",
            h.committed,
            early.clone(),
        ),
        (
            "R5.43",
            "an announcement without commitments",
            h.closed,
            early,
        ),
        (
            "R5.44",
            "a share before the announcement",
            h.committed,
            shares[0].clone(),
        ),
        ("R5.45", "a share without commitment", h.announced, third),
        ("R5.46", "a share signed by another", h.announced, damaged),
        ("R7.01", "a share too few", h.announced, few),
        (
            "R7.03",
            "another share than committed",
            h.announced,
            fresh.clone(),
        ),
        ("R5.45", "a second share", h.shared, fresh.clone()),
        ("R5.05", "a share after the result", h.result, fresh),
        (
            "R5.05",
            "a result before the announcement",
            h.committed,
            result.clone(),
        ),
        (
            "R5.47",
            "a result with one share",
            h.announced + 1,
            result.clone(),
        ),
        (
            "R5.48",
            "a result with another vote",
            h.shared,
            changed(|r| r.votes[0][0] += 1),
        ),
        (
            "R5.48",
            "a result with another count",
            h.shared,
            changed(|r| r.received += 1),
        ),
        (
            "R5.48",
            "a result with other credentials",
            h.shared,
            changed(|r| r.issued[0] += 1),
        ),
        ("R5.49", "the salt key of nobody", h.closed, salt_none),
    ];
    let salts = [
        (time + 1, vec![salt_one.clone()]),
        (time + 2, vec![salt_again]),
    ];
    let mut g = group("tally", "commitments, announcement, shares, result")
        .good(
            "a third commitment",
            s.next(h.committed, vec![good.clone()]),
        )
        .good(
            "an announcement",
            s.blocks(h.committed, &[(announce_at, vec![announce])]),
        )
        .good(
            "shares in another order",
            s.next(h.announced, vec![shares[1].clone(), shares[0].clone()]),
        )
        .good("a result", s.next(h.shared, vec![result]))
        .good("a salt key destroyed", s.next(h.closed, vec![salt_one]))
        .with(
            "a salt key destroyed twice",
            s.blocks(h.result, &salts),
            "R5.49",
        )
        .with(
            "a commitment before the evidence",
            without_evidence(s, 1),
            "R5.50",
        )
        .good(
            "a commitment an hour after the close",
            without_evidence(s, 60 * MINUTE),
        );
    for (rule, name, after, entry) in cases {
        g = g.with(name, s.next(after, vec![entry]), rule);
    }
    g
}

/// The box closes without any evidence; a commitment some time after the close block.
fn without_evidence(s: &mut Story, wait: u64) -> Value {
    let close = s.lab.on_board().close_at();
    let quiet = [
        (close - 1000, vec![]),
        (close + 30_000, vec![]),
        (close + 60_000, vec![]),
    ];
    let blocks = s.blocks(s.at.voted, &quiet);
    let shared = s.shared();
    let mut state = states(In(shared.as_object().expect("an object")))[s.at.voted].clone();
    for block in blocks["blocks"].as_array().expect("a list") {
        state = take(&state, block).expect("a good block");
    }
    let target = state
        .elections()
        .next()
        .and_then(|e| e.target())
        .expect("closed")
        .digest();
    let c = ShareCommit::new(s.lab.election, 1, target, Hash([4; 64]));
    let c = c.signed(&s.lab.parties.trustees[0], &mut s.lab.rng);
    let entry = Entry::ShareCommit(Box::new(c)).encode();
    let [a, b, c] = quiet;
    s.blocks(s.at.voted, &[a, b, c, (close + 60_000 + wait, vec![entry])])
}

pub fn file() -> File {
    let mut s = Story::new();
    let groups = vec![
        stages(&s),
        headers(&mut s),
        setups(&mut s),
        sealing(&mut s),
        officers(&mut s),
        ballots(&mut s),
        evidence(&mut s),
        tallying(&mut s),
    ];
    File::new(
        "05-board.json",
        "Chapter 05: a whole election as blocks; each vector continues it behind block `after` with \
         its own blocks, and the verdict is the first broken rule.",
        &s.shared(),
        groups,
    )
}
