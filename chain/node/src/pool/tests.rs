use super::*;
use crate::rules;
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
    let lab = Lab::open(Options::default());
    let me = *lab.parties.nodes[0].public().as_bytes();
    let pool = Pool::new(log, gossip, limit, me);
    pool.restored();
    Desk {
        lab,
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
    // Half a minute before the close nothing goes in any more that nobody promised.
    let close = lab.close_at();
    lab.advance_to(close - 32_000);
    let at = |time| pool.candidates(&lab.state, time, 10, usize::MAX).len();
    assert_eq!((at(close - 30_001), at(close - 30_000)), (4, 0));
}

/// A ballot that this node and another one promised before the close goes into a block with the
/// proof, however late the block; after the drain nothing does.
#[tokio::test]
async fn a_70_a_promised_ballot_goes_with_its_late_or_not_at_all() {
    let mut desk = desk(10);
    let ballot = desk.entry(0);
    desk.lab.advance_to(desk.lab.close_at() - 1000);
    let close = desk.lab.close_at();
    let said = |lab: &mut Lab, validator: u16, time_ms| {
        let seen = lab.seen(validator, ballot.hash(), time_ms);
        let body = api::node::Judgement {
            network: lab.network().id(),
            entry: *ballot.hash(),
            rule: None,
            height: seen.height,
            time_ms,
        };
        let signature = seen.signature;
        Answer { body, signature }
    };
    let own = said(&mut desk.lab, 0, close - 1).to_bytes();
    let Offer::Waits(own) = desk.pool.offer(ballot.clone(), Bytes::from(own)) else {
        unreachable!("there is room")
    };
    own.kept().await.unwrap();
    let pairs = |desk: &Desk, time, count| {
        let found = desk
            .pool
            .candidates(&desk.lab.state, time, count, usize::MAX);
        found.iter().map(|c| c.kind()).collect::<Vec<_>>()
    };
    let time = close + 20_000;
    assert!(pairs(&desk, time, 10).is_empty());
    assert!(!desk.pool.has_candidate(&desk.lab.state, time));
    // A second one who says so too late is no help, one in time is.
    let key = |lab: &Lab, i: usize| *lab.parties.nodes[i].public().as_bytes();
    let late = said(&mut desk.lab, 1, close);
    desk.pool.note(key(&desk.lab, 1), late);
    assert!(pairs(&desk, time, 10).is_empty());
    let third = said(&mut desk.lab, 2, close - 5000);
    desk.pool.note(key(&desk.lab, 2), third);
    assert_eq!(pairs(&desk, time, 10), [28, 15]);
    assert!(pairs(&desk, time, 1).is_empty(), "both or nothing");
    assert!(desk.pool.has_candidate(&desk.lab.state, time));
    let room = desk.pool.candidates(&desk.lab.state, time, 10, usize::MAX);
    let room: usize = room.iter().map(Checked::room).sum();
    // A quarter is kept for ballots, and what other entries leave is theirs, too.
    assert_eq!(
        desk.pool.candidates(&desk.lab.state, time, 10, room).len(),
        2
    );
    assert_eq!(
        desk.pool
            .candidates(&desk.lab.state, time, 10, room - 1)
            .len(),
        0
    );
    let found = desk.pool.candidates(&desk.lab.state, time, 10, room);
    let (block, next) = rules::assemble(&desk.lab.state, time, found).unwrap();
    assert_eq!(block.entries.len(), 2);
    assert_eq!(next.election(&desk.lab.election).unwrap().counted(), 1);
    // What was promised here and by others is on disk as soon as anything behind it is.
    let behind = desk.entry(1);
    desk.kept(&behind, "behind").await;
    let stored = desk.on_disk();
    let others: Vec<_> = stored
        .iter()
        .filter_map(Stored::other)
        .map(|o| o.0)
        .collect();
    assert_eq!(others, [key(&desk.lab, 1), key(&desk.lab, 2)]);
    assert_eq!(stored.len(), 4);
    // After the drain none fits.
    desk.lab.advance_to(close);
    let drained = desk.lab.on_board().drained_at();
    desk.lab.advance_to(drained - 1);
    assert!(pairs(&desk, drained, 10).is_empty());
}

/// An entry of another validator is promised once, on disk, and then told to the others.
#[tokio::test]
async fn a_70_what_others_sent_is_promised_here_too() {
    let mut desk = desk(10);
    let ballot = desk.entry(0);
    assert!(
        desk.pool
            .vouch(&ballot, Bytes::from_static(b"word"))
            .is_none()
    );
    desk.pool.hear(ballot.clone());
    assert!(desk.pool.unpromised().is_empty(), "it has only just come");
    let long_ago = Instant::now().checked_sub(2 * REPEAT).unwrap();
    desk.pool
        .inner()
        .items
        .get_mut(ballot.hash())
        .unwrap()
        .since = long_ago;
    assert_eq!(desk.pool.unpromised().len(), 1);
    let promise = desk.pool.vouch(&ballot, Bytes::from_static(b"word"));
    assert_eq!(promise.unwrap().kept().await.unwrap(), "word");
    assert!(desk.pool.unpromised().is_empty());
    assert!(
        desk.pool
            .vouch(&ballot, Bytes::from_static(b"again"))
            .is_none()
    );
    assert_eq!(desk.kept(&ballot, "third").await, "word");
    assert_eq!(desk.on_disk().len(), 1);
    desk.pool.inner().items.get_mut(ballot.hash()).unwrap().told = long_ago;
    let sent = desk.pool.repeat(usize::MAX);
    assert_eq!(sent, [shared(&ballot), Bytes::from_static(b"word")]);
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
    desk.lab.advance_to(close - 700_000);
    desk.lab.try_block(close + 1000, &[] as &[Vec<u8>]).unwrap();
    assert_eq!(desk.lab.phase(), board::Phase::Halted);
    let long_ago = Instant::now()
        .checked_sub(HOPELESS + Duration::from_secs(60))
        .unwrap();
    desk.pool.inner().items.get_mut(entry.hash()).unwrap().since = long_ago;
    desk.pool.settle(&[], &desk.lab.state, desk.lab.now);
    assert_eq!((desk.pool.len(), desk.on_disk().len()), (1, 1));
    let resume = desk.lab.act(board::entry::Act::Resume {
        until: close + 600_000,
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
