//! The nightly rewrite: afterwards the files hold the rows in the order of their keys, which are
//! HMACs, and nothing of the order in which people came.

use sqlx::Executor as _;

use super::{Store, StoreError};

const SQLITE: [&str; 3] = [
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
];

/// A copy in key order replaces each table, in one transaction.
const POSTGRES: [&str; 22] = [
    "LOCK TABLE persons, evidence, incidents_counted, pauses, current_sessions IN ACCESS EXCLUSIVE MODE",
    "CREATE TABLE persons_next (LIKE persons INCLUDING ALL)",
    "INSERT INTO persons_next SELECT * FROM persons ORDER BY person",
    "DROP TABLE persons",
    "ALTER TABLE persons_next RENAME TO persons",
    "CREATE TABLE evidence_next (LIKE evidence INCLUDING ALL)",
    "INSERT INTO evidence_next SELECT * FROM evidence ORDER BY id",
    "DROP TABLE evidence",
    "ALTER TABLE evidence_next RENAME TO evidence",
    "CREATE TABLE incidents_counted_next (LIKE incidents_counted INCLUDING ALL)",
    "INSERT INTO incidents_counted_next SELECT * FROM incidents_counted ORDER BY id",
    "DROP TABLE incidents_counted",
    "ALTER TABLE incidents_counted_next RENAME TO incidents_counted",
    "CREATE TABLE pauses_next (LIKE pauses INCLUDING ALL)",
    "INSERT INTO pauses_next SELECT * FROM pauses ORDER BY person",
    "DROP TABLE pauses",
    "ALTER TABLE pauses_next RENAME TO pauses",
    "CREATE TABLE current_sessions_next (LIKE current_sessions INCLUDING ALL)",
    "INSERT INTO current_sessions_next SELECT * FROM current_sessions ORDER BY person",
    "DROP TABLE current_sessions",
    "ALTER TABLE current_sessions_next RENAME TO current_sessions",
    "ANALYZE persons",
];

impl Store {
    /// Rewrites every table in key order.
    ///
    /// # Errors
    /// [`StoreError`]; the old order then stays until the next night.
    pub async fn rewrite(&self) -> Result<(), StoreError> {
        if self.postgres {
            let mut tx = self.pool.begin().await?;
            for statement in POSTGRES {
                tx.execute(statement).await?;
            }
            tx.commit().await?;
        } else {
            let mut connection = self.pool.acquire().await?;
            for statement in SQLITE {
                connection.execute(statement).await?;
            }
        }
        Ok(())
    }
}
