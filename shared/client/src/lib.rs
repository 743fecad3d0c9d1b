//! What trustees and officers need of the board's nodes: post an entry and get a verified receipt,
//! follow the chain and replay its rules. Believes nothing a node says without proof.

mod gateway;
mod network;
mod replica;

pub use gateway::{Gateway, GatewayError, Posted, finalise};
pub use network::{NetworkFileError, read_network};
pub use replica::{Replica, ReplicaError};
