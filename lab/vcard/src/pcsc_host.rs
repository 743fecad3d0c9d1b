//! A real pcscd with the virtual reader, for tests and the demo.
//!
//! vpcd always listens on every address at port 35963, so pcscd runs in a network namespace of
//! its own where possible. PC/SC itself is a path socket and reaches across, and so does the
//! control socket when it is a path.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::control::Address;
use crate::error::{self, Error};

/// Port vpcd's first slot listens on.
pub const VPCD_PORT: u16 = 35_963;
/// Where PC/SC clients look for the service.
pub const SOCKET: &str = "/run/pcscd/pcscd.comm";
const PID_FILE: &str = "/run/pcscd/pcscd.pid";
const MARKER: &str = "IREFUDA_PRIVATE_PCSC";
const START: Duration = Duration::from_secs(15);

/// vpcd's address as a card sees it.
#[must_use]
pub fn vpcd() -> SocketAddr {
    ([127, 0, 0, 1], VPCD_PORT).into()
}

/// A running pcscd with the virtual reader. Dropping it stops it.
#[derive(Debug)]
pub struct Pcscd {
    child: Child,
    ready: bool,
}

impl Pcscd {
    /// Starts pcscd in the current namespaces; its configuration and log go to `dir`.
    ///
    /// # Errors
    /// When it is not installed, another one runs, or it does not come up.
    pub fn start(dir: &Path) -> Result<Self, Error> {
        if UnixStream::connect(SOCKET).is_ok() {
            return Err(Error::NotReady(format!(
                "another pcscd answers at {SOCKET}"
            )));
        }
        error::make_dir(dir)?;
        // pcscd changes its directory, so its paths have to be absolute.
        let dir = dir.canonicalize().map_err(Error::io("folder of pcscd"))?;
        let readers = dir.join("reader.conf.d");
        error::make_dir(&readers)?;
        error::write(&readers.join("vpcd"), reader_conf().as_bytes())?;
        error::make_dir(Path::new("/run/pcscd"))?;
        let log = dir.join("pcscd.log");
        let out = std::fs::File::create(&log).map_err(|source| Error::File {
            path: log.clone(),
            source,
        })?;
        let err = out.try_clone().map_err(Error::io("pcscd log"))?;
        // The death signal makes sure that no pcscd outlives a killed host.
        let child = Command::new("setpriv")
            .args([
                "--pdeathsig",
                "TERM",
                "pcscd",
                "--foreground",
                "--error",
                "--config",
            ])
            .arg(&readers)
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .map_err(Error::io("starting pcscd"))?;
        let mut running = Self {
            child,
            ready: false,
        };
        running.wait_ready(&log)?;
        Ok(running)
    }

    fn wait_ready(&mut self, log: &Path) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            if Path::new(SOCKET).exists() && listening(VPCD_PORT) {
                self.ready = true;
                return Ok(());
            }
            let gone = self.child.try_wait().map_err(Error::io("pcscd"))?;
            if gone.is_some() || started.elapsed() > START {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                let last: Vec<&str> = said.lines().rev().take(3).collect();
                return Err(Error::NotReady(format!(
                    "pcscd did not start: {}",
                    last.join(" | ")
                )));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Pcscd {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _reaped = self.child.wait();
        // Never the files of somebody else's pcscd.
        if self.ready {
            let _socket = std::fs::remove_file(SOCKET);
            let _pid = std::fs::remove_file(PID_FILE);
        }
    }
}

fn reader_conf() -> String {
    let library = [
        "/usr/lib/pcsc/drivers/serial/libifdvpcd.so",
        "/usr/lib64/pcsc/drivers/serial/libifdvpcd.so",
    ]
    .into_iter()
    .find(|path| Path::new(path).exists())
    .unwrap_or("/usr/lib/pcsc/drivers/serial/libifdvpcd.so");
    format!(
        "FRIENDLYNAME \"Virtual PCD\"\nDEVICENAME   /dev/null:0x8C7B\nLIBPATH      {library}\nCHANNELID    0x8C7B\n"
    )
}

/// Whether somebody listens on a port of this namespace, without connecting: a connection would
/// look like a card to vpcd.
fn listening(port: u16) -> bool {
    ["/proc/self/net/tcp", "/proc/self/net/tcp6"]
        .into_iter()
        .any(|table| {
            std::fs::read_to_string(table)
                .unwrap_or_default()
                .lines()
                .any(|line| {
                    let mut words = line.split_whitespace().skip(1);
                    let local = words
                        .next()
                        .is_some_and(|at| at.ends_with(&format!(":{port:04X}")));
                    local && words.nth(1) == Some("0A")
                })
        })
}

/// Runs the calling test again inside namespaces of its own: no network but loopback, an empty
/// `/run`. Returns true inside; outside it returns false when the inner run passed.
///
/// # Errors
/// With the inner run's output when it failed, or when no namespace can be made.
pub fn in_private_namespace(test: &str) -> Result<bool, Error> {
    if std::env::var_os(MARKER).is_some() {
        return Ok(true);
    }
    let program = std::env::current_exe().map_err(Error::io("own program"))?;
    let script =
        "mount -t tmpfs none /run && mkdir /run/pcscd && ip link set lo up && exec \"$0\" \"$@\"";
    let output = Command::new("unshare")
        .arg(namespace_flag("m")?)
        .args(["sh", "-c", script])
        .arg(program)
        .args(["--exact", test, "--nocapture", "--test-threads", "1"])
        .env(MARKER, "1")
        .output()
        .map_err(Error::io("unshare"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && text.contains("1 passed") {
        return Ok(false);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(Error::NotReady(format!(
        "{test} inside its namespace:\n{text}\n{errors}"
    )))
}

/// The flag under which a network namespace can be made here: as root, or as a mapped user.
fn namespace_flag(more: &str) -> Result<String, Error> {
    for flag in [format!("-n{more}"), format!("-rn{more}")] {
        let tried = Command::new("unshare")
            .args([flag.as_str(), "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if tried.is_ok_and(|status| status.success()) {
            return Ok(flag);
        }
    }
    Err(Error::NotReady(
        "no network namespace can be made on this machine".into(),
    ))
}

/// Replaces this process by itself inside a network namespace with loopback up. Returns only if
/// that is impossible.
#[must_use]
pub fn enter_network_namespace(arguments: &[String]) -> Error {
    let flag = match namespace_flag("") {
        Ok(flag) => flag,
        Err(e) => return e,
    };
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(source) => {
            return Error::Io {
                what: "own program",
                source,
            };
        }
    };
    let source = Command::new("unshare")
        .args([
            flag.as_str(),
            "sh",
            "-c",
            "ip link set lo up && exec \"$0\" \"$@\"",
        ])
        .arg(program)
        .args(arguments)
        .exec();
    Error::Io {
        what: "unshare",
        source,
    }
}

/// `irefuda-vcard host` as a child process: pcscd, reader and control socket. Dropping it stops
/// all of it.
#[derive(Debug)]
pub struct Host {
    child: Child,
    control: Address,
}

impl Host {
    /// Starts `program host`; `data` is where the personas are, `dir` takes logs and the socket.
    ///
    /// # Errors
    /// When the service does not come up.
    pub fn start(program: &Path, data: &Path, dir: &Path) -> Result<Self, Error> {
        error::make_dir(dir)?;
        let path: PathBuf = dir.join("control.sock");
        let control = Address::Unix(path);
        let mut child = Command::new(program)
            .arg("host")
            .arg("--data")
            .arg(data)
            .arg("--dir")
            .arg(dir)
            .args(["--control", &control.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Error::io("starting the card host"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut line)
                .map_err(Error::io("card host"))?;
        }
        if line.trim() != "ready" {
            let _gone = child.kill();
            let _reaped = child.wait();
            return Err(Error::NotReady(format!("card host said {line:?}")));
        }
        Ok(Self { child, control })
    }

    /// Where to send `insert` and `remove`.
    #[must_use]
    pub fn control(&self) -> &Address {
        &self.control
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // Closing its standard input asks it to stop.
        drop(self.child.stdin.take());
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(5) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}
