//! What the worker gave up, how much memory it takes and how long it needs.

use std::fs;

use face::FaceEngine as _;

use crate::support::{engine, frame, session, template};

fn status(process: u32, file: &str, key: &str) -> String {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).unwrap();
    let line = text.lines().find(|l| l.starts_with(key)).unwrap();
    line[key.len()..].trim_start_matches(':').trim().to_owned()
}

#[test]
fn it_can_open_write_and_dump_nothing() {
    let mut engine = engine();
    let process = engine.process_id().unwrap();
    let mut session = session(&mut engine, "a-card.jp2");
    session.judge(&mut engine, &[frame("a-frame-1.jpg")]);
    for key in ["Max file size", "Max open files", "Max core file size"] {
        let limits = status(process, "limits", key);
        assert!(
            limits.split_whitespace().take(2).eq(["0", "0"]),
            "{key}: {limits}"
        );
    }
    let space = status(process, "limits", "Max address space");
    assert!(space.starts_with("536870912"), "{space}");
    assert_eq!(status(process, "status", "NoNewPrivs"), "1");
    assert_eq!(status(process, "status", "Threads"), "1");
    // Only readable by some: all it holds open are its three pipes, two of them twice.
    if let Ok(open) = fs::read_dir(format!("/proc/{process}/fd")) {
        for entry in open {
            let target = fs::read_link(entry.unwrap().path()).unwrap();
            let target = target.to_string_lossy();
            assert!(
                target.starts_with("pipe:") || target == "/dev/null",
                "{target}"
            );
        }
    }
}

#[test]
fn real_memory_and_time_stay_within_bounds() {
    let mut engine = engine();
    let process = engine.process_id().unwrap();
    let ticks = || {
        let line = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
        let (_, fields) = line.rsplit_once(')').unwrap();
        let fields: Vec<&str> = fields.split_whitespace().collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let picture = frame("a-frame-1.jpg");
    let seen = engine.analyse(&picture).unwrap();
    assert_eq!((seen.width, seen.height), (640, 480));
    template(&mut engine, &picture);
    const ROUNDS: u64 = 20;
    let (before, begun) = (ticks(), std::time::Instant::now());
    for _ in 0..ROUNDS {
        template(&mut engine, &picture);
    }
    let wall = begun.elapsed().as_millis() / u128::from(ROUNDS);
    // A tick is a hundredth of a second on every Linux that matters.
    let cpu = (ticks() - before) * 10 / ROUNDS;
    let peak: u64 = status(process, "status", "VmHWM")
        .trim_end_matches(" kB")
        .parse()
        .unwrap();
    println!(
        "640x480: {cpu} ms CPU, {wall} ms wall a frame; peak memory {} MiB",
        peak / 1024
    );
    assert!(peak < 150 * 1024, "{peak} kB");
    assert!(cpu < 300, "{cpu} ms of CPU a frame");
}
