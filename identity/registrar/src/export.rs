//! The sealed evidence as files for the auditors (spec 08 §4): nothing in it is readable here.

use crate::Registrar;
use crate::store::StoreError;
use std::path::{Path, PathBuf};

/// Writes one file a day into the new folder `out`, readable by its owner only, and returns the
/// number of records.
///
/// # Errors
/// [`ExportError`]; also when the folder exists.
pub async fn export(registrar: &Registrar, out: &Path) -> Result<u64, ExportError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::Write { path, source }
    };
    std::fs::create_dir(out).map_err(failed(out))?;
    let mut records = 0;
    for day in registrar.days() {
        let mut bytes = Vec::new();
        let mut each = |sealed: &[u8]| {
            let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(sealed);
            records += 1;
        };
        registrar.store().each_sealed(day, &mut each).await?;
        let path = out.join(format!("{day}.bin"));
        host::keyfile::write_private(&path, &bytes).map_err(failed(&path))?;
    }
    Ok(records)
}

/// Why evidence could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder.
    #[error("cannot write {path}: {source}")]
    Write {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
