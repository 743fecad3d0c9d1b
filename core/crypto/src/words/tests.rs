use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// What is left of a word when voicing marks and small kana are not heard.
fn heard(word: &str) -> Vec<char> {
    use unicode_normalization::UnicodeNormalization as _;
    let small = "ぁぃぅぇぉっゃゅょ"
        .chars()
        .zip("あいうえおつやゆよ".chars());
    let small: BTreeMap<char, char> = small.collect();
    word.nfd()
        .filter(|c| !matches!(c, '\u{3099}' | '\u{309a}'))
        .map(|c| small.get(&c).copied().unwrap_or(c))
        .collect()
}

#[test]
fn there_are_1024_words_of_three_or_four_hiragana() {
    assert_eq!(all().count(), usize::from(COUNT));
    for (i, w) in (0u16..).zip(all()) {
        assert!((3..=4).contains(&w.chars().count()), "{w}");
        assert!(w.chars().all(|c| ('ぁ'..='ん').contains(&c)), "{w}");
        assert_eq!((word(i), number(w)), (Some(w), Some(i)));
    }
    assert_eq!((word(COUNT), number("irefuda")), (None, None));
}

#[test]
fn no_two_words_become_alike_by_one_misheard_kana() {
    let words: BTreeSet<Vec<char>> = all().map(heard).collect();
    assert_eq!(words.len(), usize::from(COUNT));
    let mut holed = BTreeSet::new();
    for w in &words {
        for i in 0..w.len() {
            // Another kana here, or none: must not be another word.
            let mut blank = w.clone();
            blank[i] = '_';
            assert!(holed.insert(blank), "{w:?} with another kana at {i}");
            let without = [&w[..i], &w[i + 1..]].concat();
            assert!(!words.contains(&without), "{w:?} without its kana at {i}");
        }
    }
}

#[test]
fn ten_bits_a_word_most_significant_first() {
    assert_eq!(of_bits(&[0, 0]), [word(0).unwrap()]);
    assert_eq!(
        of_bits(&[0xff, 0xff, 0xff, 0xff, 0xff]),
        [word(1023).unwrap(); 4]
    );
    assert_eq!(
        of_bits(&[0, 0b0100_0000, 0b0011_0000]),
        [1, 3].map(|n| word(n).unwrap())
    );
}

#[test]
fn six_words_depend_on_every_bit_and_are_frozen() {
    let base = six(&[0; 32]);
    for i in 0..256 {
        let mut other = [0; 32];
        other[i / 8] ^= 1 << (i % 8);
        assert_ne!(six(&other), base, "bit {i}");
    }
    assert_ne!(six(&[0; 31]), base);
    // Computed apart from this code.
    assert_eq!(
        base.map(|w| number(w).unwrap()),
        [818, 292, 852, 319, 663, 103]
    );
}
