//! Validators that sign votes which the engine's own signature check takes and the board's rule
//! R6.24 does not.

use crate::chain::{committee_of, days, final_receipt, record};
use crate::cluster::Cluster;
use crate::election::Election;
use board::Committee;
use board::finality::FinalityCertificate;
use board::header::Block;
use board::network::tolerated;
use client::{Quorum, Replica};
use commonware_codec::{Copying, Encode as _, ReadExt as _};
use commonware_cryptography::Signer as _;
use commonware_cryptography::ed25519::{PrivateKey, PublicKey, Signature};
use crypto::Hash;
use crypto::wire::Reader;
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use node::scheme::SignVotes;
use sha2::{Digest as _, Sha512};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// y = 1 written as p + 1: the identity in a form that is not canonical.
const IDENTITY_AGAIN: [u8; 32] = {
    let mut bytes = [0xff; 32];
    bytes[0] = 0xee;
    bytes[31] = 0x7f;
    bytes
};

/// Signs votes to finalise in three ways that only a check with the cofactor takes, and all other
/// votes well, so that it stays in the committee's good books until then.
pub struct Twisted {
    key: PrivateKey,
    secret: Scalar,
}

impl Twisted {
    /// Owns this key.
    pub fn new(key: PrivateKey) -> Self {
        let seed = key.encode();
        let hashed: [u8; 64] = Sha512::digest(&seed).into();
        let secret = clamp_integer(hashed[..32].try_into().unwrap());
        Self {
            secret: Scalar::from_bytes_mod_order(secret),
            key,
        }
    }

    fn twist(&self, message: &[u8]) -> [u8; 64] {
        let nonce = Scalar::from_bytes_mod_order_wide(&Sha512::digest(message).into());
        let way = message.last().unwrap() % 3;
        let (r, point) = match way {
            // R + T of small order.
            0 => {
                let shifted = EdwardsPoint::mul_base(&nonce) + EIGHT_TORSION[1];
                (nonce, shifted.compress().to_bytes())
            }
            // R of small order.
            1 => (Scalar::ZERO, EIGHT_TORSION[4].compress().to_bytes()),
            // R in another encoding.
            _ => (Scalar::ZERO, IDENTITY_AGAIN),
        };
        let challenge = Sha512::new()
            .chain_update(point)
            .chain_update(self.engine_key())
            .chain_update(message)
            .finalize();
        let s = r + Scalar::from_bytes_mod_order_wide(&challenge.into()) * self.secret;
        let mut out = [0; 64];
        out[..32].copy_from_slice(&point);
        out[32..].copy_from_slice(s.as_bytes());
        out
    }
}

impl SignVotes for Twisted {
    fn engine_key(&self) -> PublicKey {
        self.key.public_key()
    }
    fn sign_vote(&self, namespace: &[u8], vote: &[u8]) -> Signature {
        if !namespace.ends_with(b"_FINALIZE") {
            return self.key.sign(namespace, vote);
        }
        let bytes = self.twist(&board::finality::framed(namespace, vote));
        Signature::read(&mut Copying(&bytes)).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_48_one_of_four_twists_its_votes_and_nothing_breaks() {
    honest_ones_stay_good(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_48_two_of_seven_twist_their_votes_and_nothing_breaks() {
    honest_ones_stay_good(7).await;
}

/// The last f of n validators twist their votes. Receipts, certificates and record of every honest
/// one verify, a trustee follows them, and each of them names exactly the culprits.
async fn honest_ones_stay_good(n: usize) {
    let f = tolerated(n);
    let honest = n - f;
    let mut cluster = Cluster::new(n, "");
    for node in &mut cluster.nodes[..honest] {
        node.start();
    }
    for node in &cluster.nodes[honest..] {
        let mut setup = node.setup();
        setup.votes = std::sync::Arc::new(Twisted::new(setup.keys.engine.clone()));
        // Ends with the test's process: a validator has no other way to stop than a signal.
        std::thread::spawn(move || node::node::run(setup));
    }
    for node in &cluster.nodes[..honest] {
        node.wait_healthy().await;
    }
    let (network, committee) = committee_of(&cluster);
    let times = days(&cluster, 1).await;
    let election = Election::open(&network, &cluster.nodes[0], 11, times).await;
    let mut ballots = 0;
    // Each validator has its turn as leader several times.
    for turn in 0..3 * n {
        let ballot = election.ballot(u64::try_from(turn).unwrap(), 2, 1, Hash::ZERO);
        let node = &cluster.nodes[turn % honest];
        let end = Instant::now() + Duration::from_secs(30);
        while node
            .post(&ballot)
            .await
            .is_none_or(|(status, _)| status != 202)
        {
            assert!(Instant::now() < end, "not taken");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        final_receipt(node, &committee, &ballot).await;
        ballots += 1;
    }
    let height = cluster.nodes[0].status().await.unwrap().height;
    for node in &cluster.nodes[..honest] {
        node.wait_at(height).await;
        let certified = certificates(node, &committee).await;
        println!("{certified} certificates up to height {height}, all good");
        record(node, &election, ballots).await;
    }
    let nodes = Quorum::new(&network.validators, &committee, client::TIMEOUT).unwrap();
    let mut trustee = Replica::new(&network);
    trustee.follow(nodes.nodes(), honest).await.unwrap();
    let seen = trustee.state().election(&election.hash).unwrap();
    assert_eq!(seen.counted(), ballots);
    culprits_are_named(&cluster, honest).await;
}

/// How many certificates this validator shows; each must be good.
async fn certificates(node: &crate::cluster::Node, committee: &Committee) -> usize {
    let (mut from, mut certified) = (1, 0);
    loop {
        let path = format!("/v1/blocks?from={from}&limit=64");
        let (status, body) = node.get(&path).await.unwrap();
        assert_eq!(status, 200);
        let mut r = Reader::new(&body);
        let blocks = r.count(64).unwrap();
        if blocks == 0 {
            return certified;
        }
        for _ in 0..blocks {
            let block = Block::from_bytes(r.bytes(4 << 20).unwrap()).unwrap();
            from = block.header.height + 1;
            if r.bool().unwrap() {
                let c = FinalityCertificate::from_bytes(r.bytes(4096).unwrap()).unwrap();
                let digest = block.header.digest();
                committee.verify(&c, block.header.height, &digest).unwrap();
                certified += 1;
            }
        }
    }
}

/// Every honest validator has refused votes of each twisting one and of nobody else, and says so in
/// its log.
async fn culprits_are_named(cluster: &Cluster, honest: usize) {
    for node in &cluster.nodes[..honest] {
        let metrics = node.metrics().await;
        let refused: BTreeMap<&str, u64> = metrics
            .lines()
            .filter_map(|l| l.strip_prefix("irefuda_refused_votes_total{validator=\""))
            .filter_map(|l| l.split_once("\"} "))
            .map(|(name, n)| (name, n.parse().unwrap()))
            .collect();
        assert_eq!(refused.len(), cluster.nodes.len(), "{metrics}");
        for (i, entry) in cluster.network.validators.iter().enumerate() {
            let n = refused[entry.name.as_str()];
            assert_eq!(n > 0, i >= honest, "{}: {n}", entry.name);
            let line = node
                .log()
                .lines()
                .any(|l| l.contains("R6.24") && l.contains(&format!("\"{}\"", entry.name)));
            assert_eq!(line, i >= honest, "{}", entry.name);
        }
    }
}
