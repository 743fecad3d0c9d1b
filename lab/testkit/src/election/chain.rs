//! Blocks and certificates of the test network.

use super::{Lab, MINUTE, Parties};
use ballot::manifest::Validator;
use board::check::{check_many, check_stateless};
use board::entry::{Entry, HAND_OVER_PURPOSE, HandOver, kind};
use board::finality::{FinalityCertificate, signed_bytes};
use board::{Block, BlockError, NetworkConfig, State};
use crypto::Hash;
use ed25519_dalek::Signer as _;

/// A block and its certificate.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The block.
    pub block: Block,
    /// Its certificate; none for genesis.
    pub certificate: Option<Vec<u8>>,
}

/// The board's order inside a block: administrative entries as given, then ballots by hash.
pub(super) fn order_key(entry: &[u8]) -> (bool, Hash) {
    if entry.get(1).is_some_and(|k| kind::is_sorted(*k)) {
        (true, board::entry_hash(entry))
    } else {
        (false, Hash::ZERO)
    }
}

/// A certificate over `digest` by the validators with these indices in the committee.
#[must_use]
pub fn certify(parties: &Parties, height: u64, digest: [u8; 32], signers: &[usize]) -> Vec<u8> {
    let mut c = FinalityCertificate {
        epoch: parties.epoch,
        view: height,
        parent_view: height.saturating_sub(1),
        payload: digest,
        committee: u64::try_from(parties.validators.len()).expect("few"),
        signatures: Vec::new(),
    };
    let message = signed_bytes(&parties.network.namespace(), &c.proposal());
    let sign = |i: &usize| (*i, parties.validators[*i].sign(&message).to_bytes());
    c.signatures = signers.iter().map(sign).collect();
    c.to_bytes()
}

/// Engine keys of further validators, in the order of their public keys.
#[must_use]
pub fn engine_keys(seeds: std::ops::RangeInclusive<u8>) -> Vec<ed25519_dalek::SigningKey> {
    let from = |i| ed25519_dalek::SigningKey::from_bytes(&[i; 32]);
    let mut keys: Vec<_> = seeds.map(from).collect();
    keys.sort_by_key(|k| k.verifying_key().to_bytes());
    keys
}

impl Parties {
    /// Accepts a hand-over with the test keys it lists; a key that is none gets another's signature.
    pub fn accept_hand_over(&self, h: &mut HandOver) {
        let message = h.accepting(&self.network.id());
        let known = engine_keys(1..=64);
        let sign = |v: &Validator| {
            let own = |k: &&ed25519_dalek::SigningKey| k.verifying_key().to_bytes() == v.engine_key;
            let key = known.iter().find(own).unwrap_or(&known[0]);
            key.sign(&message).to_bytes()
        };
        h.accepted = h.validators.iter().map(sign).collect();
    }
    /// Signs a hand-over with as few of the present validators as it needs.
    pub fn certify_hand_over(&self, h: &mut HandOver) {
        let message = h.certified(&self.network.id());
        let sign = |i: usize| {
            let index = u16::try_from(i).expect("few");
            (index, self.validators[i].sign(&message).to_bytes())
        };
        h.certificate = self.quorum().into_iter().map(sign).collect();
    }
    /// Indices of as few validators as a certificate needs.
    #[must_use]
    pub fn quorum(&self) -> Vec<usize> {
        let n = self.validators.len();
        (0..n - board::network::tolerated(n)).collect()
    }
}

impl Lab {
    /// Lists these validators, with the same engine keys and other addresses, instead.
    ///
    /// # Panics
    /// When something is on the board already.
    pub fn move_nodes(&mut self, validators: Vec<Validator>) {
        assert_eq!(self.chain.len(), 1, "the board is not empty");
        let old = &self.parties.network;
        let authorities = old.authorities.clone();
        let network = NetworkConfig::new(&old.name, validators, authorities, old.genesis_time_ms)
            .expect("different keys");
        self.state = State::genesis(&network);
        self.chain = vec![Stored {
            block: board::header::genesis_block(&network),
            certificate: None,
        }];
        self.parties.network = network;
    }
    /// A hand-over to validators with these engine keys, in order of their public keys, ordered by
    /// two officers and certified by the present validators.
    pub fn hand_over(&mut self, keys: &[ed25519_dalek::SigningKey]) -> HandOver {
        let (validators, _) = self.listed(keys);
        let epoch = self.state.committee().epoch() + 1;
        self.hand_over_to(epoch, validators)
    }
    /// Validators with these engine keys, and their node keys.
    fn listed(
        &mut self,
        keys: &[ed25519_dalek::SigningKey],
    ) -> (Vec<Validator>, Vec<crypto::schnorr::SigningKey>) {
        let listed = keys.iter().enumerate();
        listed
            .map(|(i, k)| super::parties::validator(100 + i, k, &mut self.rng))
            .unzip()
    }
    /// A hand-over with any content, in force for an hour, accepted by the test keys it lists.
    pub fn hand_over_to(&mut self, epoch: u64, validators: Vec<Validator>) -> HandOver {
        self.hand_over_until(epoch, validators, self.now + 60 * MINUTE)
    }
    /// The same with another expiry.
    pub fn hand_over_until(
        &mut self,
        epoch: u64,
        validators: Vec<Validator>,
        until: u64,
    ) -> HandOver {
        let order = HandOver::order(&self.election, epoch, &validators, until);
        let mut sign = |officer: usize| {
            let key = &self.parties.officers[officer];
            let index = u16::try_from(officer).expect("few");
            (index, key.sign(HAND_OVER_PURPOSE, &order, &mut self.rng))
        };
        let mut h = HandOver {
            election: self.election,
            epoch,
            validators,
            until,
            officers: [sign(0), sign(1)],
            accepted: Vec::new(),
            certificate: Vec::new(),
        };
        self.parties.accept_hand_over(&mut h);
        self.parties.certify_hand_over(&mut h);
        h
    }
    /// Posts a hand-over; from the next block on these keys certify, and their nodes promise.
    pub fn post_hand_over(&mut self, keys: Vec<ed25519_dalek::SigningKey>) {
        let (validators, nodes) = self.listed(&keys);
        let epoch = self.state.committee().epoch() + 1;
        let h = self.hand_over_to(epoch, validators);
        self.post_one(&Entry::HandOver(Box::new(h)));
        self.parties.validators = keys;
        self.parties.nodes = nodes;
        self.parties.epoch += 1;
    }
    /// The next block with entries exactly as given.
    ///
    /// # Errors
    /// The rule that refuses it; the board is then unchanged.
    pub fn try_block_as_given(
        &mut self,
        time: u64,
        entries: Vec<Vec<u8>>,
    ) -> Result<(), BlockError> {
        let refs: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let results = check_many(self.state.context(), &refs, &mut self.rng);
        let mut checked = Vec::new();
        for (index, r) in results.into_iter().enumerate() {
            checked.push(r.map_err(|rule| BlockError::Entry { index, rule })?);
        }
        let block = Block::new(self.state.tip(), time, entries);
        self.state = self.state.apply_block(&block.header, &checked)?;
        self.now = time;
        let (digest, quorum) = (block.header.digest(), self.parties.quorum());
        let certificate = Some(certify(&self.parties, block.header.height, digest, &quorum));
        self.chain.push(Stored { block, certificate });
        Ok(())
    }
    /// The rule that refuses `entry` in the next block, one second later; the gateway must say the
    /// same and the board must stay as it is.
    ///
    /// # Panics
    /// When the entry is accepted, or gateway and block disagree.
    #[track_caller]
    pub fn refused(&mut self, entry: &[u8]) -> String {
        let time = self.now + 1000;
        let at_gateway = check_stateless(self.state.context(), entry, &mut self.rng)
            .and_then(|c| self.state.admit(&c, time));
        let digest = *self.state.digest();
        let error = self
            .try_block(time, &[entry])
            .expect_err("the entry was accepted");
        assert_eq!(at_gateway, Err(error.rule()), "gateway and block disagree");
        assert_eq!(
            self.state.digest(),
            &digest,
            "a refused block changed the state"
        );
        error.rule().to_string()
    }
    /// Appends a block without asking any rule: what a dishonest network could certify.
    pub fn force_block(&mut self, time: u64, entries: Vec<Vec<u8>>) {
        let parent = &self.chain.last().expect("genesis").block.header;
        let block = Block::new(parent, time, entries);
        let (digest, quorum) = (block.header.digest(), self.parties.quorum());
        let certificate = Some(certify(&self.parties, block.header.height, digest, &quorum));
        self.chain.push(Stored { block, certificate });
    }
}

/// Builds a chain anew from times and entries, asking no rule, certified by the test network:
/// what a forger who owns every validator could publish.
#[must_use]
pub fn rechain(parties: &Parties, blocks: &[(u64, Vec<Vec<u8>>)]) -> Vec<Stored> {
    let genesis = board::header::genesis_block(&parties.network);
    let mut chain = vec![Stored {
        block: genesis,
        certificate: None,
    }];
    for (time, entries) in blocks {
        let parent = chain.last().expect("genesis").block.header.clone();
        let block = Block::new(&parent, *time, entries.clone());
        let (height, digest) = (block.header.height, block.header.digest());
        let certificate = Some(certify(parties, height, digest, &parties.quorum()));
        chain.push(Stored { block, certificate });
    }
    chain
}
