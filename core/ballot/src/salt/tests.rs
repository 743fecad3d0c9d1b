use super::*;

fn table(depth: u8) -> SaltTable {
    SaltTable::generate(&Zeroizing::new([7; 64]), depth)
}

#[test]
fn every_leaf_leads_to_the_root_below_and_above_the_kept_nodes() {
    for depth in [1, 3, KEPT_HEIGHT, KEPT_HEIGHT + 2] {
        let table = table(depth);
        let root = table.root();
        let last = (1u32 << depth) - 1;
        for x in [0, 1, last / 2, last] {
            let salt = table.salt(x).unwrap();
            assert_eq!(salt.path.len(), usize::from(depth));
            assert_eq!(check(&root, depth, x, &salt.leaf, &salt.path), Ok(()));
        }
        assert_eq!(table.salt(last + 1), None);
    }
}

#[test]
fn rejects_r4_03_another_leaf_path_root_or_depth() {
    let depth = KEPT_HEIGHT + 1;
    let (table, other) = (
        table(depth),
        SaltTable::generate(&Zeroizing::new([8; 64]), depth),
    );
    let (root, x) = (table.root(), 700);
    let salt = table.salt(x).unwrap();
    let refused = |root: &Node, depth, x, leaf: &[u8; 64], path: &[Node]| {
        assert_eq!(check(root, depth, x, leaf, path), Err(WrongSalt));
    };
    refused(&other.root(), depth, x, &salt.leaf, &salt.path);
    refused(&root, depth, x + 1, &salt.leaf, &salt.path);
    refused(&root, depth - 1, x, &salt.leaf, &salt.path);
    refused(&root, depth, x, &salt.leaf, &salt.path[1..]);
    let neighbour = table.salt(x + 1).unwrap();
    refused(&root, depth, x, &neighbour.leaf, &neighbour.path);
    let strange = other.salt(x).unwrap();
    refused(&root, depth, x, &strange.leaf, &strange.path);
    let mut changed = salt.leaf.clone();
    changed[63] ^= 1;
    refused(&root, depth, x, &changed, &salt.path);
}

#[test]
fn an_index_has_its_bits_and_every_input_counts() {
    let e = Hash([1; 64]);
    for depth in [1, 8, 16, 28] {
        for n in 0..50u8 {
            assert!(u64::from(index(&e, 0, &[n], depth)) < 1 << depth);
        }
    }
    let base = index(&e, 0, b"certificate", 28);
    assert_eq!(
        base >> 12,
        index(&e, 0, b"certificate", 16),
        "the first bits"
    );
    assert_ne!(base, index(&Hash([2; 64]), 0, b"certificate", 28));
    assert_ne!(base, index(&e, 1, b"certificate", 28));
    assert_ne!(base, index(&e, 0, b"certificates", 28));
}

#[test]
fn kept_nodes_are_taken_back_in_their_number_only() {
    let made = table(12);
    let nodes = made.nodes().to_vec();
    assert_eq!(nodes.len(), 4);
    let again = SaltTable::with_nodes(&made.seed(), 12, nodes.clone()).unwrap();
    assert_eq!(again.root(), made.root());
    assert!(SaltTable::with_nodes(&made.seed(), 13, nodes.clone()).is_none());
    assert!(SaltTable::with_nodes(&made.seed(), 12, nodes[1..].to_vec()).is_none());
    assert_eq!(format!("{made:?}"), "SaltTable(depth 12)");
}
