//! From the close to the result.

use super::Moment;
use super::election::{Election, Phase};
use crate::entry::{ResultEntry, ShareCommit, ShareEntry};
use crate::rules;
use crate::store::Store;
use crypto::merkle;
use crypto::{Hash, Rule};
use std::sync::Arc;
use tally::{Aggregate, Target};

/// So long after the close block a missing report holds nothing up any more (ms).
pub const EVIDENCE_WAIT_MS: u64 = 3_600_000;
/// So long after the announced time and after the close block shares count without an act of the
/// officers (ms).
pub const ANNOUNCED_AFTER_MS: u64 = 86_400_000;

impl<S: Store> Election<S> {
    /// Root of the counted set: H(election, count, Merkle root over vk ‖ entry hash by vk).
    #[must_use]
    pub fn counted_root(&self) -> Hash {
        let mut leaves = merkle::Growing::default();
        self.each_voter(&mut |vk, v| {
            leaves.push(merkle::leaf(&[vk.as_slice(), v.hash.as_bytes()].concat()));
        });
        let election = self.hash().copied().unwrap_or(Hash::ZERO);
        crypto::hash::hash(
            "counted-set",
            &[
                election.as_bytes(),
                &self.counted().to_le_bytes(),
                &leaves.root(),
            ],
        )
    }
    /// Fixes counted set, root and aggregate at the close block.
    pub(super) fn close(&mut self, moment: &Moment) {
        self.phase = Phase::Closed;
        self.closed_at = moment.time_ms;
        // A block that is only imagined gives no target: nobody can have committed to it.
        self.target = moment.digest.map(|close_block| {
            Arc::new(Target {
                election: self.hash().copied().unwrap_or(Hash::ZERO),
                close_block,
                counted_root: self.counted_root(),
                counted: self.counted(),
                aggregate: Aggregate::from_sums(self.sums.as_ref().clone()),
            })
        });
    }
    /// From this time on t commitments are enough for the phase *announced* (ms).
    #[must_use]
    pub fn announced_at(&self) -> u64 {
        let announce_at = self.manifest().map_or(u64::MAX, |m| m.announce_at);
        let later = announce_at.max(self.closed_at);
        later.saturating_add(ANNOUNCED_AFTER_MS)
    }
    fn threshold(&self) -> usize {
        usize::from(self.setup().roster.t())
    }
    /// Rules R5.39–R5.41, R5.50.
    pub(super) fn commit(&mut self, c: &ShareCommit, moment: &Moment) -> Result<(), Rule> {
        // Also after the announcement: somebody has to be able to step in for a trustee who committed
        // and then shows no good share.
        let (Phase::Closed | Phase::Committed | Phase::Announced) = self.phase else {
            return Err(rules::PHASE);
        };
        let target = self.target.as_ref().ok_or(rules::COMMIT_TARGET)?;
        if self.commits.contains_key(&c.trustee) {
            return Err(rules::COMMIT_TWICE);
        }
        if c.target != target.digest() {
            return Err(rules::COMMIT_TARGET);
        }
        let least = self.manifest().map_or(0, |m| m.min_counted);
        if target.counted < u64::from(least) {
            return Err(rules::TOO_FEW_COUNTED);
        }
        // Reports should stand on the board before anybody can know the votes.
        let waited = moment.time_ms >= self.closed_at.saturating_add(EVIDENCE_WAIT_MS);
        if self.commits.is_empty() && !waited && !self.evidence_complete() {
            return Err(rules::EVIDENCE_MISSING);
        }
        self.commits.insert(c.trustee, c.commitment);
        if self.phase == Phase::Closed && self.commits.len() >= self.threshold() {
            self.phase = Phase::Committed;
        }
        Ok(())
    }
    /// Rules R5.42, R5.43.
    pub(super) fn announce(&mut self, moment: &Moment) -> Result<(), Rule> {
        if self.phase == Phase::Closed {
            return Err(rules::ANNOUNCE_COMMITS);
        }
        self.need(Phase::Committed)?;
        if self
            .manifest()
            .is_none_or(|m| moment.time_ms < m.announce_at)
        {
            return Err(rules::ANNOUNCE_EARLY);
        }
        self.officers_announced = true;
        self.phase = Phase::Announced;
        Ok(())
    }
    /// Rules R5.44, R5.45 and those of the share itself (R7.01–R7.03).
    pub(super) fn take_share(&mut self, s: &ShareEntry) -> Result<(), Rule> {
        if self.phase < Phase::Announced {
            return Err(rules::SHARE_EARLY);
        }
        self.need(Phase::Announced)?;
        let id = s.share.trustee;
        let (Some(commitment), Some(target)) = (self.commits.get(&id), &self.target) else {
            return Err(rules::SHARE_COMMIT);
        };
        if self.shares.contains_key(&id) {
            return Err(rules::SHARE_COMMIT);
        }
        let members = self
            .manifest()
            .map_or(&[][..], |m| m.trustees.members.as_slice());
        let member = members
            .iter()
            .find(|t| t.id == id)
            .ok_or(rules::SHARE_COMMIT)?;
        s.share
            .check(target, &member.verification, commitment)
            .map_err(|e| e.rule())?;
        self.shares.insert(id, Arc::new(s.share.clone()));
        if self.shares.len() == self.threshold() {
            let used: Vec<_> = self.shares.values().map(|s| s.as_ref().clone()).collect();
            let t = self.setup().roster.t();
            // t shares whose proofs hold decrypt to counts; a failure here leaves no valid result.
            self.votes = self
                .target
                .as_deref()
                .and_then(|target| tally::combine(target, t, &used).ok())
                .map(Arc::new);
        }
        Ok(())
    }
    /// The one valid result, as soon as t good shares are on the board.
    #[must_use]
    pub fn expected_result(&self) -> Option<ResultEntry> {
        Some(ResultEntry {
            election: *self.hash()?,
            votes: self.votes.as_deref()?.clone(),
            received: self.received,
            overwritten: self.received.checked_sub(self.counted())?,
            counted: self.counted(),
            check_ballots: self.check_ballots(),
            issued: self.issued(),
        })
    }
    /// Rules R5.47, R5.48.
    pub(super) fn take_result(&mut self, r: &ResultEntry) -> Result<(), Rule> {
        self.need(Phase::Announced)?;
        let expected = self.expected_result().ok_or(rules::RESULT_SHARES)?;
        if *r != expected {
            return Err(rules::RESULT_VALUE);
        }
        self.result = Some(Arc::new(expected));
        self.phase = Phase::Result;
        Ok(())
    }
}
