//! Everything large that is not in the repository: the face engine's source, face models, test
//! pictures, and the card photos and camera pictures of the personas. All of it goes to
//! `target/assets/`, is checked against pinned hashes, and is made again only when it is missing.
//!
//! There are only two faces, an astronaut's official portrait (public domain) and a rendered
//! character, so that no private person's picture is needed. Personas share the faces, but the
//! bytes of every persona's pictures differ.

mod fetch;
mod paint;
mod people;
mod sources;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub use people::persona_photos;

/// Personas of the demo's first seed whose card photos tests look at: up to the one that is
/// planted with another person's face among 30 voters.
const TESTED_PERSONAS: usize = 32;

/// Where things are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// `target/assets`.
    pub folder: PathBuf,
    /// Folder of the two model files, as the face worker wants it.
    pub models: PathBuf,
    /// Folder of the test pictures.
    pub pictures: PathBuf,
}

impl Assets {
    fn below(root: &Path) -> Self {
        let folder = root.join("target").join("assets");
        let (models, pictures) = (folder.join("models"), folder.join("pictures"));
        Self {
            folder,
            models,
            pictures,
        }
    }
}

/// Fetches models and pictures where they are missing, and paints the test pictures and some of
/// the demo's card photos.
///
/// # Errors
/// A download failed, a hash differs from the pinned one, or `opj_compress` is missing.
pub fn ensure(root: &Path, progress: &dyn Fn(&str)) -> Result<Assets> {
    let assets = Assets::below(root);
    for folder in [&assets.models, &assets.pictures] {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    sources::engine(root, &assets, progress)?;
    sources::models(root, &assets, progress)?;
    sources::pictures(&assets, progress)?;
    people::test_pictures(&assets, progress)?;
    persona_photos(&assets, TESTED_PERSONAS, 1, progress)?;
    Ok(assets)
}
