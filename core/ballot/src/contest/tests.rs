use super::*;

#[test]
fn rejects_r1_01_impossible_shapes() {
    for (n, lo, hi) in [
        (1, 1, 1),
        (101, 1, 1),
        (5, 2, 1),
        (5, 0, 0),
        (5, 0, 6),
        (5, 5, 5),
    ] {
        assert_eq!(
            Shape::new(n, lo, hi),
            Err(WireError::Range),
            "{n} {lo} {hi}"
        );
    }
    assert_eq!(Shape::new(12, 1, 1).unwrap().encoded_len(), 1472);
    assert_eq!(Shape::new(11, 1, 1).unwrap().encoded_len(), 96 * 11 + 320);
    // Three options, at most two marks: N = 5 and L = 3.
    assert_eq!(
        Shape::new(3, 0, 2).unwrap().encoded_len(),
        64 * 3 + 128 * 3 + 32 * 7 + 192
    );
}

#[test]
fn selections_fill_slack_to_k_max() {
    let shape = Shape::new(4, 0, 2).unwrap();
    let bits = |m: &[u16]| Selection::new(&shape, m).unwrap().bits().to_vec();
    assert_eq!(bits(&[]), [0, 0, 0, 0, 1, 1]);
    assert_eq!(bits(&[2]), [0, 0, 1, 0, 1, 0]);
    assert_eq!(bits(&[3, 0]), [1, 0, 0, 1, 0, 0]);
    assert_eq!(bits(&[2, NO_MARK]), bits(&[2]));
    assert_eq!(bits(&[NO_MARK, NO_MARK]), bits(&[]));
    assert_eq!(
        Selection::new(&shape, &[0, 1, 2]).unwrap_err(),
        SelectionError::Count
    );
    assert_eq!(
        Selection::new(&shape, &[4]).unwrap_err(),
        SelectionError::NoSuchOption
    );
    assert_eq!(
        Selection::new(&Shape::new(4, 1, 1).unwrap(), &[]).unwrap_err(),
        SelectionError::Count
    );
}
