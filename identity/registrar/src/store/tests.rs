use super::*;
use std::sync::Arc;

fn row(id: u8, day: u32) -> EvidenceRow<'static> {
    EvidenceRow {
        id: [id; 32],
        kind: "first",
        channel: "home",
        day,
        sealed: vec![id; 100],
    }
}

fn home(now_ms: u64) -> Visit {
    Visit {
        now_ms,
        at_station: false,
    }
}

async fn sqlite(folder: &std::path::Path) -> Store {
    Store::open(&format!("sqlite://{}", folder.join("a.db").display()))
        .await
        .unwrap()
}

/// The whole contract, on whichever database.
async fn contract(store: &Store) {
    let (anna, bert) = ([1; 32], [2; 32]);
    let claim = async |person: &[u8; 32], request: u8, id: u8| {
        store
            .claim_first(person, &[request; 32], &row(id, 1), home(0))
            .await
            .unwrap()
    };
    assert_eq!(
        store.exists(&anna).await.unwrap(),
        Exists {
            first: false,
            survey: false
        }
    );
    assert_eq!(
        store.claim_survey(&anna, &[7; 32]).await.unwrap(),
        Claim::NoFirst
    );
    assert_eq!(
        store
            .claim_again((&anna, &[0; 32]), 2, &row(9, 1), home(0))
            .await
            .unwrap(),
        Again::NoFirst
    );
    assert_eq!(claim(&anna, 5, 1).await, Claim::New);
    assert_eq!(claim(&anna, 5, 1).await, Claim::Same);
    assert_eq!(claim(&anna, 6, 2).await, Claim::Different);
    assert_eq!(claim(&bert, 6, 3).await, Claim::New);
    further(store, &anna).await;
    assert_eq!(
        store.claim_survey(&anna, &[7; 32]).await.unwrap(),
        Claim::New
    );
    assert_eq!(
        store.claim_survey(&anna, &[7; 32]).await.unwrap(),
        Claim::Same
    );
    assert_eq!(
        store.claim_survey(&anna, &[8; 32]).await.unwrap(),
        Claim::Different
    );
    assert_eq!(
        store.exists(&anna).await.unwrap(),
        Exists {
            first: true,
            survey: true
        }
    );
    totals(store).await;
    stations(store).await;
    reports(store).await;
    assert_eq!(claim(&anna, 5, 1).await, Claim::Same);
}

async fn further(store: &Store, anna: &[u8; 32]) {
    let waits = |until_ms| Again::Waits { until_ms };
    // The first credential was at 0; each wait begins anew with what is granted, and only then.
    for (id, day, now_ms, expected) in [
        (8, 1, PAUSE_MS - 1, waits(PAUSE_MS)),
        (10, 1, PAUSE_MS, Again::Granted),
        (11, 1, 2 * PAUSE_MS - 1, waits(2 * PAUSE_MS)),
        (11, 1, 2 * PAUSE_MS, Again::Granted),
        (12, 1, 3 * PAUSE_MS, Again::TooOften),
        (13, 2, 4 * PAUSE_MS - 1, Again::Granted),
    ] {
        let evidence = EvidenceRow {
            kind: "again",
            ..row(id, day)
        };
        let session = [id; 32];
        let begun = store.begin_session(anna, &session, home(now_ms)).await;
        let waiting = matches!(expected, Again::Waits { .. });
        assert_eq!(begun.unwrap().is_current, !waiting, "row {id}");
        assert_eq!(
            store
                .claim_again((anna, &session), 2, &evidence, home(now_ms))
                .await
                .unwrap(),
            expected,
            "row {id}"
        );
    }
    // No time of a person is kept longer than it is needed: Bert's wait is over, then Anna's.
    let over = 5 * PAUSE_MS - 1;
    assert_eq!(store.end_pauses(over - 1).await.unwrap(), 1);
    assert_eq!(store.end_pauses(over).await.unwrap(), 1);
    assert_eq!(store.end_pauses(u64::from(u32::MAX)).await.unwrap(), 0);
}

/// What a station got for a person ties further ballots to stations; a visit alone does not.
async fn stations(store: &Store) {
    let station = |now_ms| Visit {
        now_ms,
        at_station: true,
    };
    let first = async |person: u8, request: u8, visit| {
        let evidence = row(person, 3);
        store
            .claim_first(&[person; 32], &[request; 32], &evidence, visit)
            .await
            .unwrap()
    };
    let mut id = 60;
    let mut again = async |person: u8, visit| {
        id += 1;
        let evidence = EvidenceRow {
            kind: "again",
            ..row(id, 3)
        };
        let (person, session) = ([person; 32], [id; 32]);
        store.begin_session(&person, &session, visit).await.unwrap();
        store
            .claim_again((&person, &session), 9, &evidence, visit)
            .await
            .unwrap()
    };
    // 40: first at a station. 41: at home, later repeated at a station; another one ties nothing.
    // 42: at home, a further ballot at a station.
    assert_eq!(first(40, 1, station(0)).await, Claim::New);
    assert_eq!(first(41, 1, home(0)).await, Claim::New);
    assert_eq!(first(41, 2, station(0)).await, Claim::Different);
    assert_eq!(again(41, home(PAUSE_MS)).await, Again::Granted);
    assert_eq!(first(41, 1, station(0)).await, Claim::Same);
    assert_eq!(first(42, 1, home(0)).await, Claim::New);
    assert_eq!(again(42, station(PAUSE_MS)).await, Again::Granted);
    for person in [40, 41, 42] {
        let late = 3 * PAUSE_MS;
        assert_eq!(again(person, home(late)).await, Again::StationOnly);
        // Its claim is refused: the repeated *first* from home gives nothing back.
        assert_eq!(first(person, 1, home(late)).await, Claim::Same);
        assert_eq!(again(person, home(late)).await, Again::StationOnly);
        assert_eq!(again(person, station(late)).await, Again::Granted);
    }
    store.end_pauses(u64::from(u32::MAX)).await.unwrap();
}

async fn totals(store: &Store) {
    for id in [1, 1, 2, 1] {
        store.incident(&[id; 32], "first_differs", 1).await.unwrap();
    }
    assert_eq!(store.incidents().await.unwrap(), 2);
    assert_eq!(store.incidents_of(1).await.unwrap(), 2);
    assert_eq!(store.incidents_of(2).await.unwrap(), 0);
    let counts = store.counts().await.unwrap();
    let at = |kind: &str, day| counts.get(&(kind.into(), "home".into(), day)).copied();
    assert_eq!(
        (at("first", 1), at("again", 1), at("again", 2)),
        (Some(2), Some(2), Some(1))
    );
    let before = store.evidence().await.unwrap();
    let of = async |day| {
        let mut found = 0;
        store.each_sealed(day, &mut |_| found += 1).await.unwrap();
        found
    };
    assert_eq!(
        (before.len(), of(1).await, of(2).await, of(3).await),
        (5, 4, 1, 0)
    );
    for _ in 0..2 {
        store.rewrite().await.unwrap();
        assert_eq!(store.evidence().await.unwrap(), before);
    }
}

/// Stands for the hash of a record.
fn leaf(sealed: &[u8]) -> [u8; 32] {
    [255 - sealed[0]; 32]
}

/// A report once kept is never replaced: a repetition posts the same bytes, part by part.
async fn reports(store: &Store) {
    assert!(store.report(1).await.unwrap().is_empty());
    let first = |content: &Content| {
        assert!(content.leaves.is_sorted());
        assert_eq!((content.leaves.len(), content.incidents), (4, 2));
        vec![b"one".to_vec(), b"two".to_vec()]
    };
    let kept = store.make_report(1, &leaf, first).await.unwrap();
    let other = |_: &Content| vec![b"other".to_vec()];
    let second = store.make_report(1, &leaf, other).await.unwrap();
    assert_eq!(second, kept);
    late(store).await;
    let [one, two] = kept.as_slice() else {
        panic!("two parts")
    };
    assert_eq!((one.entry.as_slice(), one.is_final), (&b"one"[..], false));
    assert_eq!((two.entry.as_slice(), two.is_final), (&b"two"[..], false));
    store.finish_part(1, 1).await.unwrap();
    let now = store.report(1).await.unwrap();
    let done: Vec<bool> = now.iter().map(|part| part.is_final).collect();
    assert_eq!(done, [false, true]);
}

/// A claim of a day whose report is made is refused whole, and taken under the next day.
async fn late(store: &Store) {
    let (carl, anna) = ([3; 32], [1; 32]);
    let first = async |day| {
        store
            .claim_first(&carl, &[9; 32], &row(30, day), home(0))
            .await
            .unwrap()
    };
    assert_eq!(first(1).await, Claim::DayOver);
    assert!(!store.exists(&carl).await.unwrap().first);
    let again = EvidenceRow {
        kind: "again",
        ..row(31, 1)
    };
    let before = store.counts().await.unwrap();
    let claim = store
        .claim_again((&anna, &[0; 32]), 9, &again, home(u64::from(u32::MAX)))
        .await
        .unwrap();
    assert_eq!(claim, Again::DayOver);
    assert_eq!(store.counts().await.unwrap(), before);
    assert_eq!(first(2).await, Claim::New);
}

/// Reports and claims at once: every claim that is recorded is in the report of its day.
#[tokio::test(flavor = "multi_thread")]
async fn no_claim_falls_between_two_reports() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [sqlite(folder.path()).await, sqlite(folder.path()).await];
    let mut tasks = Vec::new();
    for n in 0..60u8 {
        let store = stores[usize::from(n) % 2].clone();
        tasks.push(tokio::spawn(async move {
            let claim = store
                .claim_first(&[n; 32], &[n; 32], &row(n, 5), home(0))
                .await;
            claim.unwrap() == Claim::New
        }));
    }
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    let entry = |content: &Content| vec![vec![u8::try_from(content.leaves.len()).unwrap()]];
    let report = stores[0].make_report(5, &leaf, entry).await.unwrap();
    let mut recorded = 0;
    for task in tasks {
        recorded += u8::from(task.await.unwrap());
    }
    assert_eq!(report[0].entry, [recorded]);
    let sealed = stores[1].evidence().await.unwrap();
    assert_eq!(sealed.len(), usize::from(recorded));
}

/// Many replicas race for one person: exactly one request wins, its repetitions are answered.
async fn race(stores: &[Store]) {
    let stores: Vec<Arc<Store>> = stores.iter().cloned().map(Arc::new).collect();
    let person = [77; 32];
    let mut tasks = Vec::new();
    for n in 0..64u8 {
        let store = Arc::clone(&stores[usize::from(n) % stores.len()]);
        tasks.push(tokio::spawn(async move {
            let request = [n / 16; 32];
            let claim = store
                .claim_first(&person, &request, &row(100 + n / 16, 3), home(0))
                .await
                .unwrap();
            (request, claim)
        }));
    }
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    let winners: Vec<_> = results.iter().filter(|(_, c)| *c == Claim::New).collect();
    assert_eq!(winners.len(), 1);
    let (winner, _) = winners[0];
    for (request, claim) in &results {
        assert_eq!(request == winner, *claim != Claim::Different);
    }
    assert_eq!(
        results.iter().filter(|(_, c)| *c == Claim::Same).count(),
        15
    );
    let counts = stores[0].counts().await.unwrap();
    assert_eq!(counts.get(&("first".into(), "home".into(), 3)), Some(&1));
}

#[tokio::test]
async fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    contract(&sqlite(folder.path()).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_decides_a_race_of_64_requests() {
    let folder = tempfile::tempdir().unwrap();
    let stores = [sqlite(folder.path()).await, sqlite(folder.path()).await];
    race(&stores).await;
}

#[tokio::test]
async fn rows_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path()).await;
    store
        .claim_first(&[1; 32], &[5; 32], &row(1, 1), home(0))
        .await
        .unwrap();
    store.close().await;
    let store = sqlite(folder.path()).await;
    assert_eq!(
        store
            .claim_first(&[1; 32], &[6; 32], &row(1, 1), home(0))
            .await
            .unwrap(),
        Claim::Different
    );
}
