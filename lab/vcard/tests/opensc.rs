//! The virtual card behind the real pcscd, judged by OpenSC and OpenSSL.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use vcard::control::{self, Address};
use vcard::pcsc_host::{Pcscd, in_private_namespace};
use vcard::persona::Listed;
use vcard::{PersonaKind, TestPki, fixture};

struct Bench {
    dir: tempfile::TempDir,
    people: Vec<Listed>,
    _pcscd: Pcscd,
    program: Option<Child>,
}

impl Bench {
    fn new(kinds: &[PersonaKind]) -> Self {
        let dir = tempfile::tempdir().expect("folder");
        let people = fixture::make(dir.path(), kinds).expect("cards");
        let pcscd = Pcscd::start(&dir.path().join("host")).expect("pcscd");
        Self {
            dir,
            people,
            _pcscd: pcscd,
            program: None,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn person(&self, id: &str) -> &Listed {
        self.people
            .iter()
            .find(|one| one.persona.id == id)
            .expect("person")
    }

    fn control(&self) -> Address {
        Address::Unix(self.path("control.sock"))
    }

    /// Starts the card program with a card in the slot. An earlier one must have been stopped.
    fn start_program(&mut self, id: &str) {
        let _old = std::fs::remove_file(self.path("control.sock"));
        let child = Command::new(env!("CARGO_BIN_EXE_irefuda-vcard"))
            .arg("serve")
            .arg("--personas")
            .arg(self.path("personas"))
            .args(["--control", &self.control().to_string(), "--insert", id])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("card program");
        self.program = Some(child);
        let started = Instant::now();
        while control::send(&self.control(), "status").is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "the card program did not start"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn kill_program(&mut self) {
        if let Some(mut child) = self.program.take() {
            child.kill().expect("kill");
            child.wait().expect("wait");
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.kill_program();
    }
}

fn run(program: &str, arguments: &[&str]) -> (Output, String) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .expect("program");
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output, text)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("path")
}

fn module() -> String {
    [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
    ]
    .into_iter()
    .map(|dir| format!("{dir}/opensc-pkcs11.so"))
    .find(|path| Path::new(path).exists())
    .expect("opensc-pkcs11.so")
}

fn pkcs11_sign(bench: &Bench, pin: &str) -> (bool, String) {
    let (output, said) = run(
        "pkcs11-tool",
        &[
            "--module",
            &module(),
            "--login",
            "--pin",
            pin,
            "--sign",
            "--mechanism",
            "SHA256-RSA-PKCS",
            "--id",
            "01",
            "--input-file",
            text(&bench.path("challenge")),
            "--output-file",
            text(&bench.path("signature")),
        ],
    );
    (output.status.success(), said)
}

fn fresh_challenge(bench: &Bench) {
    use std::io::Read as _;
    let mut bytes = [0; 64];
    std::fs::File::open("/dev/urandom")
        .expect("random")
        .read_exact(&mut bytes)
        .expect("random");
    std::fs::write(bench.path("challenge"), bytes).expect("challenge");
    let _old = std::fs::remove_file(bench.path("signature"));
}

/// The signature over the challenge verifies under the card's certificate, says OpenSSL.
fn verify_with_openssl(bench: &Bench, certificate: &Path) -> bool {
    let key = bench.path("key.pem");
    let (output, said) = run(
        "openssl",
        &[
            "x509",
            "-inform",
            "DER",
            "-in",
            text(certificate),
            "-pubkey",
            "-noout",
            "-out",
            text(&key),
        ],
    );
    assert!(output.status.success(), "{said}");
    let (output, _) = run(
        "openssl",
        &[
            "dgst",
            "-sha256",
            "-verify",
            text(&key),
            "-signature",
            text(&bench.path("signature")),
            text(&bench.path("challenge")),
        ],
    );
    output.status.success()
}

/// Path and revocation at the opening, says OpenSSL.
fn chain_with_openssl(bench: &Bench, certificate: &Path) -> (bool, String) {
    let pki = TestPki::load(&bench.path("pki")).expect("pki");
    let at = fixture::OPENING_MS + 3_600_000;
    std::fs::write(bench.path("auth.crl"), pki.issue_crl(at).expect("crl")).expect("crl");
    let pem = bench.path("auth.crl.pem");
    let (output, said) = run(
        "openssl",
        &[
            "crl",
            "-inform",
            "DER",
            "-in",
            text(&bench.path("auth.crl")),
            "-out",
            text(&pem),
        ],
    );
    assert!(output.status.success(), "{said}");
    let leaf = bench.path("leaf.pem");
    let (output, said) = run(
        "openssl",
        &[
            "x509",
            "-inform",
            "DER",
            "-in",
            text(certificate),
            "-out",
            text(&leaf),
        ],
    );
    assert!(output.status.success(), "{said}");
    let (output, said) = run(
        "openssl",
        &[
            "verify",
            "-crl_check",
            "-attime",
            &((at / 1000) + 1).to_string(),
            "-CAfile",
            text(&bench.path("pki/auth_ca.pem")),
            "-CRLfile",
            text(&pem),
            text(&leaf),
        ],
    );
    (output.status.success(), said)
}

#[test]
fn real_opensc_recognises_reads_and_signs() {
    if !in_private_namespace("real_opensc_recognises_reads_and_signs").expect("namespace") {
        return;
    }
    let mut bench = Bench::new(&[]);
    bench.start_program("p001");
    let (output, said) = run("opensc-tool", &["-n"]);
    assert!(
        output.status.success() && said.lines().any(|line| line == "jpki"),
        "{said}"
    );
    let (output, said) = run("pkcs15-tool", &["-c"]);
    assert!(output.status.success(), "{said}");
    let serial = bench.person("p001").persona.serial.to_uppercase();
    assert!(said.contains("User Authentication Certificate"), "{said}");
    let length = serial.len() / 2;
    assert!(
        said.contains(&format!("02 {length:02X} {serial}")),
        "{said}"
    );
    let (output, said) = run(
        "pkcs15-tool",
        &[
            "--read-certificate",
            "1",
            "-o",
            text(&bench.path("read.pem")),
        ],
    );
    assert!(output.status.success(), "{said}");
    let read = bench.path("read.der");
    let (output, said) = run(
        "openssl",
        &[
            "x509",
            "-in",
            text(&bench.path("read.pem")),
            "-outform",
            "DER",
            "-out",
            text(&read),
        ],
    );
    assert!(output.status.success(), "{said}");
    let known = bench.path("personas/p001/auth.der");
    assert_eq!(
        std::fs::read(&read).expect("read"),
        std::fs::read(&known).expect("known")
    );
    let pin = bench.person("p001").persona.pin.clone();
    for _ in 0..3 {
        fresh_challenge(&bench);
        let (signed, said) = pkcs11_sign(&bench, &pin);
        assert!(signed, "{said}");
        assert!(verify_with_openssl(&bench, &read));
    }
    assert!(!verify_with_openssl(
        &bench,
        &bench.path("personas/p002/auth.der")
    ));
    let (good, said) = chain_with_openssl(&bench, &read);
    assert!(good, "{said}");
}

#[test]
fn real_three_wrong_pins_lock_the_card_for_good() {
    if !in_private_namespace("real_three_wrong_pins_lock_the_card_for_good").expect("namespace") {
        return;
    }
    let mut bench = Bench::new(&[]);
    bench.start_program("p001");
    fresh_challenge(&bench);
    let right = bench.person("p001").persona.pin.clone();
    let wrong = if right == "0000" { "0001" } else { "0000" };
    for left in [2, 1, 0] {
        let (signed, said) = pkcs11_sign(&bench, wrong);
        assert!(!signed, "{said}");
        let status = control::send(&bench.control(), "status").expect("status");
        assert!(status.contains(&format!("tries {left} ")), "{status}");
    }
    let (signed, said) = pkcs11_sign(&bench, &right);
    assert!(!signed, "a locked card signed: {said}");
    bench.kill_program();
    bench.start_program("p001");
    let (signed, said) = pkcs11_sign(&bench, &right);
    assert!(!signed, "a restart unlocked the card: {said}");
    let status = control::send(&bench.control(), "status").expect("status");
    assert!(status.contains("tries 0 "), "{status}");
    assert!(
        !bench.path("signature").exists()
            || !verify_with_openssl(&bench, &bench.path("personas/p001/auth.der"))
    );
    // The card of somebody else is not touched by that.
    control::send(&bench.control(), "insert p002").expect("insert");
    let (signed, said) = pkcs11_sign(&bench, &bench.person("p002").persona.pin.clone());
    assert!(signed, "{said}");
}

#[test]
fn real_openssl_judges_the_special_certificates() {
    let dir = tempfile::tempdir().expect("folder");
    let kinds = [
        PersonaKind::Expired,
        PersonaKind::Revoked,
        PersonaKind::RogueAuthority,
    ];
    let people = fixture::make(dir.path(), &kinds).expect("cards");
    assert_eq!(people.len(), 5);
    let verdict = |id: &str| {
        let pki = TestPki::load(&dir.path().join("pki")).expect("pki");
        let at = fixture::OPENING_MS + 3_600_000;
        let path = |name: &str| dir.path().join(name);
        std::fs::write(path("auth.crl"), pki.issue_crl(at).expect("crl")).expect("crl");
        run(
            "openssl",
            &[
                "crl",
                "-inform",
                "DER",
                "-in",
                text(&path("auth.crl")),
                "-out",
                text(&path("crl.pem")),
            ],
        );
        let der = path(&format!("personas/{id}/auth.der"));
        run(
            "openssl",
            &[
                "x509",
                "-inform",
                "DER",
                "-in",
                text(&der),
                "-out",
                text(&path("leaf.pem")),
            ],
        );
        let time = (at / 1000 + 1).to_string();
        let (ca, crl, leaf) = (path("pki/auth_ca.pem"), path("crl.pem"), path("leaf.pem"));
        let arguments = [
            "verify",
            "-crl_check",
            "-attime",
            &time,
            "-CAfile",
            text(&ca),
            "-CRLfile",
            text(&crl),
            text(&leaf),
        ];
        run("openssl", &arguments).1
    };
    assert!(verdict("p001").contains(": OK"), "{}", verdict("p001"));
    assert!(
        verdict("expired-1").contains("error 10"),
        "{}",
        verdict("expired-1")
    );
    assert!(
        verdict("revoked-1").contains("error 23"),
        "{}",
        verdict("revoked-1")
    );
    assert!(
        !verdict("rogue-authority-1").contains(": OK"),
        "{}",
        verdict("rogue-authority-1")
    );
}

/// The host program as the demo uses it: ready, insert, and all gone when its input closes.
#[test]
fn real_host_program_starts_and_stops_everything() {
    if !in_private_namespace("real_host_program_starts_and_stops_everything").expect("namespace") {
        return;
    }
    let dir = tempfile::tempdir().expect("folder");
    fixture::make(dir.path(), &[]).expect("cards");
    let program = Path::new(env!("CARGO_BIN_EXE_irefuda-vcard"));
    for _ in 0..2 {
        let host = vcard::pcsc_host::Host::start(program, dir.path(), &dir.path().join("host"))
            .expect("host");
        assert_eq!(
            control::send(host.control(), "insert p001").expect("insert"),
            "inserted p001"
        );
        let (output, said) = run("opensc-tool", &["-n"]);
        assert!(output.status.success() && said.contains("jpki"), "{said}");
        drop(host);
        let (_, said) = run("opensc-tool", &["-n"]);
        assert!(!said.contains("jpki"), "{said}");
        assert!(!Path::new(vcard::pcsc_host::SOCKET).exists());
    }
}
