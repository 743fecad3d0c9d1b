//! The same on PostgreSQL, started for the test under a user of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::concurrency::race;
use registrar::store::{Claim, EvidenceRow, Store};
use tempfile::TempDir;

/// A PostgreSQL server in a temporary folder; it ends with this value.
pub struct Postgres {
    server: Child,
    port: u16,
    data: PathBuf,
    _folder: TempDir,
}

fn programs() -> PathBuf {
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed by the test command")
        .map(|entry| entry.unwrap().path().join("bin"))
        .collect();
    versions.sort();
    versions
        .pop()
        .expect("PostgreSQL is installed by the test command")
}

/// PostgreSQL refuses to run as root: root becomes `postgres` first.
fn as_own_user(program: &Path) -> Command {
    let root =
        fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

impl Postgres {
    pub fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("irefuda-pg")
            .tempdir_in("/tmp")
            .unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        fs::set_permissions(folder.path(), open).unwrap();
        let data = folder.path().join("data");
        let bin = programs();
        let made = as_own_user(&bin.join("initdb"))
            .args(["-A", "trust", "-U", "irefuda", "-N", "-D"])
            .arg(&data)
            .current_dir("/")
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
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
            .unwrap();
        let postgres = Self {
            server,
            port,
            data,
            _folder: folder,
        };
        for _ in 0..300 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                let ready = Command::new(bin.join("pg_isready"))
                    .args(["-h", "127.0.0.1", "-U", "irefuda", "-p", &port.to_string()])
                    .output()
                    .unwrap();
                if ready.status.success() {
                    return postgres;
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL did not start");
    }

    pub fn url(&self) -> String {
        format!("postgres://irefuda@127.0.0.1:{}/postgres", self.port)
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
async fn real_postgres_two_replicas_give_one_credential() {
    let postgres = Postgres::start();
    race(postgres.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_postgres_rows_are_rewritten_in_key_order() {
    let postgres = Postgres::start();
    let store = Store::open(&postgres.url()).await.unwrap();
    let ids: Vec<u8> = (0..100u8)
        .map(|n| n.wrapping_mul(97).wrapping_add(13))
        .collect();
    for id in &ids {
        let row = EvidenceRow {
            id: [*id; 32],
            kind: "first",
            channel: "home",
            day: 1,
            sealed: vec![*id; 50],
        };
        let claim = store
            .claim_first(&[*id; 32], &[*id; 32], &row)
            .await
            .unwrap();
        assert_eq!(claim, Claim::New);
    }
    let before = store.evidence().await.unwrap();
    for _ in 0..3 {
        store.rewrite().await.unwrap();
    }
    assert_eq!(store.evidence().await.unwrap(), before);
    // Where the rows lie in the file is their key order, and one transaction wrote them all.
    let places = store.places().await.unwrap();
    assert_eq!(places.len(), 100);
    let mut sorted = places.clone();
    sorted.sort();
    assert_eq!(places, sorted, "the file still shows the order of arrival");
    assert_eq!(store.writers().await.unwrap(), 1);
    let last = EvidenceRow {
        id: [[254; 16], [1; 16]].concat().try_into().unwrap(),
        kind: "first",
        channel: "home",
        day: 1,
        sealed: vec![],
    };
    assert_eq!(
        store
            .claim_first(
                &[[254; 16], [1; 16]].concat().try_into().unwrap(),
                &[1; 32],
                &last
            )
            .await
            .unwrap(),
        Claim::New
    );
}
