//! `POST /v1/extend`: the officers moved the close, with `Extend` before it or `Resume` after a
//! halt. The entry is on the board already. The registrar asks no node: it checks the receipt under
//! the committee of the manifest, and the officers' signatures.

use api::registrar::ExtendRequest;
use board::entry::{Act, Entry, OfficerAct};
use board::{Committee, Receipt};

use super::Registrar;
use super::fault::internal;
use crate::refusal::Refusal;

impl Registrar {
    /// Takes an entry that moves the close. Two officers of the manifest signed it and the board
    /// holds: `Extend` before the close, `Resume` before the new one. A day that has been reported
    /// stays closed.
    ///
    /// # Errors
    /// [`Refusal::Extension`].
    pub async fn extend(&self, request: &ExtendRequest) -> Result<(), Refusal> {
        let (entry, receipt) = (request.entry.as_bytes(), request.receipt.as_bytes());
        let Ok(Entry::Act(act)) = Entry::decode(entry) else {
            return Err(Refusal::Extension);
        };
        let committee = Committee::from(self.manifest.as_ref());
        Receipt::decode(receipt)
            .and_then(|receipt| receipt.verify_entry(&committee, entry))
            .map_err(|_| Refusal::Extension)?;
        let (now_ms, close_ms) = (self.clock.now_ms(), self.hours.close_ms());
        let (until, in_time) = match act.act {
            Act::Extend { until } => (until, now_ms < close_ms),
            // The board takes it after a halt alone, and halts only when the close has passed.
            Act::Resume { until } => (until, now_ms < until),
            _ => return Err(Refusal::Extension),
        };
        let fits = (close_ms..=self.manifest.extend_limit).contains(&until);
        if !in_time || !fits || act.election != self.election || !self.two_officers(&act) {
            return Err(Refusal::Extension);
        }
        self.store.keep_extension(until).await.map_err(internal)?;
        self.hours.extend(until);
        Ok(())
    }

    fn two_officers(&self, act: &OfficerAct) -> bool {
        let [(first, _), (second, _)] = &act.signatures;
        first < second
            && act.signatures.iter().all(|(index, signature)| {
                let officer = self.manifest.officers.get(usize::from(*index));
                officer.is_some_and(|officer| act.is_signed_by(&officer.key, signature))
            })
    }
}
