//! Configuration of the program. Without a file the defaults are those of a voter's own computer.

use std::path::{Path, PathBuf};

use host::clock::ClockConfig;
use host::config::{ConfigError, beside, load};
use serde::Deserialize;

/// The configuration file; unknown keys are refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where cards come from: `pcsc`, or in the demo `inprocess:DIR`.
    pub card: String,
    /// The municipal and card authorities, as the card library's trust file.
    pub card_trust: Option<PathBuf>,
    /// Open a browser.
    pub open_browser: bool,
    /// The program that is given the first page as a file, in place of the system's browser.
    pub browser: Option<PathBuf>,
    /// Also write the address into this file (mode 0600); for scripts.
    pub url_file: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// Seconds without a sign of the voter after which the session ends.
    pub idle_seconds: u64,
    /// The clock; [`ClockConfig`].
    pub clock: ClockConfig,
    /// The face step.
    pub face: FaceConfig,
}

/// The face step's section.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FaceConfig {
    /// The worker program. Without this and `models` both are looked for in the folder of this
    /// program; without any the face step leads to the counter.
    pub worker: Option<PathBuf>,
    /// Folder of its models.
    pub models: Option<PathBuf>,
    /// Thresholds and bounds.
    pub policy: face::Policy,
}

/// Names in a package (`cargo xtask dist`): the worker, the folder of its models, the configuration.
const PACKED: [&str; 3] = ["irefuda-face-worker", "models", "booth.toml"];

impl FaceConfig {
    /// The worker and its models: those that are named, or, if nothing is named, those of the package
    /// that `program` was started from.
    #[must_use]
    pub fn engine(&self, program: Option<&Path>) -> Option<(PathBuf, PathBuf)> {
        match (&self.worker, &self.models) {
            (Some(worker), Some(models)) => Some((worker.clone(), models.clone())),
            (None, None) => packed(program?.parent()?),
            _ => None,
        }
    }
}

/// What `cargo xtask dist` puts into one folder with this program.
fn packed(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let [worker, models, _] = PACKED;
    let worker = folder.join(format!("{worker}{}", std::env::consts::EXE_SUFFIX));
    let models = folder.join(models);
    (worker.is_file() && models.is_dir()).then_some((worker, models))
}

impl Default for Config {
    fn default() -> Self {
        Self {
            card: "pcsc".to_owned(),
            card_trust: None,
            open_browser: true,
            browser: None,
            url_file: None,
            port: 0,
            idle_seconds: 600,
            clock: ClockConfig::default(),
            face: FaceConfig::default(),
        }
    }
}

impl Config {
    /// Reads the file; paths in it are relative to its folder.
    ///
    /// # Errors
    /// When it cannot be read or says something unknown.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = load(path)?;
        for file in [
            &mut config.card_trust,
            &mut config.browser,
            &mut config.url_file,
            &mut config.face.worker,
            &mut config.face.models,
        ]
        .into_iter()
        .flatten()
        {
            *file = beside(path, file);
        }
        Ok(config)
    }

    /// The configuration in the package that `program` was started from, if there is one.
    #[must_use]
    pub fn packed(program: Option<&Path>) -> Option<PathBuf> {
        let [_, _, config] = PACKED;
        let file = program?.parent()?.join(config);
        file.is_file().then_some(file)
    }
}

/// `station.toml` of a kiosk (conventions D10).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StationConfig {
    /// Id in the registrars' table.
    pub id: String,
    /// `counter` or `venue`.
    pub channel: String,
    /// The station's key file.
    pub key_file: PathBuf,
    /// File with its passphrase.
    pub passphrase_file: PathBuf,
    /// Origins of registrars this kiosk may reach; empty: those of the manifest.
    #[serde(default)]
    pub registrars: Vec<String>,
    /// Origins of nodes this kiosk may reach; empty: those of the manifest.
    #[serde(default)]
    pub nodes: Vec<String>,
    /// What it does when no relay of the manifest answers.
    #[serde(default)]
    pub without_relay: WithoutRelay,
}

/// What a kiosk does when no relay answers. Nobody in front of it is asked: what the nodes would see
/// is the address of the hall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutRelay {
    /// Keeps the sealed ballot and tries again.
    #[default]
    Wait,
    /// Sends to the nodes directly.
    Direct,
}

impl StationConfig {
    /// Reads the file; paths in it are relative to its folder.
    ///
    /// # Errors
    /// When it cannot be read or says something unknown.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = load(path)?;
        config.key_file = beside(path, &config.key_file);
        config.passphrase_file = beside(path, &config.passphrase_file);
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
