//! Daily reports on their way to the board.

use sqlx::Row as _;

use super::{Store, StoreError};

/// A report as it is or will be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The entry's bytes.
    pub entry: Vec<u8>,
    /// Whether the board holds it.
    pub is_final: bool,
}

impl Store {
    /// The report of `day`, if one was made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn report(&self, day: u32) -> Result<Option<Report>, StoreError> {
        let row = sqlx::query("SELECT entry, final FROM reports WHERE day = $1")
            .bind(i64::from(day))
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let is_final: i64 = row.try_get(1)?;
        Ok(Some(Report {
            entry: row.try_get(0)?,
            is_final: is_final != 0,
        }))
    }

    /// Keeps the report of `day` unless there is one, and returns the one that counts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_report(&self, day: u32, entry: &[u8]) -> Result<Report, StoreError> {
        sqlx::query(
            "INSERT INTO reports (day, entry, final) VALUES ($1, $2, 0) \
             ON CONFLICT (day) DO NOTHING",
        )
        .bind(i64::from(day))
        .bind(entry.to_vec())
        .execute(&self.pool)
        .await?;
        self.report(day).await?.ok_or(StoreError::Content)
    }

    /// Notes that the board holds the report of `day`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish_report(&self, day: u32) -> Result<(), StoreError> {
        sqlx::query("UPDATE reports SET final = 1 WHERE day = $1")
            .bind(i64::from(day))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Incidents of one day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn incidents_of(&self, day: u32) -> Result<u32, StoreError> {
        let rows = sqlx::query("SELECT count FROM incidents WHERE day = $1")
            .bind(i64::from(day))
            .fetch_all(&self.pool)
            .await?;
        rows.iter().try_fold(0, |sum: u32, row| {
            let count: i64 = row.try_get(0)?;
            let count = u32::try_from(count).map_err(|_| StoreError::Content)?;
            Ok(sum.saturating_add(count))
        })
    }

    /// Keeps a close moved by the officers, ms.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_extension(&self, until_ms: u64) -> Result<(), StoreError> {
        let until = i64::try_from(until_ms).map_err(|_| StoreError::Content)?;
        sqlx::query("INSERT INTO extensions (until) VALUES ($1) ON CONFLICT (until) DO NOTHING")
            .bind(until)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The closes moved so far, ms.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn extensions(&self) -> Result<Vec<u64>, StoreError> {
        let rows = sqlx::query("SELECT until FROM extensions")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let until: i64 = row.try_get(0)?;
                u64::try_from(until).map_err(|_| StoreError::Content)
            })
            .collect()
    }
}
