//! A record on disk.

use super::{Memory, ORDER, Source};
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

/// A folder with the files of a record.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Source for Folder {
    fn names(&self) -> io::Result<Vec<String>> {
        let mut out = Vec::new();
        let mut folders = vec![(self.0.clone(), String::new())];
        while let Some((path, prefix)) = folders.pop() {
            for item in fs::read_dir(path)? {
                let item = item?;
                let name = format!("{prefix}{}", item.file_name().to_string_lossy());
                if item.file_type()?.is_dir() && name == "view" {
                    folders.push((item.path(), "view/".to_owned()));
                } else {
                    out.push(name);
                }
            }
        }
        Ok(out)
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(BufReader::new(File::open(self.0.join(name))?)))
    }
}

impl Memory {
    /// Reads a whole record into memory.
    ///
    /// # Errors
    /// Whatever the medium says.
    pub fn load(source: &dyn Source) -> io::Result<Self> {
        let mut files = std::collections::BTreeMap::new();
        for name in source.names()? {
            let mut bytes = Vec::new();
            source.open(&name)?.read_to_end(&mut bytes)?;
            files.insert(name, bytes);
        }
        Ok(Self(files))
    }
    /// Writes the files into a folder, which is made if it is not there.
    ///
    /// # Errors
    /// Whatever the medium says.
    pub fn save(&self, folder: &std::path::Path) -> io::Result<()> {
        fs::create_dir_all(folder.join("view"))?;
        for name in ORDER {
            if let Some(bytes) = self.0.get(name) {
                fs::write(folder.join(name), bytes)?;
            }
        }
        Ok(())
    }
}
