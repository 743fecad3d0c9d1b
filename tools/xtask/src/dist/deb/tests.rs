use toolbox::shell::Shell;

use super::super::platform::Platform;
use super::super::tests::package;
use super::{deb, newest};

/// Judged by dpkg.
#[test]
fn dpkg_reads_the_package_and_finds_the_program_by_its_link() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.deb");
    let package = package(Platform::Linux);
    let bytes = deb(&package, 1_000_000_000).unwrap();
    assert_eq!(bytes, deb(&package, 1_000_000_000).unwrap());
    std::fs::write(&file, bytes).unwrap();
    let says = |what: &str| Shell::new(what).arg(&file).stdout().unwrap();
    let fields = says("dpkg-deb --field");
    assert!(fields.contains("Depends: libc6 (>= 2.34), "), "{fields}");
    assert!(fields.contains("Architecture: amd64"), "{fields}");
    let out = folder.path().join("out");
    assert!(
        Shell::new("dpkg-deb --extract")
            .arg(&file)
            .arg(&out)
            .quiet()
            .unwrap()
            .ok
    );
    let program = std::fs::canonicalize(out.join("usr/bin/irefuda-booth")).unwrap();
    assert!(program.ends_with("usr/lib/irefuda/irefuda-booth"));
    let beside = |name: &str| program.with_file_name(name);
    assert!(beside("irefuda-face-worker").is_file());
    assert!(beside("models/a.dat").is_file());
    assert!(beside("booth.toml").is_file());
    let desktop = out.join("usr/share/applications/irefuda.desktop");
    let desktop = std::fs::read_to_string(desktop).unwrap();
    assert!(desktop.contains("\nExec=irefuda-booth %f\n"), "{desktop}");
}

#[test]
fn a_face_worker_for_a_newer_system_is_refused() {
    let mut package = package(Platform::Linux);
    package.programs = [b"GLIBC_2.34".to_vec(), b"GLIBCXX_3.4.31\0".to_vec()];
    assert!(deb(&package, 0).is_err());
}

#[test]
fn the_newest_library_counts() {
    let programs = [
        b"GLIBC_2.9\0GLIBC_2.17\0GLIBC_2.".to_vec(),
        b"GLIBC_2.3.4".to_vec(),
    ];
    assert_eq!(newest(&programs, b"GLIBC_2."), Some(17));
    assert_eq!(newest(&programs, b"GLIBCXX_3.4."), None);
}
