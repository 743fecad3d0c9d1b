//! The test authority's web server: `GET /auth.crl` and `GET /healthz`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;
use crate::pki::TestPki;

/// Where the server takes the time from.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The system clock, ms.
    pub system: fn() -> u64,
    /// File of 16 bytes: `i64` offset in ns, `u64` generation, both little-endian.
    pub file: Option<PathBuf>,
}

impl Clock {
    /// Milliseconds since the epoch, on the demo's clock if there is one.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        let system = (self.system)();
        let offset = self
            .file
            .as_ref()
            .and_then(|file| std::fs::read(file).ok())
            .and_then(|bytes| bytes.first_chunk::<8>().copied())
            .map_or(0, |bytes| i64::from_le_bytes(bytes) / 1_000_000);
        system.saturating_add_signed(offset)
    }
}

/// Serves a fresh revocation list at every request, for ever.
///
/// # Errors
/// When the address cannot be bound.
pub fn serve(pki: TestPki, listen: SocketAddr, clock: Clock) -> Result<(), Error> {
    let listener = TcpListener::bind(listen).map_err(Error::io("authority server"))?;
    run(&listener, pki, clock);
    Ok(())
}

/// As [`serve`], on a listener bound by the caller.
pub fn run(listener: &TcpListener, pki: TestPki, clock: Clock) {
    let shared = Arc::new((pki, clock));
    for stream in listener.incoming().flatten() {
        let shared = Arc::clone(&shared);
        std::thread::spawn(move || {
            // A client that hangs up early is its own affair.
            let _closed = answer(&stream, &shared.0, &shared.1);
        });
    }
}

fn answer(stream: &TcpStream, pki: &TestPki, clock: &Clock) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream.take(16_384));
    let mut first = String::new();
    reader.read_line(&mut first)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
    }
    let path = first
        .strip_prefix("GET ")
        .and_then(|rest| rest.split_whitespace().next());
    let (status, kind, body) = match path {
        Some("/healthz") => ("200 OK", "text/plain", b"ok\n".to_vec()),
        Some("/auth.crl") => match pki.issue_crl(clock.now_ms()) {
            Ok(list) => ("200 OK", "application/pkix-crl", list),
            Err(_) => ("500 Internal Server Error", "text/plain", Vec::new()),
        },
        _ => ("404 Not Found", "text/plain", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = stream;
    stream.write_all(head.as_bytes())?;
    stream.write_all(&body)
}

#[cfg(test)]
mod tests;
