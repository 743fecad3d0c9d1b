//! What the registrar posts on the board once a day: how many tokens it issued in each channel, and
//! the Merkle root of the evidence for them.

use ballot::manifest::Channel;
use board::Committee;
use board::entry::{ChannelCount, Evidence};
use client::{NodeError, NotFinal, OFFICIAL_PATIENCE, Quorum, Spread};
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;

use super::Registrar;
use crate::evidence::root;
use crate::hours::japan_day;
use crate::store::{Content, Counts, StoreError};

/// Requests under way at the end of a day have this long to end.
const SETTLE_MS: u64 = 3_000;

impl Registrar {
    /// The days whose report is due now: every day that has ended, and the last day as soon as
    /// the vote is closed.
    #[must_use]
    pub fn days_due(&self, now_ms: u64) -> Vec<u32> {
        let settled = now_ms.saturating_sub(SETTLE_MS);
        let last = japan_day(self.hours.close_ms().saturating_sub(1));
        let ended = if settled >= self.hours.close_ms() {
            last.saturating_add(1)
        } else {
            japan_day(settled).min(last)
        };
        (japan_day(self.hours.opens_ms())..ended).collect()
    }

    /// Posts every report that is due and waits until the board holds it.
    ///
    /// # Errors
    /// [`ReportError`]; what was not posted is due again.
    pub async fn report_due(&self) -> Result<u32, ReportError> {
        let mut posted = 0;
        for day in self.days_due(self.clock.now_ms()) {
            let report = match self.store.report(day).await? {
                Some(report) => report,
                None => {
                    let place = self.own_place()?;
                    let entry = |content: &Content| self.entry(place, day, content);
                    self.store.make_report(day, entry).await?
                }
            };
            if report.is_final {
                continue;
            }
            self.nodes()?
                .post(&report.entry, Spread::Everybody, OFFICIAL_PATIENCE)
                .await
                .receipt()?;
            self.store.finish_report(day).await?;
            posted += 1;
        }
        Ok(posted)
    }

    /// The signed `Evidence` entry of one day.
    ///
    /// # Errors
    /// [`ReportError`].
    pub async fn evidence_entry(&self, day: u32) -> Result<Vec<u8>, ReportError> {
        let content = self.store.content(day).await?;
        Ok(self.entry(self.own_place()?, day, &content))
    }

    fn own_place(&self) -> Result<u16, ReportError> {
        u16::try_from(self.place).map_err(|_| ReportError::Place)
    }

    fn entry(&self, place: u16, day: u32, content: &Content) -> Vec<u8> {
        Evidence {
            election: self.election,
            registrar: place,
            day,
            counts: channel_counts(&content.counts, day),
            incidents: content.incidents,
            root: root(&content.evidence),
        }
        .signed(&self.keys.board, &mut rand::rng())
        .to_bytes()
    }

    fn nodes(&self) -> Result<Quorum, NodeError> {
        let committee = Committee::from(self.manifest.as_ref());
        Quorum::new(&self.manifest.validators, &committee, client::TIMEOUT)
    }
}

/// The counts of one day, channels increasing, channels without any left out.
fn channel_counts(counts: &Counts, day: u32) -> Vec<ChannelCount> {
    let of = |channel: Channel, kind: &str| {
        let key = (kind.to_owned(), channel.as_str().to_owned(), day);
        u32::try_from(counts.get(&key).copied().unwrap_or(0)).unwrap_or(u32::MAX)
    };
    // No desk of staff reports to this registrar yet.
    let row =
        |channel| ChannelCount::unattended(channel, of(channel, "first"), of(channel, "again"));
    Channel::ALL
        .into_iter()
        .map(row)
        .filter(|row| row.first + row.again > 0)
        .collect()
}

/// Why a report could not be posted.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No node can be asked.
    #[error(transparent)]
    Nodes(#[from] NodeError),
    /// The report is not on the board.
    #[error(transparent)]
    Board(#[from] NotFinal),
    /// More registrars than a manifest can name.
    #[error("this registrar's place in the manifest cannot be written")]
    Place,
}

#[cfg(test)]
mod tests;
