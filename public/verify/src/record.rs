//! Where the bytes of a record come from.

#[cfg(not(target_arch = "wasm32"))]
mod folder;
#[cfg(not(target_arch = "wasm32"))]
mod progress;
mod tar;
#[cfg(not(target_arch = "wasm32"))]
mod tar_file;

#[cfg(not(target_arch = "wasm32"))]
pub use folder::Folder;
#[cfg(not(target_arch = "wasm32"))]
pub use progress::Progress;
pub use tar::{TarBytes, TarError};
#[cfg(not(target_arch = "wasm32"))]
pub use tar_file::TarFile;
