use super::*;

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("irefuda-process-{name}-{}", std::process::id()))
}

#[test]
fn a_process_is_stopped_and_its_output_kept() {
    let dir = folder("stop");
    let mut process = Process::start(
        "sh",
        &dir,
        Path::new("sh"),
        &["-c", "echo hello; exec sleep 60"],
    )
    .unwrap();
    let log = dir.join("stdout.log");
    process
        .wait_until(Duration::from_secs(5), || {
            fs::read_to_string(&log).is_ok_and(|text| text.contains("hello"))
        })
        .unwrap();
    assert!(process.runs());
    let id = fs::read_to_string(dir.join("pid")).unwrap();
    assert_eq!((id.len(), id.parse()), (10, Ok(process.id())));
    process.stop();
    assert!(!process.runs());
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn an_early_end_is_reported_with_its_log() {
    let dir = folder("early");
    let mut process =
        Process::start("sh", &dir, Path::new("sh"), &["-c", "echo why >&2; exit 3"]).unwrap();
    let error = process
        .wait_until(Duration::from_secs(5), || false)
        .unwrap_err();
    assert!(error.to_string().contains("why"), "{error}");
    fs::remove_dir_all(&dir).unwrap();
}
