//! A whole election in one process, without chain and card: real keys, real ceremony, real ballots,
//! blocks certified by test validators.
//!
//! [`Lab`] drives the board's state machine step by step; [`Lab::finished`] goes all the way and
//! [`Lab::record`] gives the public record. Test validators and officers sign whatever a test
//! wants, so forgeries with a dishonest network can be made too.
#![expect(
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "for tests: a step that fails must stop the test where it stands"
)]

mod cards;
mod chain;
mod keys;
mod large;
mod late;
mod openings;
mod parties;
mod record;

pub use cards::card_step;
pub use chain::{Stored, certify, engine_keys, rechain};
pub use keys::{IssuerKey, issuer_keys};
pub use late::promise;
pub use openings::Made;
pub use parties::{Parties, fit_windows, places_of, told};
pub use record::{record_of, save};

use ballot::ballot::BALLOT_PURPOSE;
use ballot::own_card::Place;
use ballot::{Ballot, SealedManifest, Selection, Side};
use ballot::{BallotRules, Draft};
use board::entry::{Act, Entry, Evidence, OfficerAct, ShareCommit, ShareEntry};
use board::{BlockError, Election, NetworkConfig, Phase, State};
use crypto::hash::to_hex;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use tally::PartialDecryption;

/// One minute in ms.
pub const MINUTE: u64 = 60_000;
/// 2027-01-22 08:30 JST.
pub const OPENS: u64 = 1_800_574_200_000;

/// Shape of a further contest.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Options.
    pub options: u16,
    /// Fewest marks.
    pub k_min: u16,
    /// Most marks.
    pub k_max: u16,
    /// Which option is the blank vote, if one is.
    pub blank: Option<u16>,
}

/// What kind of election to make.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Seed of all keys and randomness.
    pub seed: u64,
    /// Validators.
    pub validators: u8,
    /// Registrars, 1 or 2.
    pub registrars: usize,
    /// Trustees.
    pub n: u16,
    /// Threshold.
    pub t: u16,
    /// Options of the first contest, of which exactly one is marked.
    pub options: u16,
    /// Further contests.
    pub more: &'static [Kind],
    /// Smallest box that is decrypted.
    pub min_counted: u32,
    /// First opening, ms.
    pub opens: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            validators: 4,
            registrars: 1,
            n: 5,
            t: 3,
            options: 4,
            more: &[],
            min_counted: 1,
            opens: OPENS,
        }
    }
}

impl Options {
    /// The smallest election with a threshold: two of three trustees, two options.
    #[must_use]
    pub fn small() -> Self {
        Self {
            n: 3,
            t: 2,
            options: 2,
            ..Self::default()
        }
    }
}

/// One voter: a voting key and the last ballot cast.
#[derive(Debug)]
pub struct TestVoter {
    /// The voting key.
    pub key: SigningKey,
    /// Number of the last ballot.
    pub seq: u32,
    /// Its entry hash.
    pub last: Hash,
}

/// A board and everybody's keys.
#[derive(Debug)]
pub struct Lab {
    /// What was asked for.
    pub options: Options,
    /// Everybody's keys.
    pub parties: Parties,
    /// The board.
    pub state: State,
    /// The chain, genesis first.
    pub chain: Vec<Stored>,
    /// Time of the last block.
    pub now: u64,
    /// Entry hash of the setup.
    pub setup: Hash,
    /// Election hash, once sealed.
    pub election: Hash,
    /// The sealed manifest.
    pub manifest: Option<SealedManifest>,
    /// Rules of ballots.
    pub rules: Option<Arc<BallotRules>>,
    /// Voters by number.
    pub voters: Vec<TestVoter>,
    /// What the ballots made so far were made from, by entry hash.
    pub made: BTreeMap<Hash, Made>,
    /// The window of the tokens of further ballots; none: that of the clock.
    pub in_window: Option<u8>,
    /// Decryption shares made so far.
    pub shares: Vec<PartialDecryption>,
    /// Randomness.
    pub rng: ChaCha20Rng,
}

impl Lab {
    /// A network with nothing on its board.
    #[must_use]
    pub fn new(options: Options) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(options.seed);
        let parties = Parties::new(&options, &mut rng);
        let state = State::genesis(&parties.network);
        let genesis = board::header::genesis_block(&parties.network);
        Self {
            options,
            now: parties.network.genesis_time_ms,
            chain: vec![Stored {
                block: genesis,
                certificate: None,
            }],
            parties,
            state,
            setup: Hash::ZERO,
            election: Hash::ZERO,
            manifest: None,
            rules: None,
            voters: Vec::new(),
            made: BTreeMap::new(),
            in_window: None,
            shares: Vec::new(),
            rng,
        }
    }
    /// A sealed election that is not open yet.
    #[must_use]
    pub fn sealed(options: Options) -> Self {
        let mut lab = Self::new(options);
        lab.set_up();
        lab.run_ceremony();
        lab.seal();
        lab
    }
    /// An open election at its opening time.
    #[must_use]
    pub fn open(options: Options) -> Self {
        let mut lab = Self::sealed(options);
        lab.open_box();
        lab
    }
    /// A finished election: `choices[i]` is what voter i cast, in order. All ballots but those of
    /// the voters with odd numbers are opened.
    #[must_use]
    pub fn finished(options: Options, choices: &[&[u16]]) -> Self {
        let mut lab = Self::open(options);
        let most = choices.iter().map(|c| c.len()).max().unwrap_or(0);
        for round in 0..most {
            let ballots: Vec<Ballot> = (0..choices.len())
                .filter_map(|i| Some(lab.ballot(i, *choices[i].get(round)?)))
                .collect();
            lab.post(&ballots.iter().map(Ballot::to_bytes).collect::<Vec<_>>());
            let openings: Vec<Vec<u8>> = (0..choices.len())
                .filter(|i| choices[*i].len() > round)
                .zip(&ballots)
                .filter(|(i, _)| i.is_multiple_of(2))
                .map(|(_, b)| lab.opening(b, Side::Mask).to_bytes())
                .collect();
            lab.post(&openings);
        }
        lab.finish();
        lab
    }
    /// From open to the result.
    pub fn finish(&mut self) {
        self.close();
        self.evidence();
        self.tally();
    }
    /// From open to the result with no more evidence than was posted: an hour after the close block
    /// the trustees wait for it no longer.
    pub fn finish_without_evidence(&mut self) {
        self.close();
        let later = self.close_at() + 120 * MINUTE;
        self.advance_to(later);
        self.tally();
    }
    /// From the closed box to the result.
    pub fn tally(&mut self) {
        self.commit_shares(self.options.t);
        self.announce();
        self.post_shares(self.options.t);
        self.post_result();
    }

    /// The network.
    #[must_use]
    pub fn network(&self) -> &NetworkConfig {
        &self.parties.network
    }
    /// The election on the board.
    #[must_use]
    pub fn on_board(&self) -> &Election {
        self.state.election(&self.setup).expect("set up")
    }
    /// Its phase.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.on_board().phase()
    }
    /// The manifest's close.
    #[must_use]
    pub fn close_at(&self) -> u64 {
        self.on_board().close_at()
    }

    /// Posts one entry in a block of its own, one second later.
    pub fn post_one(&mut self, entry: &Entry) {
        self.post(&[entry.encode()]);
    }
    /// Posts entries in one block, one second later.
    pub fn post<B: AsRef<[u8]>>(&mut self, entries: &[B]) {
        let time = self.now + 1000;
        self.try_block(time, entries).expect("a good block");
    }
    /// Puts entries into the next block, in the board's order.
    ///
    /// # Errors
    /// The rule that refuses the block.
    pub fn try_block<B: AsRef<[u8]>>(
        &mut self,
        time: u64,
        entries: &[B],
    ) -> Result<(), BlockError> {
        let mut sorted: Vec<Vec<u8>> = entries.iter().map(|e| e.as_ref().to_vec()).collect();
        sorted.sort_by_key(|e| chain::order_key(e));
        self.try_block_as_given(time, sorted)
    }
    /// Empty blocks up to `time`, at most 10 s apart, the last one exactly at `time`.
    pub fn advance_to(&mut self, time: u64) {
        if time > self.now + 30_000 {
            self.try_block(time - 20_000, &[] as &[Vec<u8>])
                .expect("an empty block");
        }
        for t in [time.saturating_sub(10_000), time] {
            if t > self.now {
                self.try_block(t, &[] as &[Vec<u8>])
                    .expect("an empty block");
            }
        }
    }

    /// An act with signatures of two officers.
    pub fn act(&mut self, act: Act) -> Entry {
        let [a, b, ..] = self.parties.officers.as_slice() else {
            panic!("two officers at least");
        };
        let officers = [(0, a), (1, b)];
        let act = OfficerAct::signed(self.election, act, officers, &mut self.rng);
        Entry::Act(Box::new(act))
    }
    /// The `Open` act for the present head.
    pub fn open_act(&mut self) -> Entry {
        let (height, head) = (self.state.tip().height, *self.state.digest());
        self.act(Act::Open {
            count: 0,
            height,
            head,
        })
    }
    /// Opens the box half a minute before the first opening and goes to the opening.
    pub fn open_box(&mut self) {
        self.advance_to(self.options.opens - 30_000);
        let open = self.open_act();
        self.post_one(&open);
        self.advance_to(self.options.opens);
    }

    /// The voter with this number; made on first use.
    pub fn voter(&mut self, i: usize) -> &mut TestVoter {
        while self.voters.len() <= i {
            let key = SigningKey::generate(&mut self.rng);
            self.voters.push(TestVoter {
                key,
                seq: 0,
                last: Hash::ZERO,
            });
        }
        &mut self.voters[i]
    }
    /// The window in whose key registrars sign now; the first before the vote.
    #[must_use]
    pub fn window(&self) -> u8 {
        let manifest = self.manifest.as_ref().map(|m| &m.manifest);
        let by_clock = || manifest.and_then(|m| m.again_window_at(self.now));
        self.in_window.or_else(by_clock).unwrap_or(0)
    }
    /// One token of each registrar, signed now.
    #[must_use]
    pub fn tokens(&self, vk: Point, place: (u32, Hash)) -> Vec<[u8; 256]> {
        let window = if place.0 > 1 { self.window() } else { 0 };
        self.parties.tokens(self.election, vk, place, window)
    }
    /// The next ballot of voter `i`; the voter believes that it will be accepted.
    pub fn ballot(&mut self, i: usize, choice: u16) -> Ballot {
        let (seq, prev) = {
            let v = self.voter(i);
            (v.seq + 1, v.last)
        };
        let b = self.ballot_with(i, choice, seq, prev);
        let v = self.voter(i);
        (v.seq, v.last) = (seq, b.entry_hash());
        b
    }
    /// A ballot of voter `i` with chosen number and predecessor, fresh randomness.
    pub fn ballot_with(&mut self, i: usize, choice: u16, seq: u32, prev: Hash) -> Ballot {
        let mut seed = [0; 32];
        self.rng.fill_bytes(&mut seed);
        self.ballot_from(i, choice, (seq, prev), &seed)
    }
    /// A ballot of voter `i` from a chosen seed; further contests get their first `k_min` options.
    pub fn ballot_from(
        &mut self,
        i: usize,
        choice: u16,
        place: (u32, Hash),
        seed: &[u8; 32],
    ) -> Ballot {
        let least = self.options.more.iter().map(|k| (0..k.k_min).collect());
        let marks: Vec<Vec<u16>> = std::iter::once(vec![choice]).chain(least).collect();
        self.ballot_of(i, &marks, place, seed)
    }
    /// The next ballot of voter `i` with these marks in each contest.
    pub fn marked(&mut self, i: usize, marks: &[Vec<u16>]) -> Ballot {
        let mut seed = [0; 32];
        self.rng.fill_bytes(&mut seed);
        let v = self.voter(i);
        let (seq, prev) = (v.seq + 1, v.last);
        let b = self.ballot_of(i, marks, (seq, prev), &seed);
        let v = self.voter(i);
        (v.seq, v.last) = (seq, b.entry_hash());
        b
    }
    /// A ballot of voter `i` with these marks in each contest.
    pub fn ballot_of(
        &mut self,
        i: usize,
        marks: &[Vec<u16>],
        (seq, prev): (u32, Hash),
        seed: &[u8; 32],
    ) -> Ballot {
        let rules = Arc::clone(self.rules.as_ref().expect("sealed"));
        let key = self.voter(i).key.clone();
        let vk = key.public();
        let tokens = self.tokens(vk, (seq, prev));
        let place = Place {
            election: &self.election.clone(),
            vk: &vk,
            seq,
            prev: &prev,
            window: self.window(),
            tokens: &tokens,
        };
        let card = card_step(&place, &vk, &mut self.rng);
        let pairs = rules.keys().iter().zip(marks);
        let selections: Vec<Selection> = pairs
            .map(|(k, marks)| Selection::new(k.shape(), marks).expect("a valid choice"))
            .collect();
        let draft = Draft {
            key: &key,
            seq,
            prev,
            pictures: [1, 7],
            tokens,
            card,
        };
        let ballot = draft
            .seal(&rules, &selections, seed, &mut self.rng)
            .expect("marks for every contest");
        let made = Made {
            selections,
            seed: *seed,
        };
        self.made.insert(ballot.entry_hash(), made);
        ballot
    }
    /// This ballot signed by voter `i`, after a change that a hostile booth makes.
    pub fn signed_by(&mut self, i: usize, mut ballot: Ballot) -> Ballot {
        let key = self.voter(i).key.clone();
        let message = ballot.signed_bytes();
        ballot.signature = key.sign(BALLOT_PURPOSE, &message, &mut self.rng);
        ballot
    }
    /// The next ballot of voter `i` with tokens of this window and the card of voter `card` in the
    /// reader; not taken for accepted.
    pub fn ballot_by_card(&mut self, i: usize, card: usize, window: u8) -> Ballot {
        let (seq, prev) = {
            let v = self.voter(i);
            (v.seq + 1, v.last)
        };
        let mut b = self.ballot_with(i, 1, seq, prev);
        b.tokens = self
            .parties
            .tokens(self.election, b.vk, (seq, prev), window);
        b.card.window = window;
        let card = self.voter(card).key.public();
        b.card = card_step(&b.place(), &card, &mut self.rng);
        self.signed_by(i, b)
    }
    /// Casts a ballot in a block of its own.
    pub fn cast(&mut self, i: usize, choice: u16) -> Ballot {
        let b = self.ballot(i, choice);
        self.post(&[b.to_bytes()]);
        b
    }

    /// After the close every registrar reports each day of the vote: nothing but on the last day,
    /// and on it as many credentials as there are voters, as many *again* tokens as ballots were
    /// replaced.
    pub fn evidence(&mut self) {
        for r in 0..self.options.registrars {
            for e in self.reports_of(r, self.due()) {
                self.post_one(&e);
            }
        }
    }
    /// The tokens the box needs: of voters and of replaced ballots.
    #[must_use]
    pub fn due(&self) -> (u32, u32) {
        let board = self.on_board();
        let overwritten = board.received() - board.counted();
        let voters = u32::try_from(self.voters.len()).expect("few voters");
        (voters, u32::try_from(overwritten).expect("few ballots"))
    }
    /// The last day of the vote.
    #[must_use]
    pub fn close_day(&self) -> u32 {
        u32::try_from(self.on_board().close_day()).expect("this age")
    }
    /// One registrar's reports of all days, with all tokens on the last one.
    pub fn reports_of(&mut self, registrar: usize, tokens: (u32, u32)) -> Vec<Entry> {
        let last = self.close_day();
        let first = u32::try_from(ballot::day::japan_day(self.options.opens)).expect("this age");
        let mut reports = Vec::new();
        for day in first..last {
            reports.extend(self.report(registrar, day, (0, 0)));
        }
        reports.extend(self.report(registrar, last, tokens));
        reports
    }
    /// One registrar's report of one day with so many *first* and *again* tokens, all at home.
    pub fn report(&mut self, registrar: usize, day: u32, (first, again): (u32, u32)) -> Vec<Entry> {
        let home = ballot::manifest::Channel::Home;
        let count = board::entry::ChannelCount::unattended(home, first, again);
        let index = u16::try_from(registrar).expect("few registrars");
        let leaf = |i: u32| -> board::entry::Leaf {
            let mut leaf = [7; 32];
            leaf[..2].copy_from_slice(&index.to_le_bytes());
            leaf[2..6].copy_from_slice(&day.to_le_bytes());
            leaf[6..10].copy_from_slice(&i.to_be_bytes());
            leaf
        };
        let e = Evidence {
            election: self.election,
            registrar: index,
            day,
            counts: vec![count],
            incidents: 0,
            part: 0,
            leaves: (0..first + again).map(leaf).collect(),
        };
        let key = &self.parties.registrars[registrar];
        let parts = e.divided().into_iter();
        let signed = parts.map(|e| Entry::Evidence(Box::new(e.signed(key, &mut self.rng))));
        signed.collect()
    }
    /// One registrar's report of one day with the tokens that the box needs.
    pub fn evidence_of(&mut self, registrar: usize, day: u32) -> Entry {
        let mut parts = self.report(registrar, day, self.due());
        assert_eq!(parts.len(), 1, "few tokens");
        parts.remove(0)
    }
    /// Goes through close and drain.
    pub fn close(&mut self) {
        let close = self.close_at();
        self.advance_to(close - 1000);
        self.advance_to(close);
        self.advance_to(close + 30_000);
        self.advance_to(self.on_board().drained_at());
        assert_eq!(self.phase(), Phase::Closed);
    }
    /// A trustee's share and the commitment to it.
    pub fn share(&mut self, id: u16) -> (PartialDecryption, Entry) {
        let target = self.on_board().target().expect("closed").clone();
        let key = &self.parties.shares[usize::from(id) - 1];
        let share =
            PartialDecryption::make(&target, id, key.expose(), &key.verification, &mut self.rng);
        let c = ShareCommit {
            election: self.election,
            trustee: id,
            target: target.digest(),
            commitment: share.commitment(&target),
        };
        let signer = &self.parties.trustees[usize::from(id) - 1];
        let entry = Entry::ShareCommit(Box::new(c.signed(signer, &mut self.rng)));
        (share, entry)
    }
    /// Trustees 1…n commit.
    pub fn commit_shares(&mut self, n: u16) {
        for id in 1..=n {
            let (share, entry) = self.share(id);
            self.shares.push(share);
            self.post_one(&entry);
        }
    }
    /// Two officers announce at the announced time.
    pub fn announce(&mut self) {
        let at = self.manifest.as_ref().expect("sealed").manifest.announce_at;
        self.advance_to(at);
        let act = self.act(Act::Announce);
        self.post_one(&act);
    }
    /// The signed entry of a share.
    pub fn share_entry(&mut self, share: &PartialDecryption) -> Entry {
        let signer = &self.parties.trustees[usize::from(share.trustee) - 1];
        let entry = ShareEntry {
            election: self.election,
            share: share.clone(),
        };
        Entry::Share(Box::new(entry.signed(signer, &mut self.rng)))
    }
    /// The first n committed shares are shown.
    pub fn post_shares(&mut self, n: u16) {
        for share in self.shares.clone().iter().take(usize::from(n)) {
            let entry = self.share_entry(share);
            self.post_one(&entry);
        }
    }
    /// Posts the one valid result.
    pub fn post_result(&mut self) {
        let result = self.on_board().expected_result().expect("enough shares");
        self.post_one(&Entry::Result(Box::new(result)));
    }
    /// `trust.json` of this network and authority.
    #[must_use]
    pub fn trust_json(&self) -> String {
        let committee = self.network().committee();
        let validators: Vec<String> = committee.iter().map(|k| to_hex(k)).collect();
        let file = serde_json::json!({
            "authority": self.parties.authority.public().to_hex(),
            "network": to_hex(&self.network().id()),
            "validators": validators,
            "minimum_booth": "0.1.0",
            "practice": true,
        });
        file.to_string()
    }
    /// The public record.
    #[must_use]
    pub fn record(&self) -> board::record::Memory {
        record_of(
            &self.chain,
            self.manifest.as_ref().expect("sealed"),
            self.on_board(),
        )
    }
}
