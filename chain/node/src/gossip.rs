//! Sends waiting entries and promises to the other validators and takes theirs.

use crate::ledger::{Ledger, Tip};
use crate::pool::{Pool, Promise};
use crate::promise::{Speaker, is_urgent, promise_of};
use crate::rules::{self, Checked, Outlook, State};
use api::node::{Answer, TYPE_ANSWER};
use bytes::Bytes;
use commonware_codec::{Decode as _, Encode as _, RangeCfg};
use commonware_cryptography::ed25519;
use commonware_p2p::{Receiver, Recipients, Sender};
use commonware_runtime::IoBuf;
use crypto::wire::TopLevel as _;
use host::WallClock;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// A message is sent when its entries have this many bytes; the last one may go beyond.
pub const MAX_BATCH_BYTES: usize = 512 * 1024;
const MAX_BATCH: usize = 1024;
/// How many messages may wait for their checks; further ones are dropped and sent again later.
const INBOX: usize = 64;

/// Sends what comes out of `outbox` to everybody, in batches.
pub async fn send_loop(mut outbox: mpsc::Receiver<Bytes>, pool: Arc<Pool>, mut net: impl Sender) {
    let mut again = tokio::time::interval(Duration::from_secs(1));
    loop {
        let mut batch = Vec::new();
        tokio::select! {
            first = outbox.recv() => match first {
                Some(first) => batch.push(first),
                None => return,
            },
            _ = again.tick() => batch = pool.repeat(MAX_BATCH_BYTES / 2),
        }
        let mut size: usize = batch.iter().map(Bytes::len).sum();
        while size < MAX_BATCH_BYTES && batch.len() < MAX_BATCH {
            let Ok(next) = outbox.try_recv() else { break };
            size += next.len();
            batch.push(next);
        }
        if !batch.is_empty() {
            let _ = net.send(Recipients::All, IoBuf::from(batch.encode()), false);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// What takes the messages of the other validators.
#[derive(Clone)]
pub struct Ears {
    /// States and tip.
    pub ledger: Arc<Ledger>,
    /// Waiting entries.
    pub pool: Arc<Pool>,
    /// The wall clock.
    pub clock: WallClock,
    /// Gives this node's own promises.
    pub speaker: Arc<Speaker>,
}

/// Reads messages of the other validators; the checks run on their own threads, one message after
/// the other.
pub async fn receive_loop(mut net: impl Receiver<PublicKey = ed25519::PublicKey>, ears: Ears) {
    let (inbox, mut work) = mpsc::channel::<(ed25519::PublicKey, Vec<Bytes>)>(INBOX);
    let check = async {
        while let Some((peer, batch)) = work.recv().await {
            let here = ears.clone();
            let checked = tokio::task::spawn_blocking(move || here.hear(peer.as_ref(), batch));
            let given = checked
                .await
                .unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
            tell(&ears.pool, given).await;
        }
    };
    let limits = (
        RangeCfg::from(0..=MAX_BATCH),
        RangeCfg::from(1..=rules::MAX_ENTRY),
    );
    let read = async move {
        while let Ok((peer, message)) = net.recv().await {
            match Vec::<Bytes>::decode_cfg(message, &limits) {
                Ok(batch) => {
                    if inbox.try_send((peer.clone(), batch)).is_err() {
                        tracing::debug!(%peer, "busy: dropped a batch of entries");
                    }
                }
                Err(e) => tracing::warn!(%peer, %e, "unreadable batch of entries"),
            }
        }
    };
    futures::join!(check, read);
}

/// Promises what others sent and what has waited for a while: a ballot that no block takes may have
/// to wait for the close, and then more than f validators must have promised it.
pub async fn vouch_loop(ears: Ears) {
    let mut again = tokio::time::interval(Duration::from_secs(1));
    loop {
        again.tick().await;
        let waiting = ears.pool.unpromised();
        if waiting.is_empty() {
            continue;
        }
        let here = ears.clone();
        let vouched = tokio::task::spawn_blocking(move || {
            let tip = here.ledger.tip();
            let each = waiting.iter().filter_map(|c| here.vouch(&tip, c));
            each.collect()
        });
        let given = vouched
            .await
            .unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
        tell(&ears.pool, given).await;
    }
}

/// Tells the others what this node promised, once it is on disk.
async fn tell(pool: &Pool, given: Vec<Promise>) {
    for promise in given {
        if let Some(answer) = promise.kept().await {
            pool.tell(answer);
        }
    }
}

/// Whether the bytes are what a node says, and no entry.
fn is_answer(bytes: &Bytes) -> bool {
    bytes.get(1) == Some(&TYPE_ANSWER)
}

impl Ears {
    /// Takes entries and promises of the validator with this engine key; gives the promises that
    /// this node makes of the entries.
    fn hear(&self, engine: &[u8], batch: Vec<Bytes>) -> Vec<Promise> {
        let (answers, entries): (Vec<_>, Vec<_>) = batch.into_iter().partition(is_answer);
        let tip = self.ledger.tip();
        let given = self.hear_entries(&tip, entries);
        // Behind the entries they are about.
        for bytes in answers {
            let Ok(answer) = Answer::from_bytes(&bytes) else {
                tracing::warn!("another validator told us an unreadable promise");
                continue;
            };
            if self.pool.contains(&answer.body.entry) {
                self.note(&tip.state, engine, answer);
            }
        }
        given
    }
    fn note(&self, state: &State, engine: &[u8], answer: Answer) {
        match promise_of(state, &self.speaker.network(), engine, &answer) {
            Some(key) => self.pool.note(key, answer),
            None => tracing::warn!("another validator told us a promise that is not its own"),
        }
    }
    fn hear_entries(&self, tip: &Tip, batch: Vec<Bytes>) -> Vec<Promise> {
        let Self { ledger, pool, .. } = self;
        let now = self.clock.now_ms();
        let time = now.max(tip.header.time_ms + 1);
        let fresh: Vec<_> = batch
            .into_iter()
            .map(|b| (crypto::hash::entry_hash(&b), b))
            .filter(|(h, _)| !pool.contains(h) && ledger.place(h).is_none())
            .collect();
        let mut given = Vec::new();
        let mut take = |checked: Checked| {
            if tip.state.outlook(&checked, time) == Outlook::Fits {
                pool.hear(checked.clone());
                if is_urgent(&tip.state, &checked, now) {
                    given.extend(self.vouch(tip, &checked));
                }
            }
        };
        let mut unknown = Vec::new();
        for (hash, bytes) in &fresh {
            match ledger.cache().get(hash) {
                Some(checked) => take(checked),
                None => unknown.push(&bytes[..]),
            }
        }
        for result in rules::check_batch(&tip.state, &unknown) {
            match result {
                Ok(checked) => {
                    ledger.cache().put(checked.clone());
                    take(checked);
                }
                Err(why) => {
                    tracing::debug!(%why, "another validator told us an entry we do not take");
                }
            }
        }
        given
    }
    /// Promises an entry that waits here, if this node's gateway would take it now.
    fn vouch(&self, tip: &Tip, checked: &Checked) -> Option<Promise> {
        let now = self.clock.now_ms();
        let time = now.max(tip.header.time_ms + 1);
        tip.state.admit(checked, time).ok()?;
        let height = tip.header.height;
        let answer = self.speaker.says(*checked.hash(), None, height, now);
        self.pool.vouch(checked, Bytes::from(answer.to_bytes()))
    }
}
