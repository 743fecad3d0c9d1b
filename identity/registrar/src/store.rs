//! What the registrar remembers. SQLite by default, PostgreSQL with `postgres://…`.
//!
//! One person has one row; the database's own uniqueness decides between replicas. Every claim is
//! committed before the issuer signs.

mod commitment;
mod current;
mod open;
mod pauses;
mod reports;
mod rewrite;

pub use current::{Answering, Begun, SessionId};
pub use pauses::PAUSE_MS;
pub use reports::{Content, LeafOf, Part};

use std::collections::BTreeMap;

use sqlx::{AnyConnection, AnyPool, Row as _};

/// Which tokens a person has.
pub use api::registrar::Exists;

/// The registrar's database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    postgres: bool,
}

/// Outcome of a claim that allows one request a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Recorded now.
    New,
    /// The same request was recorded before.
    Same,
    /// Another request was recorded before.
    Different,
    /// The person has no credential.
    NoFirst,
    /// The day's report has been made: nothing more can be recorded under that day.
    DayOver,
}

/// When and where a claim is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Now, ms.
    pub now_ms: u64,
    /// Whether a staffed station has proved itself in this session.
    pub at_station: bool,
}

/// One evidence row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow<'a> {
    /// Row key.
    pub id: [u8; 32],
    /// `first` or `again`.
    pub kind: &'a str,
    /// Channel of the session.
    pub channel: &'a str,
    /// Day in Japan.
    pub day: u32,
    /// The sealed record.
    pub sealed: Vec<u8>,
}

impl Store {
    /// Which tokens `person` has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn exists(&self, person: &[u8; 32]) -> Result<Exists, StoreError> {
        let row = sqlx::query("SELECT survey_request FROM persons WHERE person = $1")
            .bind(person.to_vec())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else {
            return Ok(Exists {
                first: false,
                survey: false,
            });
        };
        let survey: Option<Vec<u8>> = row.try_get(0)?;
        Ok(Exists {
            first: true,
            survey: survey.is_some(),
        })
    }

    /// Records the one *first* request of a person with its evidence. A new one begins the wait
    /// before a further ballot ([`PAUSE_MS`]); at a station it also ties further ballots to
    /// stations, and so does a repeated one.
    ///
    /// A repeated one leaves no evidence, in a later session either: it is no second token, and the
    /// board counts one leaf for each.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim_first(
        &self,
        person: &[u8; 32],
        request: &[u8; 32],
        evidence: &EvidenceRow<'_>,
        visit: Visit,
    ) -> Result<Claim, StoreError> {
        let mut tx = self.pool.begin().await?;
        // The write comes first: SQLite then holds the lock from the start.
        let inserted = sqlx::query(
            "INSERT INTO persons (person, first_request, station_only) VALUES ($1, $2, $3) \
             ON CONFLICT (person) DO NOTHING",
        )
        .bind(person.to_vec())
        .bind(request.to_vec())
        .bind(i64::from(visit.at_station))
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if inserted == 1 {
            if is_reported(&mut tx, evidence.day).await? {
                tx.rollback().await?;
                return Ok(Claim::DayOver);
            }
            insert_evidence(&mut tx, evidence).await?;
            pauses::pause(&mut tx, person, visit.now_ms).await?;
            tx.commit().await?;
            return Ok(Claim::New);
        }
        if visit.at_station {
            sqlx::query(
                "UPDATE persons SET station_only = 1 WHERE person = $1 AND first_request = $2",
            )
            .bind(person.to_vec())
            .bind(request.to_vec())
            .execute(&mut *tx)
            .await?;
        }
        let row = sqlx::query("SELECT first_request FROM persons WHERE person = $1")
            .bind(person.to_vec())
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        let held: Vec<u8> = row.try_get(0)?;
        Ok(if held == request {
            Claim::Same
        } else {
            Claim::Different
        })
    }

    /// Records a further ballot of `person` in `session`, unless the person still waits
    /// ([`PAUSE_MS`]), the day's limit is reached, a station got a token for this person and this is
    /// none, or `session` is not the person's current one. It begins the next wait; at a station it
    /// ties further ballots to stations.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim_again(
        &self,
        (person, session): (&[u8; 32], &SessionId),
        limit: u32,
        evidence: &EvidenceRow<'_>,
        visit: Visit,
    ) -> Result<Again, StoreError> {
        if limit == 0 {
            return Ok(Again::TooOften);
        }
        let mut tx = self.pool.begin().await?;
        let day = i64::from(evidence.day);
        let updated = sqlx::query(
            "UPDATE persons SET again_count = CASE WHEN again_day = $1 THEN again_count + 1 \
             ELSE 1 END, again_day = $2, \
             station_only = CASE WHEN $3 = 1 THEN 1 ELSE station_only END WHERE person = $4 \
             AND (again_day <> $5 OR again_count < $6) AND (station_only = 0 OR $7 = 1)",
        )
        .bind(day)
        .bind(day)
        .bind(i64::from(visit.at_station))
        .bind(person.to_vec())
        .bind(day)
        .bind(i64::from(limit))
        .bind(i64::from(visit.at_station))
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if updated == 1 {
            if is_reported(&mut tx, evidence.day).await? {
                tx.rollback().await?;
                return Ok(Again::DayOver);
            }
            if let Some(until_ms) = pauses::pause_of(&mut tx, person, visit.now_ms).await? {
                tx.rollback().await?;
                return Ok(Again::Waits { until_ms });
            }
            if !current::grant(&mut tx, person, session).await? {
                tx.rollback().await?;
                return Ok(Again::Replaced);
            }
            pauses::pause(&mut tx, person, visit.now_ms).await?;
            insert_evidence(&mut tx, evidence).await?;
            tx.commit().await?;
            return Ok(Again::Granted);
        }
        tx.rollback().await?;
        Ok(match self.station_only(person).await? {
            None => Again::NoFirst,
            Some(true) if !visit.at_station => Again::StationOnly,
            Some(_) => Again::TooOften,
        })
    }

    /// Whether further ballots of `person` are tied to stations; none without a credential.
    async fn station_only(&self, person: &[u8; 32]) -> Result<Option<bool>, StoreError> {
        let row = sqlx::query("SELECT station_only FROM persons WHERE person = $1")
            .bind(person.to_vec())
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| {
            let flag: i64 = row.try_get(0)?;
            Ok(flag != 0)
        })
        .transpose()
    }

    /// Records the one *survey* request of a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim_survey(
        &self,
        person: &[u8; 32],
        request: &[u8; 32],
    ) -> Result<Claim, StoreError> {
        let updated = sqlx::query(
            "UPDATE persons SET survey_request = $1 WHERE person = $2 AND survey_request IS NULL",
        )
        .bind(request.to_vec())
        .bind(person.to_vec())
        .execute(&self.pool)
        .await?
        .rows_affected();
        if updated == 1 {
            return Ok(Claim::New);
        }
        let row = sqlx::query("SELECT survey_request FROM persons WHERE person = $1")
            .bind(person.to_vec())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else {
            return Ok(Claim::NoFirst);
        };
        let held: Option<Vec<u8>> = row.try_get(0)?;
        let same = held.is_some_and(|held| held == request);
        Ok(if same { Claim::Same } else { Claim::Different })
    }

    /// Counts an incident, once for each `id`: a person and a day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn incident(&self, id: &[u8; 32], kind: &str, day: u32) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        let new = sqlx::query(
            "INSERT INTO incidents_counted (id) VALUES ($1) ON CONFLICT (id) DO NOTHING",
        )
        .bind(id.to_vec())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if new == 0 {
            tx.rollback().await?;
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO incidents (day, kind, count) VALUES ($1, $2, 1) \
             ON CONFLICT (day, kind) DO UPDATE SET count = incidents.count + 1",
        )
        .bind(i64::from(day))
        .bind(kind.to_owned())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Credentials (`first`) and further ballots (`again`) per kind, channel and day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        counts_in(&mut *self.pool.acquire().await?).await
    }

    /// Incidents so far.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn incidents(&self) -> Result<u64, StoreError> {
        let rows = sqlx::query("SELECT count FROM incidents")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().try_fold(0, |sum: u64, row| {
            let count: i64 = row.try_get(0)?;
            let count = u64::try_from(count).map_err(|_| StoreError::Content)?;
            Ok(sum.saturating_add(count))
        })
    }
}

/// What tests look at.
impl Store {
    /// All sealed records in the order of their row keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn evidence(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let rows = sqlx::query("SELECT sealed FROM evidence ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Row keys of persons, in the order in which the database gives them unasked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn dump(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let rows = sqlx::query("SELECT person FROM persons")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// PostgreSQL: where each evidence row lies in its file, in the order of row keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn places(&self) -> Result<Vec<(i64, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT split_part(trim(both '()' from ctid::text), ',', 1)::bigint, \
             split_part(trim(both '()' from ctid::text), ',', 2)::bigint \
             FROM evidence ORDER BY id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect()
    }

    /// PostgreSQL: how many transactions wrote the evidence rows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn writers(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT COUNT(DISTINCT xmin::text) FROM evidence")
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get(0)?)
    }
}

/// Rows of evidence by (kind, channel, day).
pub type Counts = BTreeMap<(String, String, u32), u64>;

/// Outcome of a further ballot's claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// Recorded.
    Granted,
    /// The person has no credential.
    NoFirst,
    /// The person's last new token is too recent.
    Waits {
        /// From when on a further ballot is possible, ms.
        until_ms: u64,
    },
    /// The session is not the person's current one.
    Replaced,
    /// A station got a token for this person: further ballots are given at stations only.
    StationOnly,
    /// The day's limit is reached.
    TooOften,
    /// The day's report has been made: nothing more can be recorded under that day.
    DayOver,
}

/// Whether a report of `day` or a later one exists. The transaction has written to `persons`
/// before: a report waits for it, or it waits for the report (see [`Store::make_report`]).
async fn is_reported(
    tx: &mut sqlx::Transaction<'_, sqlx::Any>,
    day: u32,
) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) FROM reports WHERE day >= $1")
        .bind(i64::from(day))
        .fetch_one(&mut **tx)
        .await?;
    let count: i64 = row.try_get(0)?;
    Ok(count > 0)
}

async fn counts_in(connection: &mut AnyConnection) -> Result<Counts, StoreError> {
    let rows = sqlx::query(
        "SELECT kind, channel, day, COUNT(*) FROM evidence GROUP BY kind, channel, day",
    )
    .fetch_all(connection)
    .await?;
    let mut counts = Counts::new();
    for row in rows {
        let (kind, channel): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let (day, count): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        let day = u32::try_from(day).map_err(|_| StoreError::Content)?;
        let count = u64::try_from(count).map_err(|_| StoreError::Content)?;
        counts.insert((kind, channel, day), count);
    }
    Ok(counts)
}

/// Every grant has a record of its own: without one the whole claim is void.
async fn insert_evidence(
    tx: &mut sqlx::Transaction<'_, sqlx::Any>,
    row: &EvidenceRow<'_>,
) -> Result<(), StoreError> {
    let inserted = sqlx::query(
        "INSERT INTO evidence (id, kind, channel, day, sealed) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(row.id.to_vec())
    .bind(row.kind.to_owned())
    .bind(row.channel.to_owned())
    .bind(i64::from(row.day))
    .bind(row.sealed.clone())
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if inserted == 1 {
        Ok(())
    } else {
        Err(StoreError::Evidence)
    }
}

/// Why the database gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// It could not be opened, or its schema not be brought up to date.
    #[error("opening the database: {0}")]
    Open(#[from] database::OpenError),
    /// The record of a grant could not be added.
    #[error("a record with this key exists: nothing was granted")]
    Evidence,
    /// A row holds what this program never writes.
    #[error("the database holds a value that cannot be")]
    Content,
}

#[cfg(test)]
mod tests;
