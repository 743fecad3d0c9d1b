//! The kiosks this registrar knows and how they prove themselves (conventions D10).

use std::collections::BTreeMap;

use api::registrar::PURPOSE_STATION;
use ballot::manifest::Channel;
use crypto::Point;
use crypto::schnorr::{self, Signature};

use crate::config::StationConfig;
use crate::refusal::Refusal;

#[derive(Clone, Debug)]
struct Station {
    channel: Channel,
    key: Point,
    from_ms: u64,
    to_ms: u64,
}

/// The table of stations.
#[derive(Clone, Debug)]
pub struct Stations(BTreeMap<String, Station>);

impl Stations {
    /// The table from the configuration.
    ///
    /// # Errors
    /// The id of a station that is listed twice or is not at counter or venue.
    pub fn new(rows: &[StationConfig]) -> Result<Self, StationError> {
        let mut table = BTreeMap::new();
        for row in rows {
            let refused = || StationError { id: row.id.clone() };
            let channel = Channel::parse(&row.channel).filter(|c| *c != Channel::Home);
            let station = Station {
                channel: channel.ok_or_else(refused)?,
                key: row.public_key.0,
                from_ms: row.from_ms,
                to_ms: row.to_ms,
            };
            if table.insert(row.id.clone(), station).is_some() {
                return Err(refused());
            }
        }
        Ok(Self(table))
    }

    /// The channel of a station in service.
    ///
    /// # Errors
    /// [`Refusal::StationUnknown`].
    pub fn channel(&self, id: &str, now_ms: u64) -> Result<Channel, Refusal> {
        self.at(id, now_ms).map(|station| station.channel)
    }

    /// Checks the station's signature over its [`api::registrar::station_message`].
    ///
    /// # Errors
    /// [`Refusal::StationUnknown`] or [`Refusal::StationProof`].
    pub fn prove(
        &self,
        id: &str,
        message: &[u8],
        proof: &Signature,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let station = self.at(id, now_ms)?;
        schnorr::verify(&station.key, PURPOSE_STATION, message, proof)
            .map_err(|_| Refusal::StationProof)
    }

    fn at(&self, id: &str, now_ms: u64) -> Result<&Station, Refusal> {
        self.0
            .get(id)
            .filter(|station| (station.from_ms..station.to_ms).contains(&now_ms))
            .ok_or(Refusal::StationUnknown)
    }
}

/// A row of the station table that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("station {id:?} is listed twice, or its channel cannot be used")]
pub struct StationError {
    /// The station.
    pub id: String,
}
