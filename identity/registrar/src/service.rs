//! The registrar itself: what a request meets, in order.

mod auth;
mod challenge;
mod extend;
mod fault;
mod report;
mod session;
mod start;
mod token;
mod watch;

use std::sync::Arc;

use api::hex::Hex;
use api::registrar::{ChannelStatus, Status};
use ballot::Manifest;
use ballot::manifest::Channel;
use crypto::Hash;
use host::WallClock;
use host::rate::Rate;

use crate::card::Cards;
use crate::config::LimitsConfig;
use crate::crl::CrlCache;
use crate::hours::Hours;
use crate::keys::Keys;
use crate::sessions::Sessions;
use crate::stations::Stations;
use crate::store::Store;
use crate::tickets::Tickets;

pub use report::ReportError;
pub use start::{StartError, default_database, read_manifest};

/// A running registrar.
pub struct Registrar {
    manifest: Arc<Manifest>,
    election: Hash,
    /// Index in the manifest.
    place: usize,
    /// Whether daily reports are posted.
    report: bool,
    /// The origin from the manifest, and its hash as authentication texts name it.
    origin: String,
    origin_hash: Hash,
    keys: Keys,
    hours: Hours,
    clock: WallClock,
    sessions: Sessions,
    tickets: Option<Tickets>,
    stations: Stations,
    cards: Arc<Cards>,
    crl: CrlCache,
    store: Store,
    limits: LimitsConfig,
    /// Sessions opened, by address.
    rate: Rate,
}

impl core::fmt::Debug for Registrar {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Registrar({})", self.origin)
    }
}

impl Registrar {
    /// The election served.
    #[must_use]
    pub fn election(&self) -> Hash {
        self.election
    }

    /// The channels' hours.
    #[must_use]
    pub fn hours(&self) -> &Hours {
        &self.hours
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What everybody may know.
    #[must_use]
    pub fn status(&self) -> Status {
        let now_ms = self.clock.now_ms();
        let channel = |channel: Channel| ChannelStatus {
            channel: channel.as_str().to_owned(),
            open: self.hours.open_at(channel, now_ms),
            next_opening_ms: self.hours.next_opening(channel, now_ms),
        };
        Status {
            election: Hex(self.election),
            now_ms,
            opens_ms: self.hours.opens_ms(),
            closes_ms: self.hours.close_ms(),
            channels: self
                .manifest
                .channels
                .iter()
                .map(|hours| channel(hours.kind))
                .collect(),
        }
    }
}
