//! Sends waiting entries to the other validators and takes theirs.

use crate::ledger::Ledger;
use crate::pool::Pool;
use crate::rules::{self, Checked, Outlook};
use bytes::Bytes;
use commonware_codec::{Decode as _, Encode as _, RangeCfg};
use commonware_p2p::{Receiver, Recipients, Sender};
use commonware_runtime::IoBuf;
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

/// Reads messages of the other validators; the checks run on their own threads, one message after
/// the other.
pub async fn receive_loop(
    mut net: impl Receiver,
    ledger: Arc<Ledger>,
    pool: Arc<Pool>,
    clock: WallClock,
) {
    let (inbox, mut work) = mpsc::channel::<Vec<Bytes>>(INBOX);
    let check = async {
        while let Some(batch) = work.recv().await {
            let (ledger, pool, clock) = (Arc::clone(&ledger), Arc::clone(&pool), clock.clone());
            let checked = tokio::task::spawn_blocking(move || hear(&ledger, &pool, &clock, batch));
            checked
                .await
                .unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()));
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
                    if inbox.try_send(batch).is_err() {
                        tracing::debug!(%peer, "busy: dropped a batch of entries");
                    }
                }
                Err(e) => tracing::warn!(%peer, %e, "unreadable batch of entries"),
            }
        }
    };
    futures::join!(check, read);
}

fn hear(ledger: &Ledger, pool: &Pool, clock: &WallClock, batch: Vec<Bytes>) {
    let tip = ledger.tip();
    let time = clock.now_ms().max(tip.header.time_ms + 1);
    let fresh: Vec<_> = batch
        .into_iter()
        .map(|b| (crypto::hash::entry_hash(&b), b))
        .filter(|(h, _)| !pool.contains(h) && ledger.place(h).is_none())
        .collect();
    let take = |checked: Checked| {
        if tip.state.outlook(&checked, time) == Outlook::Fits {
            pool.hear(checked);
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
            Err(why) => tracing::debug!(%why, "another validator told us an entry we do not take"),
        }
    }
}
