//! The board's tables in a fixed amount of memory: a filter that says "surely new" for nearly every
//! key, the latest pairs in memory, all others in sorted temporary files that are merged eight at a
//! time. Answers are exact and immediate, so the rule that a record breaks is the same as with all
//! tables in memory.

use super::bloom::Bloom;
use super::sorted_file::{Cursor, Pair, SortedFile, Writer};
use board::store::{Item, Store, Table};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::rc::Rc;

/// So many files of one size become one of the next.
const FAN: usize = 8;
/// Read ahead in each file that is merged or listed.
const BUFFER: usize = 32 * 1024;
/// What a pair in memory costs besides its bytes, about.
const PAIR: usize = 112;

/// How much memory the tables may take.
#[derive(Clone, Debug)]
pub struct Size {
    /// Bytes of the filter. When there are more than about one key for two bytes, it says "perhaps"
    /// so often that the files are asked a lot.
    pub filter: usize,
    /// Bytes of pairs in memory, about.
    pub fresh: usize,
    /// Folder for the temporary files; without one, the system's.
    pub folder: Option<PathBuf>,
}

struct Inner {
    size: Size,
    tables: u32,
    filter: Bloom,
    fresh: BTreeMap<Vec<u8>, Vec<u8>>,
    fresh_bytes: usize,
    /// Oldest first; levels never increase.
    files: Vec<SortedFile>,
    fault: Option<io::Error>,
}

/// The tables of one board. A copy is another handle to the same tables.
#[derive(Clone)]
pub struct ExternalTables(Rc<RefCell<Inner>>);

impl core::fmt::Debug for ExternalTables {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ExternalTables")
    }
}

impl ExternalTables {
    /// Empty tables.
    #[must_use]
    pub fn new(size: Size) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            tables: 0,
            filter: Bloom::new(size.filter),
            fresh: BTreeMap::new(),
            fresh_bytes: 0,
            files: Vec::new(),
            fault: None,
            size,
        })))
    }
    /// The first thing that went wrong with a temporary file. Answers after it mean nothing.
    #[must_use]
    pub fn fault(&self) -> Option<io::Error> {
        self.0.borrow_mut().fault.take()
    }
}

impl Store for ExternalTables {
    type Table<K: Item + Ord, V: Item> = ExternalTable<K, V>;
    fn table<K: Item + Ord, V: Item>(&self) -> ExternalTable<K, V> {
        let mut inner = self.0.borrow_mut();
        inner.tables += 1;
        ExternalTable {
            tables: self.clone(),
            number: inner.tables,
            of: PhantomData,
        }
    }
}

/// One table of a [`ExternalTables`].
#[derive(Clone, Debug)]
pub struct ExternalTable<K, V> {
    tables: ExternalTables,
    number: u32,
    of: PhantomData<(K, V)>,
}

impl<K: Item, V: Item> ExternalTable<K, V> {
    fn name(&self, key: Option<&K>) -> Vec<u8> {
        let mut name = self.number.to_be_bytes().to_vec();
        if let Some(key) = key {
            key.put(&mut name);
        }
        name
    }
}

impl<K: Item + Ord, V: Item> Table<K, V> for ExternalTable<K, V> {
    fn get(&mut self, key: &K) -> Option<V> {
        let name = self.name(Some(key));
        let value = self.tables.0.borrow_mut().get(&name)?;
        V::take(&value)
    }
    fn insert(&mut self, key: K, value: V) {
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        let name = self.name(Some(&key));
        self.tables.0.borrow_mut().insert(name, bytes);
    }
    fn each(&mut self, f: &mut dyn FnMut(&K, &V)) {
        let prefix = self.name(None);
        self.tables
            .0
            .borrow_mut()
            .each(&prefix, &mut |name, value| {
                let key = name.get(prefix.len()..).and_then(K::take);
                if let (Some(key), Some(value)) = (key, V::take(value)) {
                    f(&key, &value);
                }
            });
    }
}

impl Inner {
    /// Keeps the first error and goes on.
    fn noted<T>(&mut self, result: io::Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(e) => {
                self.fault.get_or_insert(e);
                None
            }
        }
    }
    fn get(&mut self, name: &[u8]) -> Option<Vec<u8>> {
        if !self.filter.may_hold(name) {
            return None;
        }
        if let Some(value) = self.fresh.get(name) {
            return Some(value.clone());
        }
        let found = self
            .files
            .iter()
            .rev()
            .find_map(|file| file.get(name).transpose());
        self.noted(found.transpose()).flatten()
    }
    fn insert(&mut self, name: Vec<u8>, value: Vec<u8>) {
        self.filter.add(&name);
        let cost = |value: &[u8]| name.len() + value.len() + PAIR;
        self.fresh_bytes += cost(&value);
        let dropped = cost(&[]);
        if let Some(old) = self.fresh.insert(name, value) {
            self.fresh_bytes = self.fresh_bytes.saturating_sub(dropped + old.len());
        }
        // After a fault nothing is written any more; whoever asks will be told.
        if self.fresh_bytes > self.size.fresh && self.fault.is_none() {
            let done = self.put_away();
            self.noted(done);
        }
    }
    /// Moves the pairs in memory to a file of their own.
    fn put_away(&mut self) -> io::Result<()> {
        let mut out = Writer::new(self.size.folder.as_deref())?;
        for (name, value) in &self.fresh {
            out.push(name, value)?;
        }
        self.files.push(out.finish(0)?);
        self.fresh.clear();
        self.fresh_bytes = 0;
        while let Some(level) = self.full_level() {
            self.merge(level)?;
        }
        Ok(())
    }
    /// The level of the last files, if there are enough of it.
    fn full_level(&self) -> Option<u32> {
        let level = self.files.last()?.level;
        let same = self.files.iter().rev().take_while(|r| r.level == level);
        (same.count() >= FAN).then_some(level)
    }
    fn merge(&mut self, level: u32) -> io::Result<()> {
        let from = self.files.partition_point(|r| r.level > level);
        let old = self.files.split_off(from);
        let mut out = Writer::new(self.size.folder.as_deref())?;
        let mut merged = Merged::new(&old, &[])?;
        while let Some((name, value)) = merged.next_pair()? {
            out.push(&name, &value)?;
        }
        self.files.push(out.finish(level + 1)?);
        Ok(())
    }
    fn each(&mut self, prefix: &[u8], f: &mut dyn FnMut(&[u8], &[u8])) {
        let done = self.each_or(prefix, f);
        self.noted(done);
    }
    fn each_or(&self, prefix: &[u8], f: &mut dyn FnMut(&[u8], &[u8])) -> io::Result<()> {
        let mut filed = Merged::new(&self.files, prefix)?;
        let fresh = self.fresh.range(prefix.to_vec()..);
        let mut fresh = fresh.take_while(|(n, _)| n.starts_with(prefix)).peekable();
        let mut next = filed.next_in(prefix)?;
        loop {
            match (&next, fresh.peek()) {
                (None, None) => return Ok(()),
                (Some((name, value)), newest) if newest.is_none_or(|(n, _)| *n > name) => {
                    f(name, value);
                    next = filed.next_in(prefix)?;
                }
                (filed_pair, Some((name, value))) => {
                    let replaced = filed_pair.as_ref().is_some_and(|(n, _)| n == *name);
                    f(name, value);
                    fresh.next();
                    if replaced {
                        next = filed.next_in(prefix)?;
                    }
                }
                (Some(_), None) => return Err(io::ErrorKind::Other.into()),
            }
        }
    }
}

/// Several files as one, in the order of their keys; of one key the newest value.
struct Merged<'r> {
    /// Oldest file first.
    heads: Vec<(Pair, Cursor<'r>)>,
}

impl<'r> Merged<'r> {
    fn new(files: &'r [SortedFile], from: &[u8]) -> io::Result<Self> {
        let mut heads = Vec::with_capacity(files.len());
        for file in files {
            let mut cursor = file.from(from, BUFFER)?;
            while let Some(pair) = cursor.next_pair()? {
                if pair.0.as_slice() >= from {
                    heads.push((pair, cursor));
                    break;
                }
            }
        }
        Ok(Self { heads })
    }
    fn next_pair(&mut self) -> io::Result<Option<Pair>> {
        let Some(least) = self.heads.iter().map(|((name, _), _)| name).min().cloned() else {
            return Ok(None);
        };
        let mut newest = Vec::new();
        let mut at = 0;
        while let Some((pair, cursor)) = self.heads.get_mut(at) {
            if pair.0 != least {
                at += 1;
                continue;
            }
            newest = std::mem::take(&mut pair.1);
            match cursor.next_pair()? {
                Some(next) => {
                    *pair = next;
                    at += 1;
                }
                None => drop(self.heads.remove(at)),
            }
        }
        Ok(Some((least, newest)))
    }
    fn next_in(&mut self, prefix: &[u8]) -> io::Result<Option<Pair>> {
        Ok(self.next_pair()?.filter(|(n, _)| n.starts_with(prefix)))
    }
}

#[cfg(test)]
mod tests;
