use super::*;

fn leaves(n: usize) -> Vec<Node> {
    (0..n).map(|i| leaf(&i.to_le_bytes())).collect()
}

#[test]
fn known_roots_r6_10() {
    let hex = |n: &Node| crate::hash::to_hex(n);
    // RFC 6962 test vectors of certificate-transparency: empty tree, and the leaf of nothing.
    assert_eq!(
        hex(&root(&[])),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        hex(&leaf(b"")),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
    let two = [leaf(b""), leaf(&[0])];
    assert_eq!(
        hex(&root(&two)),
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    );
}

#[test]
fn rejects_r6_10_a_path_of_another_leaf_or_length() {
    for n in 1..40usize {
        let l = leaves(n);
        let r = root(&l);
        for (i, node) in l.iter().enumerate() {
            let p = path(&l, i).unwrap();
            let (i, n) = (i as u64, n as u64);
            assert_eq!(root_from_path(node, i, n, &p), Some(r));
            for other in 0..n {
                if other != i {
                    assert_ne!(
                        root_from_path(node, other, n, &p),
                        Some(r),
                        "{other} of {n}"
                    );
                }
            }
            if let Some((_, shorter)) = p.split_last() {
                assert_ne!(root_from_path(node, i, n, shorter), Some(r));
            }
            let mut longer = p.clone();
            longer.push([0; 32]);
            assert_eq!(root_from_path(node, i, n, &longer), None);
        }
        assert_eq!(path(&l, n), None);
    }
}

#[test]
fn a_growing_tree_has_the_root_of_its_leaves() {
    let mut growing = Growing::default();
    let mut leaves = Vec::new();
    assert_eq!(growing.root(), root(&leaves));
    for n in 0..200u32 {
        let one = leaf(&n.to_le_bytes());
        growing.push(one);
        leaves.push(one);
        assert_eq!(growing.root(), root(&leaves), "{n}");
    }
}
