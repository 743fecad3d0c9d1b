//! X.509 times in milliseconds; both ends of a span belong to it.

use x509_cert::time::Time;

/// First millisecond of a second.
pub(crate) fn start_ms(time: &Time) -> u64 {
    time.to_unix_duration().as_secs().saturating_mul(1000)
}

/// Last millisecond of a second: notAfter and nextUpdate are inclusive.
pub(crate) fn end_ms(time: &Time) -> u64 {
    start_ms(time).saturating_add(999)
}
