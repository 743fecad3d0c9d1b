//! The wait before a further ballot, for all replicas.
//!
//! After a new *first* or an *again* a person waits [`PAUSE_MS`]. Malware that has the card in its
//! reader could otherwise let it sign once more, unseen, and keep an *again* for later. A card
//! signature is good for ten minutes, so none of the same sitting outlives the wait.

use sqlx::{Any, Row as _, Transaction};

use super::{Store, StoreError};

/// How long a person waits, ms: a quarter of an hour.
pub const PAUSE_MS: u64 = 15 * 60_000;

/// The wait of `person` that is not over at `now_ms`. The transaction has locked the person's row
/// before, so a claim that was first is seen.
pub(super) async fn pause_of(
    tx: &mut Transaction<'_, Any>,
    person: &[u8; 32],
    now_ms: u64,
) -> Result<Option<u64>, StoreError> {
    let row = sqlx::query("SELECT until FROM pauses WHERE person = $1 AND until > $2")
        .bind(person.to_vec())
        .bind(whole(now_ms)?)
        .fetch_optional(&mut **tx)
        .await?;
    row.map(|row| {
        let until: i64 = row.try_get(0)?;
        u64::try_from(until).map_err(|_| StoreError::Content)
    })
    .transpose()
}

/// Lets `person` wait from `now_ms` on.
pub(super) async fn pause(
    tx: &mut Transaction<'_, Any>,
    person: &[u8; 32],
    now_ms: u64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO pauses (person, until) VALUES ($1, $2) \
         ON CONFLICT (person) DO UPDATE SET until = excluded.until",
    )
    .bind(person.to_vec())
    .bind(whole(now_ms.saturating_add(PAUSE_MS))?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn whole(ms: u64) -> Result<i64, StoreError> {
    i64::try_from(ms).map_err(|_| StoreError::Content)
}

impl Store {
    /// Forgets the waits that are over; returns how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_pauses(&self, now_ms: u64) -> Result<u64, StoreError> {
        let ended = sqlx::query("DELETE FROM pauses WHERE until <= $1")
            .bind(whole(now_ms)?)
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected())
    }
}
