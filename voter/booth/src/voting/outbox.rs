//! A kiosk's sealed ballots that could not be sent (F-56): kept under the station's key and sent
//! when the network is back. Until then the vote is not over, and page and slip say so.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ballot::{Ballot, Manifest};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use rand::TryRng as _;
use rand::rngs::SysRng;
use refusal::VoteState;
use zeroize::Zeroizing;

use super::fate::has_expired;
use super::nodes::Nodes;
use super::pending::Sealer;
use super::setup::VotingSetup;
use super::station::Station;
use crate::fault::Fault;
use crate::ports::NodeTime;

const EVERY: Duration = Duration::from_secs(10);

/// The folder of unsent ballots.
pub(super) struct Outbox {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
    election: Hash,
    manifest: Arc<Manifest>,
}

impl Outbox {
    /// Opens the folder and starts sending what is in it.
    pub(super) fn start(
        station: &Station,
        setup: &VotingSetup,
        nodes: Arc<Nodes>,
    ) -> Result<Self, Fault> {
        let folder = setup.folder.join("unsent");
        fs::create_dir_all(&folder).map_err(|_| Fault::Disk)?;
        let key = station.key.to_secret_bytes();
        let own = Self {
            folder,
            key,
            election: setup.place.election,
            manifest: Arc::clone(&setup.place.manifest),
        };
        let sender = Self {
            folder: own.folder.clone(),
            key: own.key.clone(),
            manifest: Arc::clone(&own.manifest),
            ..own
        };
        setup.runtime.spawn(async move {
            loop {
                sender.send_all(&nodes).await;
                tokio::time::sleep(EVERY).await;
            }
        });
        Ok(own)
    }

    /// A folder of its own for each ballot, under a name that says nothing.
    fn sealer(&self) -> Option<Sealer> {
        let mut name = [0; 16];
        SysRng.try_fill_bytes(&mut name).ok()?;
        let folder = self.folder.join(crypto::hash::to_hex(&name));
        Sealer::new(&folder, self.key.as_ref(), self.election).ok()
    }

    /// Keeps a ballot for later.
    pub(super) fn keep(&self, entry: &[u8]) {
        let stored = self.sealer().is_some_and(|s| s.store(entry).is_ok());
        if !stored {
            tracing::error!("an unsent ballot could not be kept: call the supervisor");
        }
    }

    fn has_expired(&self, entry: &[u8], time: Option<NodeTime>) -> bool {
        let ballot = Ballot::from_bytes(entry).ok();
        ballot.is_some_and(|b| has_expired(&b, time.map(|t| t.now), &self.manifest))
    }

    async fn send_all(&self, nodes: &Nodes) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        for folder in entries.flatten().map(|e| e.path()) {
            let Ok(sealer) = Sealer::new(&folder, self.key.as_ref(), self.election) else {
                continue;
            };
            let Some(entry) = sealer.load() else { continue };
            let time = nodes.time().await;
            match nodes.cast(&entry, time).await {
                // Another ballot has its place for good: asking again changes nothing.
                Ok(_) | Err((_, VoteState::Overtaken)) => {
                    sealer.remove();
                    // An empty folder is no ballot.
                    let _left = fs::remove_dir(&folder);
                }
                Err((Fault::CardStepAgain, _)) if self.has_expired(&entry, time) => {
                    tracing::error!("a further ballot kept here came too late: its window is over");
                    sealer.remove();
                    let _left = fs::remove_dir(&folder);
                }
                Err((Fault::SendFailed | Fault::Waiting | Fault::NoRelay, _)) => {}
                Err((fault, state)) => {
                    debug_assert_ne!(state, VoteState::Accepted);
                    tracing::error!(code = %fault.code(), "an unsent ballot was refused");
                }
            }
        }
    }
}
