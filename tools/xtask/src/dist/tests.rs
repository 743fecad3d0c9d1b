use std::path::Path;

use serde_json::Value;
use toolbox::root;
use toolbox::shell::Shell;

use super::compile::PROGRAMS;
use super::package::Package;
use super::platform::Platform;
use super::tree::Item;
use super::{Inputs, archive, holds, make, sbom, twice};

/// A package whose programs are scripts of a line.
pub fn package(platform: Platform) -> Package {
    let program = |name: &str| format!("#!/bin/sh\necho {name}\n# GLIBC_2.34\n").into_bytes();
    let [booth, worker] = PROGRAMS;
    Package {
        platform,
        version: "1.2.3".to_owned(),
        practice: false,
        programs: [program(booth), program(worker)],
        models: vec![("a.dat".to_owned(), vec![1; 50])],
        config: "idle_seconds = 600\n".to_owned(),
        legal: ["licence\n".to_owned(), "notice\n".to_owned()],
        icon: b"<svg/>".to_vec(),
    }
}

fn inputs() -> Inputs {
    let accepted = "[face.policy]\naccept_unvalidated_face_model = true\n";
    let cards = r#"{"policy_oid":"1.2.392.200149.8.5.1.3.30","auth_anchors":[],"cv_roots":[]}"#;
    Inputs {
        trust: Some(r#"{"authority":"00","validators":[]}"#.to_owned()),
        card_trust: Some(cards.to_owned()),
        config: Some(accepted.to_owned()),
        practice: false,
    }
}

#[test]
fn what_a_release_refuses_is_refused_before_it_is_compiled() {
    assert!(inputs().check().is_ok());
    let mut test_cards = inputs();
    let cards = test_cards.card_trust.take().unwrap();
    test_cards.card_trust = Some(cards.replace(".3.30", ".0.30"));
    let said = test_cards.check().unwrap_err().to_string();
    assert!(said.contains("test cards"), "{said}");
    test_cards.practice = true;
    assert!(test_cards.check().is_ok(), "practice takes them");
    let other = |config: &str| Inputs {
        config: Some(config.to_owned()),
        ..inputs()
    };
    let said = other("idle_seconds = 600\n").check().unwrap_err();
    assert!(said.to_string().contains("in writing") || said.to_string().contains("writes"));
    let accepted = inputs().config.unwrap();
    let more = other(&format!("card_trust = \"mine\"\n{accepted}"));
    assert!(more.check().is_err(), "keys come in as keys alone");
    let swapped = Inputs {
        trust: inputs().card_trust,
        ..inputs()
    };
    assert!(swapped.check().is_err(), "the two files swapped");
}

#[test]
fn a_folder_of_this_machine_is_found_in_a_program() {
    assert!(holds(b"..../srv/me/x", "/srv/me"));
    assert!(!holds(b"..../srv/m", "/srv/me"));
    assert!(!holds(b"", "/srv/me"));
}

/// `install.sh` as a user runs it, in a home of its own.
#[test]
fn the_linux_archive_installs_for_one_user_and_goes_again() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(Platform::Linux);
    let bytes = archive::tar_gz(&package.portable(), 0).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()))
        .unpack(folder.path())
        .unwrap();
    let unpacked = folder.path().join(package.name());
    let home = folder.path().join("a home");
    std::fs::create_dir(&home).unwrap();
    let run = |program: &Path| {
        Shell::program(program)
            .only(&[])
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", home.to_str().unwrap())
    };
    for _again in 0..2 {
        let said = run(&unpacked.join("install.sh")).quiet().unwrap();
        assert!(said.ok, "{}", said.text);
    }
    let said = run(&home.join(".local/bin/irefuda-booth"))
        .stdout()
        .unwrap();
    assert_eq!(said, "irefuda-booth\n");
    let lib = home.join(".local/lib/irefuda");
    assert!(lib.join("models/a.dat").is_file() && lib.join("irefuda-face-worker").is_file());
    let share = home.join(".local/share");
    let desktop = std::fs::read_to_string(share.join("applications/irefuda.desktop")).unwrap();
    let exec = format!("\nExec=\"{}\" %f\n", lib.join("irefuda-booth").display());
    assert!(desktop.contains(&exec), "{desktop}");
    assert!(share.join("mime/packages/irefuda.xml").is_file());
    let said = run(&unpacked.join("install.sh")).arg("--remove").quiet();
    assert!(said.unwrap().ok);
    assert!(!lib.exists() && !share.join("applications/irefuda.desktop").exists());
}

#[test]
fn windows_texts_have_both_signs_at_the_end_of_a_line() {
    let package = package(Platform::Windows);
    let tree = package.portable();
    let text = |name: &str| {
        let path = format!("{}/{name}", package.name());
        let item = tree.items().find(|(at, _)| *at == path).unwrap().1;
        let Item::File { bytes, .. } = item else {
            panic!("a link")
        };
        String::from_utf8(bytes.clone()).unwrap()
    };
    let readme = text("README.txt");
    assert!(readme.starts_with("\u{feff}入れ札 投票プログラム 1.2.3"));
    assert_eq!(readme.matches('\n').count(), readme.matches("\r\n").count());
    assert!(!readme.contains('@'), "every place is filled: {readme}");
    assert!(readme.contains("never tried on a real Windows"));
    assert!(
        !text("booth.toml").starts_with('\u{feff}'),
        "TOML takes no mark"
    );
}

#[test]
fn practice_is_said_in_the_name_and_on_the_first_line() {
    let mut package = package(Platform::Linux);
    package.practice = true;
    assert_eq!(package.name(), "irefuda-booth-1.2.3-linux-x86_64-practice");
    let tree = package.portable();
    let path = format!("{}/README.txt", package.name());
    let (_, item) = tree.items().find(|(at, _)| *at == path).unwrap();
    let Item::File { bytes, .. } = item else {
        panic!("a link")
    };
    let readme = String::from_utf8(bytes.clone()).unwrap();
    assert!(readme.lines().nth(1).unwrap().contains("練習用"));
}

#[test]
fn packing_twice_gives_the_same_bytes_and_a_changed_file_is_seen() {
    let one = make(&package(Platform::Linux), 1_000_000_000).unwrap();
    let other = make(&package(Platform::Linux), 1_000_000_000).unwrap();
    assert!(twice::same("test", &one, &other));
    let mut changed = package(Platform::Linux);
    changed.models = vec![("a.dat".to_owned(), vec![2; 50])];
    let changed = make(&changed, 1_000_000_000).unwrap();
    assert!(!twice::same("test", &one, &changed));
}

/// The crates that are known to be in, and one that only builds and one that only tests need.
#[test]
fn the_list_of_parts_names_what_is_linked_and_nothing_else() {
    let list = sbom::sbom(&package(Platform::Linux), &root::dir(), 0).unwrap();
    let list: Value = serde_json::from_slice(&list).unwrap();
    let parts = list.get("components").unwrap().as_array().unwrap();
    let named = |name: &str| parts.iter().find(|c| c.get("name") == Some(&name.into()));
    for name in ["booth", "face-worker", "rustls", "pcsc", "dlib", "a.dat"] {
        assert!(named(name).is_some(), "{name}");
    }
    for name in ["cc", "testkit", "trycmd", "openssl", "commonware-consensus"] {
        assert!(named(name).is_none(), "{name}");
    }
    let rustls = named("rustls").unwrap();
    assert!(rustls.get("hashes").is_some() && rustls.get("licenses").is_some());
    let known: std::collections::BTreeSet<&str> = parts
        .iter()
        .filter_map(|c| c.get("bom-ref")?.as_str())
        .collect();
    assert_eq!(known.len(), parts.len(), "every reference once");
    for edge in list.get("dependencies").unwrap().as_array().unwrap() {
        for on in edge.get("dependsOn").unwrap().as_array().unwrap() {
            assert!(known.contains(on.as_str().unwrap()), "{on}");
        }
    }
}
