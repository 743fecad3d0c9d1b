use super::*;
use crypto::Hash;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

fn external(filter: usize, fresh: usize) -> ExternalTables {
    ExternalTables::new(Size {
        filter,
        fresh,
        folder: None,
    })
}

type Numbers = Vec<([u8; 32], u8)>;

fn listed(table: &mut ExternalTable<[u8; 32], u8>) -> Numbers {
    let mut out = Vec::new();
    table.each(&mut |k, v| out.push((*k, *v)));
    out
}

/// Random writes and reads of two tables, compared with maps; the filter is far too small, so every
/// answer of it is "perhaps", and memory holds a few pairs only, so there are three levels.
#[test]
fn answers_are_those_of_a_map() {
    let seed = 5;
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let external = external(64, 1500);
    let mut tables = [external.table::<[u8; 32], u8>(), external.table()];
    let mut maps: [BTreeMap<[u8; 32], u8>; 2] = Default::default();
    for step in 0..6000u32 {
        let which = usize::from(rng.next_u32() % 3 == 0);
        let mut key = [0; 32];
        key[0] = rng.next_u32().to_le_bytes()[0];
        key[31] = rng.next_u32().to_le_bytes()[0] % 8;
        let wanted = maps[which].get(&key).copied();
        assert_eq!(tables[which].get(&key), wanted, "step {step}, seed {seed}");
        if rng.next_u32() % 4 > 0 {
            let value = rng.next_u32().to_le_bytes()[0];
            maps[which].insert(key, value);
            tables[which].insert(key, value);
        }
    }
    let levels: Vec<u32> = external.0.borrow().files.iter().map(|r| r.level).collect();
    assert!(
        levels.first() >= Some(&2),
        "too little was written: {levels:?}"
    );
    assert!(levels.is_sorted_by(|a, b| a >= b) && levels.len() < 4 * FAN);
    for (table, map) in tables.iter_mut().zip(maps) {
        assert_eq!(listed(table), map.into_iter().collect::<Numbers>());
    }
    assert!(external.fault().is_none());
}

#[test]
fn an_empty_table_beside_a_full_one_stays_empty() {
    let external = external(4096, 500);
    let (mut before, mut full, mut after) = (
        external.table::<[u8; 32], u8>(),
        external.table::<[u8; 32], u8>(),
        external.table::<[u8; 32], u8>(),
    );
    for n in 0..100 {
        full.insert([n; 32], n);
    }
    assert_eq!((listed(&mut before), listed(&mut after)), (vec![], vec![]));
    assert_eq!(listed(&mut full).len(), 100);
    assert_eq!(before.get(&[1; 32]), None);
}

#[test]
fn long_keys_that_differ_at_their_end_are_told_apart() {
    let external = external(64, 400);
    let mut table = external.table::<(Hash, [u8; 32]), Hash>();
    for n in 0..200u8 {
        table.insert((Hash::ZERO, [n; 32]), Hash([n; 64]));
    }
    for n in 0..200u8 {
        assert_eq!(table.get(&(Hash::ZERO, [n; 32])), Some(Hash([n; 64])));
    }
    assert_eq!(table.get(&(Hash::ZERO, [250; 32])), None);
}

#[test]
fn a_folder_that_is_not_there_is_a_fault_and_no_answer() {
    let external = ExternalTables::new(Size {
        filter: 64,
        fresh: 200,
        folder: Some("/nonexistent/folder".into()),
    });
    let mut table = external.table::<[u8; 32], u8>();
    for n in 0..100 {
        table.insert([n; 32], n);
    }
    assert!(external.fault().is_some());
}
