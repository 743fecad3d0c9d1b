//! Receipts of final entries: inclusion proof, headers up to the first certified one, certificate.

use crate::block::EngineBlock;
use crate::engine::Chain;
use crate::ledger::Ledger;
use crate::rules::Position;
use crate::rules::{Header, Receipt};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Headers that may lie between a block and the first certificate.
pub const MAX_DESCENDANTS: u64 = 64;
/// Blocks whose proofs are kept.
const KEPT: usize = 32;

/// One final block, ready to give receipts.
struct Prepared {
    block: EngineBlock,
    /// Of the block and what follows it up to the certified one.
    headers: Vec<Header>,
    certificate: Vec<u8>,
}

/// Makes receipts and keeps what several receipts of one block share.
pub struct Receipts {
    ledger: Arc<Ledger>,
    chain: Chain,
    kept: Mutex<BTreeMap<u64, Arc<Prepared>>>,
}

impl Receipts {
    /// Receipts of this chain.
    #[must_use]
    pub fn new(ledger: Arc<Ledger>, chain: Chain) -> Self {
        Self {
            ledger,
            chain,
            kept: Mutex::default(),
        }
    }

    /// Canonical bytes of the receipt of a final entry. None when the entry is not final here or
    /// no certificate has arrived yet.
    pub async fn of(&self, entry: &Hash) -> Option<Vec<u8>> {
        let place = self.ledger.place(entry)?;
        let prepared = self.prepared(place).await?;
        let index = usize::try_from(place.index).ok()?;
        let receipt = Receipt::new(
            prepared.block.block().entries.get(index)?,
            prepared.block.hashes(),
            place.index,
            prepared.headers.clone(),
            prepared.certificate.clone(),
        )?;
        Some(receipt.to_bytes())
    }

    /// Waits for the receipt of an entry.
    pub async fn when_final(&self, entry: &Hash) -> Vec<u8> {
        let mut tip = self.ledger.watch();
        loop {
            tip.borrow_and_update();
            if let Some(receipt) = self.of(entry).await {
                return receipt;
            }
            let pause = std::time::Duration::from_millis(250);
            // The timer covers a certificate that arrives after its block was applied.
            let _ = tokio::time::timeout(pause, tip.changed()).await;
        }
    }

    async fn prepared(&self, place: Position) -> Option<Arc<Prepared>> {
        if let Some(found) = self.lock().get(&place.height) {
            return Some(Arc::clone(found));
        }
        let block = self.chain.block(place.height).await?;
        let mut headers = vec![block.header().clone()];
        let mut height = place.height;
        let certificate = loop {
            if let Some(certificate) = self.chain.certificate(height).await {
                break certificate;
            }
            height += 1;
            if height > self.ledger.height() || height > place.height + MAX_DESCENDANTS {
                return None;
            }
            headers.push(self.chain.block(height).await?.header().clone());
        };
        let prepared = Arc::new(Prepared {
            block,
            headers,
            certificate,
        });
        let mut kept = self.lock();
        kept.insert(place.height, Arc::clone(&prepared));
        while kept.len() > KEPT {
            kept.pop_first();
        }
        Some(prepared)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<u64, Arc<Prepared>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
