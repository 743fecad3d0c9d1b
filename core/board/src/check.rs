//! Here a ballot is checked, by itself: its bytes, signature, tokens and proofs, and likewise every
//! other entry (spec 05 §3, first phase). Of the board this needs only what never changes, the
//! elections' setups and sealed manifests ([`StaticContext`]). Whether a valid ballot counts is
//! decided in [`crate::state`].
//!
//! Start at [`check_stateless`].
//!
//! [`Checked`] can only be made here, and the state machine takes nothing else.

use crate::entry::{Act, Entry, HAND_OVER_PURPOSE, OfficerSignatures, Setup, entry_hash, kind};
use crate::header::{MAX_ENTRY_BYTES, room_of};
use crate::rules;
use ballot::BallotRules;
use ballot::opening::Masks;
use ballot::text::{Form, is_id};
use ballot::{Ballot, SealedManifest, Side};
use crypto::elgamal::Ciphertext;
use crypto::schnorr::{self, Signature};
use crypto::signed::Signed;
use crypto::{Encoded, Hash, Point, Rule};
use imbl::OrdMap;
use rand_core::CryptoRng;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longest entry of any kind but `Seal`.
pub const MAX_SMALL_ENTRY_BYTES: usize = 256 * 1024;
/// Ballots whose proofs are verified in one multiscalar multiplication.
pub const CHUNK: usize = 128;
/// The smallest number of entries for which a thread pays.
const LEAST_SHARE: usize = 16;

/// What is fixed about one election: its setup and, once sealed, its manifest.
#[derive(Debug)]
pub struct Known {
    /// Entry hash of the setup.
    pub setup_hash: Hash,
    /// The setup.
    pub setup: Setup,
    /// The sealed manifest and what follows from it.
    pub sealed: Option<Sealed>,
}

/// A sealed manifest and the rules of its ballots.
#[derive(Debug)]
pub struct Sealed {
    /// The manifest with its signatures.
    pub manifest: Arc<SealedManifest>,
    /// Election hash.
    pub election: Hash,
    /// Precomputed rules of ballots.
    pub rules: Arc<BallotRules>,
}

/// What stateless checks look things up in: a snapshot of the elections on the board. The answer
/// for an election that is known never changes, so a positive answer may be cached for ever.
#[derive(Clone, Debug, Default)]
pub struct StaticContext {
    pub(crate) network: [u8; 32],
    pub(crate) authorities: Arc<[Point]>,
    pub(crate) known: OrdMap<Hash, Arc<Known>>,
}

impl StaticContext {
    /// The election with this setup hash or election hash.
    ///
    /// # Errors
    /// Rule R5.03.
    pub fn known(&self, id: &Hash) -> Result<&Arc<Known>, Rule> {
        self.known.get(id).ok_or(rules::UNKNOWN_ELECTION)
    }
    fn sealed(&self, election: &Hash) -> Result<(&Known, &Sealed), Rule> {
        let known = self.known(election)?;
        match &known.sealed {
            Some(sealed) if sealed.election == *election => Ok((known, sealed)),
            _ => Err(rules::UNKNOWN_ELECTION),
        }
    }
}

/// A voter's place: at most one entry of a voting key and number can be cast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The election.
    pub election: Hash,
    /// The voting key.
    pub vk: [u8; 32],
}

/// The parts of a ballot that the state machine needs.
#[derive(Debug)]
pub(crate) struct CheckedBallot {
    pub(crate) election: Hash,
    pub(crate) vk: Point,
    pub(crate) seq: u32,
    pub(crate) prev: Hash,
    /// X of each registrar, 32 bytes each.
    pub(crate) keys: Arc<[[u8; 32]]>,
    /// The window of the tokens of a further ballot.
    pub(crate) window: u8,
    /// Hash of the ballot itself; for a check ballot the entry hash its voter committed to.
    pub(crate) hash: Hash,
    /// First halves of all ciphertexts, those of the masks included.
    pub(crate) firsts: Vec<Encoded>,
    /// The ciphertexts, decoded, per contest.
    pub(crate) ciphertexts: Vec<Vec<Ciphertext>>,
    /// The same as 64-byte encodings one after the other: what the state keeps.
    pub(crate) encoded: Arc<[u8]>,
    /// The encrypted numbers of its check lines.
    pub(crate) masks: Arc<Masks>,
}

/// The parts of an opening that the state machine needs.
#[derive(Debug)]
pub(crate) struct CheckedOpening {
    pub(crate) election: Hash,
    /// Entry hash of the ballot it opens.
    pub(crate) ballot: Hash,
    pub(crate) side: Side,
    /// The opened numbers, encrypted again.
    pub(crate) again: Vec<u8>,
}

#[derive(Debug)]
pub(crate) enum Body {
    Ballot(CheckedBallot),
    CheckBallot(CheckedBallot),
    Opening(CheckedOpening),
    Other(Entry),
    /// A sealed manifest with its election hash.
    Seal(Arc<SealedManifest>, Hash),
}

#[derive(Debug)]
struct Inner {
    hash: Hash,
    kind: u8,
    bytes: Arc<[u8]>,
    body: Body,
}

/// An entry that passed every stateless rule, with its bytes and its hash: the three cannot
/// disagree. Copies are cheap.
#[derive(Clone, Debug)]
pub struct Checked(Arc<Inner>);

impl Checked {
    fn new(hash: Hash, kind: u8, bytes: &[u8], body: Body) -> Self {
        Self(Arc::new(Inner {
            hash,
            kind,
            bytes: bytes.into(),
            body,
        }))
    }
    /// Bytes it takes in a block.
    #[must_use]
    pub fn room(&self) -> usize {
        room_of(self.0.bytes.len())
    }
    /// The entry's canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.0.bytes
    }
    /// Entry hash.
    #[must_use]
    pub fn hash(&self) -> &Hash {
        &self.0.hash
    }
    /// Type byte.
    #[must_use]
    pub fn kind(&self) -> u8 {
        self.0.kind
    }
    /// Whether it is a ballot, a check ballot or an opening: these come last in a block, sorted.
    #[must_use]
    pub fn is_sorted(&self) -> bool {
        kind::is_sorted(self.0.kind)
    }
    /// The voting key it speaks for: a block holds at most one entry of each.
    #[must_use]
    pub fn slot(&self) -> Option<Slot> {
        self.ballot().map(|b| Slot {
            election: b.election,
            vk: *b.vk.as_bytes(),
        })
    }
    /// The number of the ballot or check ballot.
    #[must_use]
    pub fn seq(&self) -> Option<u32> {
        self.ballot().map(|b| b.seq)
    }
    /// The window whose tokens a further ballot carries.
    pub(crate) fn again_window(&self) -> Option<u8> {
        self.ballot().filter(|b| b.seq > 1).map(|b| b.window)
    }
    /// The election it belongs to: setup hash for `Ceremony` and `Seal`, none for `Setup`.
    pub(crate) fn election(&self) -> Option<Hash> {
        match &self.0.body {
            Body::Ballot(b) | Body::CheckBallot(b) => Some(b.election),
            Body::Opening(o) => Some(o.election),
            Body::Seal(sealed, _) => Some(sealed.manifest.setup),
            Body::Other(entry) => entry.election(),
        }
    }
    /// The ballot or check ballot that a `Late` names.
    #[must_use]
    pub fn names(&self) -> Option<&Hash> {
        match &self.0.body {
            Body::Other(Entry::Late(late)) => Some(&late.entry),
            _ => None,
        }
    }
    pub(crate) fn body(&self) -> &Body {
        &self.0.body
    }
    fn ballot(&self) -> Option<&CheckedBallot> {
        match &self.0.body {
            Body::Ballot(b) | Body::CheckBallot(b) => Some(b),
            _ => None,
        }
    }
}

/// Checks one entry.
///
/// # Errors
/// The rule it breaks.
pub fn check_stateless<R: CryptoRng + ?Sized>(
    ctx: &StaticContext,
    bytes: &[u8],
    rng: &mut R,
) -> Result<Checked, Rule> {
    match first_pass(ctx, bytes)? {
        Pass::Done(checked) => Ok(checked),
        Pass::Proofs {
            ballot,
            label,
            rules,
        } => {
            let opened = rules.check_proofs(&ballot, rng).map_err(|e| e.rule())?;
            finish((&ballot, bytes), label, &rules, opened)
        }
    }
}

/// Checks many entries; proofs of ballots of one election are verified together. The answers stand
/// in the order of `entries`. Callers with several processors split `entries` by [`CHUNK`].
pub fn check_many<R: CryptoRng + ?Sized>(
    ctx: &StaticContext,
    entries: &[&[u8]],
    rng: &mut R,
) -> Vec<Result<Checked, Rule>> {
    let mut out: Vec<Option<Result<Checked, Rule>>> = Vec::with_capacity(entries.len());
    let mut waiting: BTreeMap<Hash, Vec<(usize, Ballot, Label)>> = BTreeMap::new();
    for (i, bytes) in entries.iter().enumerate() {
        out.push(match first_pass(ctx, bytes) {
            Err(rule) => Some(Err(rule)),
            Ok(Pass::Done(checked)) => Some(Ok(checked)),
            Ok(Pass::Proofs { ballot, label, .. }) => {
                waiting
                    .entry(ballot.election)
                    .or_default()
                    .push((i, *ballot, label));
                None
            }
        });
    }
    for (election, ballots) in &waiting {
        let Ok((_, sealed)) = ctx.sealed(election) else {
            continue;
        };
        for chunk in ballots.chunks(CHUNK) {
            let refs: Vec<&Ballot> = chunk.iter().map(|(_, b, ..)| b).collect();
            let answers = sealed.rules.check_proofs_batch(&refs, rng);
            for ((i, ballot, label), answer) in chunk.iter().zip(answers) {
                if let (Some(slot), Some(bytes)) = (out.get_mut(*i), entries.get(*i)) {
                    *slot = Some(match answer {
                        Ok(opened) => finish((ballot, bytes), *label, &sealed.rules, opened),
                        Err(e) => Err(e.rule()),
                    });
                }
            }
        }
    }
    out.into_iter()
        .map(|o| o.unwrap_or(Err(rules::UNKNOWN_ELECTION)))
        .collect()
}

/// [`check_many`] on several processors, each with its own randomness from `rng`; the answers are
/// the same. Where there is only one processor no thread is started.
pub fn check_many_on<R: CryptoRng>(
    ctx: &StaticContext,
    entries: &[&[u8]],
    threads: usize,
    rng: impl Fn() -> R + Sync,
) -> Vec<Result<Checked, Rule>> {
    let share = entries.len().div_ceil(threads.max(1)).max(LEAST_SHARE);
    if entries.len() <= share {
        return check_many(ctx, entries, &mut rng());
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = entries
            .chunks(share)
            .map(|part| scope.spawn(|| check_many(ctx, part, &mut rng())))
            .collect();
        let joined = parts.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .flat_map(|part| part.unwrap_or_else(|e| std::panic::resume_unwind(e)))
            .collect()
    })
}

/// What an entry is, besides the ballot in it.
#[derive(Clone, Copy)]
struct Label {
    kind: u8,
    /// Entry hash.
    hash: Hash,
    /// The ballot's own entry hash; for a check ballot the one its voter committed to.
    ballot_hash: Hash,
}

enum Pass {
    Done(Checked),
    Proofs {
        ballot: Box<Ballot>,
        label: Label,
        rules: Arc<BallotRules>,
    },
}

/// Everything but proofs, cheapest first.
fn first_pass(ctx: &StaticContext, bytes: &[u8]) -> Result<Pass, Rule> {
    let found = *bytes.get(1).ok_or(rules::ENTRY_BYTES)?;
    let limit = if found == kind::SEAL {
        MAX_ENTRY_BYTES
    } else {
        MAX_SMALL_ENTRY_BYTES
    };
    if bytes.len() > limit {
        return Err(rules::ENTRY_LENGTH);
    }
    if bytes.first() != Some(&crypto::wire::VERSION) {
        return Err(rules::ENTRY_BYTES);
    }
    let hash = entry_hash(bytes);
    match found {
        kind::BALLOT | kind::CHECK_BALLOT => ballot_pass(ctx, bytes, found, hash),
        kind::OPENING => opening_pass(ctx, bytes, hash),
        _ => {
            let entry = Entry::decode(bytes).map_err(|_| rules::ENTRY_BYTES)?;
            let body = check_other(ctx, entry)?;
            Ok(Pass::Done(Checked::new(hash, found, bytes, body)))
        }
    }
}

fn ballot_pass(ctx: &StaticContext, bytes: &[u8], kind: u8, hash: Hash) -> Result<Pass, Rule> {
    let election = crate::entry::peek_election(bytes).ok_or(rules::ENTRY_BYTES)?;
    let (_, sealed) = ctx.sealed(&election)?;
    let (ballot, ballot_hash) = if kind == kind::CHECK_BALLOT {
        let opened = sealed.rules.check_opened_form(bytes);
        opened.map(|s| (s.ballot, s.committed))
    } else {
        sealed.rules.check_form(bytes).map(|b| (b, hash))
    }
    .map_err(|e| e.rule())?;
    sealed.rules.check_tokens(&ballot).map_err(|e| e.rule())?;
    sealed.rules.check_card(&ballot).map_err(|e| e.rule())?;
    Ok(Pass::Proofs {
        ballot: Box::new(ballot),
        label: Label {
            kind,
            hash,
            ballot_hash,
        },
        rules: Arc::clone(&sealed.rules),
    })
}

/// Rules R5.01, R5.03 and R3.20, and the work for R3.21, which the state decides.
fn opening_pass(ctx: &StaticContext, bytes: &[u8], hash: Hash) -> Result<Pass, Rule> {
    let election = crate::entry::peek_election(bytes).ok_or(rules::ENTRY_BYTES)?;
    let (_, sealed) = ctx.sealed(&election)?;
    let opening = sealed.rules.check_opening(bytes).map_err(|e| e.rule())?;
    let body = Body::Opening(CheckedOpening {
        election,
        ballot: opening.ballot,
        side: opening.side,
        again: sealed.rules.encrypt_again(&opening),
    });
    Ok(Pass::Done(Checked::new(hash, kind::OPENING, bytes, body)))
}

/// `ciphertexts` come decoded from the check of the proofs.
fn finish(
    (ballot, bytes): (&Ballot, &[u8]),
    label: Label,
    rules: &BallotRules,
    ciphertexts: Vec<Vec<Ciphertext>>,
) -> Result<Checked, Rule> {
    let contests = rules.decode(ballot).map_err(|e| e.rule())?;
    let mut firsts = Vec::new();
    let mut encoded = Vec::new();
    for c in &contests {
        for (a, b) in c.a.iter().zip(&c.b) {
            encoded.extend_from_slice(&a.0);
            encoded.extend_from_slice(&b.0);
        }
        firsts.extend(c.firsts());
    }
    let checked = CheckedBallot {
        election: ballot.election,
        vk: ballot.vk,
        seq: ballot.seq,
        prev: ballot.prev,
        keys: ballot.card.keys.iter().map(|x| *x.as_bytes()).collect(),
        window: ballot.card.window,
        hash: label.ballot_hash,
        firsts,
        ciphertexts,
        encoded: encoded.into(),
        masks: Arc::new(Masks::of(&contests)),
    };
    let body = if label.kind == kind::CHECK_BALLOT {
        Body::CheckBallot(checked)
    } else {
        Body::Ballot(checked)
    };
    Ok(Checked::new(label.hash, label.kind, bytes, body))
}

fn check_other(ctx: &StaticContext, entry: Entry) -> Result<Body, Rule> {
    match entry {
        Entry::Setup(s) => {
            check_setup(ctx, &s)?;
            Ok(Body::Other(Entry::Setup(s)))
        }
        Entry::Seal(s) => {
            ctx.known(&s.manifest.setup)?;
            let hash = s.check().map_err(|e| e.rule())?;
            Ok(Body::Seal(Arc::new(*s), hash))
        }
        other => {
            check_signatures(ctx, &other)?;
            Ok(Body::Other(other))
        }
    }
}

fn check_setup(ctx: &StaticContext, signed: &Signed<Setup>) -> Result<(), Rule> {
    let s = &signed.body;
    if s.network != ctx.network {
        return Err(rules::SETUP_NETWORK);
    }
    if !ctx.authorities.contains(&s.authority) {
        return Err(rules::SETUP_AUTHORITY);
    }
    let keys: std::collections::BTreeSet<_> = s.officers.iter().map(|o| o.key).collect();
    let officers = s.officers.len() >= 2 && keys.len() == s.officers.len();
    let mut names = s.officers.iter().map(|o| &o.name).chain(&s.trustee_names);
    let named = is_id(&s.id) && names.all(|name| name.check(Form::Line).is_ok());
    if !officers || !named || s.trustee_names.len() != s.roster.members().len() {
        return Err(rules::SETUP_PARTIES);
    }
    signed
        .verify(&s.authority)
        .map_err(|_| rules::SETUP_SIGNATURE)
}

fn check_signatures(ctx: &StaticContext, entry: &Entry) -> Result<(), Rule> {
    match entry {
        Entry::Ceremony(c) => {
            let known = ctx.known(&c.body.setup)?;
            if known.setup_hash != c.body.setup {
                return Err(rules::UNKNOWN_ELECTION);
            }
            let member = known
                .setup
                .roster
                .member(c.body.trustee)
                .map_err(|e| e.rule())?;
            c.verify(&member.key).map_err(|_| rules::CEREMONY_SIGNATURE)
        }
        Entry::Act(a) => {
            check_officers(ctx, &a.election, &a.signatures, |key, s| {
                a.is_signed_by(key, s)
            })?;
            check_words(&a.act)
        }
        Entry::HandOver(h) => {
            let order = h.ordered();
            check_officers(ctx, &h.election, &h.officers, |key, s| {
                schnorr::verify(key, HAND_OVER_PURPOSE, &order, s).is_ok()
            })
        }
        Entry::Evidence(e) => {
            let (_, sealed) = ctx.sealed(&e.body.election)?;
            let registrars = &sealed.manifest.manifest.registrars;
            let registrar = registrars
                .get(usize::from(e.body.registrar))
                .ok_or(rules::EVIDENCE_SIGNATURE)?;
            e.verify(&registrar.key)
                .map_err(|_| rules::EVIDENCE_SIGNATURE)?;
            if e.body.is_sound() {
                Ok(())
            } else {
                Err(rules::EVIDENCE_PARTS)
            }
        }
        Entry::ShareCommit(c) => {
            let key = trustee_key(
                ctx,
                &c.body.election,
                c.body.trustee,
                rules::COMMIT_SIGNATURE,
            )?;
            c.verify(&key).map_err(|_| rules::COMMIT_SIGNATURE)
        }
        Entry::Share(s) => {
            let key = trustee_key(
                ctx,
                &s.body.election,
                s.body.share.trustee,
                rules::SHARE_SIGNATURE,
            )?;
            s.verify(&key).map_err(|_| rules::SHARE_SIGNATURE)
        }
        Entry::Result(r) => ctx.sealed(&r.election).map(|_| ()),
        // Whose signatures these must be depends on who is in office: the state decides.
        Entry::Late(late) => ctx.sealed(&late.election).map(|_| ()),
        Entry::Setup(_)
        | Entry::Seal(_)
        | Entry::Ballot(_)
        | Entry::CheckBallot(_)
        | Entry::Opening(_) => Err(rules::ENTRY_BYTES),
    }
}

fn trustee_key(ctx: &StaticContext, election: &Hash, id: u16, rule: Rule) -> Result<Point, Rule> {
    let (known, _) = ctx.sealed(election)?;
    known
        .setup
        .roster
        .member(id)
        .map(|m| m.key)
        .map_err(|_| rule)
}

/// Rules R5.15 and R5.16.
fn check_officers(
    ctx: &StaticContext,
    election: &Hash,
    signatures: &OfficerSignatures,
    signed: impl Fn(&Point, &Signature) -> bool,
) -> Result<(), Rule> {
    let (_, sealed) = ctx.sealed(election)?;
    let officers = &sealed.manifest.manifest.officers;
    let [(first, _), (second, _)] = signatures;
    if first >= second {
        return Err(rules::OFFICERS);
    }
    for (index, signature) in signatures {
        let officer = officers.get(usize::from(*index)).ok_or(rules::OFFICERS)?;
        if !signed(&officer.key, signature) {
            return Err(rules::OFFICER_SIGNATURE);
        }
    }
    Ok(())
}

/// Rules R5.57 and R5.72: what an act shows to people and leads them to is as sound as a manifest's
/// texts, ids and addresses.
pub(crate) fn check_words(act: &Act) -> Result<(), Rule> {
    let sound = match act {
        Act::Notice { key, text } => is_id(key) && text.check(Form::Paragraph).is_ok(),
        Act::Release(r) => is_id(&r.version) && is_id(&r.platform),
        Act::Withdraw { reason } => reason.check(Form::Paragraph).is_ok(),
        Act::Hints(hints) if !hints.is_sound() => return Err(rules::HINTS),
        _ => true,
    };
    if sound { Ok(()) } else { Err(rules::ACT_WORDS) }
}
