use super::*;

#[test]
fn a_49_rejects_r1_12_texts_that_show_less_or_something_else_than_they_hold() {
    let refused = [
        ("", TextFault::Empty),
        (" a", TextFault::Blank),
        ("q\u{323}\u{332}\u{301}\u{302}", TextFault::Marks),
        ("a\u{3000}", TextFault::Blank),
        ("\u{a0}", TextFault::Blank),
        ("a\u{202e}b", TextFault::Character('\u{202e}')),
        ("a\u{200b}b", TextFault::Character('\u{200b}')),
        ("a\u{2028}b", TextFault::Character('\u{2028}')),
        ("a\u{ad}", TextFault::Character('\u{ad}')),
        ("\u{feff}a", TextFault::Character('\u{feff}')),
        ("a\u{e000}", TextFault::Character('\u{e000}')),
        ("a\u{10fffd}", TextFault::Character('\u{10fffd}')),
        ("a\tb", TextFault::Character('\t')),
        ("a\u{85}b", TextFault::Character('\u{85}')),
        ("a\u{e0041}", TextFault::Character('\u{e0041}')),
        ("\u{3164}", TextFault::Character('\u{3164}')),
        ("\u{2800}", TextFault::Character('\u{2800}')),
        ("提案\u{e0100}", TextFault::Character('\u{e0100}')),
        ("🗳\u{fe0f}", TextFault::Character('\u{fe0f}')),
        ("a\u{34f}b", TextFault::Character('\u{34f}')),
        ("a\u{ffa0}", TextFault::Character('\u{ffa0}')),
    ];
    for (text, fault) in refused {
        for form in [Form::Line, Form::Paragraph] {
            assert_eq!(check(text, form), Err(fault), "{text:?}");
        }
    }
    assert_eq!(check("a\nb", Form::Paragraph), Ok(()));
    let feed = Err(TextFault::Character('\n'));
    assert_eq!(check("a\nb", Form::Line), feed);
    assert_eq!(check("a\n", Form::Paragraph), Err(TextFault::Blank));
    for good in ["転ばぬ先の あかり", "髙﨑 𠮷野家", "A – B", "🗳"] {
        assert_eq!(check(good, Form::Line), Ok(()), "{good}");
    }
}

#[test]
fn an_optional_text_is_left_out_in_all_languages_or_in_none() {
    assert_eq!(Text::default().check_optional(Form::Line), Ok(()));
    assert_eq!(Text::default().check(Form::Line), Err(TextFault::Empty));
    let half = Text::new("あ", "", "あ");
    assert_eq!(half.check_optional(Form::Line), Err(TextFault::Empty));
}

#[test]
fn folding_drops_what_a_reader_does_not_see() {
    for (a, b) in [
        ("Ａ案", "a 案"),
        ("１号", "1\u{3000}号"),
        ("ｶﾞｽ灯", "ガス灯"),
        ("㈱あかり", "(株)あかり"),
    ] {
        assert_eq!(folded(a), folded(b));
    }
    assert_ne!(folded("か"), folded("が"));
    assert_ne!(folded("か"), folded("カ"));
}

#[test]
fn shown_text_moves_no_cursor_and_hides_nothing() {
    for (text, shown_as) in [
        ("提案 – 1 𠮷", "提案 – 1 𠮷"),
        ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}"),
        ("a\r\nb", "a\\u{d}\\u{a}b"),
        ("a\u{202e}b\u{200b}", "a\\u{202e}b\\u{200b}"),
        ("\u{9b}1m", "\\u{9b}1m"),
    ] {
        assert_eq!(shown(text), shown_as);
    }
}

#[test]
fn ids_are_graphic_ascii() {
    assert!(["P01", "counter-1", "Q3/a"].into_iter().all(is_id));
    for bad in ["", "a b", "あ", "a\n", "a\u{7f}"] {
        assert!(!is_id(bad), "{bad:?}");
    }
}

/// Whatever is written, the listed changes applied one by one give the text in NFC.
#[test]
fn every_character_that_nfc_changes_is_listed() {
    let listed = |text: &str| -> Vec<(String, String)> {
        let changes = recomposed(text).into_iter();
        changes.map(|c| (c.written, c.sealed)).collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert!(listed("投票 vote が é").is_empty());
    assert_eq!(
        listed("福\u{fa19}か\u{3099}"),
        [pair("\u{fa19}", "神"), pair("か\u{3099}", "が"),]
    );
    // Marks out of order, Hangul in parts, a character that NFC takes apart for good.
    assert_eq!(
        listed("a\u{301}\u{323}"),
        [pair("a\u{301}\u{323}", "ạ\u{301}")]
    );
    assert_eq!(
        listed("\u{1112}\u{1161}\u{11ab}"),
        [pair("\u{1112}\u{1161}\u{11ab}", "한")]
    );
    assert_eq!(listed("\u{958}"), [pair("\u{958}", "\u{915}\u{93c}")]);
    for text in [
        "か\u{3099}\u{fa19}a\u{301}\u{323}x",
        "\u{301}a",
        "\u{1161}\u{11ab}",
        "\u{344}e\u{344}",
    ] {
        let mut applied = text.to_owned();
        for change in recomposed(text) {
            applied = applied.replacen(&change.written, &change.sealed, 1);
        }
        assert_eq!(applied, text.nfc().collect::<String>(), "{text:?}");
    }
}

#[test]
fn rejects_r1_12_marks_heaped_on_a_letter() {
    let heap = |n: usize| format!("q{}", "\u{301}".repeat(n));
    for n in 0..=3 {
        assert_eq!(check(&heap(n), Form::Line), Ok(()), "{n}");
    }
    for n in [4, 5, 400] {
        assert_eq!(check(&heap(n), Form::Paragraph), Err(TextFault::Marks));
    }
    // A letter in between begins anew; what is written in use stays below the limit.
    assert_eq!(
        check(&format!("{}{}", heap(3), heap(3)), Form::Line),
        Ok(())
    );
    for text in ["が", "Việt", "שָׁלוֹם", "العَرَبِيَّة", "ที่นี่"]
    {
        assert_eq!(check(text, Form::Line), Ok(()), "{text}");
    }
}
