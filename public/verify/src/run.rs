//! The order of work: files, genesis, manifest, every block, result, views.

use crate::facts::Facts;
use crate::finding::Finding;
use crate::report::Report;
use crate::trust::Trust;
use ballot::{Manifest, SealedManifest};
use board::entry::kind;
use board::record::{RecordError, Source};
use board::replay::{Checker, READ_AHEAD, Replay, check_manifest, check_views, read_manifest};
use board::rules;
use board::store::{Memory, Store};
use board::{Election, Phase, State, check_many};
use crypto::Hash;
use crypto::hash::to_hex;
use rand_core::CryptoRng;

/// What is believed before the record is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// Authority and validators.
    pub trust: Option<&'a Trust>,
    /// The election hash.
    pub election: Option<&'a Hash>,
}

impl<'a> From<Option<&'a Trust>> for Expected<'a> {
    fn from(trust: Option<&'a Trust>) -> Self {
        Self {
            trust,
            election: None,
        }
    }
}

/// The report about a record that has not its files in their order (rule R8.01).
#[must_use]
pub fn without_its_files(detail: String) -> Report {
    let mut report = Report::new();
    report.fail(rules::RECORD_FILES, detail);
    report.finish()
}

/// Checks a whole record on this thread, with the board in memory: for small records and browsers.
/// `progress` is called with the number of blocks done.
pub fn verify<'a, R: CryptoRng + ?Sized>(
    source: &dyn Source,
    expected: impl Into<Expected<'a>>,
    rng: &mut R,
    progress: &mut dyn FnMut(u64),
) -> Report {
    let mut work = Work {
        source,
        expected: expected.into(),
        check: &mut |ctx, entries| check_many(ctx, entries, rng),
        read_ahead: READ_AHEAD,
        progress,
    };
    work.report(Memory)
}

/// What a check is made of.
pub(crate) struct Work<'w> {
    /// The record.
    pub(crate) source: &'w dyn Source,
    /// What is believed beforehand.
    pub(crate) expected: Expected<'w>,
    /// How entries are checked one by one.
    pub(crate) check: &'w mut Checker<'w>,
    /// So many at a time.
    pub(crate) read_ahead: usize,
    /// Called with the number of blocks done.
    pub(crate) progress: &'w mut dyn FnMut(u64),
}

impl Work<'_> {
    /// Does it, with the board's tables in `store`.
    pub(crate) fn report<S: Store>(&mut self, store: S) -> Report {
        let mut report = Report::new();
        if let Err(error) = all(self, store, &mut report) {
            match error.rule() {
                Some(rule) => report.fail(rule, error.to_string()),
                None => report.unreadable(error.to_string()),
            }
        }
        report.finish()
    }
}

fn all<S: Store>(work: &mut Work<'_>, store: S, report: &mut Report) -> Result<(), RecordError> {
    let (source, expected) = (work.source, work.expected);
    report.compared = expected.trust.is_some() || expected.election.is_some();
    let mut replay = Replay::open_with(source, store, work.read_ahead)?;
    report.pass("network", to_hex(&replay.state().network().id()));
    let manifest = read_manifest(source)?;
    let hash = manifest.check().map_err(RecordError::Manifest)?;
    report.pass("manifest", hash.to_hex());
    if expected.election.is_some_and(|e| *e != hash) {
        report.fail(
            rules::OTHER_ELECTION,
            "the record is about another election".to_owned(),
        );
    }
    compare(replay.state(), &manifest, expected.trust, report);
    let mut blocks = 0;
    while replay.step_with(work.check)? {
        blocks += 1;
        (work.progress)(blocks);
    }
    let election = check_manifest(replay.state(), &manifest)?;
    replayed(&replay, blocks, report);
    finished(election, &manifest, report);
    report.facts = Facts::new(replay.state(), election);
    let views = check_views(source, election)?;
    report.pass("views", format!("{views}"));
    Ok(())
}

/// Rules R1.10, R8.07, R8.08.
fn compare<S: Store>(
    state: &State<S>,
    manifest: &SealedManifest,
    trust: Option<&Trust>,
    report: &mut Report,
) {
    let Some(trust) = trust else {
        let what = "信頼ファイルなし: 下の値を広報紙などと見比べてください / no trust file: compare \
                    the values below with a printed source";
        report.not_compared("trust", what.to_owned());
        return;
    };
    let network = state.network();
    if let Err(e) = manifest.manifest.check_practice(trust.practice) {
        let found = if trust.practice { "real" } else { "practice" };
        report.fail(e.rule(), format!("this is a {found} election"));
    } else if manifest.manifest.authority.as_bytes() != &trust.authority {
        report.fail(
            rules::TRUSTED_AUTHORITY,
            "another authority sealed this election".to_owned(),
        );
    } else if network.id() != trust.network || network.committee() != trust.validators {
        report.fail(
            rules::TRUSTED_NETWORK,
            "another network of validators made this record".to_owned(),
        );
    } else {
        report.pass("trust", format!("{} validators", trust.validators.len()));
    }
}

/// Everything a replay that came to its end has shown.
fn replayed<S: Store>(replay: &Replay<'_, S>, blocks: u64, report: &mut Report) {
    let count = |kinds: &[u8]| -> u64 { kinds.iter().filter_map(|k| replay.counts().get(k)).sum() };
    let ballots = count(&[kind::BALLOT, kind::CHECK_BALLOT]);
    let entries: u64 = replay.counts().values().sum();
    report.pass("files", String::new());
    report.pass("chain", format!("{blocks} blocks"));
    report.pass(
        "finality",
        format!("{} certificates", replay.certificates()),
    );
    report.pass("entries", format!("{entries} entries"));
    report.pass("sealed", String::new());
    report.pass("ceremony", format!("{} messages", count(&[kind::CEREMONY])));
    let acts = [
        kind::OPEN,
        kind::NOTICE,
        kind::EXTEND,
        kind::RESUME,
        kind::DRAIN,
    ];
    let more = [
        kind::ANNOUNCE,
        kind::SALT_DESTROYED,
        kind::RELEASE,
        kind::HAND_OVER,
        kind::WITHDRAW,
        kind::HINTS,
    ];
    report.pass("officers", format!("{} acts", count(&acts) + count(&more)));
    report.pass("ballots", format!("{ballots} ballots"));
    report.pass("tokens", format!("{ballots} ballots"));
    report.pass("sequence", format!("{ballots} ballots"));
    report.pass("evidence", format!("{} entries", count(&[kind::EVIDENCE])));
    report.pass("shares", format!("{} shares", count(&[kind::SHARE])));
}

/// Rules R8.09–R8.12, R8.14–R8.19. A withdrawn election has no result, and none is missing.
fn finished<S: Store>(e: &Election<S>, manifest: &SealedManifest, report: &mut Report) {
    if e.phase() == Phase::Withdrawn {
        for key in ["result", "reconciliation"] {
            report.not_held(key, "withdrawn before the opening".to_owned());
        }
        return;
    }
    let Some(result) = e.result().filter(|_| e.phase() == Phase::Result) else {
        report.fail(
            rules::RECORD_UNFINISHED,
            format!("the election is {}", e.phase().as_str()),
        );
        return;
    };
    report.pass("result", format!("{} counted", result.counted));
    let m = &manifest.manifest;
    covered(e, report);
    report.findings = findings(e, m);
    for (contest, votes) in m.contests.iter().zip(&result.votes) {
        let marks: u64 = votes.iter().sum();
        let least = u64::from(contest.shape.k_min()).saturating_mul(result.counted);
        let most = u64::from(contest.shape.k_max()).saturating_mul(result.counted);
        if !(least..=most).contains(&marks) {
            report.fail(rules::MARKS, format!("{}: {marks} marks", contest.id));
        }
    }
    let sum = format!(
        "{} = {} + {}",
        result.received, result.counted, result.overwritten
    );
    report.pass("reconciliation", sum);
}

/// Rules R8.15 and R8.16: one registrar's word at least for every ballot.
fn covered<S: Store>(e: &Election<S>, report: &mut Report) {
    let reported = e.reported();
    if reported.iter().all(|r| r.uncovered > 0) {
        let most = reported.iter().map(|r| r.first).max().unwrap_or(0);
        report.fail(
            rules::COUNTED_UNCOVERED,
            format!("{} counted, {most} reported at most", e.counted()),
        );
    }
    if reported.iter().all(|r| r.unbacked > 0) {
        let most = reported.iter().map(|r| r.again).max().unwrap_or(0);
        let replaced = e.received().saturating_sub(e.counted());
        report.fail(
            rules::REPLACED_UNCOVERED,
            format!("{replaced} replaced, {most} again tokens reported at most"),
        );
    }
}

/// What people have to judge (rules R8.10, R8.11, R8.14, R8.17–R8.19), registrar by registrar.
fn findings<S: Store>(e: &Election<S>, m: &Manifest) -> Vec<Finding> {
    let margin = e.margins().into_iter().min().unwrap_or(0);
    let mut out = Vec::new();
    for (r, registrar) in e.reported().iter().zip(&m.registrars) {
        let difference = r.difference();
        let mut find =
            |rule, days: &[u32]| out.push(Finding::new(rule, (r, registrar), days, margin));
        if r.missing > 0 {
            find(rules::NO_EVIDENCE, &[]);
        }
        if !r.late.is_empty() {
            find(rules::EVIDENCE_LATE, &r.late);
        }
        if !r.after_shares.is_empty() {
            find(rules::EVIDENCE_AFTER_SHARES, &r.after_shares);
        }
        if r.uncovered > 0 {
            find(rules::FIRST_BELOW_COUNTED, &[]);
        }
        if r.unbacked > 0 {
            find(rules::AGAIN_BELOW_REPLACED, &[]);
        }
        if difference > 0 && difference >= margin {
            find(rules::RESTS_ON_OTHERS, &[]);
        }
    }
    out
}
