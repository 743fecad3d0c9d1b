use super::*;

#[test]
fn every_package_has_a_reason_and_appears_once() {
    let mut names: Vec<&str> = PACKAGES.iter().map(|p| p.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(PACKAGES.iter().all(|p| !p.why.is_empty()));
}

#[test]
fn probes_can_say_no() {
    assert!(!present(&package("no-such-package", "-", Probe::Installed)));
    assert!(!present(&package(
        "-",
        "-",
        Probe::Program("no-such-program")
    )));
    assert!(!present(&package(
        "-",
        "-",
        Probe::File("/nowhere/*/bin/initdb")
    )));
    assert!(!present(&package(
        "-",
        "-",
        Probe::Library("no-such-library")
    )));
}

#[test]
fn a_star_stands_for_one_directory() {
    let dir = std::env::temp_dir().join(format!("irefuda-setup-{}", std::process::id()));
    std::fs::create_dir_all(dir.join("15/bin")).unwrap();
    std::fs::write(dir.join("15/bin/initdb"), "").unwrap();
    assert!(file_exists(&format!("{}/*/bin/initdb", dir.display())));
    assert!(!file_exists(&format!("{}/*/bin/other", dir.display())));
    std::fs::remove_dir_all(&dir).unwrap();
}
