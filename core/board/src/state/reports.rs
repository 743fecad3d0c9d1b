//! What registrars reported, and what that says about the box (spec 05 §6, 08 §2).

use super::Moment;
use super::election::{Election, Phase};
use super::evidence_row::{Completed, EvidenceRow};
use crate::entry::Evidence;
use crate::rules;
use crate::store::Store;
use ballot::day::{japan_day, japan_day_start_ms};
use crypto::Rule;
use imbl::OrdMap;

/// A report that is complete so long after its day has ended is in time (ms).
pub const EVIDENCE_DUE_MS: u64 = 6 * 3_600_000;

/// One registrar's reports measured against the box. Days count from 1970-01-01 in Japan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// Index in the manifest.
    pub registrar: u16,
    /// Credentials in the reports that were complete before the first decryption share.
    pub first: u64,
    /// *again* tokens in these reports.
    pub again: u64,
    /// How many days of the vote have no complete report.
    pub missing: u64,
    /// Days whose report was complete later than six hours after their end.
    pub late: Vec<u32>,
    /// Days whose report was complete only when the votes were known; they count as missing.
    pub after_shares: Vec<u32>,
    /// Counted ballots beyond `first`.
    pub uncovered: u64,
    /// Replaced ballots beyond `again`.
    pub unbacked: u64,
}

impl Reported {
    /// By how much these ballots can have moved the margin of a contest: a counted ballot too many
    /// by one, a replaced ballot by two, because it takes a vote from one option and gives it to
    /// another.
    #[must_use]
    pub fn difference(&self) -> u64 {
        let replaced = self.unbacked.saturating_mul(2);
        self.uncovered.saturating_add(replaced)
    }
}

impl<S: Store> Election<S> {
    /// Rules R5.05, R5.37, R5.36.
    pub(super) fn take_evidence(
        &mut self,
        e: &Evidence,
        moment: &Moment,
        days: &OrdMap<u64, u64>,
    ) -> Result<(), Rule> {
        if self.phase < Phase::Open {
            return Err(rules::PHASE);
        }
        if self.phase == Phase::Result || !self.has_ended(e.day, moment.time_ms) {
            return Err(rules::EVIDENCE_TIME);
        }
        let key = (e.registrar, e.day);
        let row = self.evidence.get(&key).cloned();
        let follows = |row: &EvidenceRow| {
            let same = row.counts == e.counts && row.incidents == e.incidents;
            row.parts == e.part && same && row.last.as_ref() < e.leaves.first()
        };
        if !row.as_ref().map_or(e.part == 0, follows) {
            return Err(rules::EVIDENCE_PARTS);
        }
        let parts = e.part.saturating_add(1);
        let complete = (u64::from(parts) == e.parts()).then_some(Completed {
            late: moment.time_ms > self.due_ms(e.day, days),
            before_shares: self.shares.is_empty(),
        });
        let row = EvidenceRow {
            counts: e.counts.clone(),
            incidents: e.incidents,
            parts,
            last: e.leaves.last().copied(),
            complete,
        };
        self.evidence.insert(key, row);
        Ok(())
    }
    /// Whether `day` is a day of the vote that is over: the day of the close when the box is
    /// closed, because until then the close may be moved.
    fn has_ended(&self, day: u32, now_ms: u64) -> bool {
        let (day, last) = (u64::from(day), self.close_day());
        let over = if day == last {
            self.phase >= Phase::Closed
        } else {
            now_ms >= japan_day_start_ms(day.saturating_add(1))
        };
        (self.first_day()..=last).contains(&day) && over
    }
    fn first_day(&self) -> u64 {
        self.manifest().map_or(0, |m| japan_day(m.opens_at()))
    }
    /// The last instant at which the report of `day` is in time, ms. A day ends with the first
    /// block after it, because before that block nobody could report; a day before the box was
    /// opened, with the opening; the day of the close of a halted box, and what the halt kept
    /// behind it, with the `Resume`.
    fn due_ms(&self, day: u32, days: &OrdMap<u64, u64>) -> u64 {
        let day = u64::from(day);
        let ended = if day == self.close_day() {
            self.closed_at
        } else {
            let after = days.range(day.saturating_add(1)..).next();
            let resumed = self.resumed.range(..=day).next_back();
            let times = [after, resumed].map(|found| found.map_or(0, |(_, time)| *time));
            times.into_iter().fold(self.opened_at, u64::max)
        };
        ended.saturating_add(EVIDENCE_DUE_MS)
    }
    /// The JST day (days since 1970-01-01) of the last millisecond before the effective close:
    /// the last day for which registrars report.
    #[must_use]
    pub fn close_day(&self) -> u64 {
        japan_day(self.close_at().saturating_sub(1))
    }
    fn registrars(&self) -> Vec<u16> {
        let n = self.manifest().map_or(0, |m| m.registrars.len());
        (0..n).filter_map(|i| u16::try_from(i).ok()).collect()
    }
    /// Whether every registrar has reported the day of the close.
    #[must_use]
    pub fn evidence_complete(&self) -> bool {
        let day = u32::try_from(self.close_day()).unwrap_or(u32::MAX);
        let row = |registrar| self.evidence.get(&(registrar, day));
        let reported = |r: u16| row(r).is_some_and(EvidenceRow::is_complete);
        self.registrars().into_iter().all(reported)
    }
    /// Reports by (registrar, day), those without all their parts too.
    pub fn evidence(&self) -> impl Iterator<Item = (&(u16, u32), &EvidenceRow)> {
        self.evidence.iter()
    }
    /// Credentials issued per registrar, from its complete reports.
    #[must_use]
    pub fn issued(&self) -> Vec<u64> {
        let sum = |registrar: u16| {
            let rows = self.evidence.range((registrar, 0)..=(registrar, u32::MAX));
            let complete = rows.filter(|(_, row)| row.is_complete());
            complete.map(|(_, row)| row.sum(|c| c.first)).sum()
        };
        self.registrars().into_iter().map(sum).collect()
    }
    /// Every registrar's reports measured against the box as it is now.
    #[must_use]
    pub fn reported(&self) -> Vec<Reported> {
        let registrars = self.registrars().into_iter();
        registrars.map(|r| self.reported_by(r)).collect()
    }
    fn reported_by(&self, registrar: u16) -> Reported {
        let (mut first, mut again, mut complete) = (0, 0, 0);
        let (mut late, mut after_shares) = (Vec::new(), Vec::new());
        let rows = self.evidence.range((registrar, 0)..=(registrar, u32::MAX));
        for ((_, day), row) in rows {
            let Some(done) = row.complete else { continue };
            complete += 1;
            if done.late {
                late.push(*day);
            }
            if done.before_shares {
                first += row.sum(|c| c.first);
                again += row.sum(|c| c.again);
            } else {
                after_shares.push(*day);
            }
        }
        let days = self.close_day().saturating_sub(self.first_day());
        let overwritten = self.received().saturating_sub(self.counted());
        Reported {
            registrar,
            first,
            again,
            missing: days.saturating_add(1).saturating_sub(complete),
            late,
            after_shares,
            uncovered: self.counted().saturating_sub(first),
            unbacked: overwritten.saturating_sub(again),
        }
    }
    /// Votes between the first and the second option, per contest; none before the result.
    #[must_use]
    pub fn margins(&self) -> Vec<u64> {
        let votes = self.result().map(|r| r.votes.as_slice());
        votes
            .unwrap_or_default()
            .iter()
            .map(|v| margin(v))
            .collect()
    }
}

fn margin(votes: &[u64]) -> u64 {
    let mut sorted = votes.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let first = sorted.first().copied().unwrap_or(0);
    first.saturating_sub(sorted.get(1).copied().unwrap_or(0))
}
