//! Try counters that survive a restart of the program, as they survive a power cut on a card.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{self, Error};

/// Something the holder knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// 4-digit PIN of the authentication certificate.
    AuthPin,
    /// Password of the signature certificate.
    SignPassword,
    /// Birth date.
    Birth,
    /// 照合番号B.
    NumberB,
    /// 照合番号A, which is the My Number.
    NumberA,
    /// PIN of the text application.
    TextPin,
}

impl Secret {
    /// Tries a fresh card has.
    #[must_use]
    pub fn most(self) -> u8 {
        match self {
            Self::AuthPin | Self::TextPin => 3,
            Self::SignPassword => 5,
            Self::Birth | Self::NumberB | Self::NumberA => 10,
        }
    }
}

/// The counters of one card and the file they live in.
#[derive(Clone, Debug)]
pub struct Tries {
    file: Option<PathBuf>,
    left: BTreeMap<Secret, u8>,
}

impl Tries {
    /// Counters kept in `file`, full if it does not exist.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn load(file: PathBuf) -> Result<Self, Error> {
        let left = if file.is_file() {
            serde_json::from_slice(&error::read(&file)?)?
        } else {
            BTreeMap::new()
        };
        Ok(Self {
            file: Some(file),
            left,
        })
    }

    /// Tries left.
    #[must_use]
    pub fn left(&self, secret: Secret) -> u8 {
        self.left.get(&secret).copied().unwrap_or(secret.most())
    }

    /// Sets a counter and makes it durable before it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&mut self, secret: Secret, left: u8) -> Result<(), Error> {
        if self.left(secret) == left {
            return Ok(());
        }
        self.left.insert(secret, left);
        match &self.file {
            Some(file) => error::write(file, &serde_json::to_vec(&self.left)?),
            None => Ok(()),
        }
    }
}
