//! The public record of a test chain.

use super::Stored;
use ballot::SealedManifest;
use board::Election;
use board::record::{BLOCKS, ENTRIES, FINALITY, MANIFEST, Memory, ORDER, RecordWriter, views};
use crypto::wire::TopLevel as _;
use std::collections::BTreeMap;

/// Writes a chain as a record.
#[must_use]
pub fn record_of(chain: &[Stored], manifest: &SealedManifest, election: &Election) -> Memory {
    let mut w = RecordWriter {
        blocks: vec![],
        entries: vec![],
        finality: vec![],
    };
    for s in chain {
        w.push(&s.block.header, &s.block.entries, s.certificate.as_deref())
            .expect("memory takes everything");
    }
    let mut files = BTreeMap::from([
        (MANIFEST.to_owned(), manifest.to_bytes()),
        (BLOCKS.to_owned(), w.blocks),
        (ENTRIES.to_owned(), w.entries),
        (FINALITY.to_owned(), w.finality),
    ]);
    for (name, text) in views(election).expect("a sealed election") {
        files.insert(name.to_owned(), text.into_bytes());
    }
    Memory(files)
}

/// Writes the files of a record into a folder, which is made if it is not there.
pub fn save(record: &Memory, folder: &std::path::Path) {
    std::fs::create_dir_all(folder.join("view")).expect("a folder for the record");
    for name in ORDER {
        if let Some(bytes) = record.0.get(name) {
            std::fs::write(folder.join(name), bytes).expect("a file of the record");
        }
    }
}
