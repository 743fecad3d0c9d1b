//! Arguments and configuration file.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// SHA-256 of the reference landmark model.
const LANDMARKS_SHA256: &str = "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888";
/// SHA-256 of the reference recognition model.
const RECOGNITION_SHA256: &str = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30";

/// What the worker needs to know. Unknown keys are refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Folder of the model files.
    pub models: PathBuf,
    /// The landmark model (five points).
    pub landmarks: ModelFile,
    /// The recognition model (128 numbers).
    pub recognition: ModelFile,
    /// Bound of the address space in MiB.
    pub memory_mib: u64,
}

/// One model and the hash it must have.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModelFile {
    /// Name within the folder.
    pub file: String,
    /// SHA-256, 64 hexadecimal digits.
    pub sha256: String,
}

impl Default for Config {
    fn default() -> Self {
        let model = |file: &str, sha256: &str| ModelFile {
            file: file.to_owned(),
            sha256: sha256.to_owned(),
        };
        Self {
            models: PathBuf::from("models"),
            landmarks: model("shape_predictor_5_face_landmarks.dat", LANDMARKS_SHA256),
            recognition: model(
                "dlib_face_recognition_resnet_model_v1.dat",
                RECOGNITION_SHA256,
            ),
            memory_mib: 512,
        }
    }
}

impl Config {
    /// `[--config FILE.toml] [--models DIR] [--data DIR]`; a folder on the command line wins.
    /// `--data` is accepted like everywhere else and not used: nothing is ever written.
    pub(crate) fn from_arguments(
        mut arguments: impl Iterator<Item = OsString>,
    ) -> anyhow::Result<Self> {
        let (mut file, mut models) = (None, None);
        while let Some(argument) = arguments.next() {
            let value = arguments.next();
            let value = value.with_context(|| format!("{} needs a value", argument.display()))?;
            match argument.to_str() {
                Some("--config") => file = Some(PathBuf::from(value)),
                Some("--models") => models = Some(PathBuf::from(value)),
                Some("--data") => {}
                _ => bail!("unknown argument {}", argument.display()),
            }
        }
        let mut config: Self = match file {
            Some(file) => {
                let text = fs::read_to_string(&file)
                    .with_context(|| format!("configuration {}", file.display()))?;
                toml::from_str(&text).with_context(|| format!("in {}", file.display()))?
            }
            None => Self::default(),
        };
        if let Some(models) = models {
            config.models = models;
        }
        if !(256..=4096).contains(&config.memory_mib) {
            bail!("memory_mib must be 256 to 4096");
        }
        Ok(config)
    }

    /// Whether this is the reference recognition model.
    pub(crate) fn is_reference(&self) -> bool {
        self.recognition
            .sha256
            .eq_ignore_ascii_case(RECOGNITION_SHA256)
    }
}

#[cfg(test)]
mod tests;
