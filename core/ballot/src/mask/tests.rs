use super::*;
use crate::contest::Shape;

fn masks(shape: (u16, u16, u16), bits: &[u8], seed: u8) -> Vec<Mask> {
    let shape = Shape::new(shape.0, shape.1, shape.2).unwrap();
    let numbers: Vec<u16> = (1..=shape.options())
        .map(|n| u16::try_from(n).unwrap() * 9)
        .collect();
    Mask::of_contest(&Lines::new(&shape, &numbers), bits, &[seed; 32], 3)
}

#[test]
fn both_numbers_and_the_choice_fit_and_stay_below_the_modulus() {
    for seed in 0..=255 {
        let [one] = masks((11, 1, 1), &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], seed)
            .try_into()
            .unwrap();
        let (a, b) = (one.value(Side::Mask), one.value(Side::Masked));
        assert!(a < 100 && b < 100);
        assert_eq!(u16::from(b), (99 + u16::from(a)) % 100);
        assert_eq!(one.carry(), u8::from(99 + u16::from(a) >= 100));
        let each = masks((3, 0, 2), &[1, 0, 0, 1], seed);
        for (mask, bit) in each.iter().zip([1, 0, 0]) {
            assert_eq!(mask.value(Side::Masked), mask.value(Side::Mask) ^ bit);
            assert_eq!(mask.carry(), mask.value(Side::Mask) & bit);
        }
    }
}

#[test]
fn every_mask_comes_up_and_no_randomness_twice() {
    let mut values = std::collections::BTreeSet::new();
    let mut used = std::collections::BTreeSet::new();
    for seed in 0..=255 {
        for mask in
            masks((4, 0, 4), &[0; 8], seed)
                .iter()
                .chain(&masks((4, 1, 1), &[1, 0, 0, 0], seed))
        {
            values.insert(mask.value(Side::Mask));
            used.extend(Side::BOTH.map(|side| mask.randomness(side).to_bytes()));
        }
    }
    assert!(values.len() > 85, "{}", values.len());
    // The line of one mark has the place of the first of several: the same seed is never used for
    // two contests.
    assert_eq!(used.len(), 256 * 4 * 2);
    let printed = format!("{:?}", masks((4, 1, 1), &[1, 0, 0, 0], 1));
    assert_eq!(printed, "[Mask(secret)]");
}
