use super::*;

#[test]
fn every_line_of_the_table_is_a_range_behind_the_one_before() {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(ranges().len(), lines);
    assert!(ranges().iter().all(|(first, last)| first <= last));
    assert!(ranges().windows(2).all(|w| w[0].1 + 1 < w[1].0));
    // What the Unicode Consortium counts for 14.0: 144,697 characters besides 65 control
    // characters, and 137,468 code points for private use.
    let sum: u32 = ranges().iter().map(|(first, last)| last - first + 1).sum();
    assert_eq!(sum, 144_697 + 65 + 137_468);
}

#[test]
fn the_edges_of_ranges() {
    for c in [
        '\0',
        'a',
        '\u{377}',
        'が',
        '\u{1fabf}',
        '\u{e000}',
        '\u{f8ff}',
        '\u{10fffd}',
    ] {
        // The goose came with Unicode 15.0.
        assert_eq!(is_assigned(c), c != '\u{1fabf}', "{c:?}");
    }
    for c in [
        '\u{378}',
        '\u{fdd0}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{1fffe}',
        '\u{10ffff}',
    ] {
        assert!(!is_assigned(c), "{c:?}");
    }
}
