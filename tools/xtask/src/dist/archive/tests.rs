use std::io::Read as _;

use toolbox::shell::Shell;

use super::super::tree::Tree;
use super::{instant, tar_gz, zip};

/// 2000-02-29 12:34:56 UTC.
const TIME: u64 = 951_827_696;

fn tree() -> Tree {
    let mut tree = Tree::default();
    tree.program("p/run", "#!/bin/sh\n");
    tree.file("p/models/b.dat", vec![7; 100_000]);
    tree.file("p/a.txt", "入れ札");
    tree
}

#[test]
fn a_tar_archive_has_sorted_names_fixed_modes_and_one_time() {
    let mut tree = tree();
    tree.link("p/link", "run");
    let bytes = tar_gz(&tree, TIME).unwrap();
    assert_eq!(bytes, tar_gz(&tree, TIME).unwrap());
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
    let mut found = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let header = entry.header().clone();
        assert_eq!(header.mtime().unwrap(), TIME);
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
        let path = entry.path().unwrap().display().to_string();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        found.push((path, header.mode().unwrap(), content.len()));
    }
    let expected = [
        ("p/", 0o755, 0),
        ("p/models/", 0o755, 0),
        ("p/a.txt", 0o644, 9),
        ("p/link", 0o777, 0),
        ("p/models/b.dat", 0o644, 100_000),
        ("p/run", 0o755, 10),
    ];
    let expected = expected.map(|(path, mode, size)| (path.to_owned(), mode, size));
    assert_eq!(found, expected);
}

/// Judged by Python's reader.
#[test]
fn a_zip_archive_is_read_by_others() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("p.zip");
    let bytes = zip(&tree(), TIME).unwrap();
    assert_eq!(bytes, zip(&tree(), TIME).unwrap());
    std::fs::write(&file, bytes).unwrap();
    let script = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        for i in z.infolist():\n    \
        print(i.filename, oct(i.external_attr >> 16), i.file_size, *i.date_time)\n\
        print(z.read('p/a.txt').decode())";
    let said = Shell::new("python3 -c")
        .arg(script)
        .arg(&file)
        .stdout()
        .unwrap();
    assert_eq!(
        said,
        "p/a.txt 0o100644 9 2000 2 29 12 34 56\n\
         p/models/b.dat 0o100644 100000 2000 2 29 12 34 56\n\
         p/run 0o100755 10 2000 2 29 12 34 56\n\
         入れ札\n"
    );
}

#[test]
fn a_zip_archive_takes_no_link() {
    let mut tree = tree();
    tree.link("p/link", "run");
    assert!(zip(&tree, TIME).is_err());
}

#[test]
fn times_are_written_as_others_write_them() {
    assert_eq!(instant(0), "1970-01-01T00:00:00Z");
    assert_eq!(instant(TIME), "2000-02-29T12:34:56Z");
    assert_eq!(instant(4_102_444_799), "2099-12-31T23:59:59Z");
}
