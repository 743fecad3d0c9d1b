use super::*;

#[test]
fn masks_survive_bytes_and_nothing_else_does() {
    let shut = BallotMasks::Shut {
        height: 7,
        masks: Arc::new(Masks([3; 128].into())),
    };
    let open = BallotMasks::Open(Hash([9; 64]));
    for value in [shut, open] {
        let mut bytes = Vec::new();
        value.put(&mut bytes);
        assert_eq!(BallotMasks::take(&bytes), Some(value));
        bytes[0] = 2;
        assert_eq!(BallotMasks::take(&bytes), None);
    }
    assert_eq!(BallotMasks::take(&[]), None);
    assert_eq!(BallotMasks::take(&[1, 0]), None);
}
