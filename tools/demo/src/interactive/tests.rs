use super::*;

#[test]
fn words_are_read_and_others_are_not() {
    let read = |line| Word::read(line);
    assert_eq!(read("booth"), Some(Word::Booth("home".to_owned())));
    assert_eq!(
        read(" booth  venue "),
        Some(Word::Booth("venue".to_owned()))
    );
    assert_eq!(read("vote 7"), Some(Word::Vote(7)));
    assert_eq!(read("exit"), Some(Word::Quit));
    for line in ["", "booth train", "vote", "vote all", "next please", "NEXT"] {
        assert_eq!(read(line), None, "{line}");
    }
}

#[test]
fn a_film_shows_every_picture_and_is_not_empty() {
    let dir = std::env::temp_dir().join(format!("irefuda-film-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("a"), "A").unwrap();
    std::fs::write(dir.join("b"), "B").unwrap();
    let shown = film(&[dir.join("a"), dir.join("b")]).unwrap();
    assert_eq!(shown, b"AAAAAAAAAABBBBBBBBBB");
    assert!(film(&[]).is_err());
    assert!(film(&[dir.join("c")]).is_err());
    std::fs::remove_dir_all(&dir).unwrap();
}

#[test]
fn the_browser_shows_the_film_as_camera_and_ends_at_the_booth() {
    let words = browser_words(Path::new("/d"), Path::new("/d/camera.mjpeg"), "http://x/#y");
    let film = "--use-file-for-fake-video-capture=/d/camera.mjpeg";
    assert!(words.iter().any(|word| word == film));
    assert_eq!(words.last().map(String::as_str), Some("http://x/#y"));
}

#[test]
fn every_party_is_named_with_its_address() {
    let dir = std::env::temp_dir().join(format!("irefuda-addresses-{}", std::process::id()));
    let run_folder = RunFolder::make(&dir, 40_000).unwrap();
    let all = addresses(&run_folder, 2, 2);
    let of = |name: &str| {
        let found = all.iter().find(|(party, _)| party == name);
        found.map(|(_, address)| address.as_str())
    };
    assert_eq!(of("portal"), Some("http://127.0.0.1:40000/"));
    assert_eq!(of("registrar-2"), Some("https://127.0.0.1:40002/"));
    assert_eq!(of("node-1"), Some("https://127.0.0.1:40011/v1/status"));
    assert_eq!(of("relay"), Some("https://127.0.0.1:40090/"));
    assert_eq!(all.len(), 2 + 2 + 4 + 2);
    std::fs::remove_dir_all(&dir).unwrap();
}
