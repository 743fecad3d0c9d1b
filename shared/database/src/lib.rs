//! Opening a program's database: SQLite by default, PostgreSQL with `postgres://…`, one schema in two dialects.

use std::borrow::Cow;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyPool, Executor as _, SqlSafeStr as _};

/// SQLite waits for its lock, survives a power cut, and overwrites what it deletes.
const SQLITE: &str = "PRAGMA busy_timeout = 15000; PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";

/// One step of a schema. Its number is its place in the list; a released step never changes.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is for; kept in the database.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The same for PostgreSQL.
    pub postgres: &'static str,
}

/// An open database whose schema is up to date.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its connections.
    pub pool: AnyPool,
    /// Whether it is PostgreSQL.
    pub postgres: bool,
}

/// The database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Connecting.
    #[error(transparent)]
    Connection(#[from] sqlx::Error),
    /// Bringing the schema up to date.
    #[error(transparent)]
    Schema(#[from] sqlx::migrate::MigrateError),
}

/// Opens `sqlite://FILE` (created when missing) or `postgres://…` and takes the steps it has not taken.
///
/// # Errors
/// [`OpenError`].
pub async fn open(url: &str, steps: &[Step]) -> Result<Database, OpenError> {
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
    migrations(postgres, steps).run(&pool).await?;
    Ok(Database { pool, postgres })
}

fn migrations(postgres: bool, steps: &[Step]) -> Migrator {
    let numbered = (1..).zip(steps).map(|(version, step)| {
        let sql = if postgres { step.postgres } else { step.sqlite };
        Migration::new(
            version,
            Cow::Borrowed(step.name),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(numbered.collect())
}
