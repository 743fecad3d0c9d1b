//! The portal's store on PostgreSQL, started for the test under a user of its own.
#![expect(clippy::panic, reason = "a test stops where a step fails")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use portal::start::Ticket;
use portal::store::{Redeemed, Store};
use tempfile::TempDir;

/// A PostgreSQL server in a temporary folder; it ends with this value.
struct Postgres {
    server: Child,
    port: u16,
    data: PathBuf,
    _folder: TempDir,
}

/// PostgreSQL refuses to run as root: root becomes `postgres` first.
fn as_own_user(program: &Path) -> Command {
    let root = fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0);
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

impl Postgres {
    fn start() -> Self {
        let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
            .expect("PostgreSQL is installed by the test command")
            .map(|entry| entry.expect("readable").path().join("bin"))
            .collect();
        versions.sort();
        let bin = versions.pop().expect("PostgreSQL is installed");
        let folder = tempfile::Builder::new()
            .prefix("irefuda-pg")
            .tempdir_in("/tmp")
            .expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("set");
        let data = folder.path().join("data");
        let made = as_own_user(&bin.join("initdb"))
            .args(["-A", "trust", "-U", "irefuda", "-N", "-D"])
            .arg(&data)
            .current_dir("/")
            .output()
            .expect("initdb runs");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|l| l.local_addr())
            .expect("a port")
            .port();
        let server = as_own_user(&bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args([
                "-p",
                &port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-k",
            ])
            .arg(folder.path())
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres runs");
        let postgres = Self {
            server,
            port,
            data,
            _folder: folder,
        };
        for _ in 0..300 {
            let ready = TcpStream::connect(("127.0.0.1", port)).is_ok()
                && Command::new(bin.join("pg_isready"))
                    .args([
                        "-q",
                        "-h",
                        "127.0.0.1",
                        "-U",
                        "irefuda",
                        "-p",
                        &port.to_string(),
                    ])
                    .status()
                    .is_ok_and(|s| s.success());
            if ready {
                return postgres;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL did not start");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT asks the server itself (not runuser) for a fast shutdown.
        let pid = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        if let Some(pid) = pid.lines().next() {
            let _ = Command::new("kill").args(["-INT", pid]).status();
        }
        let _ = self.server.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_postgres_two_portals_redeem_a_ticket_once() {
    let postgres = Postgres::start();
    let url = format!("postgres://irefuda@127.0.0.1:{}/postgres", postgres.port);
    let (one, two) = (Store::open(&url).await, Store::open(&url).await);
    let stores = [one.expect("a store"), two.expect("a store")];
    let ticket = Ticket::random();
    stores[0].keep_ticket(&ticket, 1, 1000).await.expect("kept");
    let asked: Vec<_> = (0..32)
        .map(|i| {
            let (store, ticket) = (stores[i % 2].clone(), ticket.clone());
            tokio::spawn(async move { store.redeem(&ticket, "registrar-1", 1, 10).await })
        })
        .collect();
    let mut good = 0;
    for answer in asked {
        let answer = answer.await.expect("joined").expect("asked");
        good += usize::from(answer == Redeemed::Now(1000));
    }
    assert_eq!(good, 1);
    assert!(stores[0].keep_answer(&[7; 32], "[1]").await.expect("kept"));
    assert!(!stores[1].keep_answer(&[7; 32], "[2]").await.expect("kept"));
    assert_eq!(stores[1].answers().await.expect("answers"), ["[1]"]);
    for store in &stores {
        store.close().await;
    }
}
