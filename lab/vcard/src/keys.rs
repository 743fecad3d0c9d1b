//! RSA keys drawn from a seed, made in parallel and kept on disk, because making them is slow.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rsa::rand_core::{CryptoRng, Error as RngError, RngCore};
use sha2_10::{Digest as _, Sha256};

use crate::error::{self, Error};

/// A random stream that depends on a seed and a label only.
#[derive(Clone, Debug)]
pub struct SeedRng {
    key: [u8; 32],
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl SeedRng {
    /// The stream of `label` under `seed`.
    #[must_use]
    pub fn new(seed: u64, label: &str) -> Self {
        let key = Sha256::new()
            .chain_update(b"irefuda test cards\0")
            .chain_update(seed.to_le_bytes())
            .chain_update(label.as_bytes())
            .finalize()
            .into();
        Self {
            key,
            counter: 0,
            block: [0; 32],
            used: 32,
        }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_u64() % bound.max(1)
    }

    /// `count` decimal digits.
    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b"0123456789"[self.index(10)]))
            .collect()
    }

    /// `count` letters and digits.
    pub fn letters(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[self.index(32)]))
            .collect()
    }

    /// An index below `len`.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or(1))).unwrap_or(0)
    }
}

impl RngCore for SeedRng {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }
    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }
    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for byte in dest {
            if self.used >= self.block.len() {
                self.block = Sha256::new()
                    .chain_update(self.key)
                    .chain_update(self.counter.to_le_bytes())
                    .finalize()
                    .into();
                self.counter = self.counter.wrapping_add(1);
                self.used = 0;
            }
            *byte = self.block.get(self.used).copied().unwrap_or(0);
            self.used += 1;
        }
    }
    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), RngError> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for SeedRng {}

/// A set of named RSA-2048 keys.
#[derive(Debug)]
pub struct Keys {
    seed: u64,
    cache: Option<PathBuf>,
    made: BTreeMap<String, RsaPrivateKey>,
}

impl Keys {
    /// No keys yet. With `cache`, keys made once are found again in that folder.
    #[must_use]
    pub fn new(seed: u64, cache: Option<PathBuf>) -> Self {
        Self {
            seed,
            cache,
            made: BTreeMap::new(),
        }
    }

    /// Makes or loads all of `labels`, on every processor.
    ///
    /// # Errors
    /// When a key cannot be made or the cache cannot be used.
    pub fn prepare(&mut self, labels: &[String]) -> Result<(), Error> {
        if let Some(cache) = &self.cache {
            error::make_dir(cache)?;
        }
        let next = AtomicUsize::new(0);
        let done = Mutex::new(Vec::new());
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    while let Some(label) = labels.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let key = self.make(label);
                        if let Ok(mut done) = done.lock() {
                            done.push((label.clone(), key));
                        }
                    }
                });
            }
        });
        for (label, key) in done.into_inner().unwrap_or_default() {
            self.made.insert(label, key?);
        }
        Ok(())
    }

    /// A key prepared before.
    ///
    /// # Errors
    /// When it was not.
    pub fn get(&self, label: &str) -> Result<&RsaPrivateKey, Error> {
        self.made
            .get(label)
            .ok_or_else(|| Error::Usage(format!("no key {label}")))
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    fn make(&self, label: &str) -> Result<RsaPrivateKey, Error> {
        let file = self
            .cache
            .as_ref()
            .map(|dir| dir.join(format!("{}-{label}.p8", self.seed)));
        if let Some(file) = file.as_ref().filter(|file| file.is_file()) {
            return Ok(RsaPrivateKey::from_pkcs8_der(&error::read(file)?)?);
        }
        let mut rng = SeedRng::new(self.seed, &format!("key {label}"));
        let key = RsaPrivateKey::new(&mut rng, 2048)?;
        if let Some(file) = file {
            error::write(&file, key.to_pkcs8_der()?.as_bytes())?;
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests;
