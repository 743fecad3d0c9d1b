//! Daily reports on their way to the board.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Executor as _, Row as _};

use super::{Counts, Store, StoreError, counts_in};

/// A part of a day's report as it is or will be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
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
    /// Leaf hashes of the day's sealed records, increasing.
    pub leaves: Vec<[u8; 32]>,
    /// Incidents of the day.
    pub incidents: u32,
}

/// The leaf hash of a sealed record.
pub type LeafOf<'a> = dyn Fn(&[u8]) -> [u8; 32] + Send + Sync + 'a;

/// Records read at once: each takes about four kilobytes.
const PAGE: i64 = 1000;

impl Store {
    /// The parts of the report of `day`, in order; none if no report was made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn report(&self, day: u32) -> Result<Vec<Part>, StoreError> {
        let rows = sqlx::query("SELECT entry, final FROM reports WHERE day = $1 ORDER BY part")
            .bind(i64::from(day))
            .fetch_all(&self.pool)
            .await?;
        let part = |row: &AnyRow| {
            let is_final: i64 = row.try_get(1)?;
            Ok(Part {
                entry: row.try_get(0)?,
                is_final: is_final != 0,
            })
        };
        rows.iter().map(part).collect()
    }

    /// What can be reported for `day` now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn content(&self, day: u32, leaf: &LeafOf<'_>) -> Result<Content, StoreError> {
        content_in(&mut *self.pool.acquire().await?, day, leaf).await
    }

    /// Makes the report of `day` unless there is one, and returns the parts of the one that counts.
    ///
    /// Nothing is left out: the report waits for every claim that is being recorded, and a claim
    /// that comes later finds the report and is refused for this day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn make_report(
        &self,
        day: u32,
        leaf: &LeafOf<'_>,
        entries: impl FnOnce(&Content) -> Vec<Vec<u8>>,
    ) -> Result<Vec<Part>, StoreError> {
        let mut tx = self.pool.begin().await?;
        // The write comes first: SQLite then holds its one lock, so no claim is under way.
        if insert_part(&mut tx, day, 0, Vec::new()).await? {
            if self.postgres {
                // Every claim writes to this table first and keeps its lock until it is committed.
                tx.execute("LOCK TABLE persons IN SHARE MODE").await?;
            }
            let content = content_in(&mut tx, day, leaf).await?;
            sqlx::query("DELETE FROM reports WHERE day = $1")
                .bind(i64::from(day))
                .execute(&mut *tx)
                .await?;
            for (part, entry) in (0u16..).zip(entries(&content)) {
                insert_part(&mut tx, day, part, entry).await?;
            }
            tx.commit().await?;
        } else {
            tx.rollback().await?;
        }
        self.report(day).await
    }

    /// Notes that the board holds this part of the report of `day`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish_part(&self, day: u32, part: u16) -> Result<(), StoreError> {
        sqlx::query("UPDATE reports SET final = 1 WHERE day = $1 AND part = $2")
            .bind(i64::from(day))
            .bind(i64::from(part))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Shows every sealed record of `day` to `each`, in the order of row keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn each_sealed(
        &self,
        day: u32,
        each: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<(), StoreError> {
        each_sealed_in(&mut *self.pool.acquire().await?, day, each).await
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

async fn insert_part(
    tx: &mut AnyConnection,
    day: u32,
    part: u16,
    entry: Vec<u8>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO reports (day, part, entry, final) VALUES ($1, $2, $3, 0) \
         ON CONFLICT (day, part) DO NOTHING",
    )
    .bind(i64::from(day))
    .bind(i64::from(part))
    .bind(entry)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

async fn content_in(
    connection: &mut AnyConnection,
    day: u32,
    leaf: &LeafOf<'_>,
) -> Result<Content, StoreError> {
    let mut leaves = Vec::new();
    each_sealed_in(connection, day, &mut |sealed| leaves.push(leaf(sealed))).await?;
    leaves.sort_unstable();
    Ok(Content {
        counts: counts_in(connection).await?,
        leaves,
        incidents: incidents_in(connection, day).await?,
    })
}

async fn each_sealed_in(
    connection: &mut AnyConnection,
    day: u32,
    each: &mut (dyn FnMut(&[u8]) + Send),
) -> Result<(), StoreError> {
    // Row keys are 32 bytes, so every one is above the empty one.
    let mut after: Vec<u8> = Vec::new();
    loop {
        let rows = sqlx::query(
            "SELECT id, sealed FROM evidence WHERE day = $1 AND id > $2 ORDER BY id LIMIT $3",
        )
        .bind(i64::from(day))
        .bind(after.clone())
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.try_get(0)?;
        for row in &rows {
            let sealed: Vec<u8> = row.try_get(1)?;
            each(&sealed);
        }
    }
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
