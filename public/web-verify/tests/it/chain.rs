//! A chain in memory, and what a node answers about it.

use ballot::Ballot;
use board::receipt::Receipt;
use crypto::Hash;
use crypto::hash::to_hex;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, Options, Stored};

pub fn options() -> Options {
    Options {
        n: 3,
        t: 2,
        ..Options::default()
    }
}

/// The trust file of the test network.
pub fn trust(lab: &Lab) -> Vec<u8> {
    let validators = lab.parties.network.committee();
    let trust = serde_json::json!({
        "authority": lab.parties.authority.public().to_hex(),
        "network": to_hex(&lab.parties.network.id()),
        "validators": validators.iter().map(|k| to_hex(k)).collect::<Vec<_>>(),
        "minimum_booth": "0.1.0",
        "practice": true,
    });
    trust.to_string().into_bytes()
}

pub fn manifest(lab: &Lab) -> Vec<u8> {
    lab.manifest.as_ref().unwrap().to_bytes()
}

/// The block that holds an entry, and its place there; blocks that no board would take, too.
fn find<'a>(lab: &'a Lab, entry: &Hash) -> (&'a Stored, usize) {
    let place = |s: &'a Stored| {
        let mut hashes = s.block.entries.iter().map(|e| board::entry_hash(e));
        Some((s, hashes.position(|h| h == *entry)?))
    };
    lab.chain.iter().find_map(place).expect("on the chain")
}

/// The receipt of an entry.
pub fn receipt(lab: &Lab, entry: &Hash) -> Receipt {
    let (stored, index) = find(lab, entry);
    let entries = &stored.block.entries;
    let hashes: Vec<Hash> = entries.iter().map(|e| board::entry_hash(e)).collect();
    let certificate = stored.certificate.clone().unwrap();
    let headers = vec![stored.block.header.clone()];
    let at = u32::try_from(index).unwrap();
    Receipt::new(&entries[index], &hashes, at, headers, certificate).unwrap()
}

/// An entry's bytes.
pub fn entry(lab: &Lab, hash: &Hash) -> Vec<u8> {
    let (stored, index) = find(lab, hash);
    stored.block.entries[index].clone()
}

/// Receipt and bytes.
pub fn ask(lab: &Lab, hash: &Hash) -> (Vec<u8>, Vec<u8>) {
    (receipt(lab, hash).to_bytes(), entry(lab, hash))
}

/// What a node answers about the last ballot of a voting key.
pub fn last(lab: &Lab, b: &Ballot) -> Vec<u8> {
    let voter = lab.state.voter_last(&lab.election, &b.vk).unwrap();
    receipt(lab, &voter.hash).to_bytes()
}
