//! One program a user: who starts it once more wants the new one. What runs already lets the card go
//! and ends; a ballot that it had under way is found on the disk by the card that made it.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::storage::write_private;
use crate::web::YIELD_HEADER;

/// In the data folder, for its user alone.
const NAME: &str = "running.json";
/// The one that ends waits this long at most for a call that is under way, and then a little.
const PATIENCE: Duration = Duration::from_secs(8);

/// Where a program can be asked to end, and the secret that it wants to see.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Running {
    address: String,
    secret: String,
}

fn file(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Says where this program is.
pub(super) fn announce(folder: &Path, (address, secret): (String, String)) -> io::Result<()> {
    let text = serde_json::to_vec(&Running { address, secret })?;
    write_private(&file(folder), &text)
}

/// Takes back what [`announce`] wrote, unless the next program has written its own.
pub(super) fn withdraw(folder: &Path, address: &str) {
    if read(folder).is_some_and(|running| running.address == address) {
        // It is only a file nobody answers for.
        let _kept = fs::remove_file(file(folder));
    }
}

fn read(folder: &Path) -> Option<Running> {
    serde_json::from_slice(&fs::read(file(folder)).ok()?).ok()
}

/// Asks the program that runs from this folder to end, and waits until it is gone. One that is gone
/// already, or was killed, does not answer.
pub(super) async fn take_over(folder: &Path) {
    let Some(running) = read(folder) else { return };
    let Some(port) = own_port(&running.address) else {
        return;
    };
    let Ok(client) = host::http::local_client(PATIENCE) else {
        return;
    };
    let asked = client
        .post(&running.address)
        .header(YIELD_HEADER, running.secret)
        .header("origin", format!("http://127.0.0.1:{port}"));
    match asked.send().await {
        Ok(answer) if answer.status().is_success() => gone(port).await,
        // Something else listens there now.
        _ => {}
    }
}

/// The port of an address of this machine. Nothing else is asked for.
fn own_port(address: &str) -> Option<u16> {
    let rest = address.strip_prefix("http://127.0.0.1:")?;
    rest.split('/').next()?.parse().ok()
}

async fn gone(port: u16) {
    let began = Instant::now();
    let there = || tokio::net::TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)));
    while began.elapsed() < PATIENCE && there().await.is_ok() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[cfg(test)]
mod tests;
