use super::*;
use crate::rules;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, Options};

struct Desk {
    lab: Lab,
    pool: Pool,
    told: mpsc::Receiver<Bytes>,
    folder: tempfile::TempDir,
}

fn desk(limit: usize) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = Log::open(folder.path()).unwrap();
    let (gossip, told) = mpsc::channel(64);
    let pool = Pool::new(log, gossip, limit);
    pool.restored();
    Desk {
        lab: Lab::open(Options::default()),
        pool,
        told,
        folder,
    }
}

impl Desk {
    fn entry(&mut self, voter: usize) -> Checked {
        let bytes = self.lab.ballot_with(voter, 1, 1, Hash::ZERO).to_bytes();
        rules::check(&self.lab.state, &bytes).unwrap()
    }
    fn offer(&self, checked: &Checked, answer: &'static str) -> Offer {
        let answer = Bytes::from_static(answer.as_bytes());
        self.pool.offer(checked.clone(), answer)
    }
    async fn kept(&self, entry: &Checked, answer: &'static str) -> Bytes {
        match self.offer(entry, answer) {
            Offer::Waits(promise) => promise.kept().await.unwrap(),
            other => unreachable!("{other:?}"),
        }
    }
    fn on_disk(&self) -> Vec<Stored> {
        Log::open(self.folder.path()).unwrap().1
    }
}

#[tokio::test]
async fn the_first_answer_stands_and_is_on_disk_before_it_is_given() {
    let mut desk = desk(10);
    let entry = desk.entry(0);
    assert_eq!(desk.kept(&entry, "first").await, "first");
    let stored = Stored {
        entry: shared(&entry),
        answer: Bytes::from_static(b"first"),
    };
    assert_eq!(desk.on_disk(), vec![stored]);
    assert_eq!(desk.kept(&entry, "second").await, "first");
    assert_eq!(desk.told.recv().await, Some(shared(&entry)));
    // An entry heard from others is answered and logged when it is posted here.
    let heard = desk.entry(1);
    desk.pool.hear(heard.clone());
    assert!(desk.pool.promise(heard.hash()).is_none());
    assert!(matches!(desk.offer(&heard, "third"), Offer::Waits(_)));
}

#[tokio::test]
async fn a_38_two_booths_race_for_one_place() {
    let mut desk = desk(10);
    let (one, two) = (desk.entry(0), desk.entry(0));
    assert!(matches!(desk.offer(&one, "a"), Offer::Waits(_)));
    assert!(matches!(desk.offer(&two, "b"), Offer::Taken));
    desk.pool.hear(two.clone());
    assert_eq!(desk.pool.len(), 1);
    // Once the first is final the place is free again; the board's own rules decide then.
    desk.pool
        .settle(&[*one.hash()], &desk.lab.state, desk.lab.now);
    assert!(matches!(desk.offer(&two, "b"), Offer::Waits(_)));
}

#[tokio::test]
async fn a_full_pool_takes_nothing_more() {
    let mut desk = desk(1);
    let (one, two) = (desk.entry(0), desk.entry(1));
    assert!(matches!(desk.offer(&one, "a"), Offer::Waits(_)));
    assert!(matches!(desk.offer(&two, "b"), Offer::Full));
    desk.pool.hear(two);
    assert_eq!(desk.pool.len(), 1);
}

#[tokio::test]
async fn candidates_fit_the_state_the_count_and_the_bytes() {
    let mut desk = desk(10);
    let entries: Vec<_> = (0..5).map(|i| desk.entry(i)).collect();
    for e in &entries {
        desk.pool.hear(e.clone());
    }
    let time = desk.lab.now + 1;
    let found = |state: &State, count, bytes| -> Vec<Hash> {
        desk.pool
            .candidates(state, time, count, bytes)
            .iter()
            .map(|c| *c.hash())
            .collect()
    };
    let before = desk.lab.state.clone();
    assert_eq!(
        found(&before, 10, usize::MAX),
        entries.iter().map(|e| *e.hash()).collect::<Vec<_>>()
    );
    assert_eq!(found(&before, 2, usize::MAX).len(), 2);
    assert_eq!(found(&before, 10, 3 * entries[0].room()).len(), 3);
    let mut lab = desk.lab;
    lab.post(&[entries[0].bytes().to_vec()]);
    let pool = &desk.pool;
    assert_eq!(
        pool.candidates(&lab.state, time + 2000, 10, usize::MAX)
            .len(),
        4
    );
    // After the close the ballots taken before still drain, and after the drain none fits.
    let close = lab.close_at();
    lab.advance_to(close - 2000);
    assert_eq!(
        pool.candidates(&lab.state, close + 1, 10, usize::MAX).len(),
        4
    );
    let drained = lab.on_board().drained_at();
    lab.advance_to(drained - 1);
    assert_eq!(
        pool.candidates(&lab.state, drained, 10, usize::MAX).len(),
        0
    );
}

#[tokio::test]
async fn settled_entries_leave_the_log() {
    let mut desk = desk(10);
    let entry = desk.entry(0);
    assert_eq!(desk.kept(&entry, "a").await, "a");
    let mut lab = desk.lab;
    lab.post(&[entry.bytes().to_vec()]);
    desk.pool.settle(&[*entry.hash()], &lab.state, lab.now);
    assert!(desk.pool.is_empty());
    let end = Instant::now() + Duration::from_secs(5);
    while !Log::open(desk.folder.path()).unwrap().1.is_empty() {
        assert!(Instant::now() < end);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_41_promised_ballots_outlive_a_halt() {
    let mut desk = desk(10);
    let entry = desk.entry(0);
    desk.kept(&entry, "a").await;
    // The board stood still across the close: the next block halts the election.
    let close = desk.lab.close_at();
    desk.lab.advance_to(close - 100_000);
    desk.lab.try_block(close + 1000, &[] as &[Vec<u8>]).unwrap();
    assert_eq!(desk.lab.phase(), board::Phase::Halted);
    let long_ago = Instant::now()
        .checked_sub(HOPELESS + Duration::from_secs(60))
        .unwrap();
    desk.pool.inner().items.get_mut(entry.hash()).unwrap().since = long_ago;
    desk.pool.settle(&[], &desk.lab.state, desk.lab.now);
    assert_eq!((desk.pool.len(), desk.on_disk().len()), (1, 1));
    let resume = desk.lab.act(board::entry::Act::Resume {
        until: close + 3_600_000,
    });
    desk.lab.post_one(&resume);
    let time = desk.lab.now + 1;
    assert_eq!(
        desk.pool
            .candidates(&desk.lab.state, time, 10, usize::MAX)
            .len(),
        1
    );
    // Once the number is used by another ballot, nothing can heal it.
    let other = desk.entry(0);
    let mut lab = desk.lab;
    lab.post(&[other.bytes().to_vec()]);
    desk.pool.settle(&[*other.hash()], &lab.state, lab.now);
    assert!(desk.pool.is_empty());
}

#[tokio::test]
async fn ballots_pass_a_queue_of_other_entries() {
    let mut desk = desk(10_000);
    let election = desk.lab.election;
    for i in 0..200u32 {
        let text = ballot::text::Text::new(&format!("{i}"), "n", "n");
        let act = desk.lab.act(board::entry::Act::Notice {
            key: "n".into(),
            text,
        });
        let bytes = act.encode();
        let checked = rules::check(&desk.lab.state, &bytes).unwrap();
        desk.pool.hear(checked);
    }
    assert_eq!(desk.lab.on_board().hash(), Some(&election));
    let ballot = desk.entry(0);
    desk.pool.hear(ballot.clone());
    let found = desk
        .pool
        .candidates(&desk.lab.state, desk.lab.now + 1, 256, usize::MAX);
    assert_eq!(found.len(), OTHERS + 1);
    assert_eq!(found.last().map(|c| *c.hash()), Some(*ballot.hash()));
}
