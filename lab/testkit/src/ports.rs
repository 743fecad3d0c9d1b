//! Ports for servers that are started, killed and started again on the same port.

use std::collections::BTreeSet;
use std::net::TcpListener;

/// Below the range from which the system takes ports for outgoing connections and for "any port":
/// while a killed server is away nobody is given its port by chance.
const RANGE: std::ops::Range<u16> = 20_000..32_000;

/// `n` different ports of 127.0.0.1 on which nobody listens now.
///
/// # Panics
/// When the range holds no `n` such ports.
#[must_use]
pub fn free(n: usize) -> Vec<u16> {
    let mut found = BTreeSet::new();
    // Held together, so that two tests that look at once do not both see the same port as free.
    let mut held = Vec::new();
    for _ in 0..100 * (n + 1) {
        if found.len() == n {
            break;
        }
        let port = rand::random_range(RANGE);
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            held.push(listener);
            found.insert(port);
        }
    }
    assert_eq!(found.len(), n, "no {n} free ports");
    found.into_iter().collect()
}

#[cfg(test)]
mod tests;
