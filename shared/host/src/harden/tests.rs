use std::os::unix::fs::PermissionsExt as _;

use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

use super::*;

#[test]
fn no_core_no_debugger_and_new_files_are_private() {
    harden().unwrap();
    let core = getrlimit(Resource::Core);
    assert_eq!((core.current, core.maximum), (Some(0), Some(0)));
    let dumpable = dumpable_behavior().unwrap();
    assert_eq!(dumpable, DumpableBehavior::NotDumpable);
    let folder = tempfile::tempdir().unwrap();
    let (file, inner) = (folder.path().join("a"), folder.path().join("b"));
    std::fs::write(&file, b"a secret").unwrap();
    std::fs::create_dir(&inner).unwrap();
    let mode = |path: &std::path::Path| {
        let found = std::fs::metadata(path).unwrap();
        found.permissions().mode() & 0o777
    };
    assert_eq!((mode(&file), mode(&inner)), (0o600, 0o700));
}
