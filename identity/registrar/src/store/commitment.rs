//! Which card secret this database belongs to. With another one every person would get another key,
//! and nobody who has voted could vote again.

use crypto::Hash;
use sqlx::Row as _;

use super::{Store, StoreError};

const CARD: &str = "card";

impl Store {
    /// Keeps the commitment to the card secret, the first time; whether it is the one that is kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_card_of_old(&self, commitment: &Hash) -> Result<bool, StoreError> {
        sqlx::query(
            "INSERT INTO commitments (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        )
        .bind(CARD)
        .bind(commitment.as_bytes().to_vec())
        .execute(&self.pool)
        .await?;
        let row = sqlx::query("SELECT value FROM commitments WHERE name = $1")
            .bind(CARD)
            .fetch_one(&self.pool)
            .await?;
        let kept: Vec<u8> = row.try_get(0)?;
        Ok(kept == commitment.as_bytes())
    }
}
