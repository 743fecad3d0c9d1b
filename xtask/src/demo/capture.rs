//! Loopback traffic of a run: captured by tcpdump, split into streams, searched for canaries.
//!
//! Two kinds of stream are left out, because they are not network traffic but cables: between the
//! virtual reader and the virtual card, and between the voter's browser and the voter's own booth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::process::Process;

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

    /// Stops the capture and returns its streams.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn finish(mut self) -> Result<Streams> {
        std::thread::sleep(Duration::from_millis(500));
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

/// Splits a capture file (classic format, Ethernet framing of the loopback) into streams.
fn parse(bytes: &[u8]) -> Result<Streams> {
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
    let mut streams = Streams::new();
    let mut rest = bytes.get(24..).context("cut capture file")?;
    while rest.len() >= 16 {
        let length = rest.get(8..).and_then(word).context("cut capture file")?;
        let packet = rest.get(16..16 + length).unwrap_or_default();
        if let Some((ports, payload)) = segment(packet) {
            streams.entry(ports).or_default().extend_from_slice(payload);
        }
        rest = rest.get(16 + length..).unwrap_or_default();
    }
    Ok(streams)
}

/// Ports and payload of a TCP segment.
fn segment(packet: &[u8]) -> Option<((u16, u16), &[u8])> {
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
    let payload = tcp.get(usize::from(tcp.get(12)? >> 4) * 4..)?;
    (!payload.is_empty()).then_some(((port(0)?, port(2)?), payload))
}

#[cfg(test)]
mod tests;
