//! A record on disk.

use board::record::Source;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::PathBuf;

/// A folder with the files of a record. What is no regular file (a link, a pipe) counts as a file
/// with another name, so that rule R8.01 refuses it before anything is opened.
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
                let kind = item.file_type()?;
                if kind.is_dir() && name == "view" {
                    folders.push((item.path(), "view/".to_owned()));
                } else if kind.is_file() {
                    out.push(name);
                } else {
                    out.push(format!("{name} (no regular file)"));
                }
            }
        }
        Ok(out)
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(BufReader::new(File::open(self.0.join(name))?)))
    }
}
