//! A voter's papers against records: everybody who broke a promise is named, nobody else.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ballot::mask::Side;
use board::judgement::{Answer, Judgement};
use board::{Receipt, rules};
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use testkit::election::{Lab, Options};
use verify::dispute::{Finding, Name, Papers, Verdict, decide};

fn receipt(lab: &Lab, entry: &[u8]) -> Receipt {
    let place = lab.state.find(&board::entry_hash(entry)).unwrap();
    let stored = &lab.chain[usize::try_from(place.height).unwrap()];
    let hashes: Vec<Hash> = stored.block.entry_hashes();
    let headers = vec![stored.block.header.clone()];
    let certificate = stored.certificate.clone().unwrap();
    Receipt::new(entry, &hashes, place.index, headers, certificate).unwrap()
}

/// What a node says about a ballot on the board as it is, its clock at `time_ms`.
fn says_at(
    lab: &mut Lab,
    node: usize,
    (ballot, rule): (&[u8], Option<Rule>),
    time_ms: u64,
) -> (Point, Answer) {
    let said = Judgement {
        network: lab.network().id(),
        entry: board::entry_hash(ballot),
        rule,
        height: lab.state.tip().height,
        time_ms,
    };
    let key = lab.parties.nodes[node].clone();
    (key.public(), said.signed(&key, &mut lab.rng))
}

fn says(lab: &mut Lab, node: usize, ballot: &[u8], rule: Option<Rule>) -> (Point, Answer) {
    let now = lab.now + 1;
    says_at(lab, node, (ballot, rule), now)
}

fn papers(ballot: &[u8], answers: Vec<(Point, Answer)>) -> Papers {
    Papers {
        ballot: ballot.to_vec(),
        receipt: None,
        answers,
    }
}

fn findings(lab: &mut Lab, papers: &Papers) -> Vec<Finding> {
    let record = lab.record();
    decide(&record, papers, &mut lab.rng).unwrap()
}

/// The validator that answers under this node key.
fn name(lab: &Lab, node: usize) -> Name {
    let key = lab.parties.nodes[node].public();
    let all = lab.state.validators().iter();
    let engine = all.filter(|v| v.node_key == key).map(|v| v.engine_key);
    Name::all(&lab.state, &engine.collect()).remove(0)
}

fn names(lab: &Lab, nodes: &[usize]) -> Vec<Name> {
    let mut names: Vec<Name> = nodes.iter().map(|i| name(lab, *i)).collect();
    names.sort();
    names
}

/// Blocks that could take any promised ballot: more than f, a minute and more from now.
fn a_minute_passes(lab: &mut Lab) {
    let now = lab.now;
    lab.advance_to(now + 90_000);
}

fn verdict(findings: &[Finding]) -> Verdict {
    Verdict::of(findings)
}

#[test]
fn a_32_a_ballot_with_a_receipt_is_on_the_board() {
    let mut lab = Lab::open(Options::small());
    let ballot = lab.ballot(0, 1).to_bytes();
    let seen = says(&mut lab, 0, &ballot, None);
    // Nobody is blamed for a promise that was kept late.
    a_minute_passes(&mut lab);
    lab.post(std::slice::from_ref(&ballot));
    let again = says(&mut lab, 1, &ballot, None);
    let mut kept = papers(&ballot, vec![seen, again]);
    kept.receipt = Some(receipt(&lab, &ballot));
    let height = lab.state.tip().height;
    let other = lab.ballot(5, 1).to_bytes();
    lab.finish();
    let found = findings(&mut lab, &kept);
    assert_eq!(found, [Finding::OnBoard { height }]);
    assert_eq!(verdict(&found), Verdict::Clear);
    // Another one's receipt proves nothing about this ballot.
    kept.ballot = other;
    kept.answers.clear();
    let found = findings(&mut lab, &kept);
    let bad = Finding::BadReceipt(rules::RECEIPT_ENTRY);
    assert_eq!(found, [Finding::Missing, bad]);
    assert_eq!(verdict(&found), Verdict::Undecided);
}

/// A forged receipt – of other validators, with a lone signature, of a block that nobody has – names
/// nobody.
#[test]
fn a_32_a_forged_receipt_proves_nothing() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let mut shown = Lab::open(Options::small());
    let ballot = shown.cast(1, 0).to_bytes();
    let good = receipt(&shown, &ballot);
    let mut strangers = Lab::open(Options {
        seed: 2,
        ..Options::small()
    });
    strangers.cast(0, 0);
    lab.finish();
    let judged = |lab: &mut Lab, receipt: Receipt| {
        let mut kept = papers(&ballot, Vec::new());
        kept.receipt = Some(receipt);
        findings(lab, &kept)
    };
    let header = good.headers[0].clone();
    let certify = |parties, signers: &[usize]| {
        testkit::election::certify(parties, header.height, header.digest(), signers)
    };
    for (certificate, rule) in [
        (
            certify(&strangers.parties, &[0, 1, 2]),
            rules::CERTIFICATE_SIGNATURE,
        ),
        (certify(&shown.parties, &[0, 1]), rules::CERTIFICATE_TOO_FEW),
        (
            certify(&lab.parties, &[0, 1, 2])[1..].to_vec(),
            rules::CERTIFICATE_BYTES,
        ),
    ] {
        let forged = Receipt {
            certificate,
            ..good.clone()
        };
        let bad = Finding::BadReceipt(rule);
        assert_eq!(judged(&mut lab, forged), [Finding::Missing, bad]);
    }
    let elsewhere = Receipt {
        height: 1_000_000,
        ..good
    };
    let bad = Finding::BadReceipt(rules::RECEIPT_HEADERS);
    assert_eq!(judged(&mut lab, elsewhere), [Finding::Missing, bad]);
}

/// Two boards of the same validators that part after one ballot; what the first one shows.
fn parted() -> (Lab, Lab, Vec<u8>) {
    let begin = || {
        let mut lab = Lab::open(Options::small());
        lab.cast(0, 1);
        lab
    };
    let (mut shown, hidden) = (begin(), begin());
    let ballot = shown.cast(1, 0).to_bytes();
    (shown, hidden, ballot)
}

/// The record of a network that left a final ballot out: who finalised both is named.
#[test]
fn a_22_a_32_two_histories_name_their_signers() {
    let (shown, mut hidden, ballot) = parted();
    let mut kept = papers(&ballot, Vec::new());
    kept.receipt = Some(receipt(&shown, &ballot));
    let now = hidden.now;
    hidden.advance_to(now + 1500);
    hidden.finish();
    let found = findings(&mut hidden, &kept);
    let twice = Finding::SignedTwice(names(&shown, &shown.parties.quorum()));
    assert_eq!(found, [Finding::Missing, twice]);
    assert_eq!(verdict(&found), Verdict::Named);
}

/// Of two certificates of two rounds the earlier one's signers are named, and not all of them: whoever
/// signed both may have been shown false votes between them.
#[test]
fn a_22_a_32_histories_of_two_rounds_name_at_least_f_plus_one() {
    let (mut shown, mut hidden, ballot) = parted();
    let mut late = receipt(&shown, &ballot);
    let now = shown.now;
    shown.advance_to(now + 1000);
    let next = shown.chain.last().unwrap().clone();
    let header = next.block.header;
    // Signers differ: the receipt's are the last three, the record's the first three.
    late.certificate =
        testkit::election::certify(&shown.parties, header.height, header.digest(), &[1, 2, 3]);
    late.headers.push(header);
    let mut kept = papers(&ballot, Vec::new());
    kept.receipt = Some(late);
    hidden.finish();
    let found = findings(&mut hidden, &kept);
    let histories = Finding::TwoHistories {
        at_least: 2,
        who: names(&shown, &[0, 1, 2]),
    };
    assert_eq!(found, [Finding::Missing, histories]);
}

/// A receipt of a block behind the end of the record decides nothing.
#[test]
fn a_32_a_record_that_ends_before_the_receipt_decides_nothing() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let mut longer = Lab::open(Options::small());
    longer.cast(0, 1);
    lab.finish();
    let ballot = lab.ballot(1, 0).to_bytes();
    while longer.state.tip().height <= lab.state.tip().height {
        let now = longer.now;
        longer.advance_to(now + 1000);
    }
    longer.post(std::slice::from_ref(&ballot));
    let mut kept = papers(&ballot, Vec::new());
    kept.receipt = Some(receipt(&longer, &ballot));
    let found = findings(&mut lab, &kept);
    assert_eq!(found, [Finding::Missing, Finding::RecordTooShort]);
    assert_eq!(verdict(&found), Verdict::Undecided);
}

#[test]
fn a_32_papers_of_another_election_are_not_judged() {
    let mut lab = Lab::finished(Options::small(), &[&[0, 1], &[1]]);
    let mut other = Lab::open(Options {
        seed: 2,
        ..Options::small()
    });
    let foreign = other.ballot(0, 1).to_bytes();
    let seen = says(&mut other, 0, &foreign, None);
    for ballot in [&foreign[..], b"no ballot", b""] {
        let found = findings(&mut lab, &papers(ballot, vec![seen.clone()]));
        assert_eq!(found, [Finding::OtherElection]);
        assert_eq!(verdict(&found), Verdict::Undecided);
    }
}

#[test]
fn a_32_a_promise_that_was_not_kept_names_the_node() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let ballot = lab.ballot(1, 0).to_bytes();
    let seen = says(&mut lab, 2, &ballot, None);
    a_minute_passes(&mut lab);
    lab.finish();
    let found = findings(&mut lab, &papers(&ballot, vec![seen]));
    let broken = Finding::PromiseBroken(name(&lab, 2));
    assert_eq!(found, [Finding::Missing, broken]);
    assert_eq!(verdict(&found), Verdict::Named);
}

/// Whoever forges papers blames nobody: another key's signature, an answer about another ballot or
/// network, changed bytes, a key that is no validator's, and one not in office at that height.
#[test]
fn a_32_forged_papers_blame_nobody() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let ballot = lab.ballot(1, 0).to_bytes();
    let victim = says(&mut lab, 2, &ballot, None).0;
    let by_another = (victim, says(&mut lab, 1, &ballot, None).1);
    let about_another = says(&mut lab, 2, b"another", None);
    let mut other_network = says(&mut lab, 2, &ballot, None).1.body;
    other_network.network = [9; 32];
    let key = lab.parties.nodes[2].clone();
    let other_network = (victim, other_network.signed(&key, &mut lab.rng));
    let mut refusal = says(&mut lab, 2, &ballot, None);
    refusal.1.body.rule = Some(rules::BALLOT_LATE);
    let mut later = says(&mut lab, 2, &ballot, None);
    later.1.body.height = 1_000_000;
    let mut older = says(&mut lab, 2, &ballot, None);
    older.1.body.time_ms -= 1;
    let mallory = crypto::schnorr::SigningKey::generate(&mut lab.rng);
    let body = says(&mut lab, 2, &ballot, None).1.body;
    let own = (mallory.public(), body.signed(&mallory, &mut lab.rng));
    let forged = vec![
        by_another,
        about_another,
        other_network,
        refusal,
        later,
        older,
        own,
    ];
    a_minute_passes(&mut lab);
    lab.finish();
    let found = findings(&mut lab, &papers(&ballot, forged.clone()));
    assert_eq!(found.len(), 1 + forged.len());
    let not_its = Finding::NotAPaper(name(&lab, 2));
    assert!(found[1..7].iter().all(|f| *f == not_its), "{found:?}");
    assert!(matches!(&found[7], Finding::NotAPaper(who) if *who != name(&lab, 2)));
    assert_eq!(verdict(&found), Verdict::Undecided);
}

#[test]
fn a_32_a_node_that_was_handed_over_promises_nothing() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let ballot = lab.ballot(1, 0).to_bytes();
    let old = lab.parties.nodes[2].clone();
    lab.post_hand_over(testkit::election::engine_keys(11..=14));
    let body = says(&mut lab, 2, &ballot, None).1.body;
    let seen = (old.public(), body.signed(&old, &mut lab.rng));
    a_minute_passes(&mut lab);
    lab.finish();
    let found = findings(&mut lab, &papers(&ballot, vec![seen]));
    assert!(matches!(found[1], Finding::NotAPaper(_)), "{found:?}");
    assert_eq!(verdict(&found), Verdict::Undecided);
}

/// One block is not enough to blame a node: its leader may be the one that is dishonest. Blocks of
/// the first minute do not count either.
#[test]
fn a_32_one_block_without_the_ballot_blames_nobody() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let close = lab.close_at();
    lab.advance_to(close - 100_000);
    let ballot = lab.ballot(1, 0).to_bytes();
    let seen = says(&mut lab, 2, &ballot, None);
    // Blocks at 10, 20, … seconds; behind the minute one, then those that need a Late.
    for after in [20_000, 40_000, 59_000, 61_500, 71_000] {
        lab.try_block(close - 100_000 + after, &[] as &[Vec<u8>])
            .unwrap();
    }
    lab.finish();
    let found = findings(&mut lab, &papers(&ballot, vec![seen]));
    assert_eq!(found, [Finding::Missing, Finding::Undecided(name(&lab, 2))]);
    assert_eq!(verdict(&found), Verdict::Undecided);
}

/// A full block keeps a ballot out without anybody's fault; two with room do not.
#[test]
fn a_32_full_blocks_blame_nobody() {
    let judged = |full: bool| {
        let mut lab = Lab::open(Options::small());
        let close = lab.close_at();
        lab.advance_to(close - 100_000);
        let ballot = lab.ballot(0, 0).to_bytes();
        let seen = says(&mut lab, 2, &ballot, None);
        let voters = if full { 66 } else { 2 };
        let others: Vec<_> = (1..voters).map(|i| lab.ballot(i, 1)).collect();
        lab.advance_to(close - 45_000);
        let cast: Vec<_> = others.iter().map(|b| b.to_bytes()).collect();
        lab.try_block(close - 35_000, &cast).unwrap();
        let opened = others.iter().map(|b| lab.opening(b, Side::Mask).to_bytes());
        let opened: Vec<_> = opened.collect();
        lab.try_block(close - 34_000, &opened).unwrap();
        lab.finish();
        let found = findings(&mut lab, &papers(&ballot, vec![seen]));
        (found, name(&lab, 2))
    };
    let (found, who) = judged(true);
    assert_eq!(found, [Finding::Missing, Finding::Undecided(who)]);
    let (found, who) = judged(false);
    assert_eq!(found, [Finding::Missing, Finding::PromiseBroken(who)]);
}

/// The loser of two booths that sent at once has no claim: the rule that refused its ballot is named.
#[test]
fn a_32_a_38_a_promise_that_a_rule_undid_blames_nobody() {
    let mut lab = Lab::open(Options::small());
    let loser = lab.ballot_with(0, 0, 1, Hash::ZERO).to_bytes();
    let seen = says(&mut lab, 0, &loser, None);
    let held = says(&mut lab, 1, &loser, Some(rules::SEQ));
    let false_one = says(&mut lab, 2, &loser, Some(rules::BALLOT_LATE));
    lab.cast(0, 1);
    let after = says(&mut lab, 3, &loser, Some(rules::SEQ));
    a_minute_passes(&mut lab);
    lab.finish();
    let just = |answer: &(Point, Answer), who| {
        Finding::JustRefusal(who, rules::SEQ, answer.1.body.time_ms)
    };
    let (first, last) = (just(&held, name(&lab, 1)), just(&after, name(&lab, 3)));
    let void = Finding::PromiseVoid(name(&lab, 0), rules::SEQ);
    let honest = papers(&loser, vec![seen.clone(), held.clone(), after.clone()]);
    let found = findings(&mut lab, &honest);
    assert_eq!(
        found,
        [Finding::Missing, void.clone(), first.clone(), last.clone()]
    );
    assert_eq!(verdict(&found), Verdict::Clear);
    let lied = Finding::FalseRefusal(name(&lab, 2), rules::BALLOT_LATE);
    let found = findings(
        &mut lab,
        &papers(&loser, vec![seen, held, false_one, after]),
    );
    assert_eq!(found, [Finding::Missing, void, first, lied, last]);
    assert_eq!(verdict(&found), Verdict::Named);
}

/// Somebody who gets a promise for one ballot and has another one cast in the very block by which the
/// promise would be broken does not make the node a liar.
#[test]
fn a_32_a_38_a_second_ballot_of_ones_own_frames_nobody() {
    let mut lab = Lab::open(Options::small());
    let promised = lab.ballot_with(0, 0, 1, Hash::ZERO).to_bytes();
    let seen = says(&mut lab, 0, &promised, None);
    let second = lab.ballot(0, 1).to_bytes();
    let later = lab.now + 61_000;
    lab.try_block(later, &[] as &[Vec<u8>]).unwrap();
    lab.try_block(later + 1000, &[second]).unwrap();
    a_minute_passes(&mut lab);
    lab.finish();
    let found = findings(&mut lab, &papers(&promised, vec![seen]));
    let void = Finding::PromiseVoid(name(&lab, 0), rules::SEQ);
    assert_eq!(found, [Finding::Missing, void]);
}

/// "Another ballot waits" is believed when one came; when none came, nobody is blamed: it may have
/// waited in vain.
#[test]
fn a_32_a_place_that_is_said_to_be_held_decides_nothing() {
    let mut lab = Lab::open(Options::small());
    lab.cast(1, 1);
    let ballot = lab.ballot(0, 0).to_bytes();
    let held = says(&mut lab, 1, &ballot, Some(rules::SEQ));
    a_minute_passes(&mut lab);
    lab.finish();
    let found = findings(&mut lab, &papers(&ballot, vec![held]));
    assert_eq!(found, [Finding::Missing, Finding::HeldPlace(name(&lab, 1))]);
    assert_eq!(verdict(&found), Verdict::Undecided);
}

/// A refusal is judged at the time that the node wrote, a promise as well.
#[test]
fn a_32_answers_are_judged_at_the_time_they_name() {
    let mut lab = Lab::open(Options::small());
    lab.cast(1, 1);
    let ballot = lab.ballot(0, 0).to_bytes();
    let close = lab.close_at();
    lab.advance_to(close - 5000);
    let late = Some(rules::BALLOT_LATE);
    let before = says_at(&mut lab, 0, (&ballot, late), close - 1);
    let at_close = says_at(&mut lab, 1, (&ballot, late), close);
    let promised = says_at(&mut lab, 2, (&ballot, None), close);
    let other_rule = says_at(&mut lab, 3, (&ballot, Some(rules::BALLOT_EARLY)), close);
    // A ballot whose place is wrong is refused, and nobody promises it.
    let wrong = lab.ballot_with(0, 0, 2, Hash([9; 64])).to_bytes();
    let seen_wrong = says(&mut lab, 0, &wrong, None);
    lab.finish();
    let found = findings(
        &mut lab,
        &papers(&ballot, vec![before, at_close, promised, other_rule]),
    );
    let expected = [
        Finding::Missing,
        Finding::FalseRefusal(name(&lab, 0), rules::BALLOT_LATE),
        Finding::JustRefusal(name(&lab, 1), rules::BALLOT_LATE, close),
        Finding::FalsePromise(name(&lab, 2), rules::BALLOT_LATE),
        Finding::FalseRefusal(name(&lab, 3), rules::BALLOT_EARLY),
    ];
    assert_eq!(found, expected);
    let found = findings(&mut lab, &papers(&wrong, vec![seen_wrong]));
    let lied = Finding::FalsePromise(name(&lab, 0), rules::SEQ);
    assert_eq!(found, [Finding::Missing, lied]);
}

/// A voter who breaks the ballot's bytes gets a just refusal, whatever rule it is.
#[test]
fn a_32_a_ballot_that_is_broken_is_refused_justly() {
    let mut lab = Lab::open(Options::small());
    lab.cast(1, 1);
    let mut ballot = lab.ballot(0, 0);
    ballot.pictures[0] ^= 1;
    let ballot = ballot.to_bytes();
    let rule = board::check_stateless(lab.state.context(), &ballot, &mut lab.rng).unwrap_err();
    let refused = says(&mut lab, 0, &ballot, Some(rule));
    let time = refused.1.body.time_ms;
    lab.finish();
    let found = findings(&mut lab, &papers(&ballot, vec![refused]));
    let just = Finding::JustRefusal(name(&lab, 0), rule, time);
    assert_eq!(found, [Finding::Missing, just]);
}

/// An answer of a height that the record does not have decides nothing.
#[test]
fn a_32_an_answer_behind_the_records_end_decides_nothing() {
    let mut lab = Lab::finished(Options::small(), &[&[0]]);
    let ballot = lab.ballot(1, 0).to_bytes();
    let record = lab.record();
    let now = lab.now;
    lab.advance_to(now + 1000);
    let seen = says(&mut lab, 0, &ballot, None);
    let refused = says(&mut lab, 1, &ballot, Some(rules::BALLOT_PHASE));
    let kept = papers(&ballot, vec![seen, refused]);
    let found = decide(&record, &kept, &mut lab.rng).unwrap();
    let open = [0, 1].map(|i| Finding::Undecided(name(&lab, i)));
    assert_eq!(found, [&[Finding::Missing][..], &open].concat());
}

/// Near the close f dishonest nodes can keep their promises to themselves and leave an honest one
/// alone with its own: k promises say that at least k − f were not kept, and not which.
#[test]
fn a_32_a_70_near_the_close_k_promises_blame_k_minus_f() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let close = lab.close_at();
    lab.advance_to(close - 35_000);
    let ballot = lab.ballot(1, 0).to_bytes();
    let [a, b, c] = [0, 3, 1].map(|node| says(&mut lab, node, &ballot, None));
    let a_again = says_at(&mut lab, 0, (&ballot, None), close - 30_000);
    let too_late = says_at(&mut lab, 3, (&ballot, None), close);
    for time in [close - 1000, close + 26_000, close + 27_000, close + 28_000] {
        lab.advance_to(time);
    }
    lab.finish();
    let judged = |lab: &mut Lab, answers: &[&(Point, Answer)]| {
        let answers = answers.iter().map(|a| (*a).clone()).collect();
        let mut found = findings(lab, &papers(&ballot, answers));
        assert_eq!(found.remove(0), Finding::Missing);
        found
    };
    let undecided = |lab: &Lab, i| Finding::Undecided(name(lab, i));
    assert_eq!(judged(&mut lab, &[&a]), [undecided(&lab, 0)]);
    // One node that promised twice is one node; a promise of after the close is a false one.
    let twice = [undecided(&lab, 0), undecided(&lab, 0)];
    assert_eq!(judged(&mut lab, &[&a, &a_again]), twice);
    let false_one = Finding::FalsePromise(name(&lab, 3), rules::BALLOT_LATE);
    let mixed = [undecided(&lab, 0), false_one];
    assert_eq!(judged(&mut lab, &[&a, &too_late]), mixed);
    let some = |lab: &Lab, at_least, who: &[usize]| {
        let mut found = Finding::SomeBroke {
            at_least,
            who: names(lab, who),
        };
        if let Finding::SomeBroke { who, .. } = &mut found {
            who.sort();
        }
        [found]
    };
    let sorted = |mut found: Vec<Finding>| {
        for f in &mut found {
            if let Finding::SomeBroke { who, .. } = f {
                who.sort();
            }
        }
        found
    };
    assert_eq!(sorted(judged(&mut lab, &[&a, &b])), some(&lab, 1, &[0, 3]));
    let three = some(&lab, 2, &[0, 1, 3]);
    assert_eq!(sorted(judged(&mut lab, &[&a, &b, &c])), three);
}

/// A saved file as the booth writes it.
fn saved(papers: &Papers) -> serde_json::Value {
    use api::papers::Paper;
    let list = papers.answers.iter().map(|(key, a)| Paper::of(*key, a));
    serde_json::to_value(api::papers::Papers {
        bytes: papers
            .receipt
            .as_ref()
            .map(|r| api::hex::HexBytes::of(r.to_bytes())),
        ballot: api::hex::HexBytes::of(papers.ballot.clone()),
        papers: list.collect(),
    })
    .unwrap()
}

fn program(args: &[&std::ffi::OsStr]) -> (Option<i32>, String) {
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_irefuda-verify"))
        .args(args)
        .output()
        .unwrap();
    (out.status.code(), String::from_utf8(out.stdout).unwrap())
}

/// A finished election with a kept and a broken promise, as files.
struct Files {
    dir: tempfile::TempDir,
    lab: Lab,
    kept: Papers,
    broken: Papers,
}

impl Files {
    fn new() -> Self {
        let mut lab = Lab::open(Options::small());
        let first = lab.cast(0, 1).to_bytes();
        let mut kept = papers(&first, Vec::new());
        kept.receipt = Some(receipt(&lab, &first));
        let lost = lab.ballot(1, 0).to_bytes();
        let seen = says(&mut lab, 2, &lost, None);
        a_minute_passes(&mut lab);
        lab.finish();
        let dir = tempfile::tempdir().unwrap();
        testkit::election::save(&lab.record(), &dir.path().join("record"));
        std::fs::write(dir.path().join("trust.json"), lab.trust_json()).unwrap();
        let broken = papers(&lost, vec![seen]);
        Self {
            dir,
            lab,
            kept,
            broken,
        }
    }
    fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.dir.path().join(name), content).unwrap();
    }
    fn save(&self, name: &str, all: &[&Papers]) {
        let text: Vec<String> = all.iter().map(|p| format!("{:#}\n", saved(p))).collect();
        self.write(name, text.concat().as_bytes());
    }
    /// Runs the program; words with a dot or this folder's names are files.
    fn run(&self, line: &str) -> (Option<i32>, String) {
        let word = |word: &str| {
            if word.contains('.') || word == "record" {
                self.dir.path().join(word).into_os_string()
            } else {
                word.into()
            }
        };
        let words: Vec<_> = line.split(' ').map(word).collect();
        program(&words.iter().map(AsRef::as_ref).collect::<Vec<_>>())
    }
}

/// What the program prints, to the letter.
#[test]
fn a_32_the_program_decides_from_files() {
    let f = Files::new();
    f.save("kept.json", &[&f.kept]);
    f.save("broken.json", &[&f.broken]);
    let with = "record --trust trust.json";
    let (code, said) = f.run(&format!("dispute kept.json {with}"));
    assert_eq!(
        (code, said.as_str()),
        (
            Some(0),
            "正当 ok      票は掲示板にあります（ブロック 14） / the ballot is on the board (block 14)\n\n\
             この控えから、約束を破った検証者は見つかりません。 / These papers show nobody who broke a promise.\n"
        )
    );
    let (code, said) = f.run(&format!("dispute broken.json {with}"));
    let expected = format!(
        "未定 ..      票はこの記録にありません / the ballot is not on this record\n\
         違反 BROKEN  受け取りの印を出し、票を掲示板に入れませんでした / promised the ballot and did not bring it: {}\n\n\
         「違反」の検証者に説明を求めてください。 / Ask the validators under BROKEN for an explanation.\n",
        name(&f.lab, 2)
    );
    assert_eq!((code, said), (Some(4), expected));
    // Without a trust file the same, and it says that nothing was compared.
    for (file, last) in [("kept", "promise."), ("broken", "explanation.")] {
        let (code, said) = f.run(&format!("dispute {file}.json record"));
        assert_eq!(code, Some(5), "{said}");
        let lines: Vec<&str> = said.lines().rev().take(2).collect();
        assert!(lines[0].contains("trust file"), "{said}");
        assert!(lines[1].ends_with(last), "{said}");
    }
}

#[test]
fn a_32_the_program_judges_no_bad_record_and_no_foreign_file() {
    let f = Files::new();
    f.save("broken.json", &[&f.broken]);
    f.write("text.json", b"no receipt");
    f.write("empty.json", b"{}");
    let with = "record --trust trust.json";
    for (line, code) in [
        (format!("dispute text.json {with}"), 2),
        (format!("dispute empty.json {with}"), 2),
        (format!("dispute nothing.json {with}"), 2),
        ("dispute broken.json nowhere".to_owned(), 3),
        ("dispute broken.json text.json".to_owned(), 1),
    ] {
        assert_eq!(f.run(&line).0, Some(code), "{line}");
    }
    let mut foreign = Lab::open(Options {
        seed: 2,
        ..Options::small()
    });
    let ballot = foreign.cast(0, 0).to_bytes();
    f.save("foreign.json", &[&papers(&ballot, Vec::new())]);
    let (code, said) = f.run(&format!("dispute foreign.json {with}"));
    assert_eq!(code, Some(6), "{said}");
    // A record of other validators than those of the trust file: nothing is judged from it.
    f.write("trust.json", foreign.trust_json().as_bytes());
    let (code, said) = f.run(&format!("dispute broken.json {with}"));
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.contains("違反"), "{said}");
}

#[test]
fn a_22_the_program_names_who_finalised_two_histories() {
    let f = Files::new();
    let mut other = Lab::open(Options::small());
    let second = other.cast(7, 0).to_bytes();
    let mut twin = papers(&second, Vec::new());
    twin.receipt = Some(receipt(&other, &second));
    f.save("both.json", &[&f.kept, &twin]);
    let with = "--trust trust.json";
    let (code, said) = f.run(&format!("evidence both.json {with}"));
    assert_eq!(code, Some(4), "{said}");
    for i in f.lab.parties.quorum() {
        let key = f.lab.parties.validators[i].verifying_key();
        assert!(said.contains(&crypto::hash::to_hex(key.as_bytes())));
    }
    // With a record by name.
    let (code, said) = f.run(&format!("evidence both.json {with} --record record"));
    assert_eq!(code, Some(4), "{said}");
    for who in names(&f.lab, &f.lab.parties.quorum()) {
        assert!(said.contains(&who.to_string()), "{said}");
    }
    f.save("same.json", &[&f.kept, &f.kept]);
    assert_eq!(f.run(&format!("evidence same.json {with}")).0, Some(0));
    // A forged one names nobody; one or three are no pair.
    let mut forged = twin.clone();
    if let Some(receipt) = &mut forged.receipt {
        let last = receipt.certificate.len() - 1;
        receipt.certificate[last] ^= 1;
    }
    f.save("forged.json", &[&f.kept, &forged]);
    let (code, said) = f.run(&format!("evidence forged.json {with}"));
    assert_eq!(code, Some(1), "{said}");
    assert!(!said.contains("違反"), "{said}");
    for (file, all) in [
        ("one.json", &[&twin][..]),
        ("three.json", &[&f.kept, &twin, &twin]),
        ("none.json", &[&f.broken, &f.kept]),
    ] {
        f.save(file, all);
        assert_eq!(
            f.run(&format!("evidence {file} {with}")).0,
            Some(2),
            "{file}"
        );
    }
    // Validators that the trust file does not name prove nothing.
    let foreign = Lab::open(Options {
        seed: 2,
        ..Options::small()
    });
    f.write("trust.json", foreign.trust_json().as_bytes());
    assert_eq!(f.run(&format!("evidence both.json {with}")).0, Some(1));
}
