use super::sheet::{Caption, page};
use super::*;

fn backup() -> Backup {
    let bytes = |from: u8| -> Zeroizing<[u8; 32]> {
        Zeroizing::new(std::array::from_fn(|i| {
            from.wrapping_add(u8::try_from(i * 7).unwrap())
        }))
    };
    Backup {
        id: 3,
        setup: [1, 2, 3, 4, 5, 6, 7, 8],
        seed: bytes(9),
        share: bytes(200),
    }
}

fn typed(lines: &[[&str; PER_LINE]]) -> String {
    lines.iter().map(|l| l.join(" ") + "\n").collect()
}

fn same(a: &Backup, b: &Backup) {
    assert_eq!(*a.bytes(), *b.bytes());
}

#[test]
fn twelve_lines_of_six_words_bring_everything_back() {
    let b = backup();
    let lines = b.lines();
    assert_eq!(lines.len(), LINES);
    same(&Backup::parse(&typed(&lines)).unwrap(), &b);
    same(&Backup::parse(&b.qr_text()).unwrap(), &b);
}

#[test]
fn katakana_numbers_and_wide_spaces_are_understood() {
    let b = backup();
    let katakana = |w: &str| -> String {
        let up = |c: char| char::from_u32(u32::from(c) + 0x60).unwrap();
        w.chars().map(up).collect()
    };
    let mut text = String::new();
    for (i, line) in b.lines().iter().enumerate() {
        let words: Vec<String> = line.iter().map(|w| katakana(w)).collect();
        text += &format!("\n{}. {}　\n", i + 1, words.join("　"));
    }
    same(&Backup::parse(&text).unwrap(), &b);
}

#[test]
fn a_wrong_word_is_found_in_its_line() {
    let b = backup();
    let lines = b.lines();
    let mut missed = 0;
    for line in 0..LINES {
        for place in 0..PER_LINE {
            // Another word of the list in this place.
            let mut wrong = lines.clone();
            let number = words::number(wrong[line][place]).unwrap();
            wrong[line][place] = words::word((number + 517) % words::COUNT).unwrap();
            let error = Backup::parse(&typed(&wrong)).unwrap_err();
            missed += usize::from(error != BackupError::Line { line: line + 1 });
            // A word that is not on the list, one kana away from the right one.
            let text = typed(&lines).replacen(lines[line][place], "んんん", 1);
            let Err(BackupError::Word { typed, .. }) = Backup::parse(&text) else {
                panic!("a word that does not exist was taken")
            };
            assert_eq!(typed, "んんん");
        }
    }
    // Ten bits a line: one wrong word in a thousand passes its line and is caught by the last byte.
    assert_eq!(missed, 0);
}

#[test]
fn swapped_words_and_swapped_lines_are_found() {
    let lines = backup().lines();
    for i in 0..LINES - 1 {
        let mut wrong = lines.clone();
        wrong.swap(i, i + 1);
        let error = Backup::parse(&typed(&wrong)).err();
        assert_eq!(error, Some(BackupError::Line { line: i + 1 }));
        let mut wrong = lines.clone();
        wrong[i].swap(1, 2);
        let error = Backup::parse(&typed(&wrong)).err();
        assert_eq!(error, Some(BackupError::Line { line: i + 1 }));
    }
}

#[test]
fn too_few_words_and_lines_are_counted_and_a_near_word_is_named() {
    let lines = backup().lines();
    let short = typed(&lines[..11]);
    let error = Backup::parse(&short).unwrap_err();
    assert_eq!(error, BackupError::Lines { found: 11 });
    let mut text = typed(&lines);
    text = text.replacen(lines[4][5], "", 1);
    let error = Backup::parse(&text).unwrap_err();
    assert_eq!(error, BackupError::Words { line: 5, found: 5 });
    let word = lines[0][0];
    let misread: String = std::iter::once('ぬ').chain(word.chars().skip(1)).collect();
    let text = typed(&lines).replacen(word, &misread, 1);
    match Backup::parse(&text).unwrap_err() {
        BackupError::Word {
            line: 1,
            word: 1,
            hint,
            ..
        } => assert!(hint.contains(word), "{hint}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn lines_of_two_backups_do_not_mix() {
    let (a, mut b) = (backup(), backup());
    b.share[31] ^= 1;
    let (one, two) = (a.lines(), b.lines());
    let mixed: Vec<_> = one
        .iter()
        .take(11)
        .chain(two.iter().skip(11))
        .copied()
        .collect();
    // Which half differs decides: the last line holds the end of the share and the check.
    let result = Backup::parse(&typed(&mixed));
    assert!(result.is_err() || one[..11] == two[..11]);
    let mut text = a.qr_text().to_string();
    let digit = if text.ends_with('0') { "1" } else { "0" };
    text.replace_range(text.len() - 1.., digit);
    assert_eq!(Backup::parse(&text).err(), Some(BackupError::Whole));
}

#[test]
fn the_page_stands_alone_and_holds_the_words_and_the_code() {
    let caption = |practice| Caption {
        election: "hibarino<2019>".to_owned(),
        trustee: "3番 商工会議所".to_owned(),
        six: "あいず".to_owned(),
        practice,
    };
    let html = page(&backup(), &caption(false)).unwrap();
    for line in backup().lines() {
        for w in line {
            assert!(html.contains(&format!("<td>{w}</td>")));
        }
    }
    assert!(html.contains("<svg") && html.contains("hibarino&lt;2019&gt;"));
    for outside in ["src=", "href=", "url(", "<script", "@import"] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(!html.contains("練習"));
    let html = page(&backup(), &caption(true)).unwrap();
    assert!(html.contains("練習　PRACTICE"));
}

#[test]
fn debug_shows_no_secret() {
    assert_eq!(format!("{:?}", backup()), "Backup(3)");
}

#[test]
fn every_field_of_the_checks_of_a_backup_counts() {
    let bytes = backup().bytes();
    let (check, body) = bytes.split_last().unwrap();
    assert_eq!(*check, crypto::hash::hash("trustee-backup", &[body]).0[0]);
    // One byte of check: a change passes once in 256 times, all 255 of one byte never do.
    for i in 0..body.len() {
        let passed = (1..=255).filter(|flip| {
            let mut other = body.to_vec();
            other[i] ^= flip;
            check_byte(&other) == *check
        });
        assert!(passed.count() < 10, "byte {i}");
    }

    let words = [1, 2, 300, 4, 1023];
    let numbers: Vec<u8> = words.iter().flat_map(|n: &u16| n.to_le_bytes()).collect();
    let h = crypto::hash::hash("trustee-backup-line", &[&[7], &numbers]).0;
    let made = check_word(7, &words);
    assert_eq!(made, u16::from(h[0]) << 2 | u16::from(h[1] >> 6));
    assert!(
        (1..=12)
            .filter(|line| check_word(*line, &words) == made)
            .count()
            == 1
    );
    for i in 0..words.len() {
        let mut other = words;
        other[i] ^= 1;
        assert_ne!(check_word(7, &other), made, "word {i}");
    }
}

/// The papers of `vectors/02-ceremony.json`, written by other code from the same text.
#[test]
fn backups_are_those_of_the_vectors() {
    let file = include_str!("../../../../vectors/02-ceremony.json");
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    let mut groups = file["groups"].as_array().unwrap().iter();
    let group = groups.find(|g| g["kind"] == "backup").unwrap();
    let bytes = |v: &serde_json::Value| crypto::hash::from_hex(v.as_str().unwrap()).unwrap();
    let secret = |v: &serde_json::Value| Zeroizing::new(<[u8; 32]>::try_from(bytes(v)).unwrap());
    let vectors = group["vectors"].as_array().unwrap();
    for vector in vectors {
        let (inputs, out) = (&vector["in"], &vector["out"]);
        let made = Backup {
            id: u16::try_from(inputs["trustee"].as_u64().unwrap()).unwrap(),
            setup: bytes(&inputs["setup"])[..8].try_into().unwrap(),
            seed: secret(&inputs["seed"]),
            share: secret(&inputs["share"]),
        };
        assert_eq!(made.bytes().to_vec(), bytes(&out["bytes"]));
        assert_eq!(serde_json::json!(made.lines()), out["lines"]);
        assert_eq!(*made.qr_text(), out["qr"].as_str().unwrap());
        let text = out["qr"].as_str().unwrap();
        same(&Backup::parse(text).unwrap(), &made);
        same(&Backup::parse(&typed(&made.lines())).unwrap(), &made);
    }
    assert_eq!(vectors.len(), 2);
}
