//! Ballots and check ballots.

use super::election::{Election, Phase, Voter};
use super::{Asked, Company, MAX_CHECK_BALLOTS, Moment};
use crate::check::{Checked, CheckedBallot};
use crate::entry::kind;
use crate::rules;
use crate::store::{Store, Table as _};
use crypto::elgamal::Ciphertext;
use crypto::wire::{Reader, Wire as _};
use crypto::{Hash, Rule};
use std::sync::Arc;

impl<S: Store> Election<S> {
    /// Rules R5.20–R5.22: whether the box takes ballots at this time at all. A gateway stops at the
    /// close; blocks drain.
    pub(super) fn receives(&self, time_ms: u64, asked: Asked) -> Result<(), Rule> {
        self.stands(kind::BALLOT)?;
        if self.phase > Phase::Draining {
            return Err(rules::BALLOT_LATE);
        }
        if !matches!(self.phase, Phase::Open | Phase::Draining) {
            return Err(rules::BALLOT_PHASE);
        }
        if self.manifest().is_some_and(|m| time_ms < m.opens_at()) {
            return Err(rules::BALLOT_EARLY);
        }
        if asked == Asked::Gateway && time_ms >= self.close_at {
            return Err(rules::BALLOT_LATE);
        }
        Ok(())
    }
    /// Rules R5.20–R5.24 and R5.53–R5.55, the same for ballots and check ballots; `entry` is what stands
    /// in the block. Gives the ballot of this voting key that counts so far.
    fn check_turn(
        &mut self,
        b: &CheckedBallot,
        entry: &Hash,
        moment: &Moment,
        company: &Company,
    ) -> Result<Option<Voter>, Rule> {
        self.receives(moment.time_ms, moment.asked)?;
        self.check_promised(entry, moment, company)?;
        let last = self.voters.get(b.vk.as_bytes());
        let (seq, prev) = last.as_ref().map_or((0, Hash::ZERO), |v| (v.seq, v.hash));
        if seq.checked_add(1) != Some(b.seq) {
            return Err(rules::SEQ);
        }
        if prev != b.prev {
            return Err(rules::PREV);
        }
        if let Some(last) = &last {
            if last.keys != b.keys {
                return Err(rules::CARD_KEYS);
            }
            self.check_window(b.window, entry, moment, company)?;
        }
        Ok(last)
    }
    /// How its first halves were used before.
    fn used(&mut self, b: &CheckedBallot) -> Used {
        let mut used = Used::default();
        for a in &b.firsts {
            match self.firsts.get(&a.0) {
                Some(true) => used.opened = true,
                Some(false) => used.cast = true,
                None => {}
            }
        }
        used
    }
    fn remember(&mut self, b: &CheckedBallot, checked: bool) {
        for a in &b.firsts {
            self.firsts.insert(a.0, checked);
        }
    }
    /// Takes a ballot.
    pub(super) fn cast(
        &mut self,
        b: &CheckedBallot,
        moment: &Moment,
        company: &Company,
    ) -> Result<(), Rule> {
        let last = self.check_turn(b, &b.hash, moment, company)?;
        let used = self.used(b);
        if used.opened {
            return Err(rules::CAST_AFTER_CHECK);
        }
        if used.cast {
            return Err(rules::RANDOMNESS_REUSED);
        }
        // Everything that can fail comes before the first change.
        let replaced = match &last {
            Some(old) => decode(&old.encoded)?,
            None => Vec::new(),
        };
        self.remember(b, false);
        let voter = Voter {
            seq: b.seq,
            hash: b.hash,
            place: moment.place,
            time_ms: moment.time_ms,
            keys: Arc::clone(&b.keys),
            encoded: Arc::clone(&b.encoded),
        };
        self.voters.insert(*b.vk.as_bytes(), voter);
        self.shut_masks(b, moment);
        self.add(&b.ciphertexts, &replaced);
        self.received += 1;
        self.counted += u64::from(last.is_none());
        Ok(())
    }
    /// Takes a check ballot; it does not use up its number.
    pub(super) fn note_check(
        &mut self,
        b: &CheckedBallot,
        checked: &Checked,
        moment: &Moment,
        company: &Company,
    ) -> Result<(), Rule> {
        // Looked at before seq: after its cast the number is used up as well.
        let used = self.used(b);
        if used.cast {
            return Err(rules::CHECK_AFTER_CAST);
        }
        self.check_turn(b, checked.hash(), moment, company)?;
        let name = (b.hash, *b.vk.as_bytes());
        if used.opened || self.opened.get(&name).is_some() {
            return Err(rules::DUPLICATE);
        }
        let key = (*b.vk.as_bytes(), b.seq);
        let checks = self.checks_made.get(&key).unwrap_or(0);
        if checks >= MAX_CHECK_BALLOTS {
            return Err(rules::CHECK_BALLOT_LIMIT);
        }
        self.remember(b, true);
        self.checks_made.insert(key, checks + 1);
        self.opened.insert(name, *checked.hash());
        self.check_ballots += 1;
        Ok(())
    }
    /// Adds a ballot's ciphertexts to the sums and takes those of the replaced one away.
    fn add(&mut self, new: &[Vec<Ciphertext>], old: &[Ciphertext]) {
        let sums = Arc::make_mut(&mut self.sums);
        for (sum, c) in sums.iter_mut().flatten().zip(new.iter().flatten()) {
            *sum += c;
        }
        for (sum, c) in sums.iter_mut().flatten().zip(old) {
            sum.a -= c.a;
            sum.b -= c.b;
        }
    }
}

/// Whether one of the first halves of a ballot is in an earlier entry.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    cast: bool,
    opened: bool,
}

/// Ciphertexts of a ballot that was accepted before.
fn decode(encoded: &[u8]) -> Result<Vec<Ciphertext>, Rule> {
    let mut r = Reader::new(encoded);
    let mut out = Vec::with_capacity(encoded.len() / 64);
    while r.left() > 0 {
        out.push(Ciphertext::read(&mut r).map_err(|_| ballot::rules::CONTEST_POINTS)?);
    }
    Ok(out)
}
