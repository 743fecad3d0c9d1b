//! What an observer of the network, the disks and the board could measure from the opening to the
//! close: with whom each booth exchanged how many messages of which length, the length of every
//! file, and the entries on the board with their lengths. For comparison with another run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::capture::{Capture, Segment, segments};
use crate::sockets::Ends;

/// Type of a TLS record that is encrypted.
const ENCRYPTED: u8 = 23;

/// Length of a TLS record that says no more than that this was the last one.
const LAST: usize = 19;

/// Beginning of a request that posts an entry.
const POST: &str = "POST /v1/entries";

/// Beginning of a question for a bucket of keys.
const LIST: &str = "GET /v1/buckets/";

/// What registrars and portals ask all the time, whoever votes.
const FOLLOWING: [&str; 3] = ["GET /v1/blocks?", "GET /v1/head", "GET /v1/status"];

/// The measurements of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// The visits, in order.
    pub visits: Vec<Visit>,
    /// Length of every file that was written to since the box was opened, by its place below the
    /// run's folder. A file that was complete before anybody could choose shows no choice.
    pub files: BTreeMap<String, u64>,
    /// Lengths of the entries on the board, in the order of its chain, by kind.
    pub entries: BTreeMap<String, Vec<usize>>,
    /// Length and time of change of every file when the box was opened.
    #[serde(skip)]
    before: BTreeMap<String, (u64, Option<SystemTime>)>,
    /// Where the first node notes its requests.
    #[serde(skip)]
    notes: Option<PathBuf>,
}

/// Where the observers of a run were before a visit.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    captured: u64,
    noted: usize,
}

/// What was said during one visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Voter and channel.
    pub name: String,
    /// What went to and came from each server, by its port.
    pub talks: BTreeMap<u16, Talk>,
    /// What the first node was asked before it got the ballot, each question once, without those of
    /// programs that follow the board. The hash of the election whose keys are listed is left out.
    pub asked: BTreeSet<String>,
}

/// Lengths of the messages that were exchanged with one server: of TLS records, and of a
/// connection without TLS everything together.
///
/// It leaves out what belongs to the connection itself: handshake, session ticket and the notice of
/// the end. Milliseconds decide whether the next request finds a free connection, and so they
/// decide the number of connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// To the server.
    pub sent: Vec<usize>,
    /// From the server.
    pub received: Vec<usize>,
}

/// Which of the captured connections belong to a visit: all that were opened meanwhile but these.
pub struct Others {
    /// To these ports: the booth's own, which its driver asks; the authority's, which registrars
    /// ask for the revocation list when it has grown old.
    pub ports: BTreeSet<u16>,
    /// Registrars and portal following the board.
    pub ends: BTreeSet<Ends>,
}

impl Trace {
    /// One that measures. The files below `folder` are as they are when the box is opened.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn measuring(folder: &Path, requests: PathBuf) -> Result<Self> {
        Ok(Self {
            before: measured(folder)?,
            notes: Some(requests),
            ..Self::default()
        })
    }

    /// Whether anything is measured.
    pub fn is_active(&self) -> bool {
        self.notes.is_some()
    }

    /// The positions in capture and notes before a visit.
    ///
    /// # Errors
    /// Nothing is captured.
    pub fn begin(&self, capture: Option<&Capture>) -> Result<Mark> {
        let (mut captured, mut noted) = (0, 0);
        if let Some(requests) = &self.notes {
            captured = capture.context("nothing is captured")?.mark()?;
            noted = fs::read_to_string(requests)?.len();
        }
        Ok(Mark { captured, noted })
    }

    /// Keeps what was exchanged since `from`.
    ///
    /// # Errors
    /// Nothing is captured.
    pub fn end(
        &mut self,
        capture: Option<&Capture>,
        from: Mark,
        name: &str,
        others: &Others,
    ) -> Result<()> {
        let Some(requests) = &self.notes else {
            return Ok(());
        };
        let noted = fs::read_to_string(requests)?;
        let noted = noted.get(from.noted..).unwrap_or_default();
        let bytes = capture.context("nothing is captured")?.bytes()?;
        let mut all = segments(&bytes)?;
        all.retain(|segment| segment.at >= from.captured);
        self.visits.push(Visit {
            name: name.to_owned(),
            talks: talks(&all, others),
            asked: questions(noted),
        });
        Ok(())
    }

    /// Keeps kind and length of every entry of a public record.
    ///
    /// # Errors
    /// It is not one.
    pub fn measure_entries(&mut self, record: &Path) -> Result<()> {
        let bytes = fs::read(record.join("entries.bin"))?;
        let mut rest = bytes.as_slice();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let length = usize::try_from(u32::from_le_bytes(*length))?;
            let (entry, after) = after
                .split_at_checked(length)
                .context("entries.bin is cut off")?;
            let kind = entry.get(1).context("an entry without a kind")?;
            let lengths = self.entries.entry(format!("type {kind}")).or_default();
            lengths.push(length);
            rest = after;
        }
        anyhow::ensure!(rest.is_empty(), "entries.bin is cut off");
        Ok(())
    }

    /// Measures every file below `folder` that was written to since the box was opened.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn measure_files(&mut self, folder: &Path) -> Result<()> {
        let mut now = measured(folder)?;
        now.retain(|name, about| self.before.get(name) != Some(about));
        let lengths = now.into_iter().map(|(name, (length, _))| (name, length));
        self.files = lengths.collect();
        Ok(())
    }
}

/// Every question before the first entry, in words that do not depend on the run.
fn questions(noted: &str) -> BTreeSet<String> {
    let before = noted.lines().take_while(|line| !line.starts_with(POST));
    let own = before.filter(|line| !FOLLOWING.iter().any(|path| line.starts_with(path)));
    own.map(without_election).collect()
}

/// `GET /v1/buckets/<election>/<index>` without the hash, and every other line as it is.
fn without_election(line: &str) -> String {
    let split = line
        .strip_prefix(LIST)
        .and_then(|rest| rest.split_once('/'));
    split.map_or_else(|| line.to_owned(), |(_, index)| format!("{LIST}E/{index}"))
}

/// Length and time of change of every file below `folder`.
fn measured(folder: &Path) -> Result<BTreeMap<String, (u64, Option<SystemTime>)>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            // A file may be replaced by its next version meanwhile.
            let Ok(about) = fs::symlink_metadata(&path) else {
                continue;
            };
            if about.is_dir() {
                open.push(path);
            } else if about.is_file() {
                let name = path.strip_prefix(folder)?.display().to_string();
                files.insert(name, (about.len(), about.modified().ok()));
            }
        }
    }
    Ok(files)
}

/// What was said over the connections that were opened, by the port they were opened to.
fn talks(all: &[Segment<'_>], others: &Others) -> BTreeMap<u16, Talk> {
    let mut found: Vec<(Ends, Pipes)> = Vec::new();
    for segment in all {
        let (there, back) = ((segment.from, segment.to), (segment.to, segment.from));
        if segment.opens {
            if !others.ports.contains(&segment.to) && !others.ends.contains(&there) {
                found.retain(|(ends, _)| *ends != there);
                found.push((there, Pipes::default()));
            }
            continue;
        }
        let of = |ends: &Ends| *ends == there || *ends == back;
        if let Some((ends, pipes)) = found.iter_mut().find(|(ends, _)| of(ends))
            && !segment.payload.is_empty()
        {
            pipes.take(*ends == there, segment.sequence, segment.payload);
        }
    }
    let mut talks: BTreeMap<u16, Talk> = BTreeMap::new();
    for ((_, to), pipes) in found {
        let talk = talks.entry(to).or_default();
        pipes.finish(talk);
    }
    talks
}

/// Both directions of a connection while they are read.
#[derive(Default)]
struct Pipes {
    /// Bytes that are no whole record yet: sent, received.
    open: [Vec<u8>; 2],
    /// RunFolder of the next byte: sent, received.
    next: [Option<u32>; 2],
    talk: Talk,
    /// The client has answered the handshake.
    answered: bool,
    /// The server has sent its session ticket.
    ticket: bool,
    begun: bool,
    /// Not TLS.
    plain: bool,
}

impl Pipes {
    /// Takes a segment's payload but for what was there before: a segment may be sent twice.
    fn take(&mut self, sent: bool, sequence: u32, payload: &[u8]) {
        let [out, back] = &mut self.next;
        let next = if sent { out } else { back };
        let known = next.map_or(0, |next| next.wrapping_sub(sequence));
        // Behind the expected place, as a signed distance: the capture has lost something.
        let known = if known > u32::MAX / 2 { 0 } else { known };
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        if let Some(new) = payload.get(known..).filter(|new| !new.is_empty()) {
            let length = u32::try_from(payload.len()).unwrap_or(0);
            *next = Some(sequence.wrapping_add(length));
            self.read(sent, new);
        }
    }

    fn read(&mut self, sent: bool, payload: &[u8]) {
        self.plain |= !self.begun && sent && payload.first() != Some(&22);
        self.begun = true;
        let [out, back] = &mut self.open;
        let open = if sent { out } else { back };
        open.extend_from_slice(payload);
        if self.plain {
            return;
        }
        while let Some((kind, length)) = record(open) {
            open.drain(..5 + length);
            let says = kind == ENCRYPTED && length != LAST;
            if sent && self.answered && says {
                self.talk.sent.push(length);
            } else if sent {
                self.answered |= kind == ENCRYPTED;
            } else if self.ticket && says {
                self.talk.received.push(length);
            } else {
                self.ticket |= self.answered && says;
            }
        }
    }

    fn finish(self, talk: &mut Talk) {
        if self.plain {
            let [sent, received] = &self.open;
            talk.sent.push(sent.len());
            talk.received.push(received.len());
        }
        talk.sent.extend(self.talk.sent);
        talk.received.extend(self.talk.received);
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
