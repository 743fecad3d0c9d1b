//! The places of a run: folders, ports, programs, passphrases.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders and ports of a run.
#[derive(Clone)]
pub struct RunFolder {
    /// `DIR`, absolute.
    pub out: PathBuf,
    port_base: u16,
}

impl RunFolder {
    /// Makes `DIR` and its folders. What an earlier run left in them is removed.
    ///
    /// # Errors
    /// A folder cannot be made.
    pub fn make(out: &Path, port_base: u16) -> Result<Self> {
        fs::create_dir_all(out)?;
        let run_folder = Self {
            out: out.canonicalize()?,
            port_base,
        };
        for name in ["run", "demo-secrets", "record", "screens", "capture"] {
            let folder = run_folder.out.join(name);
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            fs::create_dir_all(&folder)?;
        }
        Ok(run_folder)
    }

    /// Folder of one party.
    pub fn party(&self, name: &str) -> PathBuf {
        self.out.join("run").join(name)
    }

    /// A log of this program itself, or of a script it runs.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn own_log(&self, name: &str) -> Result<PathBuf> {
        let folder = self.party("demo");
        fs::create_dir_all(&folder)?;
        Ok(folder.join(format!("{name}.log")))
    }

    /// The clock file.
    pub fn clock(&self) -> PathBuf {
        self.out.join("run/clock")
    }

    /// A port, by its distance from the base.
    pub fn port(&self, offset: u16) -> u16 {
        self.port_base + offset
    }

    /// `127.0.0.1:port`.
    pub fn address(&self, offset: u16) -> String {
        format!("127.0.0.1:{}", self.port(offset))
    }

    /// A file with a fresh random passphrase, readable by its owner only.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn passphrase(&self, name: &str) -> Result<PathBuf> {
        let path = self.out.join("demo-secrets").join(name);
        if !path.exists() {
            let mut random = [0u8; 16];
            fs::File::open("/dev/urandom")?.read_exact(&mut random)?;
            let text: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
            private(&path, &text)?;
        }
        Ok(path)
    }

    /// Writes a party's file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, party: &str, file: &str, text: &str) -> Result<PathBuf> {
        let folder = self.party(party);
        fs::create_dir_all(&folder)?;
        let path = folder.join(file);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        Ok(path)
    }

    /// Where a node notes what it is asked: an observer's file, like the captured traffic.
    pub fn requests(&self, n: u16) -> PathBuf {
        self.out.join("capture").join(format!("requests-{n}"))
    }

    /// A file next to the passphrases, readable by its owner only.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn secret(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.out.join("demo-secrets").join(name);
        private(&path, text)?;
        Ok(path)
    }
}

fn private(path: &Path, text: &str) -> Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}
