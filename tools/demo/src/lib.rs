//! The demo: a whole election of the fictional city ひばり野市 on this machine.
//!
//! Every party is a process of its own under `DIR/run/`, with a generated configuration, and is
//! spoken to from outside: voters over the booth's own interface, officers and trustees over their
//! command lines. Of the project's code the demo uses what describes those interfaces, never a
//! party's own. `cargo xtask demo` builds everything, then starts the program of this crate.

mod booth;
mod calendar;
mod canary;
mod capture;
mod cards;
mod chart;
mod clock;
mod configs;
mod driver;
mod election;
mod http;
mod interactive;
mod leak_checks;
mod namespaces;
mod party;
mod plan;
mod process;
mod progress;
mod relay_checks;
mod report;
mod run_folder;
mod scenario;
mod sockets;
mod tamper;
mod task;
mod trace;
mod twins;

pub use tamper::{TamperArgs, task as tamper};
pub use task::{DemoArgs, script, task as demo};
pub use twins::{TwinsArgs, task as twins};
