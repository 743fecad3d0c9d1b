//! `POST /v1/extend`: the close the officers moved. The entry goes on the board as well; the
//! registrar checks the officers' signatures itself and asks no node.

use board::entry::{Act, Entry, OfficerAct};

use super::Registrar;
use super::auth::internal;
use crate::refusal::Refusal;

impl Registrar {
    /// Takes an `Extend` entry that two officers of the manifest signed, before the close.
    ///
    /// # Errors
    /// [`Refusal::Extension`].
    pub async fn extend(&self, entry: &[u8]) -> Result<(), Refusal> {
        let Ok(Entry::Act(act)) = Entry::decode(entry) else {
            return Err(Refusal::Extension);
        };
        let Act::Extend { until } = act.act else {
            return Err(Refusal::Extension);
        };
        let in_time = self.clock.now_ms() < self.hours.close_ms()
            && (self.hours.close_ms()..=self.manifest.extend_limit).contains(&until);
        if !in_time || act.election != self.election || !self.two_officers(&act) {
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
