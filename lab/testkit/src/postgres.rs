//! A real PostgreSQL, started for a test under a user of its own.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A PostgreSQL server in a temporary folder; it ends with this value.
#[derive(Debug)]
pub struct Postgres {
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
    /// Starts one on a free port of this machine.
    ///
    /// # Panics
    /// When PostgreSQL is missing or does not start within 30 s.
    #[must_use]
    pub fn start() -> Self {
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
        let port = *crate::ports::free(1).first().expect("a port");
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
        let end = Instant::now() + Duration::from_secs(30);
        while !postgres.is_ready(&bin) {
            assert!(Instant::now() < end, "PostgreSQL did not start");
            std::thread::sleep(Duration::from_millis(100));
        }
        postgres
    }

    fn is_ready(&self, bin: &Path) -> bool {
        let port = self.port.to_string();
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
            && Command::new(bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-U", "irefuda", "-p", &port])
                .status()
                .is_ok_and(|s| s.success())
    }

    /// Where to connect.
    #[must_use]
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
