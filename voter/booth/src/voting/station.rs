//! A kiosk's own key, which proves the channel (conventions D10).

use crypto::schnorr::SigningKey;

/// A station of the registrars' table.
pub struct Station {
    /// Its id.
    pub id: String,
    /// Its key.
    pub key: SigningKey,
    /// Whether it sends to nodes directly when no relay answers.
    pub direct: bool,
}

impl core::fmt::Debug for Station {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Station({})", self.id)
    }
}
