//! Compiles dlib and our shim from the pinned source archive.
//!
//! The archive lies in `target/assets/downloads/`, where `cargo xtask assets` puts it: a build
//! fetches nothing. Its name and sha256 are in `source.sha256`. The optimisation level is always
//! 3, whatever the profile, and the compiled library is kept in `target/assets/`, so that dev and
//! release share it.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Hash and name of the archive, as `sha256sum` writes them.
const SOURCE: &str = include_str!("source.sha256");
const LIBRARY: &str = "irefuda_dlib";
/// Raise it when the compiler flags below change.
const RECIPE: &str = "2";
/// Our own C++ files.
const CPP: [&str; 3] = [
    "cpp/shim.cpp",
    "cpp/fast_multiply.cpp",
    "cpp/fast_multiply.h",
];
/// Written after everything was unpacked; without it the folder does not count.
const STAMP: &str = ".irefuda-complete";

fn main() -> Outcome<()> {
    for file in CPP.iter().chain(&["build.rs", "source.sha256"]) {
        say(format_args!("cargo::rerun-if-changed={file}"))?;
    }
    let manifest = PathBuf::from(cargo_var("CARGO_MANIFEST_DIR")?);
    let root = manifest.join("../..").canonicalize()?;
    let assets = root.join("target").join("assets");
    let sources = unpacked(&assets)?;
    let out = PathBuf::from(cargo_var("OUT_DIR")?);
    compile(&manifest, &root, &assets, &sources, &out)?;
    say(format_args!(
        "cargo::rustc-link-search=native={}",
        out.display()
    ))?;
    say(format_args!("cargo::rustc-link-lib=static={LIBRARY}"))?;
    for library in system_libraries(&cargo_var("TARGET")?) {
        say(format_args!("cargo::rustc-link-lib={library}"))?;
    }
    if cargo_var("TARGET")?.ends_with("windows-gnu") {
        runtime_of_mingw()?;
    }
    Ok(())
}

/// No Windows has the runtime of this compiler: it goes into the program. Each library after those
/// that need it.
fn runtime_of_mingw() -> Outcome<()> {
    let compiler = cc::Build::new().cpp(true).get_compiler();
    let mut folders = Vec::new();
    for library in ["stdc++", "ssp", "winpthread"] {
        let file = format!("lib{library}.a");
        let asked = compiler
            .to_command()
            .arg(format!("-print-file-name={file}"))
            .output()?;
        let path = PathBuf::from(String::from_utf8(asked.stdout)?.trim());
        let folder = path.canonicalize()?.parent().map(Path::to_path_buf);
        let folder = folder.ok_or("a library without a folder")?;
        if !folders.contains(&folder) {
            say(format_args!(
                "cargo::rustc-link-search=native={}",
                folder.display()
            ))?;
            folders.push(folder);
        }
        say(format_args!(
            "cargo::rustc-link-lib=static:-bundle={library}"
        ))?;
    }
    // Where libssp gets the value from that it guards stacks with.
    say(format_args!("cargo::rustc-link-lib=advapi32"))
}

fn say(line: std::fmt::Arguments<'_>) -> Outcome<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

fn cargo_var(name: &str) -> Outcome<String> {
    let value = std::env::var_os(name).ok_or_else(|| format!("{name} is not set"))?;
    value
        .into_string()
        .map_err(|_| format!("{name} is not UTF-8").into())
}

fn system_libraries(target: &str) -> &'static [&'static str] {
    if target.contains("windows-msvc") {
        &["ws2_32", "winmm", "gdi32", "comctl32", "imm32", "user32"]
    } else if target.contains("windows") {
        &["ws2_32", "winmm", "gdi32", "comctl32", "imm32"]
    } else if target.contains("apple") {
        &["c++"]
    } else {
        &["stdc++", "pthread"]
    }
}

// ---- compile -------------------------------------------------------------------------------

fn compile(manifest: &Path, root: &Path, assets: &Path, sources: &Path, out: &Path) -> Outcome<()> {
    let mut build = cc::Build::new();
    build
        .cpp(true)
        .std("c++17")
        .opt_level(3)
        .debug(false)
        .warnings(false)
        .cargo_metadata(false)
        .include(sources)
        .define("DLIB_NO_GUI_SUPPORT", None)
        .define("NDEBUG", None)
        .define("NOMINMAX", None)
        .flag_if_supported("-w")
        .flag_if_supported("-fstack-protector-strong");
    let name = format!("lib{LIBRARY}.a");
    let kept = assets
        .join("dlib-built")
        .join(build_key(&build, manifest)?)
        .join(&name);
    let wanted = if build.get_compiler().is_like_msvc() {
        out.join(format!("{LIBRARY}.lib"))
    } else {
        out.join(&name)
    };
    if kept.is_file() {
        fs::copy(&kept, &wanted)?;
        return Ok(());
    }
    if !build.get_compiler().is_like_msvc() {
        // dlib's sources must come first in a file, so our declaration goes in by the command.
        build
            .flag("-include")
            .flag(manifest.join("cpp/fast_multiply.h"));
    }
    build
        .flag_if_supported(format!("-ffile-prefix-map={}=.", root.display()))
        .file(sources.join("dlib/all/source.cpp"))
        .file(manifest.join("cpp/shim.cpp"))
        .file(manifest.join("cpp/fast_multiply.cpp"))
        .try_compile(LIBRARY)?;
    let folder = kept.parent().ok_or("no folder")?;
    fs::create_dir_all(folder)?;
    let half = folder.join(format!("{name}.{}", std::process::id()));
    fs::copy(&wanted, &half)?;
    fs::rename(&half, &kept)?;
    Ok(())
}

/// What the compiled library depends on: archive, shim, recipe, target, compiler.
fn build_key(build: &cc::Build, manifest: &Path) -> Outcome<String> {
    let compiler = build.get_compiler();
    let version = compiler
        .to_command()
        .arg("--version")
        .output()
        .map(|o| o.stdout);
    let mut parts = vec![
        pinned()?.0.as_bytes().to_vec(),
        RECIPE.as_bytes().to_vec(),
        cargo_var("TARGET")?.into_bytes(),
        version.unwrap_or_default(),
    ];
    for file in CPP {
        parts.push(fs::read(manifest.join(file))?);
    }
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len())?.to_le_bytes());
        hash.update(&part);
    }
    Ok(hex(&hash.finalize()).chars().take(32).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

// ---- sources -------------------------------------------------------------------------------

/// sha256 and file name of the archive.
fn pinned() -> Outcome<(&'static str, &'static str)> {
    let pair = SOURCE.trim().split_once("  ");
    pair.ok_or_else(|| "source.sha256: not as sha256sum writes it".into())
}

/// The folder of the unpacked sources.
fn unpacked(assets: &Path) -> Outcome<PathBuf> {
    let (hash, file) = pinned()?;
    let name = file.trim_end_matches(".tar.gz");
    let folder = assets.join(name);
    if folder.join(STAMP).is_file() {
        return Ok(folder);
    }
    let archive = assets.join("downloads").join(file);
    let bytes = fs::read(&archive).map_err(|error| {
        format!(
            "the face engine's source is missing ({}: {error}). A build fetches nothing: run \
             `cargo xtask assets` once",
            archive.display()
        )
    })?;
    if hex(&Sha256::digest(&bytes)) != hash {
        return Err(format!("{}: sha256 differs from the pinned one", archive.display()).into());
    }
    let half = assets.join(format!("{name}.{}", std::process::id()));
    fs::create_dir_all(&half)?;
    tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice())).unpack(&half)?;
    let unpacked = half.join(name);
    fs::write(unpacked.join(STAMP), hash)?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::rename(&unpacked, &folder)?;
    fs::remove_dir_all(&half)?;
    Ok(folder)
}
