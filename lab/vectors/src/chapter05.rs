//! Chapter 05: one whole election as a chain, and blocks that continue it from some height.

mod ballots;
mod begin;
mod close;
pub mod handover;
mod officers;
mod own_card;
mod releases;
mod standing;
mod tallying;

use crate::file::{Answer, File, Group};
use crate::input::{In, bytes_of, hex};
use crate::manifest::small;
use ballot::{Ballot, CheckBallot, SealedManifest};
use board::entry::{Act, Entry, OfficerAct, Setup};
use board::{Block, Header, NetworkConfig, State};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use testkit::election::{Lab, OPENS};

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
        out["spoiled"] = json!(e.check_ballots());
        out["opened"] = json!(e.openings());
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
    /// The close block.
    ended: usize,
    /// The box is closed and reported.
    closed: usize,
    committed: usize,
    announced: usize,
    shared: usize,
    result: usize,
}

/// The election of all chapters that need one: three voters, one of them twice, one check ballot,
/// one opening (of the ballot that was replaced).
pub struct Story {
    pub lab: Lab,
    at: Heights,
    cast: Vec<Ballot>,
    check: Vec<u8>,
    checked: Ballot,
}

impl Story {
    pub fn new() -> Self {
        let mut lab = Lab::new(small());
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
        let check = CheckBallot::open(&checked, &key, &mut lab.rng).to_bytes();
        let again = lab.marked(1, &[vec![0], vec![1]]);
        lab.post(&[check.clone(), again.to_bytes()]);
        cast.push(again);
        let opening = lab.opening(&cast[1], ballot::Side::Mask).to_bytes();
        lab.post(&[opening]);
        at.voted = lab.chain.len() - 1;
        lab.close();
        at.ended = lab.chain.len() - 1;
        lab.evidence();
        at.closed = lab.chain.len() - 1;
        lab.commit_shares(2);
        at.committed = lab.chain.len() - 1;
        lab.announce();
        at.announced = lab.chain.len() - 1;
        lab.post_shares(2);
        at.shared = lab.chain.len() - 1;
        lab.post_result();
        at.result = lab.chain.len() - 1;
        // What is made from now on stands in blocks of the first hour.
        lab.in_window = Some(0);
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
        self.blocks(after, &[(self.time_after(after), entries)])
    }
    /// The time of that block.
    fn time_after(&self, after: usize) -> u64 {
        self.header(after).time_ms + 1000
    }
    fn act(&mut self, act: Act) -> Vec<u8> {
        self.lab.act(act).encode()
    }
    /// An act with these officers' indices, signed by those.
    fn act_by(&mut self, by: [u16; 2], keys: [usize; 2]) -> Vec<u8> {
        let act = Act::Drain;
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
        CheckBallot::open(b, &key, &mut self.lab.rng).to_bytes()
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
        text: ballot::text::Text::new("記", "n", "記"),
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
        "block-header",
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

pub fn file() -> File {
    let mut s = Story::new();
    let groups = vec![
        stages(&s),
        headers(&mut s),
        begin::setups(&mut s),
        begin::sealing(&mut s),
        officers::officers(&mut s),
        releases::releases(&mut s),
        standing::withdrawals(&mut s),
        standing::addresses(&mut s),
        handover::hand_overs(&mut s),
        ballots::ballots(&mut s),
        own_card::further(&mut s),
        ballots::openings(&mut s),
        close::late(&mut s),
        close::draining(&mut s),
        close::resuming(&mut s),
        tallying::evidence(&mut s),
        tallying::tallying(&mut s),
    ];
    File::new(
        "05-board.json",
        "Chapter 05: a whole election as blocks; each vector continues it behind block `after` with \
         its own blocks, and the verdict is the first broken rule.",
        &s.shared(),
        groups,
    )
}
