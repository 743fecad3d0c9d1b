use super::*;

#[test]
fn one_bit_changes() {
    assert_eq!(flipped(&[0, 0, 0], 9), [0, 2, 0]);
    assert_eq!(flipped(&[0xff], 7), [0x7f]);
}

#[test]
fn every_file_gets_its_flips_inside_its_length() {
    let dir = std::env::temp_dir().join(format!("irefuda-tamper-test-{}", std::process::id()));
    fs::create_dir_all(dir.join("view")).unwrap();
    fs::write(dir.join("entries.bin"), [0; 100]).unwrap();
    fs::write(dir.join("view/status.json"), "{}").unwrap();
    fs::write(dir.join("empty"), "").unwrap();
    let plan = plan(&dir, 50, 1).unwrap();
    assert_eq!(plan.len(), 100);
    assert!(plan.iter().all(|flip| {
        let length = fs::metadata(dir.join(&flip.file)).unwrap().len();
        flip.bit < length * 8
    }));
    let copy = dir.join("copy");
    copy_folder(&dir.join("view"), &copy).unwrap();
    assert_eq!(fs::read(copy.join("status.json")).unwrap(), b"{}");
    fs::remove_dir_all(&dir).unwrap();
}
