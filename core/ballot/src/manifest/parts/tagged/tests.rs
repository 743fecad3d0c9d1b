use crate::manifest::{Channel, Entitled, QuestionKind, TieKind};
use crypto::wire::{Reader, Wire, Writer};

/// Tags and words as the specification lists them (01 §4, 05 §2); the next tag is unknown.
fn check<T: Wire + PartialEq + core::fmt::Debug + Copy>(
    all: &[T],
    words: &[&str],
    as_str: fn(T) -> &'static str,
    parse: fn(&str) -> Option<T>,
) {
    assert_eq!(all.len(), words.len());
    for ((tag, one), word) in (1u8..).zip(all).zip(words) {
        let mut w = Writer::new();
        one.write(&mut w);
        assert_eq!(w.finish(), [tag]);
        assert_eq!(T::read(&mut Reader::new(&[tag])).as_ref(), Ok(one));
        assert_eq!(as_str(*one), *word);
        assert_eq!(parse(word), Some(*one));
    }
    let next = u8::try_from(all.len()).unwrap() + 1;
    assert!(T::read(&mut Reader::new(&[next])).is_err());
    assert!(T::read(&mut Reader::new(&[0])).is_err());
    assert_eq!(parse("nonsense"), None);
}

#[test]
fn tags_and_words_are_those_of_the_specification() {
    check(
        &Channel::ALL,
        &["home", "counter", "venue"],
        Channel::as_str,
        Channel::parse,
    );
    check(
        &QuestionKind::ALL,
        &["single", "multi", "text"],
        QuestionKind::as_str,
        QuestionKind::parse,
    );
    check(
        &TieKind::ALL,
        &["shared", "lot", "runoff"],
        TieKind::as_str,
        TieKind::parse,
    );
    check(
        &Entitled::ALL,
        &["any card", "codes"],
        Entitled::as_str,
        Entitled::parse,
    );
}
