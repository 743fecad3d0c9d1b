//! Registrars' keys that tests share, also those of other crates.

use std::path::Path;

use ballot::manifest::Registrar as Listed;
use ballot::text::Text;
use host::keyfile::Cost;
use host::passphrase::Passphrase;
use registrar::keys::Keys;

pub fn pass() -> Passphrase {
    Passphrase::new("0123456789abcdef".to_owned().into())
}

/// Makes keys in the folder `keys` of `base`, once; kept between runs, because it takes seconds.
pub fn kept(base: &Path, depth: u8, windows: u8) -> Keys {
    let folder = base.join("keys");
    std::fs::create_dir_all(base).unwrap();
    let lock = std::fs::File::create(base.join("lock")).unwrap();
    lock.lock().unwrap();
    if !base.join("done").exists() {
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        write(&Keys::generate(depth, windows).unwrap(), &folder);
        std::fs::write(base.join("done"), b"").unwrap();
    }
    Keys::read(&folder, &pass()).unwrap()
}

/// The keys in a new folder.
pub fn write(keys: &Keys, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    keys.write(folder, &pass(), Cost::LIGHT).unwrap();
}

/// What a manifest says of a registrar with these keys.
pub fn listed(keys: &Keys, origin: &str) -> Listed {
    let part = keys.public_part("", "", "", origin);
    Listed {
        name: Text::new("登", "登", "登"),
        origin: part.origin,
        spki: part.spki.0,
        key: part.key.0,
        first: part.first.0,
        again: part.again.iter().map(|m| m.0).collect(),
        survey: part.survey.0,
        salt_depth: part.salt_depth,
        salt_root: part.salt_root.0,
    }
}
