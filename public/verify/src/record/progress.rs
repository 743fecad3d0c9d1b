//! A record that counts how much of it was read.

use board::record::{ENTRIES, Source};
use std::cell::Cell;
use std::io::{self, Read};

/// Counts the bytes read of the file with the entries, which is nearly all there is to do.
pub struct Progress<'s> {
    source: &'s dyn Source,
    done: Cell<u64>,
}

impl<'s> Progress<'s> {
    /// Nothing read yet.
    #[must_use]
    pub fn new(source: &'s dyn Source) -> Self {
        Self {
            source,
            done: Cell::new(0),
        }
    }
    /// Bytes read.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.get()
    }
}

impl core::fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Progress({})", self.done.get())
    }
}

impl Source for Progress<'_> {
    fn names(&self) -> io::Result<Vec<String>> {
        self.source.names()
    }
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + '_>> {
        let inner = self.source.open(name)?;
        Ok(if name == ENTRIES {
            Box::new(Counting {
                inner,
                done: &self.done,
            })
        } else {
            inner
        })
    }
}

struct Counting<'p> {
    inner: Box<dyn Read + 'p>,
    done: &'p Cell<u64>,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.done.set(
            self.done
                .get()
                .saturating_add(u64::try_from(n).unwrap_or(0)),
        );
        Ok(n)
    }
}
