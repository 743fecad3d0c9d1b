//! Files of a public record.

use crate::seeds::WORLD;
use board::record::{BLOCKS, ENTRIES, FINALITY, Memory, ORDER, RecordReader, RecordWriter, Source};
use crypto::wire::{Reader, Writer};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use verify::TarFile;

/// The three chain files, each behind its length: what is read through to the end is written
/// again as the same bytes.
pub(super) fn files(bytes: &[u8]) -> bool {
    let mut r = Reader::new(bytes);
    let mut memory = Memory(BTreeMap::new());
    for name in [BLOCKS, ENTRIES, FINALITY] {
        let Ok(file) = r.bytes(1 << 24) else {
            return false;
        };
        memory.0.insert(name.to_owned(), file.to_vec());
    }
    let Some(again) = read_through(&memory) else {
        return false;
    };
    assert_eq!(again.0, memory.0, "a second byte string for one chain");
    true
}

fn read_through(source: &Memory) -> Option<Memory> {
    let mut reader = RecordReader::open(source).ok()?;
    let mut w = RecordWriter {
        blocks: Vec::new(),
        entries: Vec::new(),
        finality: Vec::new(),
    };
    while let Some((header, entries)) = reader.next_block().ok()? {
        let certificate = if header.height == 0 {
            None
        } else {
            reader.next_certificate().ok()?
        };
        w.push(&header, &entries, certificate.as_deref()).ok()?;
    }
    if reader.next_certificate().ok()?.is_some() {
        return None;
    }
    Some(Memory(BTreeMap::from([
        (BLOCKS.to_owned(), w.blocks),
        (ENTRIES.to_owned(), w.entries),
        (FINALITY.to_owned(), w.finality),
    ])))
}

pub(super) fn files_seeds() -> Vec<Vec<u8>> {
    let record = WORLD.lab.record();
    let mut w = Writer::new();
    for name in [BLOCKS, ENTRIES, FINALITY] {
        w.bytes(record.0.get(name).map(Vec::as_slice).unwrap_or_default());
    }
    vec![w.finish()]
}

/// A tar: what is accepted has exactly the record's files, each of them inside the tar.
pub(super) fn tar(bytes: &[u8]) -> bool {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("room for it");
    let Ok(tar) = TarFile::open(file.path()) else {
        return false;
    };
    let mut names = tar.names().expect("read before");
    let mut wanted = ORDER.map(str::to_owned);
    names.sort();
    wanted.sort();
    assert_eq!(names, wanted);
    for name in ORDER {
        let mut content = Vec::new();
        let mut opened = tar.open(name).expect("listed");
        opened.read_to_end(&mut content).expect("a file");
        assert!(content.len() < bytes.len());
    }
    true
}

pub(super) fn tar_seeds() -> Vec<Vec<u8>> {
    let record = WORLD.lab.record();
    let mut archive = Vec::new();
    for name in ORDER {
        let content = record.0.get(name).map(Vec::as_slice).unwrap_or_default();
        // Small files: most changes should hit headers.
        let content = content.get(..content.len().min(700)).unwrap_or(content);
        let size = u64::try_from(content.len()).expect("small");
        board::record::tar::write(&mut archive, name, size, content).expect("it fits");
    }
    board::record::tar::end(&mut archive).expect("memory takes everything");
    vec![archive]
}
