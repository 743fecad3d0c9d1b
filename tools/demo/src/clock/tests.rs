use super::*;

const START: u64 = 1_800_574_200_000;

fn folder(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("irefuda-{name}-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    dir
}

#[test]
fn the_clock_steps_forward_only() {
    let dir = folder("clock");
    let mut clock = Clock::start(&dir.join("clock"), START).unwrap();
    assert!((START..START + 5_000).contains(&clock.now_ms().unwrap()));
    assert!(clock.step_to(START + 60_000).unwrap());
    assert!(!clock.step_to(START + 10_000).unwrap());
    assert!(clock.now_ms().unwrap() >= START + 60_000);
    assert_eq!(fs::read(dir.join("clock")).unwrap().len(), 16);
    assert_eq!(clock.setting().unwrap().generation, 2);
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn what_somebody_else_wrote_counts_and_is_not_taken_back() {
    const HOUR: u64 = 3_600_000;
    let dir = folder("clock-of-two");
    let path = dir.join("clock");
    let mut clock = Clock::start(&path, START).unwrap();
    let mut button = Clock { path };
    assert!(button.step_to(START + HOUR).unwrap());
    assert!(button.step_to(START + 2 * HOUR).unwrap());
    assert!(clock.now_ms().unwrap() >= START + 2 * HOUR);
    assert!(!clock.step_to(START + HOUR).unwrap());
    assert!(clock.now_ms().unwrap() >= START + 2 * HOUR);
    assert!(clock.step_to(START + 3 * HOUR).unwrap());
    assert_eq!(clock.setting().unwrap().generation, 4);
    fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn a_clock_file_that_is_gone_is_an_error_and_not_the_real_time() {
    let dir = folder("clock-gone");
    let mut clock = Clock::start(&dir.join("clock"), START).unwrap();
    fs::write(dir.join("clock"), [0; 12]).unwrap();
    assert!(clock.now_ms().is_err());
    fs::remove_dir_all(&dir).unwrap();
    assert!(clock.now_ms().is_err() && clock.step_to(START).is_err());
}
