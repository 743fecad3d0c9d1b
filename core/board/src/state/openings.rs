//! Openings of cast ballots (spec 05 §4.1). A ballot counts with or without one.

use super::Moment;
use super::election::{Election, Phase};
use super::masks::BallotMasks;
use crate::check::{Checked, CheckedBallot, CheckedOpening};
use crate::rules;
use crate::store::{Store, Table as _};
use crypto::Rule;
use std::sync::Arc;

impl<S: Store> Election<S> {
    /// Keeps what an opening of this ballot will be compared with.
    pub(super) fn shut_masks(&mut self, b: &CheckedBallot, moment: &Moment) {
        let shut = BallotMasks::Shut {
            height: moment.place.height,
            masks: Arc::clone(&b.masks),
        };
        self.masks.insert(b.hash, shut);
    }
    /// Rules R5.05, R5.51, R5.52 and R3.21. Nothing else of the state changes: whether a ballot is
    /// opened has no effect on what counts.
    pub(super) fn open_masks(
        &mut self,
        o: &CheckedOpening,
        checked: &Checked,
        moment: &Moment,
    ) -> Result<(), Rule> {
        let taken = (Phase::Open..=Phase::Closed).contains(&self.phase) && self.commits.is_empty();
        if !taken {
            return Err(rules::PHASE);
        }
        match self.masks.get(&o.ballot) {
            Some(BallotMasks::Shut { height, masks }) if height < moment.place.height => {
                masks.check(o.side, &o.again).map_err(|e| e.rule())?;
            }
            Some(BallotMasks::Open(_)) => return Err(rules::OPENING_TWICE),
            Some(BallotMasks::Shut { .. }) | None => return Err(rules::OPENING_BALLOT),
        }
        self.masks
            .insert(o.ballot, BallotMasks::Open(*checked.hash()));
        self.openings += 1;
        Ok(())
    }
}
