use super::ElectionContext;
use crate::tests::fixture::Fixture;

#[test]
fn the_list_starts_elsewhere_and_keeps_its_numbers() {
    let place = Fixture::new().place();
    assert_eq!(place.count(), 11);
    let numbers = |start| {
        place
            .rotated(start)
            .iter()
            .map(|o| o.number)
            .collect::<Vec<_>>()
    };
    assert_eq!(numbers(0), (1..=11).collect::<Vec<_>>());
    assert_eq!(numbers(3), [4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3]);
    assert_eq!(numbers(14), numbers(3));
    for start in 0..11 {
        let mut all = numbers(start);
        all.sort_unstable();
        assert_eq!(all, numbers(0));
    }
}

#[test]
fn printed_numbers_lead_to_indices() {
    let place = Fixture::new().place();
    assert_eq!(place.index_of(1), Some(0));
    assert_eq!(place.index_of(11), Some(10));
    assert_eq!(place.index_of(0), None);
    assert_eq!(place.index_of(12), None);
}

#[test]
fn only_elections_this_program_can_show_are_opened() {
    let mut manifest = Fixture::new().sealed.manifest;
    assert!(ElectionContext::supported(&manifest));
    let second = manifest.contests[0].clone();
    manifest.contests.push(second);
    assert!(!ElectionContext::supported(&manifest));
}
