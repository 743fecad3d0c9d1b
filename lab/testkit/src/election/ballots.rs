//! Ballots of the voters, honest and otherwise.

use super::{Lab, Made, TestVoter, card_step};
use ballot::ballot::BALLOT_PURPOSE;
use ballot::own_card::Place;
use ballot::{Ballot, Draft, Selection};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};
use rand_core::Rng as _;
use std::sync::Arc;

impl Lab {
    /// The voter with this number; made on first use.
    pub fn voter(&mut self, i: usize) -> &mut TestVoter {
        while self.voters.len() <= i {
            let key = SigningKey::generate(&mut self.rng);
            self.voters.push(TestVoter {
                key,
                seq: 0,
                last: Hash::ZERO,
            });
        }
        &mut self.voters[i]
    }
    /// The window in whose key registrars sign now; the first before the vote.
    #[must_use]
    pub fn window(&self) -> u8 {
        let manifest = self.manifest.as_ref().map(|m| &m.manifest);
        let by_clock = || manifest.and_then(|m| m.again_window_at(self.now));
        self.in_window.or_else(by_clock).unwrap_or(0)
    }
    /// One token of each registrar, signed now.
    #[must_use]
    pub fn tokens(&self, vk: Point, place: (u32, Hash)) -> Vec<[u8; 256]> {
        let window = if place.0 > 1 { self.window() } else { 0 };
        self.parties.tokens(self.election, vk, place, window)
    }
    /// The next ballot of voter `i`; the voter believes that it will be accepted.
    pub fn ballot(&mut self, i: usize, choice: u16) -> Ballot {
        let (seq, prev) = {
            let v = self.voter(i);
            (v.seq + 1, v.last)
        };
        let b = self.ballot_with(i, choice, seq, prev);
        let v = self.voter(i);
        (v.seq, v.last) = (seq, b.entry_hash());
        b
    }
    /// A ballot of voter `i` with chosen number and predecessor, fresh randomness.
    pub fn ballot_with(&mut self, i: usize, choice: u16, seq: u32, prev: Hash) -> Ballot {
        let mut seed = [0; 32];
        self.rng.fill_bytes(&mut seed);
        self.ballot_from(i, choice, (seq, prev), &seed)
    }
    /// A ballot of voter `i` from a chosen seed; further contests get their first `k_min` options.
    pub fn ballot_from(
        &mut self,
        i: usize,
        choice: u16,
        place: (u32, Hash),
        seed: &[u8; 32],
    ) -> Ballot {
        let least = self.options.more.iter().map(|k| (0..k.k_min).collect());
        let marks: Vec<Vec<u16>> = std::iter::once(vec![choice]).chain(least).collect();
        self.ballot_of(i, &marks, place, seed)
    }
    /// The next ballot of voter `i` with these marks in each contest.
    pub fn marked(&mut self, i: usize, marks: &[Vec<u16>]) -> Ballot {
        let mut seed = [0; 32];
        self.rng.fill_bytes(&mut seed);
        let v = self.voter(i);
        let (seq, prev) = (v.seq + 1, v.last);
        let b = self.ballot_of(i, marks, (seq, prev), &seed);
        let v = self.voter(i);
        (v.seq, v.last) = (seq, b.entry_hash());
        b
    }
    /// A ballot of voter `i` with these marks in each contest.
    pub fn ballot_of(
        &mut self,
        i: usize,
        marks: &[Vec<u16>],
        (seq, prev): (u32, Hash),
        seed: &[u8; 32],
    ) -> Ballot {
        let rules = Arc::clone(self.rules.as_ref().expect("sealed"));
        let key = self.voter(i).key.clone();
        let vk = key.public();
        let tokens = self.tokens(vk, (seq, prev));
        let place = Place {
            election: &self.election.clone(),
            vk: &vk,
            seq,
            prev: &prev,
            window: self.window(),
            tokens: &tokens,
        };
        let card = card_step(&place, &vk, &mut self.rng);
        let pairs = rules.keys().iter().zip(marks);
        let selections: Vec<Selection> = pairs
            .map(|(k, marks)| Selection::new(k.shape(), marks).expect("a valid choice"))
            .collect();
        let draft = Draft {
            key: &key,
            seq,
            prev,
            pictures: [1, 7],
            tokens,
            card,
        };
        let ballot = draft
            .seal(&rules, &selections, seed, &mut self.rng)
            .expect("marks for every contest");
        let made = Made {
            selections,
            seed: *seed,
        };
        self.made.insert(ballot.entry_hash(), made);
        ballot
    }
    /// This ballot signed by voter `i`, after a change that a hostile booth makes.
    pub fn signed_by(&mut self, i: usize, mut ballot: Ballot) -> Ballot {
        let key = self.voter(i).key.clone();
        let message = ballot.signed_bytes();
        ballot.signature = key.sign(BALLOT_PURPOSE, &message, &mut self.rng);
        ballot
    }
    /// The next ballot of voter `i` with tokens of this window and the card of voter `card` in the
    /// reader; not taken for accepted.
    pub fn ballot_by_card(&mut self, i: usize, card: usize, window: u8) -> Ballot {
        let (seq, prev) = {
            let v = self.voter(i);
            (v.seq + 1, v.last)
        };
        let mut b = self.ballot_with(i, 1, seq, prev);
        b.tokens = self
            .parties
            .tokens(self.election, b.vk, (seq, prev), window);
        b.card.window = window;
        let card = self.voter(card).key.public();
        b.card = card_step(&b.place(), &card, &mut self.rng);
        self.signed_by(i, b)
    }
    /// Casts a ballot in a block of its own.
    pub fn cast(&mut self, i: usize, choice: u16) -> Ballot {
        let b = self.ballot(i, choice);
        self.post(&[b.to_bytes()]);
        b
    }
}
