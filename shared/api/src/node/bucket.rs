//! All voting keys of one bucket that have a ballot: a booth looks up its own among them, and the
//! node learns no more than the bucket.

use ballot::bucket::keys_of;
use ballot::own_card::MAX_REGISTRARS;
use board::Election;
use board::state::Voter;
use crypto::signed::{Signed, Statement};
use crypto::wire::{Reader, Wire, WireError, Writer};
use crypto::{Encoded, Hash};

/// Type byte of [`Listing`].
pub const TYPE_LISTING: u8 = 0x64;
/// Most rows that are read; no election of one board has as many voters.
const MAX_ROWS: usize = 1 << 22;

/// The last accepted ballot of one voting key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketRow {
    /// The voting key.
    pub vk: Encoded,
    /// Number of the ballot.
    pub seq: u32,
    /// Its entry hash.
    pub entry: Hash,
    /// Time of its block, ms.
    pub time_ms: u64,
    /// Whether one number of each of its check lines was opened.
    pub opened: bool,
    /// X of each registrar, in the manifest's order: what the voter's card must fit.
    pub keys: Vec<Encoded>,
}

impl BucketRow {
    /// The rows of a bucket, in the order of the keys; none when the election is not sealed or has no
    /// bucket of this number.
    #[must_use]
    pub fn all(election: &Election, index: u32) -> Option<Vec<Self>> {
        let bits = election.manifest()?.bucket_bits;
        keys_of(index, bits)?;
        let row = |(vk, voter): (&[u8; 32], &Voter)| Self {
            vk: Encoded(*vk),
            seq: voter.seq,
            entry: voter.hash,
            time_ms: voter.time_ms,
            opened: election.opening_of(&voter.hash).is_some(),
            keys: voter.keys.iter().copied().map(Encoded).collect(),
        };
        Some(election.bucket(index).map(row).collect())
    }
}

impl Wire for BucketRow {
    fn write(&self, w: &mut Writer) {
        self.vk.write(w);
        w.u32(self.seq);
        self.entry.write(w);
        w.u64(self.time_ms);
        w.u8(u8::from(self.opened));
        w.list(&self.keys);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            vk: Encoded::read(r)?,
            seq: r.u32()?,
            entry: Hash::read(r)?,
            time_ms: r.u64()?,
            opened: r.bool()?,
            keys: r.list(MAX_REGISTRARS)?,
        })
    }
}

/// "These are the keys of this bucket with a ballot, and no others, up to this height."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The board the node serves.
    pub network: [u8; 32],
    /// The election.
    pub election: Hash,
    /// Number of the bucket, from 0.
    pub index: u32,
    /// Height of the last final block.
    pub height: u64,
    /// The node's time, ms.
    pub time_ms: u64,
    /// In the order of the keys.
    pub rows: Vec<BucketRow>,
}

/// A [`Bucket`] under the node's key.
pub type Listing = Signed<Bucket>;

impl Bucket {
    /// The row of a voting key.
    #[must_use]
    pub fn row(&self, vk: &Encoded) -> Option<&BucketRow> {
        let at = self.rows.binary_search_by(|row| row.vk.0.cmp(&vk.0));
        at.ok().and_then(|at| self.rows.get(at))
    }
}

impl Statement for Bucket {
    const PURPOSE: &'static str = "node-bucket";
    const TYPE: u8 = TYPE_LISTING;

    fn signed_bytes(&self) -> Vec<u8> {
        super::bare(self)
    }
}

impl Wire for Bucket {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        self.election.write(w);
        w.u32(self.index);
        w.u64(self.height);
        w.u64(self.time_ms);
        w.list(&self.rows);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let bucket = Self {
            network: r.array()?,
            election: Hash::read(r)?,
            index: r.u32()?,
            height: r.u64()?,
            time_ms: r.u64()?,
            rows: r.list(MAX_ROWS)?,
        };
        // One order and no key twice: a look-up has one answer.
        let ordered = |pair: &[BucketRow]| matches!(pair, [a, b] if a.vk.0 < b.vk.0);
        if bucket.rows.windows(2).all(ordered) {
            Ok(bucket)
        } else {
            Err(WireError::Range)
        }
    }
}
