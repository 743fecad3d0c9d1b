//! Opening the database and bringing its schema up to date.

use std::borrow::Cow;
use std::time::Duration;

use sqlx::Executor as _;
use sqlx::SqlSafeStr as _;
use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::{Store, StoreError};

/// SQLite waits for its lock, survives a power cut, and overwrites what it deletes.
const SQLITE: &str = "PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";

impl Store {
    /// Opens `sqlite://FILE` (created when missing) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let postgres = url.starts_with("postgres:") || url.starts_with("postgresql:");
        let url = match (postgres, url.contains('?')) {
            (true, _) | (false, true) => Cow::Borrowed(url),
            (false, false) => Cow::Owned(format!("{url}?mode=rwc")),
        };
        let pool = AnyPoolOptions::new()
            .max_connections(if postgres { 16 } else { 4 })
            .acquire_timeout(Duration::from_secs(30))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if !postgres {
                        connection.execute(SQLITE).await?;
                    }
                    Ok(())
                })
            })
            .connect(&url)
            .await?;
        migrations(postgres).run(&pool).await?;
        Ok(Self { pool, postgres })
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn migrations(postgres: bool) -> Migrator {
    let steps = if postgres {
        [
            include_str!("../../migrations/postgres/0001_registrar.sql"),
            include_str!("../../migrations/postgres/0002_incidents_once.sql"),
        ]
    } else {
        [
            include_str!("../../migrations/sqlite/0001_registrar.sql"),
            include_str!("../../migrations/sqlite/0002_incidents_once.sql"),
        ]
    };
    let migration = |(version, (sql, name)): (i64, (&'static str, &'static str))| {
        Migration::new(
            version,
            Cow::Borrowed(name),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    let named = steps.into_iter().zip(["registrar", "incidents once"]);
    Migrator::with_migrations((1..).zip(named).map(migration).collect())
}
