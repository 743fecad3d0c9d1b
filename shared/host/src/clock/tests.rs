use super::*;

#[test]
fn a_step_moves_every_reader_and_counts_generations() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clock");
    let clock = ClockConfig::demo(&file).open().unwrap();
    let before = clock.now_ms();
    assert!(
        before.abs_diff(system_ms()) < 1_000,
        "no file means no offset"
    );
    let target = 1_566_516_600_000; // 2019-08-23 08:30 JST
    assert_eq!(DemoClock::step_to(&file, target).unwrap(), 1);
    assert!(clock.now_ms().abs_diff(target) < 1_000);
    assert_eq!(clock.generation(), 1);
    assert_eq!(DemoClock::set_offset(&file, 0).unwrap(), 2);
    assert!(clock.now_ms().abs_diff(system_ms()) < 1_000);
}

#[test]
fn a_damaged_file_keeps_the_last_offset() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("clock");
    DemoClock::step_to(&file, 1_000_000_000_000).unwrap();
    let clock = WallClock::Demo(DemoClock::new(&file));
    assert!(clock.now_ms().abs_diff(1_000_000_000_000) < 1_000);
    fs::write(&file, b"short").unwrap();
    assert!(clock.now_ms().abs_diff(1_000_000_000_000) < 1_000);
}

#[test]
fn half_a_section_is_refused() {
    assert!(matches!(
        ClockConfig {
            demo: true,
            file: None
        }
        .open(),
        Err(ClockError::Section)
    ));
    let file = Some("x".into());
    assert!(matches!(
        ClockConfig { demo: false, file }.open(),
        Err(ClockError::Section)
    ));
    assert!(matches!(
        ClockConfig::default().open(),
        Ok(WallClock::System)
    ));
}

#[test]
fn a_manual_clock_moves_its_copies() {
    let clock = ManualClock::new(5);
    let wall = clock.wall();
    clock.set_ms(9);
    assert_eq!(wall.now_ms(), 9);
}
