use super::*;

#[test]
fn the_clock_steps_forward_only() {
    let dir = std::env::temp_dir().join(format!("irefuda-clock-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let path = dir.join("clock");
    let start = 1_800_574_200_000;
    let mut clock = Clock::start(&path, start).unwrap();
    assert!((start..start + 5_000).contains(&clock.now_ms()));
    assert!(clock.step_to(start + 60_000).unwrap());
    assert!(!clock.step_to(start + 10_000).unwrap());
    assert!(clock.now_ms() >= start + 60_000);
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 16);
    assert_eq!(u64::from_le_bytes(bytes[8..].try_into().unwrap()), 2);
    let nanos = i64::from_le_bytes(bytes[..8].try_into().unwrap());
    assert_eq!(nanos, clock.offset_ms * 1_000_000);
    fs::remove_dir_all(&dir).unwrap();
}
