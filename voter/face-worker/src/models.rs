//! The model files: read once, checked against their pinned hashes, loaded from the very bytes
//! that were checked.

use std::fs;

use dlib_sys::Dlib;
use face::wire::LoadFault;
use face::{EngineInfo, ModelOrigin};
use sha2::{Digest as _, Sha256};

use crate::config::{Config, ModelFile};
use crate::serve::Engine;

/// Reads, checks and loads both models.
pub(crate) fn load(config: &Config) -> Result<Engine, LoadFault> {
    let (landmarks, landmarks_sha256) = read(config, &config.landmarks)?;
    let (recognition, recognition_sha256) = read(config, &config.recognition)?;
    let dlib = Dlib::load(&landmarks, &recognition).map_err(|_| LoadFault::ModelBroken)?;
    let origin = match config.is_reference() {
        true => ModelOrigin::Reference,
        false => ModelOrigin::Operator,
    };
    let name = format!("dlib {}", dlib_sys::DLIB_VERSION);
    Ok(Engine::new(
        dlib,
        EngineInfo {
            name,
            origin,
            landmarks_sha256,
            recognition_sha256,
        },
    ))
}

fn read(config: &Config, model: &ModelFile) -> Result<(Vec<u8>, [u8; 32]), LoadFault> {
    let bytes = fs::read(config.models.join(&model.file)).map_err(|_| LoadFault::ModelMissing)?;
    let hash: [u8; 32] = Sha256::digest(&bytes).into();
    let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    if !hex.eq_ignore_ascii_case(&model.sha256) {
        return Err(LoadFault::ModelHash);
    }
    Ok((bytes, hash))
}
