//! What an observer of the network and of the disks could measure during the votes: how many
//! messages of which length each booth exchanged with whom, and how long every file is. Kept to be
//! compared with another run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::capture::{Capture, Segment, segments};
use super::sockets::Ends;

/// Type of a TLS record that is encrypted.
const ENCRYPTED: u8 = 23;

/// The measurements of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    #[serde(skip)]
    active: bool,
    /// The visits, in order.
    pub visits: Vec<Visit>,
    /// Length of every file, by its place below the run's folder.
    pub files: BTreeMap<String, u64>,
}

/// What one booth said and heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Voter and channel.
    pub name: String,
    /// Its connections, in order of their first message.
    pub connections: Vec<Connection>,
}

/// Lengths of the messages of one connection: TLS records, or without TLS everything together.
///
/// Left out is what the server sends until the client has answered its part of the handshake: the
/// certificate and the signature over the handshake are DER and by chance a byte or two longer or
/// shorter. They are made before the server has heard anything of the voter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The server's port.
    pub to: u16,
    /// From the booth.
    pub sent: Vec<usize>,
    /// To the booth.
    pub received: Vec<usize>,
}

impl Trace {
    /// One that measures.
    pub fn measuring() -> Self {
        Self {
            active: true,
            ..Self::default()
        }
    }

    /// Whether anything is measured.
    pub fn is_active(&self) -> bool {
        self.active
    }

    /// Where the capture stands before a visit.
    ///
    /// # Errors
    /// Nothing is captured.
    pub fn begin(&self, capture: Option<&Capture>) -> Result<u64> {
        if !self.active {
            return Ok(0);
        }
        capture.context("nothing is captured")?.mark()
    }

    /// Keeps what a booth exchanged since `from`.
    ///
    /// # Errors
    /// Nothing is captured.
    pub fn end(
        &mut self,
        capture: Option<&Capture>,
        from: u64,
        name: &str,
        ends: &BTreeSet<Ends>,
    ) -> Result<()> {
        if !self.active {
            return Ok(());
        }
        let bytes = capture.context("nothing is captured")?.bytes()?;
        let mut all = segments(&bytes)?;
        all.retain(|segment| segment.at >= from);
        self.visits.push(Visit {
            name: name.to_owned(),
            connections: connections(&all, ends),
        });
        Ok(())
    }

    /// Measures every file below `folder`.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn measure_files(&mut self, folder: &Path) -> Result<()> {
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(&next)? {
                let path = entry?.path();
                let about = fs::symlink_metadata(&path)?;
                if about.is_dir() {
                    open.push(path);
                } else if about.is_file() {
                    let name = path.strip_prefix(folder)?.display().to_string();
                    self.files.insert(name, about.len());
                }
            }
        }
        Ok(())
    }
}

/// The connections a booth opened itself, in order of their first message.
fn connections(all: &[Segment<'_>], ends: &BTreeSet<Ends>) -> Vec<Connection> {
    let mut found: Vec<(Ends, Pipes)> = Vec::new();
    for segment in all.iter().filter(|segment| !segment.payload.is_empty()) {
        let (there, back) = ((segment.from, segment.to), (segment.to, segment.from));
        let sent = ends.contains(&there);
        let key = if sent { there } else { back };
        if !sent && !ends.contains(&back) {
            continue;
        }
        if !found.iter().any(|(ends, _)| *ends == key) {
            if !sent {
                // Opened by the other side: the browser or whoever drives this booth.
                continue;
            }
            found.push((key, Pipes::default()));
        }
        if let Some((_, pipes)) = found.iter_mut().find(|(ends, _)| *ends == key) {
            pipes.take(sent, segment.payload);
        }
    }
    let connection = |((_, to), pipes): (Ends, Pipes)| pipes.finish(to);
    found.into_iter().map(connection).collect()
}

/// Both directions of a connection while they are read.
#[derive(Default)]
struct Pipes {
    /// Bytes that are no whole record yet: sent, received.
    open: [Vec<u8>; 2],
    sent: Vec<usize>,
    received: Vec<usize>,
    /// The client has answered the handshake.
    answered: bool,
    /// Not TLS.
    plain: bool,
}

impl Pipes {
    fn take(&mut self, sent: bool, payload: &[u8]) {
        let first = self.sent.is_empty() && self.received.is_empty();
        let [out, back] = &mut self.open;
        let open = if sent { out } else { back };
        open.extend_from_slice(payload);
        self.plain |= first && sent && payload.first() != Some(&22);
        if self.plain {
            return;
        }
        while let Some((kind, length)) = record(open) {
            open.drain(..5 + length);
            if sent {
                self.sent.push(length);
                self.answered |= kind == ENCRYPTED;
            } else if self.answered {
                self.received.push(length);
            }
        }
    }

    fn finish(mut self, to: u16) -> Connection {
        if self.plain {
            let [sent, received] = &self.open;
            (self.sent, self.received) = (vec![sent.len()], vec![received.len()]);
        }
        Connection {
            to,
            sent: self.sent,
            received: self.received,
        }
    }
}

/// Type and length of the TLS record that `bytes` begin with, if all of it is there.
fn record(bytes: &[u8]) -> Option<(u8, usize)> {
    let (kind, high, low) = (bytes.first()?, bytes.get(3)?, bytes.get(4)?);
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    (bytes.len() >= 5 + length).then_some((*kind, length))
}

#[cfg(test)]
mod tests;
