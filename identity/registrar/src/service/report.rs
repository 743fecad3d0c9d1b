//! What the registrar posts on the board once a day: how many tokens it issued in each channel, and
//! a leaf hash of the evidence for each of them, in parts.

use api::hex::Hex;
use api::node::Status;
use ballot::manifest::Channel;
use board::Committee;
use board::entry::{ChannelCount, Evidence};
use client::{NodeError, NotFinal, OFFICIAL_PATIENCE, Quorum, Spread};
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;

use super::Registrar;
use crate::hours::japan_day;
use crate::store::{Content, Counts, Part, StoreError};

/// Requests under way at the end of a day have this long to end.
const SETTLE_MS: u64 = 3_000;

impl Registrar {
    /// The days whose report is due now: every day that has ended, and the last day as soon as
    /// the box is closed – the board takes no report of it before, because the close may be moved.
    #[must_use]
    pub fn days_due(&self, now_ms: u64) -> Vec<u32> {
        let settled = now_ms.saturating_sub(SETTLE_MS);
        let last = japan_day(self.hours.close_ms().saturating_sub(1));
        let drained = self.hours.close_ms().saturating_add(self.manifest.drain_ms);
        let ended = if settled >= drained {
            last.saturating_add(1)
        } else {
            japan_day(settled).min(last)
        };
        (japan_day(self.hours.opens_ms())..ended).collect()
    }

    /// Posts every part of every report that is due and waits until the board holds it. A day that
    /// cannot be posted does not keep the days after it back.
    ///
    /// # Errors
    /// The first [`ReportError`]; what was not posted is due again.
    pub async fn report_due(&self) -> Result<u32, ReportError> {
        let (mut posted, mut failed) = (0, None);
        for day in self.days_due(self.clock.now_ms()) {
            match self.report_day(day).await {
                Ok(parts) => posted += parts,
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(posted), Err)
    }

    /// Posts what is missing of the report of `day`. That of the last day is made when the box is
    /// closed.
    ///
    /// # Errors
    /// [`ReportError`].
    pub async fn report_day(&self, day: u32) -> Result<u32, ReportError> {
        let last = self.days().last() == Some(&day);
        if last && self.store.report(day).await?.is_empty() && !self.is_closed().await? {
            return Err(ReportError::Open);
        }
        let mut posted = 0;
        for (part, Part { entry, is_final }) in (0u16..).zip(self.report_of(day).await?) {
            if is_final {
                continue;
            }
            self.nodes()?
                .post(&entry, Spread::Everybody, OFFICIAL_PATIENCE)
                .await
                .receipt()?;
            self.store.finish_part(day, part).await?;
            posted += 1;
        }
        Ok(posted)
    }

    /// Whether f + 1 nodes show the box as closed. The report ends its day for voters, and while the
    /// board only stands still two officers may resume the vote on the same day.
    async fn is_closed(&self) -> Result<bool, ReportError> {
        let quorum = self.nodes()?;
        let says = |status: &Status| {
            status.elections.iter().any(|e| {
                let closed = ["closed", "committed", "announced", "result"];
                e.election == Some(Hex(self.election)) && closed.contains(&e.phase.as_str())
            })
        };
        let answers = quorum.statuses(client::TIMEOUT).await;
        Ok(answers.iter().filter(|status| says(status)).count() >= quorum.enough())
    }

    /// The parts of the report of `day`, made now unless they were made before: from then on nothing
    /// more is recorded under that day.
    ///
    /// # Errors
    /// [`ReportError`].
    pub async fn report_of(&self, day: u32) -> Result<Vec<Part>, ReportError> {
        let made = self.store.report(day).await?;
        if !made.is_empty() {
            return Ok(made);
        }
        let place = self.own_place()?;
        let leaf = |sealed: &[u8]| evidence::leaf(&self.election, place, day, sealed);
        let entries = |content: &Content| self.entries(place, day, content);
        Ok(self.store.make_report(day, &leaf, entries).await?)
    }

    /// Whether the box is closed by this program's clock: until then no evidence is handed out.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let drained = self.hours.close_ms().saturating_add(self.manifest.drain_ms);
        self.clock.now_ms() >= drained
    }

    /// The days of the vote.
    #[must_use]
    pub fn days(&self) -> Vec<u32> {
        let last = japan_day(self.hours.close_ms().saturating_sub(1));
        (japan_day(self.hours.opens_ms())..=last).collect()
    }

    fn own_place(&self) -> Result<u16, ReportError> {
        u16::try_from(self.place).map_err(|_| ReportError::Place)
    }

    fn entries(&self, place: u16, day: u32, content: &Content) -> Vec<Vec<u8>> {
        let report = Evidence {
            election: self.election,
            registrar: place,
            day,
            counts: channel_counts(&content.counts, day),
            incidents: content.incidents,
            part: 0,
            leaves: content.leaves.clone(),
        };
        let signed = |part: Evidence| part.signed(&self.keys.board, &mut rand::rng()).to_bytes();
        report.divided().into_iter().map(signed).collect()
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
    /// The box is not closed.
    #[error("the nodes do not show the box as closed yet: the last day is reported after it")]
    Open,
    /// The report is not on the board.
    #[error(transparent)]
    Board(#[from] NotFinal),
    /// More registrars than a manifest can name.
    #[error("this registrar's place in the manifest cannot be written")]
    Place,
}

#[cfg(test)]
mod tests;
