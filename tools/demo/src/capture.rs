//! Loopback traffic of a run: captured by tcpdump, split into streams, searched for canaries.
//!
//! Two kinds of stream are left out, because they are not network traffic but cables: between the
//! virtual reader and the virtual card, and between the voter's browser and the voter's own booth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::process::Process;

/// Long enough for what was sent to be in the file.
const SETTLE: Duration = Duration::from_millis(500);

/// A running capture.
pub struct Capture {
    file: PathBuf,
    process: Process,
}

impl Capture {
    /// Starts tcpdump on the loopback interface.
    ///
    /// # Errors
    /// It cannot be started or may not capture.
    pub fn start(folder: &Path) -> Result<Self> {
        let file = folder.join("loopback.pcap");
        let name = file.display().to_string();
        let args = [
            "-i",
            "lo",
            "--immediate-mode",
            "-U",
            "-s",
            "0",
            "-B",
            "16384",
            "-Z",
            "root",
            "-w",
            &name,
            "tcp",
        ];
        let mut process = Process::start("tcpdump", folder, Path::new("tcpdump"), &args)?;
        process.wait_until(Duration::from_secs(10), || file.exists())?;
        Ok(Self { file, process })
    }

    /// How far the capture has come.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn mark(&self) -> Result<u64> {
        std::thread::sleep(SETTLE);
        Ok(std::fs::metadata(&self.file)?.len())
    }

    /// What has been captured until now.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        std::thread::sleep(SETTLE);
        Ok(std::fs::read(&self.file)?)
    }

    /// How many segments since `mark` asked these ports for a connection or brought them bytes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn heard_since(&self, mark: u64, ports: &BTreeSet<u16>) -> Result<usize> {
        let bytes = self.bytes()?;
        let heard = segments(&bytes)?.into_iter().filter(|segment| {
            segment.at >= mark
                && ports.contains(&segment.to)
                && (segment.opens || !segment.payload.is_empty())
        });
        Ok(heard.count())
    }

    /// Stops the capture and returns its streams.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn finish(mut self) -> Result<Streams> {
        std::thread::sleep(SETTLE);
        self.process.stop();
        let bytes = std::fs::read(&self.file)?;
        parse(&bytes)
    }
}

/// Payload per direction of a connection: (from port, to port) → bytes.
pub type Streams = BTreeMap<(u16, u16), Vec<u8>>;

/// Leaves out streams from or to these ports.
pub fn without(mut streams: Streams, ports: &BTreeSet<u16>) -> Streams {
    streams.retain(|(from, to), _| !ports.contains(from) && !ports.contains(to));
    streams
}

/// Puts the segments of a capture file together.
fn parse(bytes: &[u8]) -> Result<Streams> {
    let mut streams = Streams::new();
    for segment in segments(bytes)? {
        if !segment.payload.is_empty() {
            let ports = (segment.from, segment.to);
            let stream = streams.entry(ports).or_default();
            stream.extend_from_slice(segment.payload);
        }
    }
    Ok(streams)
}

/// One TCP segment of a capture.
pub struct Segment<'a> {
    /// Its position in the file.
    pub at: u64,
    /// Sender's port.
    pub from: u16,
    /// Receiver's port.
    pub to: u16,
    /// RunFolder of the payload's first byte in its direction of the connection.
    pub sequence: u32,
    /// It asks for a new connection.
    pub opens: bool,
    /// What it carries.
    pub payload: &'a [u8],
}

/// The segments of a capture file (classic format, Ethernet framing of the loopback), in order.
/// One that is still being written at the end is left out.
///
/// # Errors
/// It is no capture file.
pub fn segments(bytes: &[u8]) -> Result<Vec<Segment<'_>>> {
    let little = match bytes.get(..4) {
        Some([0xd4, 0xc3, 0xb2, 0xa1] | [0x4d, 0x3c, 0xb2, 0xa1]) => true,
        Some([0xa1, 0xb2, 0xc3, 0xd4] | [0xa1, 0xb2, 0x3c, 0x4d]) => false,
        _ => bail!("not a capture file"),
    };
    let word = |at: &[u8]| -> Option<usize> {
        let four: [u8; 4] = at.get(..4)?.try_into().ok()?;
        let value = if little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        };
        usize::try_from(value).ok()
    };
    let mut all = Vec::new();
    let mut at = 24;
    while let Some(length) = bytes.get(at + 8..).and_then(word) {
        let Some(packet) = bytes.get(at + 16..at + 16 + length) else {
            break;
        };
        all.extend(segment(u64::try_from(at)?, packet));
        at += 16 + length;
    }
    Ok(all)
}

/// Ports and payload of a TCP segment.
fn segment(at: u64, packet: &[u8]) -> Option<Segment<'_>> {
    let ethertype = packet.get(12..14)?;
    let ip = packet.get(14..)?;
    let tcp = match (ethertype, ip.first()? >> 4) {
        ([0x08, 0x00], 4) => {
            let length = usize::from(u16::from_be_bytes(ip.get(2..4)?.try_into().ok()?));
            ip.get(usize::from(ip.first()? & 15) * 4..length)?
        }
        ([0x86, 0xdd], 6) => ip.get(40..)?,
        _ => return None,
    };
    let port = |at: usize| Some(u16::from_be_bytes(tcp.get(at..at + 2)?.try_into().ok()?));
    let flags = *tcp.get(13)?;
    Some(Segment {
        at,
        from: port(0)?,
        to: port(2)?,
        sequence: u32::from_be_bytes(tcp.get(4..8)?.try_into().ok()?),
        // SYN without ACK.
        opens: flags & 0x12 == 0x02,
        payload: tcp.get(usize::from(tcp.get(12)? >> 4) * 4..)?,
    })
}

#[cfg(test)]
mod tests;
