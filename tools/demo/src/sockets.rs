//! Which connections a process has. They show which messages to a server are its own.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often is looked. A TLS connection takes longer.
const EVERY: Duration = Duration::from_millis(3);

/// Own port and the other side's port of a connection.
pub type Ends = (u16, u16);

/// A process that is being watched.
pub struct Sockets {
    stop: Arc<AtomicBool>,
    seen: JoinHandle<BTreeSet<Ends>>,
}

impl Sockets {
    /// Looks again and again until [`Self::finish`].
    pub fn watch(process: u32) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let seen = std::thread::spawn(move || {
            let mut seen = BTreeSet::new();
            while !stopped.load(Ordering::Relaxed) {
                seen.extend(connections(process));
                std::thread::sleep(EVERY);
            }
            seen
        });
        Self { stop, seen }
    }

    /// Every connection that was seen.
    pub fn finish(self) -> BTreeSet<Ends> {
        self.stop.store(true, Ordering::Relaxed);
        self.seen.join().unwrap_or_default()
    }
}

/// What is wrong with the connections of one booth: none goes to a node, and who voted spoke to the
/// relay.
pub fn spoke(own: &BTreeSet<Ends>, relay: u16, nodes: &BTreeSet<u16>, voted: bool) -> Vec<String> {
    let mut found = Vec::new();
    let to = |port: u16| own.iter().any(|(_, other)| *other == port);
    for node in nodes.iter().filter(|node| to(**node)) {
        found.push(format!("the booth spoke to the node at port {node}"));
    }
    if voted && !to(relay) {
        found.push("the booth was not seen to speak to the relay".to_owned());
    }
    found
}

/// The connections of a process now.
fn connections(process: u32) -> Vec<Ends> {
    let Ok(files) = fs::read_dir(format!("/proc/{process}/fd")) else {
        return Vec::new();
    };
    let sockets: BTreeSet<String> = files
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .filter_map(|link| {
            let link = link.to_str()?;
            let inode = link.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    let table = fs::read_to_string(format!("/proc/{process}/net/tcp")).unwrap_or_default();
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let owned = sockets.contains(*fields.get(9)?);
            let port = |n: usize| {
                let (_, port) = fields.get(n)?.split_once(':')?;
                u16::from_str_radix(port, 16).ok()
            };
            (owned && port(2)? != 0).then_some((port(1)?, port(2)?))
        })
        .collect()
}

#[cfg(test)]
mod tests;
