//! The program itself: keys, start, a voter, stop; nothing secret in its log or files.

use std::fs;
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::time::Duration;

use crate::card_client::Booth;
use crate::cards::{Cards, OPENING_MS};
use crate::city::{self, City, HOUR};
use api::registrar::PublicPart;
use crypto::wire::TopLevel as _;
use host::clock::{ClockConfig, DemoClock, ManualClock};
use host::passphrase::Passphrase;
use registrar::keys::Keys;

const PROGRAM: &str = env!("CARGO_BIN_EXE_irefuda-registrar");

fn run(config: &Path, data: &Path, command: &str) -> Output {
    Command::new(PROGRAM)
        .arg("--config")
        .arg(config)
        .arg("--data")
        .arg(data)
        .arg(command)
        .output()
        .unwrap()
}

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

#[tokio::test(flavor = "multi_thread")]
async fn real_program_from_keys_to_a_clean_stop() {
    let template = City::new().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let clock_file = folder.path().join("clock");
    DemoClock::step_to(&clock_file, OPENING_MS + HOUR).unwrap();
    fs::write(
        folder.path().join("passphrase"),
        "00112233445566778899aabbccddeeff\n",
    )
    .unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address: SocketAddr = ([127, 0, 0, 1], port).into();
    // The list is made on a clock of its own, a minute behind the program's.
    let list_clock = ManualClock::new(OPENING_MS + HOUR - 60_000);
    let mode = Arc::new(AtomicU8::new(0));
    let crl = city::serve_list(Cards::get(), list_clock, mode).await;
    let (_, sealed) = city::manifest(template.registrar.keys(), vec![[9; 32]], Vec::new());
    let mut config = city::config(&folder, &sealed, &template.cards, crl);
    config.listen = address;
    config.election_hash = None;
    config.clock = ClockConfig::demo(&clock_file);
    config.log = "trace".into();
    let config_file = folder.path().join("registrar.toml");
    let save = |config: &registrar::Config| {
        fs::write(&config_file, toml::to_string(config).unwrap()).unwrap();
    };
    save(&config);

    // init, twice: the second call changes nothing.
    assert_eq!(run(&config_file, &data, "init").status.code(), Some(0));
    let public = fs::read(data.join("public.json")).unwrap();
    assert_eq!(run(&config_file, &data, "init").status.code(), Some(0));
    assert_eq!(fs::read(data.join("public.json")).unwrap(), public);
    let part: PublicPart = serde_json::from_slice(&public).unwrap();
    assert_eq!(part.first.len(), 512);

    // A manifest with other keys: the program does not start and says why.
    assert_eq!(
        run(&config_file, &data, "seal-check").status.code(),
        Some(1)
    );
    let refused = run(&config_file, &data, "run");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("does not list this registrar"));

    let pass = Passphrase::from_file(&config.passphrase_file).unwrap();
    let keys = Keys::read(&data.join("keys"), &pass).unwrap();
    let auditors = template.manifest.auditors.clone();
    let (manifest, sealed) = city::manifest(&keys, auditors, Vec::new());
    fs::write(&config.manifest, sealed.to_bytes()).unwrap();
    assert_eq!(
        run(&config_file, &data, "seal-check").status.code(),
        Some(0)
    );

    let mut child = Command::new(PROGRAM)
        .arg("--config")
        .arg(&config_file)
        .arg("--data")
        .arg(&data)
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut city = template;
    city.manifest = manifest;
    city.pin = keys.tls.pin();
    let booth = Booth::at(&city, address);
    for _ in 0..200 {
        if std::net::TcpStream::connect(address).is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let card = city.cards.person(0);
    let (session, answer) = booth.enter(&card).await.unwrap();
    let secret = booth.secret(&card, &answer);
    booth.first(&session, &secret).await.unwrap();

    let counts = run(&config_file, &data, "counts");
    let counts: serde_json::Value = serde_json::from_slice(&counts.stdout).unwrap();
    assert_eq!(counts["issued"][0]["count"], 1);

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
    assert!(!log.is_empty(), "a trace log says something");

    let serial = u64::from_str_radix(&card.serial, 16).unwrap();
    let secrets = [
        (
            "the serial's bytes in a row",
            crypto::hash::from_hex(&card.certificate_hex()[..64]).unwrap(),
        ),
        ("the subject", card.subject.clone().into_bytes()),
        (
            "the decimal serial",
            format!("serial={serial}").into_bytes(),
        ),
        ("the nonce", session.nonce.to_vec()),
        ("s", secret.expose()[..16].to_vec()),
        ("the salt share", answer.salt_share.clone().into_bytes()),
        ("the session key", session.e.to_secret_bytes()[..].to_vec()),
        (
            "the card's certificate",
            card.certificate[200..232].to_vec(),
        ),
    ];
    assert_absent("the log", &log, &secrets);
    assert_absent("standard output", &out, &secrets);
    let mut files = vec![data];
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
