//! Where things are, and short ways to use them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use face::{FaceEngine as _, MatchSession, Picture, Policy, Template, WorkerConfig, WorkerEngine};

pub fn assets(relative: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/assets");
    let path = root.join(relative);
    assert!(
        path.exists(),
        "{relative} is missing: run `cargo xtask assets` once"
    );
    path
}

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(assets("pictures").join(name)).unwrap()
}

pub fn card(name: &str) -> Picture {
    Picture::card(bytes(name)).unwrap()
}

pub fn frame(name: &str) -> Picture {
    Picture::frame(bytes(name)).unwrap()
}

pub fn config() -> WorkerConfig {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_irefuda-face-worker"));
    // Deadlines for a busy machine; the default of five seconds is checked by itself.
    WorkerConfig {
        start_deadline: Duration::from_secs(120),
        deadline: Duration::from_secs(60),
        ..WorkerConfig::new(program, assets("models"))
    }
}

pub fn engine() -> WorkerEngine {
    WorkerEngine::start(config()).unwrap()
}

pub fn session(engine: &mut WorkerEngine, card_name: &str) -> MatchSession {
    MatchSession::start(engine, &card(card_name), &Policy::default()).unwrap()
}

/// The template of the largest face.
pub fn template(engine: &mut WorkerEngine, picture: &Picture) -> Template {
    let seen = engine.analyse(picture).unwrap();
    engine
        .template(picture, seen.faces.first().unwrap())
        .unwrap()
}

pub fn signal(process: u32, signal: &str) {
    let done = std::process::Command::new("kill")
        .args([signal, &process.to_string()])
        .status()
        .unwrap();
    assert!(done.success());
}
