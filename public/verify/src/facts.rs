//! What a good record says: hashes to compare, counts, result, margin.

mod about;

pub use about::{About, Room, Words};

use ballot::text::shown;
use board::committee::Term;
use board::replay::record_digest;
use board::store::Store;
use board::{Election, State};
use crypto::hash::to_hex;
use serde::Serialize;

/// One option and its votes.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// Id in the manifest.
    pub id: String,
    /// Title, Japanese.
    pub ja: String,
    /// Title, English.
    pub en: String,
    /// Votes.
    pub votes: u64,
}

/// Validators who took over.
#[derive(Clone, Debug, Serialize)]
pub struct TookOver {
    /// Hand-overs on the board with this one.
    pub epoch: u64,
    /// Height of their first block.
    pub from: u64,
    /// Their Ed25519 keys.
    pub validators: Vec<String>,
}

fn took_over(term: &Term) -> TookOver {
    TookOver {
        epoch: term.epoch,
        from: term.from,
        validators: keys(term),
    }
}

fn keys(term: &Term) -> Vec<String> {
    term.keys.iter().map(|k| to_hex(k)).collect()
}

/// Facts of a record.
#[derive(Clone, Debug, Serialize)]
pub struct Facts {
    /// A rehearsal or demonstration.
    pub practice: bool,
    /// Election hash.
    pub election_hash: String,
    /// Network id.
    pub network: String,
    /// Ed25519 keys of the genesis block's validators: those that a trust file lists.
    pub validators: Vec<String>,
    /// Who ran the board after them, in order.
    pub hand_overs: Vec<TookOver>,
    /// Key of the authority.
    pub authority: String,
    /// What two verifiers compare.
    pub record_digest: String,
    /// Height of the last block.
    pub height: u64,
    /// Phase of the election.
    pub phase: &'static str,
    /// Why it was withdrawn before its opening, Japanese and English.
    pub withdrawn: Option<(String, String)>,
    /// Ballots accepted.
    pub received: u64,
    /// Ballots replaced.
    pub overwritten: u64,
    /// Ballots counted.
    pub counted: u64,
    /// Check ballots opened.
    pub check_ballots: u64,
    /// Accepted ballots whose check lines were opened on one side.
    pub opened: u64,
    /// Accepted ballots that were never opened. They count like all others.
    pub never_opened: u64,
    /// Credentials issued, per registrar.
    pub issued: Vec<u64>,
    /// The fewest credentials that a registrar reported, minus counted ballots. It bounds nothing:
    /// ballots in the place of people who asked and did not vote would make it smaller.
    pub unused: Option<u64>,
    /// Votes between the first and the second option, per contest.
    pub margin: Vec<u64>,
    /// Options and votes per contest.
    pub contests: Vec<Vec<Choice>>,
    /// Booth programs voters may use, of manifest and board: version, platform, SHA-256, and
    /// whether they were `sealed` with the manifest or came by an `act` of two officers.
    pub releases: Vec<(String, String, String, &'static str)>,
    /// Who may vote, whom to ask, where to go, what decides a tie.
    pub about: About,
}

/// The options of a contest with their votes.
fn choices(contest: &ballot::manifest::Contest, votes: &[u64]) -> Vec<Choice> {
    let options = contest.options.iter().zip(votes);
    options
        .map(|(o, v)| Choice {
            id: o.id.clone(),
            ja: o.title.ja.clone(),
            en: o.title.en.clone(),
            votes: *v,
        })
        .collect()
}

type Release = (String, String, String, &'static str);

fn releases<S: Store>(e: &Election<S>) -> Vec<Release> {
    let all = e.releases().into_iter();
    all.map(|r| {
        let found = &r.release;
        let (version, platform) = (found.version.clone(), found.platform.clone());
        (version, platform, to_hex(&found.sha256), r.origin())
    })
    .collect()
}

impl Facts {
    pub(crate) fn new<S: Store>(state: &State<S>, e: &Election<S>) -> Option<Self> {
        let (m, hash) = (e.manifest()?, e.hash()?);
        let votes = e.result().map(|r| r.votes.clone()).unwrap_or_default();
        let contests = m.contests.iter().zip(&votes).map(|(c, v)| choices(c, v));
        let terms = state.committee().terms();
        let issued = e.issued();
        let least = issued.iter().min();
        Some(Self {
            practice: m.practice,
            election_hash: hash.to_hex(),
            network: to_hex(&m.network),
            validators: terms.first().map(keys).unwrap_or_default(),
            hand_overs: terms.iter().skip(1).map(took_over).collect(),
            authority: m.authority.to_hex(),
            record_digest: record_digest(state, hash).to_hex(),
            height: state.tip().height,
            phase: e.phase().as_str(),
            withdrawn: e.withdrawn().map(|r| (r.ja.clone(), r.en.clone())),
            received: e.received(),
            overwritten: e.received().saturating_sub(e.counted()),
            counted: e.counted(),
            check_ballots: e.check_ballots(),
            opened: e.openings(),
            never_opened: e.received().saturating_sub(e.openings()),
            unused: least.and_then(|i| i.checked_sub(e.counted())),
            issued,
            margin: e.margins(),
            contests: contests.collect(),
            releases: releases(e),
            about: About::new(m),
        })
    }
    /// That it was withdrawn, and why when every check passed.
    fn say_withdrawn(&self, passed: bool, out: &mut String) {
        use core::fmt::Write as _;
        let Some((ja, en)) = &self.withdrawn else {
            return;
        };
        out.push_str(
            "【取りやめ】 WITHDRAWN: この投票は、始まる前に取りやめになりました。票は一つもありません。 / \
             This election was withdrawn before it began; there is no vote in it.\n",
        );
        if passed {
            let (ja, en) = (shown(ja), shown(en));
            let _ = writeln!(out, "理由 reason                {ja} / {en}");
        }
    }
    /// Lines for people. The manifest's words are shown only when every check passed: before that
    /// nobody knows who wrote them.
    pub(crate) fn to_text(&self, passed: bool) -> String {
        use core::fmt::Write as _;
        let mut out = String::new();
        if self.practice {
            out.push_str(
                "【試験】 REHEARSAL: これは練習・実演の記録で、本番の投票ではありません。 / This is \
                 a rehearsal or demonstration, not a real vote.\n",
            );
        }
        self.say_withdrawn(passed, &mut out);
        let _ = writeln!(out, "投票の識別値 election hash   {}", self.election_hash);
        let _ = writeln!(out, "ネットワーク network        {}", self.network);
        let _ = writeln!(out, "実施主体 authority          {}", self.authority);
        for v in &self.validators {
            let _ = writeln!(out, "検証者 validator            {v}");
        }
        for h in &self.hand_overs {
            let _ = writeln!(
                out,
                "引き継ぎ hand-over {}  ブロック block {} から",
                h.epoch, h.from
            );
            for v in &h.validators {
                let _ = writeln!(out, "検証者 validator            {v}");
            }
        }
        let _ = writeln!(out, "記録の照合値 record digest   {}", self.record_digest);
        for (version, platform, sha256, origin) in &self.releases {
            let (version, platform) = (shown(version), shown(platform));
            let _ = writeln!(
                out,
                "投票プログラム booth        {version} {platform} {sha256} [{origin}]"
            );
        }
        let _ = writeln!(
            out,
            "受付 received {}  上書き overwritten {}  集計 counted {}  確かめ checked {}  発行 issued {:?}",
            self.received, self.overwritten, self.counted, self.check_ballots, self.issued
        );
        let _ = writeln!(
            out,
            "確かめの公開 opened {}  公開なし（数に入る）never opened, counted all the same {}",
            self.opened, self.never_opened
        );
        if passed {
            out.push_str(&self.about.to_text());
        }
        for o in self.contests.iter().flatten().filter(|_| passed) {
            let [id, ja, en] = [&o.id, &o.ja, &o.en].map(|text| shown(text));
            let _ = writeln!(out, "{:>8}  {id}  {ja} / {en}", o.votes);
        }
        for margin in &self.margin {
            let _ = writeln!(out, "一位と二位の差 margin {margin}");
        }
        if let Some(unused) = self.unused {
            let _ = writeln!(out, "発行済み未使用 issued and unused {unused}");
        }
        if passed {
            out.push_str(PROVEN_BY);
        }
        out
    }
}

/// Who answers for what. The record shows the first line and nothing more.
const PROVEN_BY: &str = "\
だれが示すか / proven by whom
  この記録   掲示板の票は、一つも抜けず、増えず、そのまま数えられた
  record     every ballot on the board was counted as it is, none was added or left out
  登録機関   印は、資格のある一人に一つだけ渡した（自分の報告）
  registrars one token for one entitled person (their own word)
  監査する人 報告された記録の一つ一つに、本物のカードの署名がある（irefuda-audit）
  auditors   a signature of a real card stands behind every record that was reported (irefuda-audit)
  だれも     すべての登録機関が組めば、資格の印をもらって投票しなかった人の代わりに票を入れられる。
             その数は、どの記録からもわからない
  nobody     all registrars together can cast in the place of people who asked for a credential and
             did not vote; no record shows how many these are
";
