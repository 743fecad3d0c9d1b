use std::os::unix::fs::PermissionsExt as _;

use super::*;

#[test]
fn the_folder_is_made_for_its_user_alone_and_left_empty() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("a/irefuda");
    prepare(&folder).unwrap();
    let mode = fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

/// `/proc` takes no files, whoever asks.
#[test]
fn what_cannot_be_written_is_known_before_the_first_page() {
    assert!(prepare(Path::new("/proc/irefuda")).is_err());
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(prepare(&file).is_err());
}
