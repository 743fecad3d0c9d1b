use super::*;
use crate::terminal::tests::Script;

fn passphrase() -> Passphrase {
    Passphrase::new(Zeroizing::new("a long enough passphrase".to_owned()))
}

async fn run(folder: &Path, n: u16, t: u16, talk: &mut Script) -> Result<Practised> {
    let rehearsal = Rehearsal {
        folder,
        passphrase: passphrase(),
        n,
        t,
        now_ms: 1_800_000_000_000,
    };
    rehearsal.run(talk).await
}

#[tokio::test]
async fn a_practice_opens_exactly_what_was_cast_and_says_that_it_is_one() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("practice");
    let mut talk = Script::yes();
    let done = run(&folder, 3, 2, &mut talk).await.unwrap();
    assert_eq!(done.cast, done.opened);
    assert_eq!(
        done.cast.iter().sum::<u64>(),
        u64::try_from(VOTERS).unwrap()
    );
    // Every line and every question is marked.
    assert!(talk.said.len() > 20);
    for line in &talk.said {
        assert!(line.starts_with("【練習】"), "{line}");
    }
    // Take part, three parts of the manifest, sign, commit, release: nothing else is asked.
    assert_eq!(talk.asked, 7);
    let paper = std::fs::read_to_string(folder.join("backup-practice.html")).unwrap();
    assert!(paper.contains("練習　PRACTICE"));
}

#[tokio::test]
async fn keys_of_a_practice_do_not_open_as_real_ones_and_real_ones_not_in_a_practice() {
    let dir = tempfile::tempdir().unwrap();
    let clock = ManualClock::new(1);
    let practised = trustee(dir.path(), 1, passphrase(), &clock).unwrap();
    let keys = dir.path().join("trustee-1/keys");
    let real = KeyFolder::new(&keys, passphrase(), true);
    assert!(
        real.keys()
            .unwrap_err()
            .to_string()
            .contains("PRACTICE TRUSTEE SEED")
    );
    assert!(practised.folder.keys().is_ok());
    let other = dir.path().join("real");
    KeyFolder::new(&other, passphrase(), true)
        .init(1, ("a", "a"))
        .unwrap();
    assert!(KeyFolder::practice(&other, passphrase()).keys().is_err());
}

#[tokio::test]
async fn who_says_no_does_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("practice");
    let mut talk = Script::answers(&[false]);
    let error = run(&folder, 3, 2, &mut talk).await.unwrap_err();
    assert!(matches!(
        error.downcast_ref(),
        Some(crate::Refusal::Declined)
    ));
}
