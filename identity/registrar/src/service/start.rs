//! Putting a registrar together from its configuration.

use std::path::Path;
use std::sync::Arc;

use api::hex::Hex;
use api::registrar::PublicPart;
use ballot::SealedManifest;
use ballot::card_text::origin_hash;
use ballot::manifest::{Entitled, ManifestError};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use host::WallClock;
use host::clock::ClockError;
use host::http::HttpError;
use host::passphrase::{Passphrase, PassphraseError};
use host::rate::Rate;

use super::Registrar;
use crate::card::{Cards, CardsError};
use crate::config::{Config, Policy};
use crate::crl::CrlCache;
use crate::hours::Hours;
use crate::keys::{Keys, KeysError};
use crate::sessions::Sessions;
use crate::stations::{StationError, Stations};
use crate::store::{Store, StoreError};
use crate::tickets::Tickets;
use evidence::SealError;

impl Registrar {
    /// Reads manifest and keys, opens the database.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(config: &Config, data: &Path) -> Result<Self, StartError> {
        let passphrase = Passphrase::from_file(&config.passphrase_file)?;
        let keys = Keys::read(&data.join("keys"), &passphrase)?;
        Self::with_keys(config, data, keys, config.clock.open()?).await
    }

    /// As [`Registrar::start`] with keys and a clock from elsewhere.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn with_keys(
        config: &Config,
        data: &Path,
        keys: Keys,
        clock: WallClock,
    ) -> Result<Self, StartError> {
        let (sealed, election) = read_manifest(config)?;
        let manifest = Arc::new(sealed.manifest);
        let place = keys.place_in(&manifest).ok_or(StartError::NotInManifest)?;
        let origin = manifest.registrars.get(place).map(|r| r.origin.clone());
        let origin = origin
            .filter(|o| *o == config.origin)
            .ok_or(StartError::NotInManifest)?;
        if config.jpki.policy == Policy::Test && !manifest.practice {
            return Err(StartError::TestPolicy);
        }
        if manifest.eligibility.entitled != Entitled::AnyCard {
            return Err(StartError::Codes);
        }
        if manifest.auditors.is_empty() {
            return Err(StartError::NoAuditors);
        }
        evidence::seals_to(&manifest.auditors, &mut rand::rng())?;
        let limits = config.limits.clone();
        let ticket = |url: &String| Tickets::new(url, &config.id, limits.sessions_per_ticket);
        let database = config
            .database
            .clone()
            .unwrap_or_else(|| default_database(data));
        let store = Store::open(&database).await?;
        let hours = Hours::new(Arc::clone(&manifest));
        for until_ms in store.extensions().await? {
            hours.extend(until_ms);
        }
        check_card_key(&keys, data, &store, clock.now_ms() < hours.close_ms()).await?;
        Ok(Self {
            hours,
            election,
            place,
            report: config.report,
            origin_hash: origin_hash(&origin),
            origin,
            clock,
            sessions: Sessions::new(limits.sessions),
            tickets: config.ticket_url.as_ref().map(ticket).transpose()?,
            stations: Stations::new(&config.stations)?,
            cards: Arc::new(Cards::read(&config.jpki)?),
            crl: CrlCache::new(&config.jpki)?,
            store,
            rate: Rate::new(limits.sessions_per_second, limits.session_burst),
            limits,
            manifest,
            keys,
        })
    }
}

/// The card secret is the one that `init` made and this database began with. It is gone after the
/// close, when it has been destroyed; `needed` says that it is not over yet.
async fn check_card_key(
    keys: &Keys,
    data: &Path,
    store: &Store,
    needed: bool,
) -> Result<(), StartError> {
    let Some(commitment) = keys.card_commitment() else {
        return if needed {
            Err(StartError::NoCardKey)
        } else {
            Ok(())
        };
    };
    if let Ok(text) = std::fs::read_to_string(data.join("public.json")) {
        let public: PublicPart = serde_json::from_str(&text).map_err(StartError::PublicPart)?;
        if public.card.is_some_and(|Hex(card)| card != commitment) {
            return Err(StartError::OtherCardKey("public.json"));
        }
    }
    if store.is_card_of_old(&commitment).await? {
        Ok(())
    } else {
        Err(StartError::OtherCardKey("the database"))
    }
}

/// The database of a data folder when the configuration names none.
#[must_use]
pub fn default_database(data: &Path) -> String {
    format!("sqlite://{}", data.join("registrar.db").display())
}

/// Reads the sealed manifest and checks everything about it.
///
/// # Errors
/// [`StartError`].
pub fn read_manifest(config: &Config) -> Result<(SealedManifest, Hash), StartError> {
    let bytes = std::fs::read(&config.manifest).map_err(|source| StartError::ManifestFile {
        path: config.manifest.display().to_string(),
        source,
    })?;
    let sealed = SealedManifest::from_bytes(&bytes).map_err(ManifestError::from)?;
    let election = sealed.check()?;
    sealed.manifest.check_practice(config.practice)?;
    match config.election_hash {
        Some(expected) if expected.0 != election => Err(StartError::Expected),
        _ => Ok((sealed, election)),
    }
}

/// Why a registrar does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The passphrase file.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The keys.
    #[error("keys: {0}")]
    Keys(#[from] KeysError),
    /// The clock.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The manifest cannot be read.
    #[error("cannot read the manifest {path}: {source}")]
    ManifestFile {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The manifest is not well sealed.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest has another hash than the configuration says.
    #[error("the manifest has another hash than election_hash in the configuration")]
    Expected,
    /// The manifest does not list this registrar with these keys and this origin.
    #[error("the manifest does not list this registrar with its keys and origin")]
    NotInManifest,
    /// Other person keys than before: who has voted could not vote again.
    #[error(
        "card.key is not the one that {0} names: with another one nobody who has voted could vote \
         again; put the card.key back that `init` made"
    )]
    OtherCardKey(&'static str),
    /// The vote is not over and the card secret is gone.
    #[error("card.key is missing: nobody could vote; put the one back that `init` made")]
    NoCardKey,
    /// The public part in the data folder.
    #[error("public.json: {0}")]
    PublicPart(#[source] serde_json::Error),
    /// Test certificates for a vote that counts.
    #[error("certificates of the test authority are refused: the manifest is not for practice")]
    TestPolicy,
    /// This program cannot ask for what the manifest promises.
    #[error("the manifest asks for codes, which this version cannot check")]
    Codes,
    /// Nobody could ever open the evidence.
    #[error("the manifest names no auditors")]
    NoAuditors,
    /// No evidence could ever be sealed, so no voter could be served.
    #[error("evidence: {0}")]
    Evidence(#[from] SealError),
    /// Trust anchors.
    #[error(transparent)]
    Cards(#[from] CardsError),
    /// HTTP client.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// Station table.
    #[error(transparent)]
    Station(#[from] StationError),
    /// Database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
