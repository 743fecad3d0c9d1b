//! Elections with many ballots, made on several processors.

use super::{Lab, Options, Stored, TestVoter, card_step, certify, chain};
use ballot::Draft;
use ballot::own_card::Place;
use ballot::token::{Kind, TokenMessage};
use ballot::{Ballot, Opening, Selection, Side};
use board::{Block, check_many_on};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA384, RsaKeyPair};
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::{BigUint, RsaPrivateKey};

/// Ballots in a block.
pub const BLOCK: usize = 256;
/// One ballot in this many replaces an earlier one.
const AGAIN: usize = 20;
/// How many ballots later a voter votes again.
const LATER: usize = 2 * BLOCK;

/// What is going to be cast: voter and number.
#[derive(Clone, Copy)]
struct Plan {
    voter: usize,
    seq: u32,
}

/// The issuers' keys in the form that signs fastest. A token that was never blinded is no other
/// than one that was, so a verifier cannot tell and need not.
struct Signers(Vec<RsaKeyPair>);

impl Signers {
    fn new(lab: &Lab) -> Self {
        let key = |k: &super::IssuerKey| {
            let (n, e) = (k.n.clone(), BigUint::from(65_537u32));
            let key = RsaPrivateKey::from_components(n, e, k.d.clone(), vec![]);
            let der = key.and_then(|k| Ok(k.to_pkcs1_der()?));
            RsaKeyPair::from_der(der.expect("an RSA key").as_bytes()).expect("an RSA key")
        };
        Self(lab.parties.issuers.iter().map(key).collect())
    }
    fn tokens(&self, lab: &Lab, message: &TokenMessage) -> Vec<[u8; 256]> {
        let random = SystemRandom::new();
        let at = |r| match message.kind() {
            Kind::Again if lab.window() == 1 => 6 + r,
            kind => 3 * r + usize::from(kind == Kind::Again),
        };
        let keys = (0..lab.options.registrars).map(|r| &self.0[at(r)]);
        keys.map(|key| {
            let mut token = [0; 256];
            assert_eq!(key.public().modulus_len(), token.len(), "2048 bits");
            key.sign(&RSA_PSS_SHA384, &random, &message.to_bytes(), &mut token)
                .expect("a signature");
            token
        })
        .collect()
    }
}

impl Lab {
    /// A finished election with this many accepted ballots, each of them opened; every twentieth is
    /// a voter's second.
    #[must_use]
    pub fn large(options: Options, ballots: usize, threads: usize) -> Self {
        let mut lab = Self::open(options);
        let signers = Signers::new(&lab);
        let mut plans = Vec::with_capacity(ballots);
        for i in 0..ballots {
            let earlier = i.checked_sub(LATER + 1).and_then(|j| plans.get(j));
            plans.push(match earlier {
                Some(Plan { voter, seq: 1 }) if i % AGAIN == 0 => Plan {
                    voter: *voter,
                    seq: 2,
                },
                _ => Plan {
                    voter: lab.next_voter(),
                    seq: 1,
                },
            });
        }
        for of_block in plans.chunks(BLOCK) {
            let made = lab.make(&signers, of_block, threads);
            for (plan, (ballot, _)) in of_block.iter().zip(&made) {
                let voter = &mut lab.voters[plan.voter];
                (voter.seq, voter.last) = (plan.seq, ballot.entry_hash());
            }
            lab.push_many(made.iter().map(|(b, _)| b.to_bytes()).collect(), threads);
            lab.push_many(made.iter().map(|(_, o)| o.to_bytes()).collect(), threads);
        }
        lab.finish();
        lab
    }
    fn next_voter(&mut self) -> usize {
        let mut rng = ChaCha20Rng::seed_from_u64(self.rng.next_u64());
        self.voters.push(TestVoter {
            key: SigningKey::generate(&mut rng),
            seq: 0,
            last: Hash::ZERO,
        });
        self.voters.len() - 1
    }
    fn make(&self, signers: &Signers, plans: &[Plan], threads: usize) -> Vec<(Ballot, Opening)> {
        let share = plans.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = plans
                .chunks(share)
                .map(|part| scope.spawn(|| part.iter().map(|p| self.one(signers, *p)).collect()))
                .collect();
            let joined = parts.into_iter().map(std::thread::ScopedJoinHandle::join);
            joined
                .flat_map(|part: Result<Vec<_>, _>| part.expect("a thread that ends"))
                .collect()
        })
    }
    fn one(&self, signers: &Signers, plan: Plan) -> (Ballot, Opening) {
        let rules = self.rules.as_ref().expect("sealed");
        let voter = &self.voters[plan.voter];
        let number = u64::try_from(plan.voter).expect("a small number");
        let mut rng = ChaCha20Rng::seed_from_u64(number ^ (u64::from(plan.seq) << 40));
        let mut seed = [0; 32];
        rng.fill_bytes(&mut seed);
        let choice = u16::try_from(rng.next_u32() % u32::from(self.options.options));
        let shape = rules.keys()[0].shape();
        let selection = Selection::new(shape, &[choice.expect("few")]).expect("a valid choice");
        let message =
            TokenMessage::for_ballot(self.election, voter.key.public(), (plan.seq, voter.last));
        let vk = voter.key.public();
        let tokens = signers.tokens(self, &message);
        let place = Place {
            election: &self.election,
            vk: &vk,
            seq: plan.seq,
            prev: &voter.last,
            window: self.window(),
            tokens: &tokens,
        };
        let card = card_step(&place, &vk, &mut rng);
        let draft = Draft {
            key: &voter.key,
            seq: plan.seq,
            prev: voter.last,
            pictures: [1, 7],
            tokens,
            card,
        };
        let selections = [selection];
        let sealed = draft.seal(rules, &selections, &seed, &mut rng);
        let ballot = sealed.expect("one contest");
        let side = Side::BOTH[usize::from(seed[0] & 1)];
        let opening = Opening::make(rules, ballot.entry_hash(), &selections, &seed, side);
        (ballot, opening)
    }
    /// A block with these ballots or openings one second later, every rule checked, nothing copied.
    fn push_many(&mut self, mut entries: Vec<Vec<u8>>, threads: usize) {
        entries.sort_by_key(|e| chain::order_key(e));
        let refs: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
        let mut seed = [0; 32];
        self.rng.fill_bytes(&mut seed);
        let rng = || ChaCha20Rng::from_seed(seed);
        let checked = check_many_on(self.state.context(), &refs, threads, rng);
        let checked: Result<Vec<_>, _> = checked.into_iter().collect();
        let block = Block::new(self.state.tip(), self.now + 1000, entries);
        let checked = checked.expect("good entries");
        let taken = self.state.take_block(&block.header, &checked);
        taken.expect("a good block");
        self.now = block.header.time_ms;
        let (height, digest) = (block.header.height, block.header.digest());
        let quorum = self.parties.quorum();
        let certificate = Some(certify(&self.parties, height, digest, &quorum));
        self.chain.push(Stored { block, certificate });
    }
}
