//! The program: every auditor in a folder of their own, with a key of their own.

use crate::world::{City, Town, trust_json};
use host::passphrase::Passphrase;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_irefuda-audit"))
        .arg("--config")
        .arg(folder.with_extension("toml"))
        .arg("--data")
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// An auditor's folder with a passphrase and the key that the manifest names.
fn folder(city: &City, n: usize) -> PathBuf {
    let folder = city.path(&format!("auditor-{}", n + 1));
    configure(&folder, &format!("a passphrase of {n} only"));
    let pass = Passphrase::from_file(&folder.with_extension("txt")).unwrap();
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    let secret = city.town.keys[n].to_bytes();
    let (file, light) = (folder.join("keys/auditor.key"), host::keyfile::Cost::LIGHT);
    host::keyfile::write(&file, "AUDITOR", secret.as_ref(), &pass, light).unwrap();
    folder
}

/// `FOLDER.toml` and its passphrase beside the folder.
fn configure(folder: &Path, passphrase: &str) {
    let file = folder.with_extension("txt");
    std::fs::write(&file, passphrase).unwrap();
    let owner = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&file, owner).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let text = format!(
        "name_ja = \"監査\"\nname_en = \"audit\"\npassphrase_file = \"{name}\"\nlight = true\n"
    );
    std::fs::write(folder.with_extension("toml"), text).unwrap();
}

/// Every block of commands in the auditors' manual, one after the other, as it is written there.
#[test]
fn the_commands_of_the_manual_work() {
    let manual = include_str!("../../../../docs/manual/auditor.ja.md");
    let blocks = manual.split("```sh\n").skip(1);
    let commands: Vec<&str> = blocks.filter_map(|b| b.split("```").next()).collect();
    assert_eq!(commands.len(), 4);
    let mut town = Town::closed();
    let rows = town.honest();
    let city = town.reported(&rows);
    for n in 0..2 {
        folder(&city, n);
    }
    std::fs::write(city.path("cards.json"), trust_json()).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_irefuda-audit"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":/usr/bin:/bin");
    let out = Command::new("/bin/sh")
        .args(["-eu", "-c", &commands.concat()])
        .current_dir(city.folder.path())
        .env("PATH", path)
        .env("HASH", city.town.lab.election.to_hex())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (said, wrong) = (
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr),
    );
    assert!(out.status.success(), "{said}{wrong}");
    assert_eq!(
        said.matches("本物のカードの署名がありました").count(),
        2,
        "{said}"
    );
}

#[test]
fn two_auditors_check_with_a_folder_each() {
    let mut town = Town::closed();
    let rows = town.honest();
    let city = town.reported(&rows);
    let [one, two] = [0, 1].map(|n| folder(&city, n));
    for (n, folder) in [&one, &two].into_iter().enumerate() {
        let out = run(folder, &["init"]);
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        let public = std::fs::read_to_string(folder.join("public.json")).unwrap();
        let key = crypto::hash::to_hex(city.town.keys[n].public());
        assert!(public.contains(&key), "{public}");
    }
    std::fs::write(city.path("cards.json"), trust_json()).unwrap();
    let [record, first, second, partial, cards] =
        ["record", "evidence-0", "evidence-1", "for-2", "cards.json"].map(|name| city.path(name));
    let election = city.town.lab.election.to_hex();
    let about = [
        "--record",
        record.to_str().unwrap(),
        "--election",
        &election,
        "--evidence",
        first.to_str().unwrap(),
        "--evidence",
        second.to_str().unwrap(),
    ];
    let release = [
        &["release"],
        &about[..],
        &["--for", "2", "--out", partial.to_str().unwrap()],
    ];
    let out = run(&one, &release.concat());
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let with = [
        "--partial",
        partial.to_str().unwrap(),
        "--cards",
        cards.to_str().unwrap(),
    ];
    let out = run(&two, &[&["check"], &about[..], &with].concat());
    let text = String::from_utf8_lossy(&out.stdout);
    assert_eq!(
        out.status.code(),
        Some(0),
        "{text}{}",
        String::from_utf8_lossy(&out.stderr)
    );
    assert!(
        text.lines().last().unwrap().contains("本物のカード"),
        "{text}"
    );
    // Auditor 1 cannot read what was made for 2, and the other passphrase opens no key.
    let out = run(&one, &[&["check"], &about[..], &with].concat());
    assert_eq!(out.status.code(), Some(2));
    std::fs::copy(one.with_extension("txt"), two.with_extension("txt")).unwrap();
    let out = run(&two, &[&["check"], &about[..], &with].concat());
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn a_missing_record_and_a_wrong_hash_have_their_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("auditor");
    configure(&folder, "0123456789abcdef");
    let out = run(&folder, &["init"]);
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let hash = "00".repeat(64);
    let about = |election: &str| {
        let nowhere = dir.path().join("nowhere");
        let nowhere = nowhere.to_str().unwrap().to_owned();
        let arguments = [
            "release",
            "--record",
            &nowhere,
            "--election",
            election,
            "--evidence",
            &nowhere,
            "--for",
            "2",
            "--out",
            &nowhere,
        ];
        run(&folder, &arguments).status.code()
    };
    assert_eq!(about(&hash), Some(3));
    assert_eq!(about("0g"), Some(2));
}
