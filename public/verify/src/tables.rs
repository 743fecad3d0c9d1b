//! The board's tables outside memory.

mod bloom;
mod external;
mod sorted_file;

pub(crate) use external::{ExternalTables, Size};
