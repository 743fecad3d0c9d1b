//! An urgent notice above every page, from a small file that operators write.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use ui::strings::Row;
use ui::{Emergency, Lang, wareki};

/// Longest notice file that is read.
const MAX: u64 = 16 * 1024;

/// `emergency.toml`: `updated_ms`, `[title] ja en plain`, `[body] ja en plain`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    updated_ms: u64,
    title: Row,
    body: Row,
}

/// Where the notice comes from.
#[derive(Clone, Debug)]
pub struct Source(Option<PathBuf>);

impl Source {
    /// From a file that need not exist.
    #[must_use]
    pub fn new(path: Option<PathBuf>) -> Self {
        Self(path)
    }

    /// The notice now. It is read for each page: no page is older than the file.
    #[must_use]
    pub fn now(&self, lang: Lang) -> Option<Emergency> {
        let file = read(self.0.as_deref()?)?;
        Some(Emergency {
            title: file.title.get(lang).to_owned(),
            body: file.body.get(lang).to_owned(),
            updated: wareki::long(lang, file.updated_ms),
        })
    }
}

fn read(path: &Path) -> Option<File> {
    if fs::metadata(path).ok()?.len() > MAX {
        return None;
    }
    match toml::from_str(&fs::read_to_string(path).ok()?) {
        Ok(file) => Some(file),
        Err(error) => {
            tracing::warn!("the urgent notice cannot be read: {}", error.message());
            None
        }
    }
}
