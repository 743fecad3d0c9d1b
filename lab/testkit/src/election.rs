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

mod ballots;
mod cards;
mod chain;
mod counting;
mod keys;
mod large;
mod late;
mod openings;
mod parties;
mod record;
mod reports;

pub use cards::card_step;
pub use chain::{Stored, certify, engine_keys, rechain};
pub use keys::{IssuerKey, issuer_keys};
pub use late::promise;
pub use openings::Made;
pub use parties::{Parties, fit_windows, places_of, told};
pub use record::{record_of, save};

use ballot::{Ballot, BallotRules, SealedManifest, Side};
use board::entry::{Act, Entry, OfficerAct};
use board::{BlockError, Election, NetworkConfig, Phase, State};
use crypto::Hash;
use crypto::hash::to_hex;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
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

    /// Goes through close and drain.
    pub fn close(&mut self) {
        let close = self.close_at();
        self.advance_to(close - 1000);
        self.advance_to(close);
        self.advance_to(close + 30_000);
        self.advance_to(self.on_board().drained_at());
        assert_eq!(self.phase(), Phase::Closed);
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
