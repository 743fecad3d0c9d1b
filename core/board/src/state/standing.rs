//! A sealed election whose addresses are wrong, and one that must not be held.

use super::election::{Election, Phase};
use crate::entry::{Hints, kind};
use crate::rules;
use crate::store::Store;
use ballot::text::Text;
use crypto::{Hash, Rule};
use std::sync::Arc;

impl<S: Store> Election<S> {
    /// Rule R5.71: whether an entry of this type may follow at all. Every rule that looks at the
    /// state comes after this one.
    pub(super) fn stands(&self, found: u8) -> Result<(), Rule> {
        if self.phase == Phase::Withdrawn && found != kind::NOTICE {
            return Err(rules::WITHDRAWN);
        }
        Ok(())
    }
    /// Rule R5.70.
    pub(super) fn withdraw(&mut self, reason: &Text) -> Result<(), Rule> {
        if self.phase != Phase::Sealed {
            return Err(rules::WITHDRAW_LATE);
        }
        self.phase = Phase::Withdrawn;
        self.withdrawn = Some(Arc::new(reason.clone()));
        Ok(())
    }
    /// Rule R5.73.
    pub(super) fn take_hints(&mut self, hints: &Hints) -> Result<(), Rule> {
        let last = self.hints.as_ref().map_or(0, |h| h.number);
        if last.checked_add(1) != Some(hints.number) {
            return Err(rules::HINTS_NUMBER);
        }
        self.hints = Some(Arc::new(hints.clone()));
        Ok(())
    }
    /// Remembers where the last act of a type is that says how the election stands.
    pub(super) fn note_act(&mut self, found: u8, entry: Hash) {
        if matches!(found, kind::WITHDRAW | kind::HINTS) {
            self.acts.insert(found, entry);
        }
    }
    /// Entry hashes of the withdrawal and of the newest addresses, if there are any.
    pub fn standing_acts(&self) -> impl Iterator<Item = &Hash> {
        self.acts.values()
    }
    /// Why two officers withdrew it.
    #[must_use]
    pub fn withdrawn(&self) -> Option<&Text> {
        self.withdrawn.as_deref()
    }
    /// The newest addresses that two officers gave it.
    #[must_use]
    pub fn hints(&self) -> Option<&Hints> {
        self.hints.as_deref()
    }
    /// Address of the public pages: the newest.
    #[must_use]
    pub fn portal(&self) -> Option<&str> {
        let newest = self.hints().map(|h| h.portal.as_str());
        newest.or_else(|| self.manifest().map(|m| m.portal.as_str()))
    }
}
