//! Entries waiting for a block.

use crate::pool_log::{Log, Stored};
use crate::promise::{NodeKey, Way, way};
use crate::rules::{Checked, Outlook, Slot, State};
use api::node::Answer;
use bytes::Bytes;
use crypto::Hash;
use crypto::wire::TopLevel as _;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, mpsc, watch};

/// An entry no block could take for this long is dropped.
const HOPELESS: Duration = Duration::from_mins(2);
/// Administrative entries in one block at most.
const OTHERS: usize = 32;
/// Entries of each queue looked at for one block at most.
const SCAN: usize = 4096;
/// The log is rewritten at most this often.
const TIDY_EVERY: Duration = Duration::from_secs(1);
/// A ballot and its `Late`.
const PAIR: usize = 2;
/// After this wait, this node sends its own entry to the other validators again.
const REPEAT: Duration = Duration::from_secs(2);

/// One waiting entry.
#[derive(Clone, Debug)]
struct Item {
    order: u64,
    checked: Checked,
    /// This node's signed "seen", when it was asked.
    promise: Option<Promise>,
    /// What the other validators promised.
    others: BTreeMap<NodeKey, Answer>,
    since: Instant,
    told: Instant,
}

#[derive(Default)]
struct Inner {
    /// Whether the log of the process before has been taken up.
    restored: bool,
    /// When the log was last rewritten.
    tidied: Option<Instant>,
    next: u64,
    /// Ballots and check ballots, oldest first.
    ballots: BTreeMap<u64, Hash>,
    /// Administrative entries, oldest first.
    others: BTreeMap<u64, Hash>,
    items: BTreeMap<Hash, Item>,
    /// Which entry holds a voter's next number here.
    slots: BTreeMap<Slot, Hash>,
}

/// A signed "seen" and whether its entry is on disk.
#[derive(Clone, Debug)]
pub struct Promise {
    answer: Bytes,
    on_disk: watch::Receiver<bool>,
}

impl Promise {
    /// The answer, once the entry is on disk; none when the node ends before.
    pub async fn kept(mut self) -> Option<Bytes> {
        self.on_disk.wait_for(|done| *done).await.ok()?;
        Some(self.answer)
    }
    /// The answer, if the entry is on disk.
    fn given(&self) -> Option<&Bytes> {
        self.on_disk.borrow().then_some(&self.answer)
    }
}

/// What became of an entry that was offered.
#[derive(Debug)]
pub enum Offer {
    /// It waits already; the first answer stays valid.
    Waits(Promise),
    /// Another waiting entry has its place.
    Taken,
    /// No room.
    Full,
}

/// The waiting entries.
pub struct Pool {
    inner: Mutex<Inner>,
    arrived: Notify,
    log: Log,
    gossip: mpsc::Sender<Bytes>,
    limit: usize,
    me: NodeKey,
}

/// The entry's bytes, shared, as the engine's network and the log take them.
fn shared(checked: &Checked) -> Bytes {
    Bytes::from_owner(Arc::clone(checked.bytes()))
}

impl Pool {
    /// An empty pool of the node with key `me` over its log; `gossip` takes entries and promises for
    /// the other validators.
    #[must_use]
    pub fn new(log: Log, gossip: mpsc::Sender<Bytes>, limit: usize, me: NodeKey) -> Self {
        Self {
            inner: Mutex::default(),
            arrived: Notify::new(),
            log,
            gossip,
            limit,
            me,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Completes when an entry has arrived after this call.
    pub fn arrived(&self) -> Notified<'_> {
        self.arrived.notified()
    }
    /// How many entries wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner().items.len()
    }
    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner().items.is_empty()
    }
    /// Whether this entry waits.
    #[must_use]
    pub fn contains(&self, entry: &Hash) -> bool {
        self.inner().items.contains_key(entry)
    }
    /// The promise this node gave for a waiting entry.
    #[must_use]
    pub fn promise(&self, entry: &Hash) -> Option<Promise> {
        self.inner()
            .items
            .get(entry)
            .and_then(|i| i.promise.clone())
    }

    /// Takes an entry posted here together with the answer the poster gets once it is on disk.
    #[must_use]
    pub fn offer(&self, checked: Checked, answer: Bytes) -> Offer {
        let (hash, bytes) = (*checked.hash(), shared(&checked));
        let mut inner = self.inner();
        if let Some(known) = inner.items.get(&hash).and_then(|i| i.promise.clone()) {
            return Offer::Waits(known);
        }
        if !inner.items.contains_key(&hash) {
            if inner.items.len() >= self.limit {
                return Offer::Full;
            }
            if inner.slot_taken(&checked) {
                return Offer::Taken;
            }
            inner.insert(checked);
        }
        let promise = self.promised(&mut inner, hash, bytes.clone(), answer);
        drop(inner);
        self.arrived.notify_waiters();
        // A full queue loses nothing: entries that wait too long are told again.
        let _ = self.gossip.try_send(bytes);
        Offer::Waits(promise)
    }

    /// Keeps a promise; inside the lock, so that a rewrite of the log never misses an entry.
    fn promised(&self, inner: &mut Inner, hash: Hash, entry: Bytes, answer: Bytes) -> Promise {
        let stored = Stored {
            entry,
            answer: answer.clone(),
        };
        let promise = Promise {
            answer,
            on_disk: self.log.append(stored),
        };
        if let Some(item) = inner.items.get_mut(&hash) {
            item.promise = Some(promise.clone());
        }
        promise
    }

    /// Promises an entry that another validator sent and that waits here; none when it does not, or
    /// is promised already.
    #[must_use]
    pub fn vouch(&self, checked: &Checked, answer: Bytes) -> Option<Promise> {
        let mut inner = self.inner();
        let item = inner.items.get(checked.hash())?;
        if item.promise.is_some() {
            return None;
        }
        Some(self.promised(&mut inner, *checked.hash(), shared(checked), answer))
    }

    /// Ballots and check ballots of others that have waited a while and that this node has not
    /// promised.
    #[must_use]
    pub fn unpromised(&self) -> Vec<Checked> {
        let inner = self.inner();
        let waiting = inner.ballots.values().filter_map(|h| inner.items.get(h));
        let slow = waiting.filter(|i| i.promise.is_none() && i.since.elapsed() > REPEAT);
        slow.take(SCAN).map(|i| i.checked.clone()).collect()
    }

    /// Keeps what another validator promised about an entry that waits here. Whoever calls this has
    /// verified it under that node key.
    pub fn note(&self, key: NodeKey, answer: Answer) {
        let mut inner = self.inner();
        let Some(item) = inner.items.get_mut(&answer.body.entry) else {
            return;
        };
        if item.others.contains_key(&key) {
            return;
        }
        // Nobody waits until it is on disk: its giver says it again.
        drop(self.log.append(Stored::heard(&key, &answer)));
        item.others.insert(key, answer);
        drop(inner);
        self.arrived.notify_waiters();
    }

    /// Sends the other validators a promise of this node.
    pub fn tell(&self, answer: Bytes) {
        // A full queue loses nothing: it is said again as long as the entry waits.
        let _ = self.gossip.try_send(answer);
    }

    /// Who promised an entry that waits here, this node included.
    #[must_use]
    pub fn said(&self, entry: &Hash) -> BTreeMap<NodeKey, Answer> {
        let inner = self.inner();
        let Some(item) = inner.items.get(entry) else {
            return BTreeMap::new();
        };
        let mut said = item.others.clone();
        let own = item.promise.as_ref().and_then(Promise::given);
        if let Some(own) = own.and_then(|a| Answer::from_bytes(a).ok()) {
            said.insert(self.me, own);
        }
        said
    }

    /// Takes an entry that another validator sent.
    pub fn hear(&self, checked: Checked) {
        let mut inner = self.inner();
        let room = inner.items.len() < self.limit;
        if room && !inner.items.contains_key(checked.hash()) && !inner.slot_taken(&checked) {
            inner.insert(checked);
            drop(inner);
            self.arrived.notify_waiters();
        }
    }

    /// Puts back an entry found in the log at start, with the answer its poster got.
    pub fn restore(&self, checked: Checked, answer: Bytes) {
        let (hash, bytes) = (*checked.hash(), shared(&checked));
        let mut inner = self.inner();
        inner.insert(checked);
        if let Some(item) = inner.items.get_mut(&hash) {
            let on_disk = watch::channel(true).1;
            item.promise = Some(Promise { answer, on_disk });
        }
        drop(inner);
        self.arrived.notify_waiters();
        let _ = self.gossip.try_send(bytes);
    }

    /// Whether an entry could go into a block with this time on this state.
    #[must_use]
    pub fn has_candidate(&self, state: &State, time_ms: u64) -> bool {
        !self.candidates(state, time_ms, PAIR, usize::MAX).is_empty()
    }

    /// Entries for a block with this time on this state, oldest first. Where a block takes a ballot
    /// only with a `Late`, that is in front of it, or both stay here.
    #[must_use]
    pub fn candidates(
        &self,
        state: &State,
        time_ms: u64,
        count: usize,
        max_bytes: usize,
    ) -> Vec<Checked> {
        let (others, ballots) = {
            let inner = self.inner();
            (inner.first(&inner.others), inner.first(&inner.ballots))
        };
        let mut out = Vec::new();
        let mut take = |waiting: Vec<Checked>, count: usize, mut room: usize| {
            for candidate in waiting {
                if out.len() >= count {
                    break;
                }
                let size = candidate.room();
                let said = || self.said(candidate.hash());
                let late = match way(state, &candidate, time_ms, said) {
                    Some(Way::Alone) if size <= room => None,
                    Some(Way::With(late)) if size + late.room() <= room => Some(late),
                    _ => continue,
                };
                if late.is_some() && out.len() + PAIR > count {
                    continue;
                }
                room -= size + late.as_ref().map_or(0, Checked::room);
                out.extend(late);
                out.push(candidate);
            }
            room
        };
        // Ballots never wait behind a queue of other entries.
        let rest = max_bytes / 4;
        let left = take(others, count.min(OTHERS), max_bytes - rest);
        take(ballots, count, left.saturating_add(rest));
        out
    }

    /// Forgets entries that are final now, and those no block can take any more.
    pub fn settle(&self, final_entries: &[Hash], state: &State, time_ms: u64) {
        let mut inner = self.inner();
        for hash in final_entries {
            inner.remove(hash);
        }
        let hopeless: Vec<Hash> = [&inner.others, &inner.ballots]
            .into_iter()
            .flat_map(|order| order.values().take(SCAN))
            .filter_map(|h| Some((h, inner.items.get(h)?)))
            .filter(|(_, i)| i.since.elapsed() > HOPELESS)
            .filter(|(_, i)| matches!(state.outlook(&i.checked, time_ms), Outlook::Never(_)))
            .map(|(h, _)| *h)
            .collect();
        for hash in &hopeless {
            inner.remove(hash);
        }
        self.tidy(&mut inner);
    }

    /// Says that everything the log held at start has been looked at.
    pub fn restored(&self) {
        let mut inner = self.inner();
        inner.restored = true;
        self.tidy(&mut inner);
    }

    /// Takes out of the log what is final or hopeless: nothing else stands in it than what is
    /// still owed, and in an order that says nothing about when it came.
    fn tidy(&self, inner: &mut Inner) {
        if !inner.restored || inner.tidied.is_some_and(|t| t.elapsed() < TIDY_EVERY) {
            return;
        }
        let own = inner.items.values().filter_map(|i| {
            Some(Stored {
                entry: shared(&i.checked),
                answer: i.promise.as_ref()?.answer.clone(),
            })
        });
        let others = inner.items.values().flat_map(|i| &i.others);
        let others = others.map(|(key, answer)| Stored::heard(key, answer));
        let owed: Vec<Stored> = own.chain(others).collect();
        if self.log.holds_more_than(&owed) {
            self.log.rewrite(owed);
            inner.tidied = Some(Instant::now());
        }
    }

    /// Own entries that have waited a while and should be sent to the other validators again, each
    /// with this node's promise behind it.
    #[must_use]
    pub fn repeat(&self, max_bytes: usize) -> Vec<Bytes> {
        let mut inner = self.inner();
        let mut room = max_bytes;
        let mut out = Vec::new();
        for item in inner.items.values_mut() {
            let size = item.checked.bytes().len();
            if item.promise.is_some() && item.told.elapsed() > REPEAT && size <= room {
                item.told = Instant::now();
                room -= size;
                out.push(shared(&item.checked));
                let given = item.promise.as_ref().and_then(Promise::given);
                out.extend(given.filter(|_| item.checked.slot().is_some()).cloned());
            }
        }
        out
    }
}

impl Inner {
    fn slot_taken(&self, checked: &Checked) -> bool {
        checked.slot().is_some_and(|s| self.slots.contains_key(&s))
    }
    /// The oldest entries of a queue.
    fn first(&self, order: &BTreeMap<u64, Hash>) -> Vec<Checked> {
        let items = order.values().filter_map(|h| self.items.get(h));
        items.take(SCAN).map(|i| i.checked.clone()).collect()
    }
    fn queue(&mut self, checked: &Checked) -> &mut BTreeMap<u64, Hash> {
        if checked.is_sorted() {
            &mut self.ballots
        } else {
            &mut self.others
        }
    }
    fn insert(&mut self, checked: Checked) {
        let hash = *checked.hash();
        self.remove(&hash);
        let order = self.next;
        self.next += 1;
        if let Some(slot) = checked.slot() {
            self.slots.insert(slot, hash);
        }
        let now = Instant::now();
        self.queue(&checked).insert(order, hash);
        let item = Item {
            order,
            checked,
            promise: None,
            others: BTreeMap::new(),
            since: now,
            told: now,
        };
        self.items.insert(hash, item);
    }
    fn remove(&mut self, hash: &Hash) {
        if let Some(item) = self.items.remove(hash) {
            self.queue(&item.checked).remove(&item.order);
            if let Some(slot) = item.checked.slot()
                && self.slots.get(&slot) == Some(hash)
            {
                self.slots.remove(&slot);
            }
        }
    }
}

#[cfg(test)]
mod tests;
