//! Daily reports on their way to the board.

use sqlx::{AnyConnection, Executor as _, Row as _};

use super::{Counts, Store, StoreError, counts_in, evidence_in};

/// A report as it is or will be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The entry's bytes.
    pub entry: Vec<u8>,
    /// Whether the board holds it.
    pub is_final: bool,
}

/// What a report of one day says.
#[derive(Clone, Debug)]
pub struct Content {
    /// Tokens issued, of all days.
    pub counts: Counts,
    /// The sealed records up to and including the day, in the order of their row keys.
    pub evidence: Vec<Vec<u8>>,
    /// Incidents of the day.
    pub incidents: u32,
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

    /// The figures that can be reported for `day` now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn content(&self, day: u32) -> Result<Content, StoreError> {
        content_in(&mut *self.pool.acquire().await?, day).await
    }

    /// Makes the report of `day` unless there is one, and returns the one that counts.
    ///
    /// Nothing is left out: the report waits for every claim that is being recorded, and a claim
    /// that comes later finds the report and is refused for this day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_report(
        &self,
        day: u32,
        entry: impl FnOnce(&Content) -> Vec<u8>,
    ) -> Result<Report, StoreError> {
        let mut tx = self.pool.begin().await?;
        // The write comes first: SQLite then holds its one lock, so no claim is under way.
        let new = sqlx::query(
            "INSERT INTO reports (day, entry, final) VALUES ($1, $2, 0) \
             ON CONFLICT (day) DO NOTHING",
        )
        .bind(i64::from(day))
        .bind(Vec::new())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if new == 1 {
            if self.postgres {
                // Every claim writes to this table first and keeps its lock until it is committed.
                tx.execute("LOCK TABLE persons IN SHARE MODE").await?;
            }
            let content = content_in(&mut tx, day).await?;
            sqlx::query("UPDATE reports SET entry = $1 WHERE day = $2")
                .bind(entry(&content))
                .bind(i64::from(day))
                .execute(&mut *tx)
                .await?;
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
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
        incidents_in(&mut *self.pool.acquire().await?, day).await
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

async fn content_in(connection: &mut AnyConnection, day: u32) -> Result<Content, StoreError> {
    Ok(Content {
        counts: counts_in(connection).await?,
        evidence: evidence_in(connection, day).await?,
        incidents: incidents_in(connection, day).await?,
    })
}

async fn incidents_in(connection: &mut AnyConnection, day: u32) -> Result<u32, StoreError> {
    let rows = sqlx::query("SELECT count FROM incidents WHERE day = $1")
        .bind(i64::from(day))
        .fetch_all(connection)
        .await?;
    rows.iter().try_fold(0, |sum: u32, row| {
        let count: i64 = row.try_get(0)?;
        let count = u32::try_from(count).map_err(|_| StoreError::Content)?;
        Ok(sum.saturating_add(count))
    })
}
