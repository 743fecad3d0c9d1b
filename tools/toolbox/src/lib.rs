//! What every tool of the project needs: the workspace's folders, other programs, output, counts.

pub mod browser;
mod counts;
pub mod output;
pub mod root;
pub mod shell;

pub use counts::Counts;
