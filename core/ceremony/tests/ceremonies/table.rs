//! A table with trustees, one of whom may say something else than an honest program would.

use ceremony::trustee::{self, Confirmed, KeyShare, Shared, Verdict};
use ceremony::{Ceremony, CeremonyError, HpkeSecret, Member, Message, Outcome, Roster, Round};
use crypto::schnorr::{Signature, SigningKey};
use crypto::sharing::lagrange_at_zero;
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use crypto::{Hash, Point, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use std::collections::BTreeSet;

/// What the traitor posts instead of an honest message.
pub(crate) type Twist<'a> = &'a mut dyn FnMut(Message, &Ceremony) -> Vec<Message>;

/// How a ceremony ended.
#[derive(Debug)]
pub(crate) struct End {
    /// Who was refused by which rule.
    pub(crate) refused: Vec<(u16, String)>,
    pub(crate) culprit: Option<u16>,
    /// Its present round.
    pub(crate) round: Round,
    /// Who has not spoken in that round.
    pub(crate) missing: Vec<u16>,
    /// Accused, complainer, answered.
    pub(crate) complaints: Vec<(u16, u16, bool)>,
    pub(crate) outcome: Result<Outcome, CeremonyError>,
    /// The share of each trustee, when the ceremony is done.
    pub(crate) shares: Vec<KeyShare>,
}

pub(crate) struct Table {
    pub(crate) ceremony: Ceremony,
    keys: Vec<SigningKey>,
    boxes: Vec<HpkeSecret>,
    rng: ChaCha20Rng,
    refused: Vec<(u16, String)>,
}

impl Table {
    pub(crate) fn new(n: u16, t: u16, seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let keys = (0..n).map(|_| SigningKey::generate(&mut rng)).collect();
        let boxes = (0..n).map(|_| HpkeSecret::generate(&mut rng).0).collect();
        Self::with(Hash([7; 64]), t, (keys, boxes), rng)
    }
    fn with(
        setup: Hash,
        t: u16,
        (keys, boxes): (Vec<SigningKey>, Vec<HpkeSecret>),
        rng: ChaCha20Rng,
    ) -> Self {
        let members = (1u16..).zip(keys.iter().zip(&boxes));
        let members = members.map(|(id, (key, hpke))| Member {
            id,
            key: key.public(),
            hpke: hpke.public().unwrap(),
        });
        let roster = Roster::new(t, members.collect()).unwrap();
        Self {
            ceremony: Ceremony::new(setup, roster),
            keys,
            boxes,
            rng,
            refused: Vec::new(),
        }
    }
    /// The same people without one, numbered anew, under another setup.
    pub(crate) fn anew_without(n: u16, seed: u64, id: u16, t: u16) -> Self {
        let mut all = Self::new(n, t.max(n / 2 + 1), seed);
        let gone = usize::from(id) - 1;
        all.keys.remove(gone);
        all.boxes.remove(gone);
        Self::with(Hash([8; 64]), t, (all.keys, all.boxes), all.rng)
    }
    fn ids(&self) -> std::ops::RangeInclusive<u16> {
        1..=u16::try_from(self.keys.len()).unwrap()
    }
    /// Posts a message as the board would see it: through its bytes.
    fn post(&mut self, id: u16, m: &Message) {
        let applied = Message::from_bytes(&m.to_bytes())
            .map_err(CeremonyError::from)
            .and_then(|m| self.ceremony.apply(id, &m));
        if let Err(e) = applied {
            self.refused.push((id, e.rule().to_string()));
        }
    }
    /// Everybody honest.
    pub(crate) fn honest(self) -> End {
        self.run(0, &mut |m, _| vec![m])
    }
    /// All rounds, until nobody has anything more to say. The traitor speaks last in each.
    pub(crate) fn run(mut self, traitor: u16, twist: Twist<'_>) -> End {
        let mut twisted: BTreeSet<(u8, Vec<u8>)> = BTreeSet::new();
        loop {
            let mut said = false;
            let mut order: Vec<u16> = self.ids().collect();
            order.sort_by_key(|id| *id == traitor);
            for id in order {
                for m in self.honest_messages(id) {
                    if id != traitor {
                        said = true;
                        self.post(id, &m);
                    } else if twisted.insert(turn(&m)) {
                        said = true;
                        for m in twist(m, &self.ceremony) {
                            self.post(id, &m);
                        }
                    }
                }
            }
            if !said {
                return self.end();
            }
        }
    }
    fn end(mut self) -> End {
        let round = self.ceremony.round();
        let mut shares = Vec::new();
        for id in self.ids() {
            if round == Round::Done
                && let Some(confirmed) = self.confirmed(id)
            {
                shares.push(confirmed.share().clone());
            }
        }
        let c = &self.ceremony;
        End {
            culprit: c.culprit(),
            missing: self.ids().filter(|id| !c.has_spoken(round, *id)).collect(),
            complaints: c.complaints().collect(),
            outcome: c.outcome(),
            round,
            refused: self.refused,
            shares,
        }
    }
    /// The state after round 3, from the trustee's own secret.
    fn shared(&mut self, id: u16) -> Shared {
        let mut own = ChaCha20Rng::seed_from_u64(1000 + u64::from(id));
        let (committed, _) = trustee::commit(&self.ceremony, id, &mut own).unwrap();
        let (revealed, _) = committed.reveal();
        revealed.deal(&self.ceremony, &mut self.rng).unwrap().0
    }
    fn confirmed(&mut self, id: u16) -> Option<Confirmed> {
        let state = self.shared(id);
        match state.check(&self.ceremony, &self.boxes[usize::from(id) - 1]) {
            Ok(Verdict::Good(confirmed)) => Some(confirmed),
            _ => None,
        }
    }
    /// What an honest program would post now.
    fn honest_messages(&mut self, id: u16) -> Vec<Message> {
        let round = self.ceremony.round();
        if self.ceremony.culprit().is_some() {
            return Vec::new();
        }
        let asked = !self.ceremony.complaints_against(id).is_empty();
        let answers = if asked {
            self.shared(id).answers(&self.ceremony)
        } else {
            Vec::new()
        };
        if !answers.is_empty() || self.ceremony.has_spoken(round, id) {
            return answers;
        }
        let mut own = ChaCha20Rng::seed_from_u64(1000 + u64::from(id));
        let (committed, commit) = trustee::commit(&self.ceremony, id, &mut own).unwrap();
        match round {
            Round::Commit => vec![commit],
            Round::Reveal => vec![committed.reveal().1],
            Round::Shares => {
                let (revealed, _) = committed.reveal();
                vec![revealed.deal(&self.ceremony, &mut self.rng).unwrap().1]
            }
            Round::Confirm => self.verdict(id),
            Round::Sign => {
                let key = self.keys[usize::from(id) - 1].clone();
                let confirmed = self.confirmed(id);
                let signed = confirmed.map(|c| c.sign(&self.ceremony, &key, &mut self.rng));
                // With keys that cancel out an honest program signs nothing.
                signed
                    .and_then(Result::ok)
                    .map(|s| s.1)
                    .into_iter()
                    .collect()
            }
            Round::Done => Vec::new(),
        }
    }
    fn verdict(&mut self, id: u16) -> Vec<Message> {
        let state = self.shared(id);
        match state.check(&self.ceremony, &self.boxes[usize::from(id) - 1]) {
            Ok(Verdict::Good(_)) => vec![Message::Confirm],
            Ok(Verdict::Complaints(_, all)) => {
                let c = &self.ceremony;
                let told = |accused| c.complaints().any(|(a, by, _)| (a, by) == (accused, id));
                let news = all.into_iter();
                news.filter(|m| !matches!(m, Message::Complain { accused } if told(*accused)))
                    .collect()
            }
            Err(_) => Vec::new(),
        }
    }
}

/// The traitor has one turn a kind of message, for complaints and answers one a peer.
fn turn(m: &Message) -> (u8, Vec<u8>) {
    let bytes = m.to_bytes();
    match m {
        Message::Complain { .. } | Message::Answer { .. } => (bytes[2], bytes[3..5].to_vec()),
        _ => (bytes[2], Vec::new()),
    }
}

impl End {
    /// It went all the way, the shares are those of one key, and nobody was blamed.
    #[track_caller]
    pub(crate) fn is_good(&self, t: u16) {
        assert_eq!((self.round, self.culprit), (Round::Done, None), "{self:?}");
        let outcome = self.outcome.as_ref().unwrap();
        for (share, key) in self.shares.iter().zip(&outcome.verification) {
            assert_eq!(share.verification, *key);
        }
        let t = usize::from(t);
        let windows = self.shares.windows(t);
        for window in windows {
            assert_eq!(opened(window), Some(outcome.joint));
        }
        if t > 1 {
            assert_ne!(opened(&self.shares[1..t]), Some(outcome.joint));
        }
    }
    /// It cannot go on because of this one trustee, whom nobody could blame by a rule of the board.
    #[track_caller]
    pub(crate) fn waits_for(&self, id: u16, round: Round) {
        assert_eq!((self.round, self.culprit), (round, None), "{self:?}");
        assert_eq!(self.missing, [id]);
        assert!(self.outcome.is_err());
    }
}

/// The public key of what these shares rebuild.
fn opened(shares: &[KeyShare]) -> Option<Point> {
    let ids: Vec<u16> = shares.iter().map(|s| s.id).collect();
    let secret: Scalar = shares
        .iter()
        .map(|s| lagrange_at_zero(s.id, &ids).unwrap() * s.expose())
        .sum();
    Point::mul_base(&secret)
}

/// What a commitment hides, written down from spec 02 and not from the crate.
pub(crate) fn commitment(c: &Ceremony, id: u16, reveal: &Message) -> Hash {
    let mut roster = Writer::new();
    c.roster().write(&mut roster);
    let fields = [
        c.setup().as_bytes().as_slice(),
        &roster.finish(),
        &id.to_le_bytes(),
        &reveal.to_bytes(),
    ];
    crypto::hash::hash("ceremony-commit", &fields)
}

/// A proof of knowledge of the key behind `secret` for these commitments (spec 02).
pub(crate) fn knowledge(c: &Ceremony, id: u16, secret: Scalar, all: &[Point]) -> Signature {
    let mut w = Writer::new();
    c.setup().write(&mut w);
    c.roster().write(&mut w);
    w.u16(id);
    w.list(all);
    let key = SigningKey::from_scalar(secret).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(77);
    key.sign("ceremony-knowledge", &w.finish(), &mut rng)
}

pub(crate) fn random(seed: u64) -> Scalar {
    crypto::group::random_scalar(&mut ChaCha20Rng::seed_from_u64(seed))
}
