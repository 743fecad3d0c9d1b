//! `POST /v1/sessions`.

use std::net::IpAddr;
use std::time::Instant;

use api::hex::Hex;
use api::registrar::{SessionAnswer, SessionRequest};
use ballot::manifest::Channel;
use rand::Rng as _;

use super::Registrar;
use crate::refusal::Refusal;
use crate::sessions::Waiting;

impl Registrar {
    /// Opens a session: decides the channel, checks its hours, hands out a nonce.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn open_session(
        &self,
        request: SessionRequest,
        from: IpAddr,
    ) -> Result<SessionAnswer, Refusal> {
        if !from.to_canonical().is_loopback() && !self.rate.allow(from, Instant::now()) {
            return Err(Refusal::TooManySessions);
        }
        let now_ms = self.clock.now_ms();
        let channel = match &request.station {
            Some(station) => self.stations.channel(station, now_ms)?,
            None => Channel::Home,
        };
        self.hours.check(channel, now_ms)?;
        if let (Channel::Home, Some(tickets)) = (channel, &self.tickets) {
            let ticket = request.ticket.map(|ticket| ticket.0);
            tickets.spend(ticket, now_ms).await?;
        }
        let mut nonce = [0; 32];
        rand::rng().fill_bytes(&mut nonce);
        let waiting = Waiting {
            channel,
            station: request.station,
        };
        let expires_ms = self.sessions.open(nonce, waiting, now_ms)?;
        Ok(SessionAnswer {
            nonce: Hex(nonce),
            channel: channel.as_str().to_owned(),
            face_required: self.manifest.face_required.contains(&channel),
            election: Hex(self.election),
            now_ms,
            expires_ms,
        })
    }
}
