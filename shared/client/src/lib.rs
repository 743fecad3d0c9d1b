//! The one client of the board's nodes, for everybody who asks them: booths, trustees, officers,
//! registrars, portals. One node (`node`), all of them together (`quorum`), and a copy of the board
//! that re-applies every rule (`replica`). Believes nothing a node says without proof.

mod error;
mod network;
mod node;
mod quorum;
mod replica;
mod standing;
mod way;

pub use error::NodeError;
pub use network::{NetworkFileError, read_network};
pub use node::{Last, Node, Reply, TIMEOUT};
pub use quorum::{NotFinal, OFFICIAL_PATIENCE, Outcome, Quorum, Said, Spread};
pub use replica::{Replica, ReplicaError};
pub use standing::Standing;
pub use way::Relays;
