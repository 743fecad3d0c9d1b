//! Real validators: processes on loopback with real elections.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "seeds and times belong to the result")]

mod chain;
mod close;
mod cluster;
mod election;
mod hostile;
mod kills;
mod page;
mod relay;
mod scheme;
mod seed_dates;
mod slow_relay;
mod survey;
mod twist;
