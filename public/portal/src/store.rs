//! Tickets and survey answers. SQLite by default, PostgreSQL with `postgres://…`.

use database::Step;
use rand::Rng as _;
use sqlx::{AnyPool, Row as _};

use crate::start::Ticket;

const SCHEMA: [Step; 1] = [Step {
    name: "portal",
    sqlite: include_str!("../migrations/sqlite/0001_portal.sql"),
    postgres: include_str!("../migrations/postgres/0001_portal.sql"),
}];

/// The portal's database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
}

/// Outcome of redeeming a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// Good until then, ms.
    Now(u64),
    /// This registrar took it before, or too many did.
    Before,
    /// Unknown or expired.
    Unknown,
}

/// The database failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A query.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// Opening it and bringing the schema up to date.
    #[error(transparent)]
    Open(#[from] database::OpenError),
    /// A time that no database holds.
    #[error("a time out of range")]
    Range,
}

impl Store {
    /// Opens `sqlite://FILE` (created when missing) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pool = database::open(url, &SCHEMA).await?.pool;
        Ok(Self { pool })
    }

    /// Keeps a fresh ticket and forgets expired ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_ticket(
        &self,
        ticket: &Ticket,
        now_ms: u64,
        expires_ms: u64,
    ) -> Result<(), StoreError> {
        let now = i64::try_from(now_ms).map_err(|_| StoreError::Range)?;
        let expires = i64::try_from(expires_ms).map_err(|_| StoreError::Range)?;
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM redeemed WHERE ticket IN (SELECT ticket FROM tickets WHERE expires_ms <= $1)")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM tickets WHERE expires_ms <= $1")
            .bind(now)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO tickets (ticket, expires_ms) VALUES ($1, $2)")
            .bind(ticket.stored())
            .bind(expires)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Uses a ticket up for one registrar; at most `registrars` of them may.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn redeem(
        &self,
        ticket: &Ticket,
        registrar: &str,
        registrars: usize,
        now_ms: u64,
    ) -> Result<Redeemed, StoreError> {
        let now = i64::try_from(now_ms).map_err(|_| StoreError::Range)?;
        let row =
            sqlx::query("SELECT expires_ms FROM tickets WHERE ticket = $1 AND expires_ms > $2")
                .bind(ticket.stored())
                .bind(now)
                .fetch_optional(&self.pool)
                .await?;
        let Some(row) = row else {
            return Ok(Redeemed::Unknown);
        };
        let expires: i64 = row.try_get(0)?;
        let mut tx = self.pool.begin().await?;
        let inserted = sqlx::query(
            "INSERT INTO redeemed (ticket, registrar) VALUES ($1, $2) \
             ON CONFLICT (ticket, registrar) DO NOTHING",
        )
        .bind(ticket.stored())
        .bind(registrar.to_owned())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let row = sqlx::query("SELECT COUNT(*) FROM redeemed WHERE ticket = $1")
            .bind(ticket.stored())
            .fetch_one(&mut *tx)
            .await?;
        let taken: i64 = row.try_get(0)?;
        let fits = usize::try_from(taken).is_ok_and(|n| n <= registrars);
        if inserted == 1 && fits {
            tx.commit().await?;
            return Ok(Redeemed::Now(u64::try_from(expires).unwrap_or(0)));
        }
        tx.rollback().await?;
        Ok(Redeemed::Before)
    }

    /// Keeps a survey answer unless its token was used. The answer gets a random key, so that no
    /// row of one table leads to a row of the other.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_answer(&self, serial: &[u8; 32], answers: &str) -> Result<bool, StoreError> {
        let mut id = [0u8; 16];
        rand::rng().fill_bytes(&mut id);
        let used = crypto::hash::hash("portal-survey", &[serial]);
        let mut tx = self.pool.begin().await?;
        let inserted = sqlx::query(
            "INSERT INTO survey_used (serial) VALUES ($1) ON CONFLICT (serial) DO NOTHING",
        )
        .bind(used.as_bytes().get(..32).unwrap_or_default().to_vec())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if inserted == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        sqlx::query("INSERT INTO survey_answers (id, answers) VALUES ($1, $2)")
            .bind(id.to_vec())
            .bind(answers.to_owned())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// All survey answers, in the order of their random keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn answers(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT answers FROM survey_answers ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests;
