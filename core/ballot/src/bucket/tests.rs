use super::*;
use crypto::Scalar;

fn keys() -> impl Iterator<Item = Point> {
    (1..2000u32).map(|n| Point::mul_base(&Scalar::from(n)).unwrap())
}

#[test]
fn every_key_lies_in_the_range_of_its_bucket_and_in_no_other() {
    for bits in [0, 1, 3, 7, 8, 9, 16] {
        for vk in keys() {
            let index = bucket_of(&vk, bits);
            assert!(keys_of(index, bits).unwrap().contains(vk.as_bytes()));
            if let Some(next) = keys_of(index + 1, bits) {
                assert!(!next.contains(vk.as_bytes()));
            }
        }
    }
}

#[test]
fn ranges_follow_each_other_without_a_gap() {
    for bits in [1, 7, 8, 16] {
        let mut last = [0; 32];
        for index in 0..1u32 << bits {
            let range = keys_of(index, bits).unwrap();
            assert!(index == 0 || range.start() > &last);
            assert!(range.start().iter().skip(3).all(|b| *b == 0));
            last = *range.end();
        }
        assert_eq!(last.first(), Some(&0xfe));
        assert!(last.iter().skip(1).all(|b| *b == u8::MAX));
        assert_eq!(keys_of(1 << bits, bits), None);
    }
}

/// Keys are spread over all buckets: the bit that is 0 in every encoding names none.
#[test]
fn buckets_hold_about_as_many_keys_as_each_other() {
    let mut held = [0u32; 16];
    for vk in keys() {
        held[usize::try_from(bucket_of(&vk, 4)).unwrap()] += 1;
    }
    assert!(held.iter().all(|n| (90..160).contains(n)), "{held:?}");
}
