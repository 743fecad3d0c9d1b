//! Administrative entries of one election, and what time alone does.

use super::election::{Election, Phase, Released};
use super::{HALT_GAP_MS, Moment, Past, Present};
use crate::check::{Known, Sealed};
use crate::entry::{Act, Entry};
use crate::rules;
use crate::store::Store;
use ballot::BallotRules;
use ballot::manifest::Release;
use ballot::{Manifest, SealedManifest};
use crypto::elgamal::Ciphertext;
use crypto::{Hash, Rule};
use imbl::OrdMap;
use std::sync::Arc;

/// Voting is resumed after a halt that began more than this before the close (ms).
pub const RESUME_GAP_MS: u64 = 600_000;

impl<S: Store> Election<S> {
    /// Whether a block at `time` after a block at `parent` changes the phase by itself.
    pub(super) fn changes_at(&self, parent: u64, time: u64) -> bool {
        match self.phase {
            Phase::Open | Phase::Draining => {
                self.halts_at(parent, time) || time >= self.drained_at()
            }
            Phase::Committed => time >= self.announced_at(),
            _ => false,
        }
    }
    /// A silence that may have kept ballots out which were promised: until the close, or, when the
    /// officers let it drain, until the end of the drain.
    fn halts_at(&self, parent: u64, time: u64) -> bool {
        let over = match self.phase {
            Phase::Open => self.close_at,
            Phase::Draining => self.drained_at(),
            _ => return false,
        };
        time >= over && time.saturating_sub(parent) > HALT_GAP_MS
    }
    pub(super) fn pass_time(&mut self, parent: u64, moment: &Moment) {
        if self.halts_at(parent, moment.time_ms) {
            self.phase = Phase::Halted;
            self.halted_since = parent;
            self.drains_from = None;
        } else if self.phase == Phase::Committed && self.changes_at(parent, moment.time_ms) {
            self.phase = Phase::Announced;
        } else if self.changes_at(parent, moment.time_ms) {
            self.close(moment);
        }
    }

    /// Every kind of entry but setup, seal and ballots.
    pub(super) fn step(&mut self, entry: &Entry, moment: &Moment, past: &Past) -> Result<(), Rule> {
        match entry {
            Entry::Ceremony(c) => {
                if self.phase > Phase::Ceremony {
                    return Err(rules::PHASE);
                }
                let mut next = self.ceremony.as_ref().clone();
                next.apply(c.body.trustee, &c.body.message)
                    .map_err(|e| e.rule())?;
                self.ceremony = Arc::new(next);
                self.phase = Phase::Ceremony;
                Ok(())
            }
            Entry::Act(a) => self.act(&a.act, moment, &past.heads),
            Entry::Evidence(e) => self.take_evidence(&e.body, moment, &past.days),
            Entry::ShareCommit(c) => self.commit(&c.body, moment),
            Entry::Share(s) => self.take_share(&s.body),
            Entry::Result(r) => self.take_result(r),
            Entry::Setup(_)
            | Entry::Seal(_)
            | Entry::Ballot(_)
            | Entry::CheckBallot(_)
            | Entry::Opening(_)
            | Entry::HandOver(_)
            | Entry::Late(_) => Err(rules::ENTRY_BYTES),
        }
    }

    /// Rules R5.11–R5.14.
    pub(super) fn seal(
        &mut self,
        sealed: &Arc<SealedManifest>,
        hash: &Hash,
        network: &Present<'_>,
        moment: &Moment,
    ) -> Result<(), Rule> {
        if self.phase > Phase::Ceremony {
            return Err(rules::PHASE);
        }
        let m = &sealed.manifest;
        if !self.agrees_with_setup(m) || m.network != network.id {
            return Err(rules::SEAL_SETUP);
        }
        self.check_keys(m)?;
        let mut validators = m.validators.clone();
        validators.sort_by_key(|v| v.engine_key);
        if validators != network.validators || m.epoch != network.epoch {
            return Err(rules::SEAL_VALIDATORS);
        }
        if moment.time_ms >= m.close_at {
            return Err(rules::SEAL_LATE);
        }
        let sealed_with = |release: &Release| Released {
            release: release.clone(),
            later: false,
        };
        let releases = m.releases.iter().map(|r| (r.name(), sealed_with(r)));
        self.releases = releases.collect();
        self.close_at = m.close_at;
        self.sealed_height = moment.place.height;
        let zeros = |c: &ballot::manifest::Contest| vec![Ciphertext::zero(); c.shape.options()];
        self.sums = Arc::new(m.contests.iter().map(zeros).collect());
        self.known = Arc::new(Known {
            setup_hash: self.known.setup_hash,
            setup: self.known.setup.clone(),
            sealed: Some(Sealed {
                manifest: Arc::clone(sealed),
                election: *hash,
                rules: Arc::new(BallotRules::new(m)),
            }),
        });
        self.phase = Phase::Sealed;
        Ok(())
    }
    fn agrees_with_setup(&self, m: &Manifest) -> bool {
        let s = self.setup();
        let trustees = m.trustees.members.iter().map(|t| (t.id, &t.key, &t.name));
        let names = s.roster.members().iter().zip(&s.trustee_names);
        m.setup == self.known.setup_hash
            && m.id == s.id
            && m.authority == s.authority
            && m.officers == s.officers
            && m.trustees.t == s.roster.t()
            && trustees.eq(names.map(|(r, name)| (r.id, &r.key, name)))
    }
    fn check_keys(&self, m: &Manifest) -> Result<(), Rule> {
        let outcome = self.ceremony.outcome().map_err(|_| rules::SEAL_CEREMONY)?;
        let same = m.trustees.joint == outcome.joint
            && m.trustees.ceremony_root == outcome.root
            && m.trustees
                .members
                .iter()
                .map(|t| &t.verification)
                .eq(&outcome.verification);
        if same {
            Ok(())
        } else {
            Err(rules::SEAL_CEREMONY)
        }
    }

    pub(super) fn act(
        &mut self,
        act: &Act,
        moment: &Moment,
        heads: &OrdMap<u64, [u8; 32]>,
    ) -> Result<(), Rule> {
        match act {
            Act::Open {
                count,
                height,
                head,
            } => {
                self.need(Phase::Sealed)?;
                let recent = *height >= self.sealed_height && heads.get(height) == Some(head);
                if *count != 0 || self.counted != 0 || !recent {
                    return Err(rules::OPEN_BOX);
                }
                if moment.time_ms >= self.close_at {
                    return Err(rules::OPEN_LATE);
                }
                self.phase = Phase::Open;
                self.opened_at = moment.time_ms;
            }
            Act::Notice { .. } => {}
            Act::Release(release) => self.take_release(release)?,
            Act::Extend { until } => {
                if self.phase != Phase::Open || moment.time_ms >= self.close_at {
                    return Err(rules::EXTEND_LATE);
                }
                if *until <= self.close_at || *until > self.extend_limit() {
                    return Err(rules::EXTEND_RANGE);
                }
                if !self.resumed.is_empty() {
                    return Err(rules::EXTEND_RESUMED);
                }
                self.close_at = *until;
            }
            Act::Resume { until } => self.resume(*until, moment)?,
            Act::Drain => {
                if self.phase != Phase::Halted {
                    return Err(rules::NOT_HALTED);
                }
                self.phase = Phase::Draining;
                self.drains_from = Some(moment.time_ms);
            }
            Act::Withdraw { reason } => self.withdraw(reason)?,
            Act::Hints(hints) => self.take_hints(hints)?,
            Act::Announce => self.announce(moment)?,
            Act::SaltDestroyed { registrar } => {
                let exists = self
                    .manifest()
                    .is_some_and(|m| usize::from(*registrar) < m.registrars.len());
                let closed = self.phase >= Phase::Closed;
                if !closed || !exists || self.salts.contains_key(registrar) {
                    return Err(rules::SALT_EARLY);
                }
                self.salts.insert(*registrar, ());
            }
        }
        Ok(())
    }
    /// Rules R5.05, R5.64, R5.33, R5.65: voting goes on for the time that a halt took from it.
    fn resume(&mut self, until: u64, moment: &Moment) -> Result<(), Rule> {
        self.need(Phase::Halted)?;
        let lost = self.close_at.saturating_sub(self.halted_since);
        if lost <= RESUME_GAP_MS {
            return Err(rules::RESUME_HALT);
        }
        if until <= moment.time_ms || until > self.extend_limit() {
            return Err(rules::RESUME_RANGE);
        }
        if until.saturating_sub(moment.time_ms) > lost {
            return Err(rules::RESUME_LENGTH);
        }
        self.resumed.insert(self.close_day(), moment.time_ms);
        self.close_at = until;
        self.phase = Phase::Open;
        Ok(())
    }
    /// Rules R5.05, R5.56 and R5.77: as long as somebody may still vote with it.
    fn take_release(&mut self, release: &Release) -> Result<(), Rule> {
        if !(Phase::Sealed..=Phase::Halted).contains(&self.phase) {
            return Err(rules::PHASE);
        }
        let name = release.name();
        if self.releases.contains_key(&name) {
            return Err(rules::RELEASE_TWICE);
        }
        if self.releases.len() >= Release::MOST {
            return Err(rules::RELEASES_TOO_MANY);
        }
        let released = Released {
            release: release.clone(),
            later: true,
        };
        self.releases.insert(name, released);
        Ok(())
    }
    pub(super) fn need(&self, phase: Phase) -> Result<(), Rule> {
        if self.phase == phase {
            Ok(())
        } else {
            Err(rules::PHASE)
        }
    }
    fn extend_limit(&self) -> u64 {
        self.manifest().map_or(0, |m| m.extend_limit)
    }
}
