//! A person's current session, for all replicas: the only one that may still get an *again* and one
//! answer under the person key.
//!
//! A new one that gets K takes its place. Answering is one compare-and-set from *granted* to
//! *answered* with the one challenge; a database that is set back can therefore allow a second
//! challenge, but the nonce is gone by then (see [`crate::sessions`]).

use sqlx::{Any, Row as _, Transaction};

use super::{Exists, Store, StoreError, Visit, pauses};

/// An HMAC of the session's nonce.
pub type SessionId = [u8; 32];

/// K is out.
const OPEN: i64 = 0;
/// This session's *again* was granted.
const GRANTED: i64 = 1;
/// Its one challenge was answered.
const ANSWERED: i64 = 2;

/// What an authentication of a person finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Which tokens the person has.
    pub exists: Exists,
    /// Whether the session is the person's current one now and gets K.
    pub is_current: bool,
}

impl Begun {
    const NOBODY: Self = Self {
        exists: Exists {
            first: false,
            survey: false,
        },
        is_current: false,
    };
}

/// Outcome of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answering {
    /// Recorded now: it may be answered, once.
    Recorded,
    /// The session's *again* comes first.
    NoAgain,
    /// This or another challenge of the session was recorded before.
    Answered,
    /// Another session of the person has taken its place, or there never was one.
    Replaced,
    /// A station got a token for this person, and this is none.
    StationOnly,
}

impl Store {
    /// Takes note of an authentication of `person`. Whoever has a *first*, does not wait and may
    /// vote again here gets `session` as the current one, in place of any other; otherwise nothing
    /// changes, because the session gets no K either.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_session(
        &self,
        person: &[u8; 32],
        session: &SessionId,
        visit: Visit,
    ) -> Result<Begun, StoreError> {
        let mut tx = self.pool.begin().await?;
        let Some(row) = lock_person(&mut tx, person).await? else {
            tx.rollback().await?;
            return Ok(Begun::NOBODY);
        };
        let waits = pauses::pause_of(&mut tx, person, visit.now_ms).await?;
        let is_current = waits.is_none() && (visit.at_station || !row.station_only);
        if is_current {
            // Whatever was current before is not any more.
            sqlx::query(
                "INSERT INTO current_sessions (person, session, stage) VALUES ($1, $2, $3) \
                 ON CONFLICT (person) DO UPDATE SET session = excluded.session, \
                 stage = excluded.stage, challenge = NULL",
            )
            .bind(person.to_vec())
            .bind(session.to_vec())
            .bind(OPEN)
            .execute(&mut *tx)
            .await?;
        }
        let exists = row.exists;
        tx.commit().await?;
        Ok(Begun { exists, is_current })
    }

    /// Records the one challenge of the person's current session and begins the next wait. From
    /// here on it may be answered.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn record_challenge(
        &self,
        person: &[u8; 32],
        session: &SessionId,
        challenge: &[u8; 32],
        visit: Visit,
    ) -> Result<Answering, StoreError> {
        let mut tx = self.pool.begin().await?;
        let Some(row) = lock_person(&mut tx, person).await? else {
            tx.rollback().await?;
            return Ok(Answering::Replaced);
        };
        if row.station_only && !visit.at_station {
            tx.rollback().await?;
            return Ok(Answering::StationOnly);
        }
        let updated = sqlx::query(
            "UPDATE current_sessions SET stage = $1, challenge = $2 \
             WHERE person = $3 AND session = $4 AND stage = $5",
        )
        .bind(ANSWERED)
        .bind(challenge.to_vec())
        .bind(person.to_vec())
        .bind(session.to_vec())
        .bind(GRANTED)
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if updated == 1 {
            // A session at a station has tied the person to stations already, with its *again*.
            pauses::pause(&mut tx, person, visit.now_ms).await?;
            tx.commit().await?;
            return Ok(Answering::Recorded);
        }
        tx.rollback().await?;
        self.why_unanswered(person, session).await
    }

    async fn why_unanswered(
        &self,
        person: &[u8; 32],
        session: &SessionId,
    ) -> Result<Answering, StoreError> {
        let row =
            sqlx::query("SELECT stage FROM current_sessions WHERE person = $1 AND session = $2")
                .bind(person.to_vec())
                .bind(session.to_vec())
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else {
            return Ok(Answering::Replaced);
        };
        let stage: i64 = row.try_get(0)?;
        Ok(match stage {
            OPEN => Answering::NoAgain,
            _ => Answering::Answered,
        })
    }
}

/// This session's *again* is granted; false when it is not the person's current one. The
/// transaction has locked the person's row before.
pub(super) async fn grant(
    tx: &mut Transaction<'_, Any>,
    person: &[u8; 32],
    session: &SessionId,
) -> Result<bool, StoreError> {
    let updated = sqlx::query(
        "UPDATE current_sessions SET stage = $1 WHERE person = $2 AND session = $3 AND stage = $4",
    )
    .bind(GRANTED)
    .bind(person.to_vec())
    .bind(session.to_vec())
    .bind(OPEN)
    .execute(&mut **tx)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// A person's row.
struct PersonRow {
    exists: Exists,
    station_only: bool,
}

/// Locks the person's row, so that whoever grants this person something comes before or after; none
/// without a *first*. A write, and the first statement: SQLite then holds its lock from the start.
async fn lock_person(
    tx: &mut Transaction<'_, Any>,
    person: &[u8; 32],
) -> Result<Option<PersonRow>, StoreError> {
    sqlx::query("UPDATE persons SET station_only = station_only WHERE person = $1")
        .bind(person.to_vec())
        .execute(&mut **tx)
        .await?;
    let row = sqlx::query("SELECT survey_request, station_only FROM persons WHERE person = $1")
        .bind(person.to_vec())
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let (survey, flag): (Option<Vec<u8>>, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Some(PersonRow {
        exists: Exists {
            first: true,
            survey: survey.is_some(),
        },
        station_only: flag != 0,
    }))
}
