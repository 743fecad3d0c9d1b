//! What programs of different parties say to each other: requests, answers and refusals of the HTTP
//! interfaces, and the files they start from. The only logic is the reading of those files.
//!
//! Every type parses strictly: a value that was read is well-formed.

pub mod act_file;
pub mod auditor;
pub mod hex;
pub mod network;
pub mod node;
pub mod officer;
pub mod papers;
pub mod portal;
pub mod registrar;
pub mod relay;
pub mod start_file;
pub mod trust;
