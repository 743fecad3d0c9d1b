//! Good inputs, made once per process from a whole test election with fixed seeds.

use ballot::BallotRules;
use ballot::{Ballot, CheckBallot, SealedManifest, Side};
use board::Committee;
use board::entry::{Act, CeremonyEntry, Entry, Hints};
use board::{Receipt, StaticContext};
use ceremony::Message;
use crypto::Hash;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use std::sync::{Arc, LazyLock};
use testkit::election::{Lab, Options};

/// What the targets start from.
#[derive(Debug)]
pub struct World {
    /// Entries of every kind, as they are on a board.
    pub entries: Vec<Vec<u8>>,
    /// What a stateless check looks things up in.
    pub context: StaticContext,
    /// Rules of the election's ballots.
    pub rules: Arc<BallotRules>,
    /// The sealed manifest.
    pub manifest: SealedManifest,
    /// A receipt of a ballot, and the ballot.
    pub receipt: (Receipt, Vec<u8>),
    /// Whose signatures count.
    pub committee: Committee,
    /// The finished election.
    pub lab: Lab,
}

/// The one world of this process.
pub static WORLD: LazyLock<World> = LazyLock::new(World::make);

impl World {
    fn make() -> Self {
        let options = Options {
            seed: 77,
            registrars: 2,
            n: 3,
            t: 2,
            options: 3,
            ..Options::default()
        };
        let mut lab = Lab::open(options);
        let opened = lab.ballot_with(9, 1, 1, Hash::ZERO);
        let key = lab.voter(9).key.clone();
        let opened = CheckBallot::open(&opened, &key, &mut lab.rng);
        let first = [lab.ballot(0, 0), lab.ballot(1, 2)];
        let bytes = first.each_ref().map(Ballot::to_bytes);
        lab.post(&[&bytes[0], &bytes[1], &opened.to_bytes()]);
        let sides = first.iter().zip(Side::BOTH);
        let openings: Vec<Vec<u8>> = sides
            .map(|(b, side)| lab.opening(b, side).to_bytes())
            .collect();
        lab.post(&openings);
        lab.cast(0, 1);
        lab.finish();
        let entries = lab.chain.iter().skip(1).flat_map(|s| &s.block.entries);
        let mut entries: Vec<Vec<u8>> = entries.cloned().collect();
        entries.extend(more_acts(&mut lab));
        let manifest = lab.manifest.clone().expect("sealed");
        Self {
            entries,
            context: lab.state.context().clone(),
            rules: Arc::clone(lab.rules.as_ref().expect("sealed")),
            committee: Committee::from(&manifest.manifest),
            manifest,
            receipt: receipt(&lab),
            lab,
        }
    }

    /// Entries of one kind.
    #[must_use]
    pub fn of_kind(&self, kind: u8) -> Vec<Vec<u8>> {
        let same = self.entries.iter().filter(|e| e.get(1) == Some(&kind));
        same.cloned().collect()
    }
}

/// Kinds that an honest, undisturbed election does not need.
fn more_acts(lab: &mut Lab) -> Vec<Vec<u8>> {
    let text = ballot::text::Text::new("がぎぐ", "notice", "おしらせ");
    let acts = [
        Act::Notice {
            key: "incidents".to_owned(),
            text,
        },
        Act::Extend { until: 7 },
        Act::Resume { until: u64::MAX },
        Act::Drain,
        Act::SaltDestroyed { registrar: 1 },
        Act::Withdraw {
            reason: ballot::text::Text::new("誤り", "a mistake", "まちがい"),
        },
        Act::Hints(Hints {
            number: 1,
            portal: "https://vote.example".into(),
            hints: vec!["https://a.example".into()],
        }),
    ];
    let mut out: Vec<Vec<u8>> = acts.into_iter().map(|a| lab.act(a).encode()).collect();
    let messages = [
        Message::Complain { accused: 2 },
        Message::Answer {
            complainer: 2,
            share: crypto::Scalar::from(5u8),
        },
    ];
    for m in messages {
        let entry = CeremonyEntry {
            setup: lab.setup,
            trustee: 1,
            message: m,
        };
        let key = lab.parties.trustees.first().expect("a trustee").clone();
        let entry = entry.signed(&key, &mut lab.rng);
        out.push(entry.to_bytes());
    }
    let late = lab.late(b"a ballot", 7);
    out.push(Entry::Late(Box::new(late)).encode());
    out
}

/// The receipt of the first ballot on the chain, two headers long.
fn receipt(lab: &Lab) -> (Receipt, Vec<u8>) {
    let is_ballot = |e: &Vec<u8>| e.get(1) == Some(&board::entry::kind::BALLOT);
    let has_ballot = |s: &testkit::election::Stored| s.block.entries.iter().any(is_ballot);
    let place = lab.chain.iter().position(has_ballot).expect("a ballot");
    let blocks = lab.chain.get(place..place + 2).expect("a child");
    let [block, child] = blocks else {
        unreachable!("two blocks")
    };
    let index = block.block.entries.iter().position(is_ballot);
    let index = index.expect("a ballot");
    let entry = block.block.entries.get(index).expect("a ballot").clone();
    let hashes: Vec<Hash> = block
        .block
        .entries
        .iter()
        .map(|e| board::entry_hash(e))
        .collect();
    let receipt = Receipt::new(
        &entry,
        &hashes,
        u32::try_from(index).expect("few"),
        vec![block.block.header.clone(), child.block.header.clone()],
        child.certificate.clone().expect("certified"),
    );
    (receipt.expect("the entry is there"), entry)
}
