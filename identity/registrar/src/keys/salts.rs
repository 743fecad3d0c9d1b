//! The table of salts on disk: a sealed file with the seed, called the salt key, and one with nodes, which shows nothing
//! of the leaves and spares a start the whole table.

use std::path::Path;
use std::thread;

use ballot::salt::SaltTable;
use host::keyfile::{self, Cost};
use host::passphrase::Passphrase;
use zeroize::Zeroizing;

use super::KeysError;

const KIND: &str = "SALT";
const SEED_FILE: &str = "salt.key";
const NODES_FILE: &str = "salt.nodes";
/// u8 depth, root, seed.
const SEALED_BYTES: usize = 1 + 32 + 64;

/// The table of a seed, with every processor of the machine.
pub(super) fn generate(seed: &Zeroizing<[u8; 64]>, depth: u8) -> SaltTable {
    let count = SaltTable::count(depth);
    let workers = u32::try_from(thread::available_parallelism().map_or(1, usize::from));
    let part = count.div_ceil(workers.unwrap_or(1)).max(1);
    let nodes = thread::scope(|scope| {
        let mut parts = Vec::new();
        let mut from = 0;
        while from < count {
            let to = from.saturating_add(part).min(count);
            parts.push(scope.spawn(move || {
                let nodes = (from..to).map(|i| SaltTable::node(seed, depth, i));
                nodes.collect::<Vec<_>>()
            }));
            from = to;
        }
        let joined = parts.into_iter().map(thread::ScopedJoinHandle::join);
        joined.collect::<Result<Vec<_>, _>>()
    });
    let made = nodes.ok().map(|parts| parts.concat());
    made.and_then(|nodes| SaltTable::with_nodes(seed, depth, nodes))
        .unwrap_or_else(|| SaltTable::generate(seed, depth))
}

/// Writes seed and nodes.
pub(super) fn write(
    table: &SaltTable,
    folder: &Path,
    pass: &Passphrase,
    cost: Cost,
) -> Result<(), KeysError> {
    let mut secret = Zeroizing::new(Vec::with_capacity(SEALED_BYTES));
    secret.push(table.depth());
    secret.extend_from_slice(&table.root());
    secret.extend_from_slice(table.seed().as_ref());
    keyfile::write(&folder.join(SEED_FILE), KIND, &secret, pass, cost)?;
    write_nodes(table, folder)
}

/// Reads the table; none once it has been destroyed. Nodes that are missing or damaged are made
/// again, which takes as long as it took at first.
pub(super) fn read(folder: &Path, pass: &Passphrase) -> Result<Option<SaltTable>, KeysError> {
    if !folder.join(SEED_FILE).exists() {
        return Ok(None);
    }
    let secret = keyfile::read(&folder.join(SEED_FILE), KIND, pass)?;
    let (depth, rest) = secret.split_first().ok_or(KeysError::Length)?;
    let (root, seed) = rest.split_at_checked(32).ok_or(KeysError::Length)?;
    let seed = Zeroizing::new(<[u8; 64]>::try_from(seed).map_err(|_| KeysError::Length)?);
    if let Some(table) = read_nodes(folder).and_then(|n| SaltTable::with_nodes(&seed, *depth, n))
        && table.root() == root
    {
        return Ok(Some(table));
    }
    tracing::warn!("the nodes of the table of salts are made again");
    let table = generate(&seed, *depth);
    if table.root() != root {
        return Err(KeysError::Length);
    }
    write_nodes(&table, folder)?;
    Ok(Some(table))
}

fn read_nodes(folder: &Path) -> Option<Vec<[u8; 32]>> {
    let bytes = std::fs::read(folder.join(NODES_FILE)).ok()?;
    let (nodes, []) = bytes.as_chunks::<32>() else {
        return None;
    };
    Some(nodes.to_vec())
}

fn write_nodes(table: &SaltTable, folder: &Path) -> Result<(), KeysError> {
    std::fs::write(folder.join(NODES_FILE), table.nodes().concat()).map_err(KeysError::Salts)
}

/// Overwrites and removes seed and nodes in `folder`. False when there were none any more.
pub(super) fn destroy(folder: &Path) -> std::io::Result<bool> {
    let there = overwrite(&folder.join(SEED_FILE))?;
    overwrite(&folder.join(NODES_FILE))?;
    Ok(there)
}

pub(super) fn overwrite(path: &Path) -> std::io::Result<bool> {
    if !path.exists() {
        return Ok(false);
    }
    let length = usize::try_from(std::fs::metadata(path)?.len()).unwrap_or(4096);
    let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
    std::io::Write::write_all(&mut file, &vec![0; length])?;
    file.sync_all()?;
    std::fs::remove_file(path)?;
    Ok(true)
}
