use super::*;

#[test]
fn the_stream_depends_on_seed_and_label_only() {
    let digits = |seed, label| SeedRng::new(seed, label).digits(20);
    assert_eq!(digits(1, "a"), digits(1, "a"));
    assert_ne!(digits(1, "a"), digits(2, "a"));
    assert_ne!(digits(1, "a"), digits(1, "b"));
}

#[test]
fn keys_are_found_again_in_the_cache_and_made_the_same_without_it() {
    let dir = tempfile::tempdir().expect("folder");
    let labels = ["one".to_owned()];
    let make = |cache| {
        let mut keys = Keys::new(5, cache);
        keys.prepare(&labels).expect("keys");
        keys.get("one").expect("key").clone()
    };
    let first = make(Some(dir.path().to_owned()));
    assert_eq!(std::fs::read_dir(dir.path()).expect("cache").count(), 1);
    assert_eq!(make(Some(dir.path().to_owned())), first);
    assert_eq!(make(None), first);
    assert!(Keys::new(5, None).get("one").is_err());
}
