//! Logging to standard error and a panic hook that prints no payload.
//!
//! Programs that see identities use [`Detail::Untimed`]: their lines carry no
//! time, so that the log cannot be joined with the board.

use std::panic;

use tracing_subscriber::filter::{EnvFilter, ParseError};

/// What a log line shows besides level and message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// With the time.
    Timed,
    /// Without any time: registrar and gateway.
    Untimed,
}

/// Starts logging at `filter` (for example `info` or `info,registrar=debug`)
/// and installs the panic hook. A second call changes nothing.
///
/// # Errors
/// When the filter cannot be parsed.
pub fn init(filter: &str, detail: Detail) -> Result<(), ParseError> {
    let filter = EnvFilter::builder().parse(filter)?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    // A subscriber that is already there stays.
    let _ = match detail {
        Detail::Timed => builder.try_init(),
        Detail::Untimed => builder.without_time().try_init(),
    };
    quiet_panics();
    Ok(())
}

/// Panics say where, never what: a payload could hold a secret.
pub fn quiet_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        tracing::error!("internal error at {place}");
    }));
}
