//! What comes out: lines for people, Japanese first, and JSON. Records are named by their leaf hashes;
//! nothing in it says who a person is.

use crate::fault::Fault;
use crate::persons::{AGAIN_PER_DAY, Compared};
use crypto::hash::to_hex;
use host::exit::Exit;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Records with one fault, by leaf hash.
pub type Faults = BTreeMap<Fault, Vec<String>>;

/// So many leaf hashes of one fault are printed for people; JSON has all.
const SHOWN: usize = 10;

/// One registrar's records.
#[derive(Clone, Debug, Serialize)]
pub struct Audited {
    /// Its place in the manifest, from 0.
    pub registrar: u16,
    /// Its name, Japanese.
    pub ja: String,
    /// The same in English.
    pub en: String,
    /// Leaf hashes on the board.
    pub reported: u64,
    /// Records that were looked at: all, or the sample.
    pub drawn: u64,
    /// Records behind which there is a real card, once.
    pub proven: u64,
    /// What is wrong.
    pub faults: Faults,
    /// Records among its files that it never reported.
    pub unreported: u64,
    /// Days and channels of which the reported counts are not those of the records; none is looked
    /// for in a sample.
    pub miscounted: Vec<u32>,
    /// Persons to whom it signed more than one person key, by the records of all registrars.
    pub changed_keys: u64,
    /// For each of these persons one record of each key, by leaf hash, whoever kept it.
    pub changed_records: Vec<String>,
    /// Persons with more than five further tokens of one day.
    pub crowded: u64,
}

impl Audited {
    fn is_good(&self) -> bool {
        self.faults.is_empty() && self.unreported == 0 && self.miscounted.is_empty()
    }
    fn has_findings(&self) -> bool {
        self.changed_keys > 0 || self.crowded > 0
    }
    fn write(&self, out: &mut String) {
        let (ja, en) = (ballot::text::shown(&self.ja), ballot::text::shown(&self.en));
        let _ = writeln!(
            out,
            "登録機関「{ja}」: 掲示板の記録 {}、調べた記録 {}、本物のカードがあった記録 {} / registrar {en}: \
             {} records on the board, {} looked at, {} with a real card",
            self.reported, self.drawn, self.proven, self.reported, self.drawn, self.proven
        );
        for (fault, leaves) in &self.faults {
            let n = leaves.len();
            let _ = writeln!(out, "  不可 {n} 件: {} / {}", fault.ja(), fault.en());
            for leaf in leaves.iter().take(SHOWN) {
                let _ = writeln!(out, "    {leaf}");
            }
        }
        if self.unreported > 0 {
            let n = self.unreported;
            let _ = writeln!(
                out,
                "  不可 {n} 件: 掲示板に報告していない記録 / never reported on the board"
            );
        }
        if self.changed_keys > 0 {
            let n = self.changed_keys;
            let _ = writeln!(
                out,
                "  指摘: 同じカードに違う鍵を答えて署名した人 {n} / finding: {n} persons got more than one \
                 person key from it, each with its signature"
            );
            for leaf in self.changed_records.iter().take(SHOWN) {
                let _ = writeln!(out, "    {leaf}");
            }
        }
        if self.crowded > 0 {
            let n = self.crowded;
            let _ = writeln!(
                out,
                "  指摘: 一日に {AGAIN_PER_DAY} 回より多く投票し直しの印を得た人 {n} / finding: {n} persons got \
                 more than {AGAIN_PER_DAY} further tokens on one day"
            );
        }
        for day in &self.miscounted {
            let _ = writeln!(
                out,
                "  不可: {day} 日目の報告の数が記録と合わない / day {day}: counts are not those of the records"
            );
        }
    }
}

/// The whole audit.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The election hash.
    pub election: String,
    /// Whether a sample was looked at, and of how many records of each registrar.
    pub sample: Option<usize>,
    /// Registrar by registrar.
    pub registrars: Vec<Audited>,
    /// Registrars compared person by person; nothing in a sample.
    pub compared: Option<Compared>,
    /// Ballots counted.
    pub counted: u64,
    /// Ballots replaced.
    pub overwritten: u64,
}

impl Report {
    /// Whether more ballots were counted, or replaced, than persons of every registrar account for.
    #[must_use]
    pub fn is_exceeded(&self) -> bool {
        self.compared
            .is_some_and(|all| all.with_all < self.counted || all.again_with_all < self.overwritten)
    }
    /// How the program ends: 1 when something is wrong, 4 when registrars differ about persons, or one
    /// gave a person two keys or more further tokens a day than usual.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.is_exceeded() || !self.registrars.iter().all(Audited::is_good) {
            Exit::CheckFailed
        } else if self.compared.is_some_and(|all| all.with_some > 0)
            || self.registrars.iter().any(Audited::has_findings)
        {
            Exit::Findings
        } else {
            Exit::Ok
        }
    }
    /// The lines for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!("投票の識別値 election hash {}\n", self.election);
        match self.sample {
            None => out.push_str("すべての記録を調べました / every record was looked at\n"),
            Some(n) => {
                let _ = writeln!(
                    out,
                    "抽出した記録を調べました（登録機関ごとに最大 {n}） / a sample was looked at (at most {n} \
                     of each registrar)"
                );
            }
        }
        for registrar in &self.registrars {
            registrar.write(&mut out);
        }
        self.write_compared(&mut out);
        out.push_str(self.last_words());
        out
    }
    fn write_compared(&self, out: &mut String) {
        let Some(all) = self.compared else {
            out.push_str(
                "人ごとの突き合わせと、数えた票との比較は、すべてを調べるときだけ行います / persons are \
                 compared only when every record is looked at\n",
            );
            return;
        };
        let _ = writeln!(
            out,
            "すべての登録機関で資格を得た人 {}、数えた票 {} / persons with a credential of every registrar \
             {}, ballots counted {}",
            all.with_all, self.counted, all.with_all, self.counted
        );
        let _ = writeln!(
            out,
            "すべての登録機関がそろった投票し直し {}、置きかえた票 {} / further tokens of every registrar {}, \
             ballots replaced {}",
            all.again_with_all, self.overwritten, all.again_with_all, self.overwritten
        );
        if all.with_some > 0 {
            let n = all.with_some;
            let _ = writeln!(
                out,
                "指摘: 一部の登録機関だけで資格を得た人 {n} / finding: {n} persons with a credential of some \
                 registrars only"
            );
        }
    }
    fn last_words(&self) -> &'static str {
        match (self.exit(), self.sample) {
            (Exit::Ok, None) => {
                "報告された記録のすべてに、本物のカードの署名がありました。資格の印をもらって投票しなかった\
                 人の代わりに票が入れられていないことまでは、わかりません。 / A real card stands behind every \
                 record. Whether ballots were cast in the place of people who asked and did not vote, this \
                 cannot show.\n"
            }
            (Exit::Ok, Some(_)) => {
                "抽出した記録のすべてに、本物のカードの署名がありました。 / A real card stands behind every \
                 record of the sample.\n"
            }
            (Exit::Findings, _) => {
                "記録に誤りはありませんが、指摘があります。登録機関に説明を求めてください。 / No record is \
                 wrong, but there are findings: ask the registrars why.\n"
            }
            _ => {
                "誤りがあります。登録機関に説明を求め、投票の数と差を見て判断してください。 / Something is \
                 wrong: ask the registrars, and judge it by the numbers and the margin.\n"
            }
        }
    }
}

/// A leaf hash as text.
pub(crate) fn name(leaf: &[u8; 32]) -> String {
    to_hex(leaf)
}
