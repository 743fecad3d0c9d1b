//! The files of a package: names, modes and bytes, sorted, so that packing them twice gives the same
//! bytes.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};

/// One file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Bytes, and whether it is a program.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Whether it can be started.
        program: bool,
    },
    /// A symbolic link to a name.
    Link(String),
}

/// Files by their path in the package, `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree(BTreeMap<String, Item>);

impl Tree {
    /// Adds a file that is read.
    pub fn file(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let (bytes, program) = (bytes.into(), false);
        self.0.insert(path.into(), Item::File { bytes, program });
    }

    /// Adds a file that is started.
    pub fn program(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        let (bytes, program) = (bytes.into(), true);
        self.0.insert(path.into(), Item::File { bytes, program });
    }

    /// Adds a symbolic link.
    pub fn link(&mut self, path: impl Into<String>, to: impl Into<String>) {
        self.0.insert(path.into(), Item::Link(to.into()));
    }

    /// In order of their paths, bytewise.
    pub fn items(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.0.iter().map(|(path, item)| (path.as_str(), item))
    }

    /// Every folder that a file lies in, in order, parents first.
    pub fn folders(&self) -> Vec<String> {
        let mut all = std::collections::BTreeSet::new();
        for path in self.0.keys() {
            for (at, _) in path.match_indices('/') {
                all.insert(path.split_at(at).0.to_owned());
            }
        }
        all.into_iter().collect()
    }

    /// The same files below a folder.
    pub fn below(&self, folder: &str) -> Self {
        let moved = self.0.iter();
        Self(
            moved
                .map(|(path, item)| (format!("{folder}/{path}"), item.clone()))
                .collect(),
        )
    }

    /// Bytes of all files together.
    pub fn size(&self) -> usize {
        self.0.values().map(Item::size).sum()
    }

    /// Writes the files below a folder, for a packer that reads files.
    ///
    /// # Errors
    /// A file cannot be written; the tree holds a link.
    pub fn write(&self, folder: &Path) -> Result<()> {
        for (path, item) in self.items() {
            let Item::File { bytes, .. } = item else {
                anyhow::bail!("{path}: a link");
            };
            let file = folder.join(path);
            let parent = file.parent().context("a file's folder")?;
            std::fs::create_dir_all(parent)?;
            std::fs::write(&file, bytes).with_context(|| file.display().to_string())?;
        }
        Ok(())
    }
}

impl Item {
    fn size(&self) -> usize {
        match self {
            Self::File { bytes, .. } => bytes.len(),
            Self::Link(_) => 0,
        }
    }
}
