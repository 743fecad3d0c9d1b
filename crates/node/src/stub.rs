#![allow(missing_docs, dead_code, reason = "temporary")]
use crypto::wire::*;
use crypto::{Hash, Rule};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub network: [u8; 32],
    pub parent: [u8; 32],
    pub height: u64,
    pub time_ms: u64,
    pub entries_root: [u8; 32],
    pub count: u32,
}
impl Wire for Header {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        w.raw(&self.parent);
        w.u64(self.height);
        w.u64(self.time_ms);
        w.raw(&self.entries_root);
        w.u32(self.count);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            parent: r.array()?,
            height: r.u64()?,
            time_ms: r.u64()?,
            entries_root: r.array()?,
            count: r.u32()?,
        })
    }
}
impl TopLevel for Header {
    const TYPE: u8 = 0x20;
}
impl Header {
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub header: Header,
    pub entries: Vec<Vec<u8>>,
}
fn root(e: &[Vec<u8>]) -> [u8; 32] {
    let mut h = Sha256::new();
    for x in e {
        h.update(Sha256::digest(x));
    }
    h.finalize().into()
}
impl Block {
    pub fn new(parent: &Header, time_ms: u64, entries: Vec<Vec<u8>>) -> Self {
        let header = Header {
            network: parent.network,
            parent: parent.digest(),
            height: parent.height + 1,
            time_ms,
            entries_root: root(&entries),
            count: u32::try_from(entries.len()).unwrap_or(0),
        };
        Self { header, entries }
    }
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.header.write(&mut w);
        w.u32(self.header.count);
        for e in &self.entries {
            w.bytes(e);
        }
        w.finish()
    }
    pub fn from_bytes(b: &[u8]) -> Result<Self, WireError> {
        let mut r = Reader::new(b);
        let header = Header::read(&mut r)?;
        let n = r.count(100_000)?;
        let mut entries = vec![];
        for _ in 0..n {
            entries.push(r.bytes(1 << 20)?.to_vec());
        }
        r.end()?;
        if root(&entries) != header.entries_root {
            return Err(WireError::Range);
        }
        Ok(Self { header, entries })
    }
}
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    pub id: [u8; 32],
}
#[derive(Clone, Debug)]
pub struct State(Arc<BTreeMap<Hash, (u64, u32)>>);
#[derive(Clone, Debug)]
pub struct Checked(pub Hash);
#[derive(Debug)]
pub struct BlockError(pub Rule);
impl State {
    pub fn apply_block(&self, h: &Header, e: &[Checked]) -> Result<State, BlockError> {
        let mut m = (*self.0).clone();
        for (i, c) in (0u32..).zip(e) {
            if m.insert(c.0, (h.height, i)).is_some() {
                return Err(BlockError(Rule(507)));
            }
        }
        Ok(State(Arc::new(m)))
    }
    pub fn find(&self, h: &Hash) -> Option<(u64, u32)> {
        self.0.get(h).copied()
    }
}
pub type Slot = Hash;
pub const MAX_ENTRY: usize = 64 * 1024;
pub fn genesis(n: &NetworkConfig) -> Header {
    Header {
        network: n.id,
        parent: [0; 32],
        height: 0,
        time_ms: 0,
        entries_root: root(&[]),
        count: 0,
    }
}
pub fn genesis_block(n: &NetworkConfig) -> Block {
    Block {
        header: genesis(n),
        entries: vec![],
    }
}
pub fn genesis_state(_: &NetworkConfig) -> State {
    State(Arc::default())
}
pub fn network_config(
    f: &api::node::NetworkFile,
    _: &BTreeMap<String, crate::config::Validator>,
) -> NetworkConfig {
    NetworkConfig {
        id: Sha256::digest(f.name.as_bytes()).into(),
    }
}
pub fn namespace(n: &NetworkConfig) -> Vec<u8> {
    [b"irefuda/v1/board".as_slice(), &n.id].concat()
}
pub fn check_batch(_: &State, b: &[&[u8]]) -> Vec<Result<Checked, Rule>> {
    b.iter()
        .map(|e| Ok(Checked(crypto::hash::fingerprint(e))))
        .collect()
}
pub fn entry_error(_: usize, r: Rule) -> BlockError {
    BlockError(r)
}
pub fn admit(s: &State, h: &Hash, _: &Checked, _: u64) -> bool {
    s.find(h).is_none()
}
pub fn slot(c: &Checked) -> Option<Slot> {
    Some(c.0)
}
pub fn next_boundary(_: &State, _: u64) -> Option<u64> {
    None
}
pub fn build_block(
    p: &Header,
    s: &State,
    t: u64,
    c: Vec<crate::pool::Candidate>,
) -> Option<(Block, State)> {
    let mut c = c;
    c.sort_by_key(|c| c.hash);
    let b = Block::new(p, t, c.iter().map(|c| c.bytes.to_vec()).collect());
    let ch: Vec<_> = c.into_iter().map(|c| c.checked).collect();
    let s = s.apply_block(&b.header, &ch).ok()?;
    Some((b, s))
}

pub use crypto::Rule as RuleX;
pub fn network_id(n: &NetworkConfig) -> [u8; 32] {
    n.id
}
pub fn check(_: &State, b: &[u8]) -> Result<Checked, Rule> {
    if b.is_empty() {
        Err(Rule(501))
    } else {
        Ok(Checked(crypto::hash::fingerprint(b)))
    }
}
pub fn precheck(_: &State, b: &[u8], _: u64) -> Result<(), Rule> {
    if b.is_empty() { Err(Rule(501)) } else { Ok(()) }
}
pub fn admit_at_gateway(_: &State, _: &Checked, _: u64, _: u64) -> Result<(), Rule> {
    Ok(())
}
pub fn holder(_: &State, _: &Checked) -> Option<Hash> {
    None
}
pub fn is_seq(_: Rule) -> bool {
    false
}
pub fn slot_rule() -> Rule {
    Rule(507)
}
pub fn receipt_view(r: &[u8]) -> Option<serde_json::Value> {
    Some(serde_json::json!({"len": r.len()}))
}
pub fn code_prefix(_: &str) -> Option<Hash> {
    None
}
pub fn voter_last(_: &State, _: &crypto::Encoded) -> Option<Hash> {
    None
}
pub fn elections(_: &State, _: u64) -> Vec<api::node::ElectionStatus> {
    vec![]
}
pub struct BlockProofs(Block);
pub fn proofs(b: &Block) -> BlockProofs {
    BlockProofs(b.clone())
}
pub fn receipt(p: &BlockProofs, i: u32, d: &[Header], c: &[u8]) -> Option<Vec<u8>> {
    let mut w = Writer::new();
    p.0.header.write(&mut w);
    w.u32(i);
    w.list(d);
    w.bytes(c);
    Some(w.finish())
}
