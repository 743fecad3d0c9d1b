use super::*;

fn row(seq: u32, entry: u8) -> Option<BucketRow> {
    Some(BucketRow {
        vk: Encoded([2; 32]),
        seq,
        entry: Hash([entry; 64]),
        time_ms: 5,
        opened: false,
        keys: vec![Encoded([3; 32])],
    })
}

/// Four nodes, one of them dishonest: f + 1 = 2.
#[test]
fn a_82_a_row_is_believed_when_one_honest_node_gives_it() {
    let agreed = |rows: &[Option<BucketRow>]| agreed(rows, 2);
    assert_eq!(agreed(&[None, None, None]), Some(None));
    assert_eq!(agreed(&[None, row(1, 1)]), None);
    // One invents a later ballot, or hides it.
    assert_eq!(agreed(&[row(1, 1), row(9, 9), row(1, 1)]), Some(row(1, 1)));
    assert_eq!(agreed(&[None, row(2, 2), row(2, 2)]), Some(row(2, 2)));
    // Two nodes are a block behind: the later row is on the board too.
    let behind = [row(1, 1), row(1, 1), row(2, 2), row(2, 2)];
    assert_eq!(agreed(&behind), Some(row(2, 2)));
    // The same number of two ballots: neither is believed alone.
    assert_eq!(agreed(&[row(2, 2), row(2, 3), None]), None);
    assert_eq!(agreed(&[]), None);
}
