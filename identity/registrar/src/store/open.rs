//! Opening the database and bringing its schema up to date.

use database::{Database, Step};

use super::{Store, StoreError};

const SCHEMA: [Step; 7] = [
    Step {
        name: "registrar",
        sqlite: include_str!("../../migrations/sqlite/0001_registrar.sql"),
        postgres: include_str!("../../migrations/postgres/0001_registrar.sql"),
    },
    Step {
        name: "incidents once",
        sqlite: include_str!("../../migrations/sqlite/0002_incidents_once.sql"),
        postgres: include_str!("../../migrations/postgres/0002_incidents_once.sql"),
    },
    Step {
        name: "pauses",
        sqlite: include_str!("../../migrations/sqlite/0003_pauses.sql"),
        postgres: include_str!("../../migrations/postgres/0003_pauses.sql"),
    },
    Step {
        name: "stations",
        sqlite: include_str!("../../migrations/sqlite/0004_stations.sql"),
        postgres: include_str!("../../migrations/postgres/0004_stations.sql"),
    },
    Step {
        name: "reports in parts",
        sqlite: include_str!("../../migrations/sqlite/0005_parts.sql"),
        postgres: include_str!("../../migrations/postgres/0005_parts.sql"),
    },
    Step {
        name: "current sessions",
        sqlite: include_str!("../../migrations/sqlite/0006_current_sessions.sql"),
        postgres: include_str!("../../migrations/postgres/0006_current_sessions.sql"),
    },
    Step {
        name: "commitments",
        sqlite: include_str!("../../migrations/sqlite/0007_commitments.sql"),
        postgres: include_str!("../../migrations/postgres/0007_commitments.sql"),
    },
];

impl Store {
    /// Opens `sqlite://FILE` (created when missing) or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let Database { pool, postgres } = database::open(url, &SCHEMA).await?;
        Ok(Self { pool, postgres })
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
