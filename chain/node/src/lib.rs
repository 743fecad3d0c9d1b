//! One validator of the bulletin board: consensus engine, storage, waiting entries, gateway.
//!
//! The rules of the board are not here but in crate `board`; `rules` is the only place that names them.

pub mod app;
pub mod block;
pub mod cache;
pub mod config;
pub mod engine;
pub mod gateway;
pub mod gossip;
pub mod keys;
pub mod ledger;
pub mod node;
pub mod pool;
pub mod pool_log;
pub mod promise;
pub mod receipts;
pub mod record;
pub mod rules;
pub mod scheme;
