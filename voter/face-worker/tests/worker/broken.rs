//! Workers that hang, lie, are not there, or have the wrong models.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use face::wire::{LoadFault, Response, write_message};
use face::{
    EngineError, EngineInfo, FaceEngine as _, ModelOrigin, StartFailure, Unavailable, WorkerConfig,
    WorkerEngine,
};

use crate::support::{assets, config, engine, frame, signal};

/// A stand-in for the worker that writes these messages and then waits.
fn liar(folder: &Path, messages: &[&[u8]]) -> WorkerConfig {
    let (script, said) = (folder.join("liar.sh"), folder.join("said.bin"));
    let mut all = Vec::new();
    for message in messages {
        write_message(&mut all, message).unwrap();
    }
    fs::write(&said, all).unwrap();
    fs::write(
        &script,
        format!(
            "#!/bin/sh\n/bin/cat '{}'\nexec /bin/sleep 60\n",
            said.display()
        ),
    )
    .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    WorkerConfig {
        program: script,
        ..config()
    }
}

fn ready() -> Vec<u8> {
    let info = EngineInfo {
        name: "liar".to_owned(),
        origin: ModelOrigin::Operator,
        landmarks_sha256: [0; 32],
        recognition_sha256: [0; 32],
    };
    Response::Ready(info).encode().to_vec()
}

#[test]
fn a_stopped_worker_is_killed_at_the_deadline() {
    let mut engine = WorkerEngine::start(WorkerConfig {
        deadline: Duration::from_millis(400),
        ..config()
    })
    .unwrap();
    let process = engine.process_id().unwrap();
    signal(process, "-STOP");
    let begun = Instant::now();
    let answer = engine.analyse(&frame("a-frame-1.jpg"));
    assert_eq!(answer, Err(EngineError::Unavailable(Unavailable::TimedOut)));
    assert!(begun.elapsed() >= Duration::from_millis(400));
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(
        !Path::new(&format!("/proc/{process}")).exists(),
        "it is still there"
    );
    assert_eq!(
        WorkerConfig::new(PathBuf::new(), PathBuf::new()).deadline,
        Duration::from_secs(5)
    );
}

#[test]
fn nonsense_from_a_worker_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let frame = frame("a-frame-1.jpg");
    for nonsense in [
        &b"\x63"[..],
        &[2, 0, 0],
        &Response::Fault.encode()[..],
        &ready(),
    ] {
        let mut engine = WorkerEngine::start(liar(folder.path(), &[&ready(), nonsense])).unwrap();
        let wanted = match nonsense {
            [5] => Unavailable::Fault,
            _ => Unavailable::BrokeProtocol,
        };
        assert_eq!(
            engine.analyse(&frame),
            Err(EngineError::Unavailable(wanted)),
            "{nonsense:?}"
        );
        assert_eq!(engine.is_running(), wanted == Unavailable::Fault);
    }
}

#[test]
fn workers_that_do_not_come_up() {
    let folder = tempfile::tempdir().unwrap();
    let start = |config| WorkerEngine::start(config).err();
    let absent = WorkerConfig {
        program: folder.path().join("none"),
        ..config()
    };
    assert_eq!(start(absent), Some(StartFailure::NotStarted));
    let silent = WorkerConfig {
        start_deadline: Duration::from_millis(300),
        ..liar(folder.path(), &[])
    };
    assert_eq!(start(silent), Some(StartFailure::NoWord));
    assert_eq!(
        start(liar(folder.path(), &[b"\x09"])),
        Some(StartFailure::NoWord)
    );
    let no_models = WorkerConfig {
        models: Some(folder.path().to_owned()),
        ..config()
    };
    assert_eq!(
        start(no_models),
        Some(StartFailure::Load(LoadFault::ModelMissing))
    );
}

#[test]
fn models_are_checked_against_their_hashes() {
    let folder = tempfile::tempdir().unwrap();
    let names = [
        "shape_predictor_5_face_landmarks.dat",
        "dlib_face_recognition_resnet_model_v1.dat",
    ];
    for name in names {
        fs::copy(assets("models").join(name), folder.path().join(name)).unwrap();
    }
    let changed = folder.path().join(names[0]);
    let mut bytes = fs::read(&changed).unwrap();
    bytes[1_000_000] ^= 1;
    fs::write(&changed, &bytes).unwrap();
    let of_folder = WorkerConfig {
        models: Some(folder.path().to_owned()),
        ..config()
    };
    let start = |config: &WorkerConfig| WorkerEngine::start(config.clone()).err();
    assert_eq!(
        start(&of_folder),
        Some(StartFailure::Load(LoadFault::ModelHash))
    );

    // A file that has the hash it should have but is no model.
    fs::write(folder.path().join("rubbish.dat"), b"rubbish").unwrap();
    fs::copy(assets("models").join(names[0]), &changed).unwrap();
    let file = folder.path().join("worker.toml");
    let hash = "71ca7d932e5a9bea82b11425bc83d474727bb94ecde72145e063f8b23b176ea3";
    fs::write(
        &file,
        format!("[recognition]\nfile = 'rubbish.dat'\nsha256 = '{hash}'\n"),
    )
    .unwrap();
    let rubbish = WorkerConfig {
        config: Some(file),
        ..of_folder
    };
    assert_eq!(
        start(&rubbish),
        Some(StartFailure::Load(LoadFault::ModelBroken))
    );
}

#[test]
fn a_worker_ends_when_its_input_ends() {
    let mut engine = engine();
    let process = engine.process_id().unwrap();
    assert!(engine.is_running());
    drop(engine);
    assert!(!Path::new(&format!("/proc/{process}")).exists());

    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_irefuda-face-worker"))
        .arg("--models")
        .arg(assets("models"))
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let usage = std::process::Command::new(env!("CARGO_BIN_EXE_irefuda-face-worker"))
        .arg("--listen")
        .output()
        .unwrap();
    assert_eq!(usage.status.code(), Some(2));
}
