//! What a voter sees when the program is started: the program itself, in a process of its own, with a
//! browser that only keeps the page it is given.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use api::hex::Hex;
use api::start_file::{PURPOSE_START_FILE, StartFile, static_message};
use crypto::wire::TopLevel as _;
use tempfile::TempDir;
use testkit::election::{Lab, Options};

/// Longer than a slow machine needs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A voter's computer: a folder with the downloaded file, the configuration and the data.
struct Computer {
    folder: TempDir,
    lab: Lab,
}

impl Computer {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lab = Lab::sealed(Options::small());
        let computer = Self { folder, lab };
        let keep = computer.path("browser.sh");
        let script = format!(
            "#!/bin/sh\ncat \"$1\" > {}\n",
            computer.path("shown").display()
        );
        fs::write(&keep, script).unwrap();
        fs::set_permissions(&keep, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(computer.path("trust.json"), computer.lab.trust_json()).unwrap();
        vcard::fixture::make(&computer.path("cards"), &[]).unwrap();
        let config = "browser = \"browser.sh\"\ncard_trust = \"cards/pki/trust.json\"\n";
        fs::write(computer.path("booth.toml"), config).unwrap();
        computer
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The file that a portal gives out, with one address in it.
    fn start_file(&mut self, hint: &str) {
        let hints = vec![hint.to_owned()];
        let message = static_message(&self.lab.election, &hints);
        let authority = &self.lab.parties.authority;
        let file = StartFile {
            v: 1,
            election_hash: Hex(self.lab.election),
            signature: Hex(authority.sign(PURPOSE_START_FILE, &message, &mut self.lab.rng)),
            hints,
            ticket: None,
            ticket_expires: None,
        };
        let text = serde_json::to_vec(&file).unwrap();
        fs::write(self.path("vote.irefuda"), text).unwrap();
    }

    /// The program as a double click starts it, in no folder of the user's.
    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_irefuda-booth"));
        command
            .current_dir("/")
            .env("XDG_DATA_HOME", self.path("home"))
            .arg("--config")
            .arg(self.path("booth.toml"))
            .arg("--trust")
            .arg(self.path("trust.json"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        command
    }

    /// The same with the file that was downloaded.
    fn opened(&self) -> Command {
        let mut command = self.program();
        command.arg(self.path("vote.irefuda"));
        command
    }

    /// The page that the browser was given.
    fn shown(&self) -> String {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            match fs::read_to_string(self.path("shown")) {
                Ok(page) if page.contains("</html>") || page.contains("</a>") => return page,
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
        panic!("no page was shown");
    }
}

/// Answers every request with the same bytes and keeps the first line of each.
fn server(head: &'static str, body: Vec<u8>) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (heard, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 4096];
            let n = stream.read(&mut bytes).unwrap();
            let text = String::from_utf8_lossy(&bytes[..n]).into_owned();
            let _gone = heard.send(text.lines().next().unwrap_or_default().to_owned());
            let head = format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    (address, asked)
}

/// The address that the program prints first.
fn printed(child: &mut Child) -> String {
    let mut line = String::new();
    let out = child.stdout.as_mut().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// Whether it has ended by itself in time, and with which status.
fn ended(child: &mut Child) -> i32 {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or(-1);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    panic!("the program goes on");
}

/// A program that is stopped when the test is over, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Opened by itself, from a menu: the page says what to get and where.
#[test]
fn without_a_file_a_page_says_what_to_get() {
    let computer = Computer::new();
    let mut child = Running(computer.program().spawn().unwrap());
    assert_eq!(ended(&mut child.0), 2);
    let page = computer.shown();
    assert!(page.contains("E-24f") && page.contains("投票認証ファイルがまだありません"));
}

/// A package is one folder: the program reads the configuration that lies there, also when it is
/// started through a link, as from `/usr/bin`.
#[test]
fn a_package_needs_no_configuration_by_name() {
    let computer = Computer::new();
    let program = env!("CARGO_BIN_EXE_irefuda-booth");
    fs::hard_link(program, computer.path("irefuda-booth"))
        .or_else(|_| fs::copy(program, computer.path("irefuda-booth")).map(|_| ()))
        .unwrap();
    fs::create_dir(computer.path("bin")).unwrap();
    let link = computer.path("bin/irefuda-booth");
    std::os::unix::fs::symlink("../irefuda-booth", &link).unwrap();
    let mut command = Command::new(link);
    command
        .current_dir("/")
        .env("XDG_DATA_HOME", computer.path("home"));
    let mut child = Running(command.spawn().unwrap());
    assert_eq!(ended(&mut child.0), 2);
    assert!(
        computer.shown().contains("E-24f"),
        "by the folder's own browser.sh"
    );
}

/// `/proc` takes no files, whoever asks, as a read-only disk takes none.
#[test]
fn what_cannot_be_stored_is_said_before_the_card() {
    let mut computer = Computer::new();
    computer.start_file("http://127.0.0.1:1");
    let mut command = computer.opened();
    command.args(["--data", "/proc/irefuda"]);
    let mut child = Running(command.spawn().unwrap());
    assert_eq!(ended(&mut child.0), 2);
    let page = computer.shown();
    assert!(page.contains("E-32") && page.contains("この機械に書き込めません"));
}

/// A user's own folder is used wherever the program is started; here it is started in `/`.
#[test]
fn the_users_own_folder_is_the_default() {
    let mut computer = Computer::new();
    computer.start_file("http://127.0.0.1:1");
    let mut child = Running(computer.opened().spawn().unwrap());
    assert_eq!(ended(&mut child.0), 3);
    assert!(computer.path("home/irefuda").is_dir());
    let page = computer.shown();
    assert!(page.contains("E-33") && page.contains("投票の受付につながりません"));
}

/// The machine's proxy is asked, and what it refuses is told as that.
#[test]
fn the_systems_proxy_is_respected_and_named_when_it_refuses() {
    let mut computer = Computer::new();
    computer.start_file("http://election.invalid");
    let (proxy, asked) = server("407 Proxy Authentication Required", Vec::new());
    let mut command = computer.opened();
    command.env("http_proxy", format!("http://{proxy}"));
    let mut child = Running(command.spawn().unwrap());
    assert_eq!(ended(&mut child.0), 1);
    let line = asked.recv_timeout(PATIENCE).unwrap();
    assert!(
        line.starts_with("GET http://election.invalid/manifest.bin"),
        "{line}"
    );
    assert!(computer.shown().contains("E-33b"));
}

/// Who opens the file once more gets a program that works: the one before lets the card go and ends.
#[test]
fn a_second_start_takes_over() {
    let mut computer = Computer::new();
    let manifest = computer.lab.manifest.as_ref().unwrap().to_bytes();
    let (portal, _asked) = server("200 OK", manifest);
    computer.start_file(&format!("http://{portal}"));
    let start = || Running(computer.opened().spawn().unwrap());
    let mut first = start();
    let one = printed(&mut first.0);
    assert!(one.starts_with("http://127.0.0.1:"), "{one}");
    assert!(computer.shown().contains(&one));
    let mut second = start();
    let two = printed(&mut second.0);
    assert!(two.starts_with("http://127.0.0.1:") && two != one, "{two}");
    assert_eq!(ended(&mut first.0), 0);
    assert!(second.0.try_wait().unwrap().is_none(), "the second goes on");
}
