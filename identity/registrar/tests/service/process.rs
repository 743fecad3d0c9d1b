//! The program itself: keys, start, a voter, stop; nothing secret in its log or files.

use std::fs;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::time::Duration;

use crate::card_client::Booth;
use crate::cards::{Cards, OPENING_MS};
use crate::fixture::{City, HOUR, config, election, sealed, serve_list};
use api::registrar::PublicPart;
use crypto::wire::TopLevel as _;
use host::clock::{ClockConfig, DemoClock, ManualClock};
use host::passphrase::Passphrase;
use registrar::keys::Keys;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_irefuda-registrar");

/// Raw, hexadecimal in both cases, decimal, base64-free forms that a leak could take.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex = crypto::hash::to_hex(secret);
    vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ]
}

fn assert_absent(place: &str, bytes: &[u8], secrets: &[(&str, Vec<u8>)]) {
    for (name, secret) in secrets {
        for form in forms(secret) {
            let found = bytes.windows(form.len()).any(|w| w == form);
            assert!(!found, "{name} is in {place}");
        }
    }
}

/// A folder with configuration, clock and passphrase for the program.
struct Setting {
    folder: TempDir,
    config: registrar::Config,
    city: City,
}

impl Setting {
    async fn new() -> Self {
        let city = City::new().await;
        let folder = tempfile::tempdir().unwrap();
        let clock_file = folder.path().join("clock");
        DemoClock::step_to(&clock_file, OPENING_MS + HOUR).unwrap();
        fs::write(
            folder.path().join("passphrase"),
            "00112233445566778899aabbccddeeff\n",
        )
        .unwrap();
        let port = testkit::ports::free(1)[0];
        // The list is made on a clock of its own, a minute behind the program's.
        let list_clock = ManualClock::new(OPENING_MS + HOUR - 60_000);
        let mode = Arc::new(AtomicU8::new(0));
        let crl = serve_list(Cards::get(), list_clock, mode).await;
        let mut config = config(&folder, sealed(&city.lab), &city.cards, crl);
        config.listen = ([127, 0, 0, 1], port).into();
        config.election_hash = None;
        config.clock = ClockConfig::demo(&clock_file);
        config.log = "trace".into();
        fs::write(
            folder.path().join("registrar.toml"),
            toml::to_string(&config).unwrap(),
        )
        .unwrap();
        Self {
            folder,
            config,
            city,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, command: &str) -> Command {
        let mut program = Command::new(PROGRAM);
        program
            .arg("--config")
            .arg(self.folder.path().join("registrar.toml"));
        program.arg("--data").arg(self.data()).arg(command);
        program
    }

    fn run(&self, command: &str) -> Output {
        self.command(command).output().unwrap()
    }

    /// Seals a manifest that lists the keys the program made.
    fn seal(&mut self) {
        let pass = Passphrase::from_file(&self.config.passphrase_file).unwrap();
        let keys = Keys::read(&self.data().join("keys"), &pass).unwrap();
        let auditors = self.city.manifest().auditors.clone();
        self.city.lab = election(&[&keys], auditors, Vec::new());
        fs::write(&self.config.manifest, sealed(&self.city.lab).to_bytes()).unwrap();
        self.city.pin = keys.tls.pin();
    }

    async fn start(&self) -> Child {
        let mut command = self.command("run");
        let child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        for _ in 0..200 {
            if std::net::TcpStream::connect(self.config.listen).is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        child
    }
}

/// The running program leaves no core file, and what it writes is its user's alone.
fn hardened(child: &Child) {
    let read = |name: &str| fs::read_to_string(format!("/proc/{}/{name}", child.id())).unwrap();
    let limits = read("limits");
    let core = limits.lines().find(|l| l.starts_with("Max core file size"));
    let words: Vec<&str> = core.unwrap().split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"]);
    assert!(read("status").contains("Umask:\t0077"));
}

/// Stops the program as an operator would and returns its log and output.
fn stop(mut child: Child) -> (Vec<u8>, Vec<u8>) {
    let status = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(status.success());
    assert_eq!(
        child.wait().unwrap().code(),
        Some(0),
        "SIGTERM is a clean stop"
    );
    let (mut log, mut out) = (Vec::new(), Vec::new());
    child.stderr.take().unwrap().read_to_end(&mut log).unwrap();
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    (log, out)
}

#[tokio::test(flavor = "multi_thread")]
async fn real_program_starts_only_with_its_own_manifest() {
    let mut setting = Setting::new().await;
    assert_eq!(setting.run("init").status.code(), Some(0));
    let public = fs::read(setting.data().join("public.json")).unwrap();
    assert_eq!(setting.run("init").status.code(), Some(0));
    assert_eq!(
        fs::read(setting.data().join("public.json")).unwrap(),
        public,
        "init ran twice"
    );
    let part: PublicPart = serde_json::from_slice(&public).unwrap();
    assert_eq!(part.first.to_string().len(), 512);

    assert_eq!(setting.run("seal-check").status.code(), Some(1));
    let refused = setting.run("run");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("does not list this registrar"));
    setting.seal();
    assert_eq!(setting.run("seal-check").status.code(), Some(0));
    // No board: the day's report cannot be posted.
    DemoClock::step_to(&setting.folder.path().join("clock"), OPENING_MS + 24 * HOUR).unwrap();
    assert_eq!(setting.run("report").status.code(), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn real_program_leaves_nothing_secret_in_log_and_files() {
    let mut setting = Setting::new().await;
    assert_eq!(setting.run("init").status.code(), Some(0));
    setting.seal();
    let child = setting.start().await;
    hardened(&child);
    let booth = Booth::at(&setting.city, setting.config.listen);
    let card = setting.city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    let secret = booth.secret(&card, &answer);
    booth.first(&session, &secret).await.unwrap();
    let counts = setting.run("counts");
    let counts: serde_json::Value = serde_json::from_slice(&counts.stdout).unwrap();
    assert_eq!(counts["issued"][0]["count"], 1);
    let (log, out) = stop(child);
    assert!(!log.is_empty(), "a trace log says something");

    let serial = u64::from_str_radix(&card.serial, 16).unwrap();
    let secrets = [
        (
            "the start of the certificate",
            card.certificate[..32].to_vec(),
        ),
        (
            "the middle of the certificate",
            card.certificate[200..232].to_vec(),
        ),
        ("the subject", card.subject.clone().into_bytes()),
        (
            "the decimal serial",
            format!("serial={serial}").into_bytes(),
        ),
        ("the nonce", session.nonce.to_vec()),
        ("s", secret.expose()[..16].to_vec()),
        ("the salt share", answer.salt_share.0.0.to_vec()),
        ("the session key", session.e.to_secret_bytes()[..].to_vec()),
    ];
    assert_absent("the log", &log, &secrets);
    assert_absent("standard output", &out, &secrets);
    let mut files = vec![setting.data()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            assert_absent(
                &path.display().to_string(),
                &fs::read(&path).unwrap(),
                &secrets,
            );
        }
    }
    // Lines carry no time: the log cannot be joined with the board.
    let text = String::from_utf8_lossy(&log);
    assert!(text.contains("serves election"));
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    let dated = text.split(['T', ' ']).find(|word| {
        let parts: Vec<_> = word.split('-').collect();
        parts.len() == 3 && parts[0].len() == 4 && parts.iter().all(|part| digits(part))
    });
    assert_eq!(dated, None, "a time in the log");
}
