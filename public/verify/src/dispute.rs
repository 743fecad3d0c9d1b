//! A voter's papers against a record: whether the ballot is there, and who broke which promise
//! (spec 08 §5). Everything is judged by the board's own rules on the state that an answer names;
//! what the papers do not show stays undecided.

mod finding;
mod histories;

pub use finding::{Finding, Name, Verdict};
pub use histories::{Signers, two_histories};

use ballot::Ballot;
use board::judgement::Answer;
use board::network::tolerated;
use board::record::{RecordError, Source};
use board::replay::{Replay, read_manifest};
use board::state::Outlook;
use board::{Checked, Header, Receipt, State, check_stateless, rules};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use histories::Histories;
use rand_core::CryptoRng;
use std::collections::BTreeSet;

/// A promised entry is on the board after so much block time (ms, spec 05 §7).
pub const PROMISED_WITHIN_MS: u64 = 60_000;
/// A block with at most so many entries had room for one more ballot and its `Late`.
const ROOMY: u32 = 64;

/// What a booth saved: the ballot as it was sent and what nodes said about it.
#[derive(Clone, Debug)]
pub struct Papers {
    /// Bytes of the ballot.
    pub ballot: Vec<u8>,
    /// The receipt, when the ballot became final.
    pub receipt: Option<Receipt>,
    /// Node keys and their signed answers.
    pub answers: Vec<(Point, Answer)>,
}

impl Papers {
    /// Reads the file that a booth saves; none when it is another one.
    #[must_use]
    pub fn parse(json: &[u8]) -> Option<Self> {
        Self::read(serde_json::from_slice(json).ok()?)
    }
    /// The same from its members.
    #[must_use]
    pub fn read(file: api::papers::Papers) -> Option<Self> {
        let receipt = match &file.bytes {
            Some(bytes) => Some(Receipt::from_bytes(bytes.as_bytes()).ok()?),
            None => None,
        };
        let mut answers = Vec::new();
        for paper in &file.papers {
            let said = paper.read()?;
            // The same paper twice is one.
            if !answers.contains(&said) {
                answers.push(said);
            }
        }
        let few = answers.len() <= api::papers::MAX_PAPERS;
        few.then(|| Self {
            receipt,
            answers,
            ballot: file.ballot.into_bytes(),
        })
    }
}

/// Decides a dispute. The record has passed every check before.
///
/// # Errors
/// [`RecordError`].
pub fn decide<R: CryptoRng + ?Sized>(
    source: &dyn Source,
    papers: &Papers,
    rng: &mut R,
) -> Result<Vec<Finding>, RecordError> {
    let manifest = read_manifest(source)?;
    let election = manifest.check().map_err(RecordError::Manifest)?;
    let Some(ballot) = Ballot::from_bytes(&papers.ballot)
        .ok()
        .filter(|b| b.election == election)
    else {
        return Ok(vec![Finding::OtherElection]);
    };
    let mut replay = Replay::open(source)?;
    let mut search = Search::new(papers, &ballot);
    let mut histories = Histories::begin(replay.state());
    search.answers(replay.state(), rng);
    loop {
        let before = replay.state().clone();
        if !replay.step(rng)? {
            break;
        }
        let after = replay.state();
        histories.note(after);
        search.promises(&before, after);
        search.answers(after, rng);
    }
    let end = replay.state();
    let mut out = vec![match end.find(&search.entry) {
        Some(place) => Finding::OnBoard {
            height: place.height,
        },
        None => Finding::Missing,
    }];
    if let Some(receipt) = &papers.receipt {
        out.extend(histories.judge(source, end, receipt, &papers.ballot)?);
    }
    out.extend(search.finish(end));
    Ok(out)
}

/// What is known of one answer.
enum Known {
    /// Its height has not come.
    Nothing,
    /// A promise of a validator in office that no rule forbade then; so many blocks with room have
    /// passed the ballot over.
    Promise { passed: usize },
    /// A refusal because another ballot has the place, while the board showed none.
    Held,
    /// The finding.
    Found(Finding),
}

/// The papers, while the record is read.
struct Search<'p> {
    papers: &'p Papers,
    ballot: &'p Ballot,
    entry: Hash,
    /// For each answer.
    known: Vec<Known>,
    checked: Option<Checked>,
    /// Blocks near the close that could have taken the ballot by the promises in the papers.
    passed_late: usize,
    late: Option<Finding>,
}

fn name(state: &State, node: &Point) -> Name {
    let by = state.validators().iter().find(|v| v.node_key == *node);
    by.map_or_else(|| Name::of_key(node.as_bytes()), |v| Name::of(&v.name))
}

impl<'p> Search<'p> {
    fn new(papers: &'p Papers, ballot: &'p Ballot) -> Self {
        Self {
            papers,
            ballot,
            entry: crypto::hash::entry_hash(&papers.ballot),
            known: papers.answers.iter().map(|_| Known::Nothing).collect(),
            checked: None,
            passed_late: 0,
            late: None,
        }
    }
    /// The ballot's own checks; what they are checked against stays the same from the seal on.
    fn check<R: CryptoRng + ?Sized>(
        &mut self,
        state: &State,
        rng: &mut R,
    ) -> Result<Checked, Rule> {
        if let Some(checked) = &self.checked {
            return Ok(checked.clone());
        }
        let checked = check_stateless(state.context(), &self.papers.ballot, rng)?;
        self.checked = Some(checked.clone());
        Ok(checked)
    }
    /// Whether this is an answer of this key about this ballot.
    fn is_paper(&self, state: &State, (node, answer): &(Point, Answer)) -> bool {
        let said = &answer.body;
        let about = said.entry == self.entry && said.network == state.network().id();
        about && answer.verify(node).is_ok()
    }
    /// Looks at the answers that were given on this state.
    fn answers<R: CryptoRng + ?Sized>(&mut self, state: &State, rng: &mut R) {
        let height = state.tip().height;
        for (i, paper) in self.papers.answers.iter().enumerate() {
            if paper.1.body.height == height {
                let known = self.answer(state, paper, rng);
                if let Some(place) = self.known.get_mut(i) {
                    *place = known;
                }
            }
        }
    }
    fn answer<R: CryptoRng + ?Sized>(
        &mut self,
        state: &State,
        paper: &(Point, Answer),
        rng: &mut R,
    ) -> Known {
        let (node, answer) = paper;
        let (who, said) = (name(state, node), &answer.body);
        let in_office = state.validators().iter().any(|v| v.node_key == *node);
        if !in_office || !self.is_paper(state, paper) {
            return Known::Found(Finding::NotAPaper(who));
        }
        // As the gateway judges (spec 05 §3), at the time that it wrote.
        let time = said.time_ms.max(state.tip().time_ms.saturating_add(1));
        let judged = self
            .check(state, rng)
            .and_then(|checked| state.admit(&checked, time));
        let Some(rule) = said.rule else {
            return match judged {
                Ok(()) => Known::Promise { passed: 0 },
                // It was on the board already: the promise is kept.
                Err(_) if state.find(&self.entry).is_some() => Known::Promise { passed: 0 },
                Err(rule) => Known::Found(Finding::FalsePromise(who, rule)),
            };
        };
        let early = state.precheck(&self.papers.ballot, said.time_ms);
        Known::Found(match early.and(judged) {
            Err(found) if found == rule => Finding::JustRefusal(who, rule, said.time_ms),
            // Another ballot may have waited for the place; the record may show it.
            Ok(()) if rule == rules::SEQ => return Known::Held,
            _ => Finding::FalseRefusal(who, rule),
        })
    }
    /// What the block between these two states means for the promises.
    fn promises(&mut self, before: &State, after: &State) {
        let open = self
            .known
            .iter()
            .any(|k| matches!(k, Known::Promise { .. }));
        let Some(checked) = self.checked.clone().filter(|_| open) else {
            return;
        };
        if after.find(&self.entry).is_some() {
            return;
        }
        let block = after.tip();
        // Judged on the state after the block too: it may hold the ballot that took the place.
        // That the box has closed without it undoes no promise.
        let never = match after.outlook(&checked, block.time_ms.saturating_add(1)) {
            Outlook::Never(rule) if rule != rules::BALLOT_LATE => Some(rule),
            Outlook::Never(_) | Outlook::Fits | Outlook::Later => None,
        };
        let fits = before.outlook(&checked, block.time_ms) == Outlook::Fits;
        let passed = never.is_none() && fits && block.count <= ROOMY;
        let late = before.needs_late(&checked, block.time_ms);
        for ((node, answer), known) in self.papers.answers.iter().zip(&mut self.known) {
            let Known::Promise { passed: count } = known else {
                continue;
            };
            if let Some(rule) = never {
                *known = Known::Found(Finding::PromiseVoid(name(before, node), rule));
            } else if passed && !late && is_due(answer, block) {
                *count += 1;
                if *count > tolerated(before.validators().len()) {
                    *known = Known::Found(Finding::PromiseBroken(name(before, node)));
                }
            }
        }
        if passed && late {
            self.pass_late(before, block);
        }
    }
    /// A block near the close had room for the ballot and did not take it. f dishonest nodes can
    /// keep their promises from the others, so here one promise blames nobody; of k > f promises
    /// more than f honest ones would have brought the ballot in, so at least k − f were not kept.
    fn pass_late(&mut self, before: &State, block: &Header) {
        let promised = |node: &Point| {
            let mut all = self.papers.answers.iter().zip(&self.known);
            all.any(|((by, answer), known)| {
                let counts = matches!(
                    known,
                    Known::Promise { .. } | Known::Found(Finding::PromiseBroken(_))
                );
                // Given before the close, or it would be a false one.
                by == node && counts && is_due(answer, block)
            })
        };
        let in_office = before.validators().iter();
        let who: Vec<Name> = in_office
            .filter(|v| promised(&v.node_key))
            .map(|v| Name::of(&v.name))
            .collect();
        let f = tolerated(before.validators().len());
        if who.len() > f {
            self.passed_late += 1;
            if self.passed_late > f && self.late.is_none() {
                let at_least = who.len() - f;
                self.late = Some(Finding::SomeBroke { at_least, who });
            }
        }
    }
    /// Whether another ballot of the voting key has this ballot's number.
    fn place_taken(&self, end: &State) -> bool {
        let last = end.voter_last(&self.ballot.election, &self.ballot.vk);
        let later = |v: &board::state::Voter| {
            v.seq > self.ballot.seq || (v.seq == self.ballot.seq && v.hash != self.entry)
        };
        end.find(&self.entry).is_none() && last.is_some_and(later)
    }
    /// What is left to say when the whole record was read.
    fn finish(self, end: &State) -> Vec<Finding> {
        let there = end.find(&self.entry).is_some();
        let taken = self.place_taken(end);
        let some_broke = match &self.late {
            Some(Finding::SomeBroke { who, .. }) => who.iter().cloned().collect(),
            _ => BTreeSet::new(),
        };
        let mut out = Vec::new();
        for (paper, known) in self.papers.answers.iter().zip(&self.known) {
            let who = name(end, &paper.0);
            let said = &paper.1.body;
            out.extend(match known {
                // Of a later block: whether it was in office then is not known.
                Known::Nothing if self.is_paper(end, paper) => Some(Finding::Undecided(who)),
                Known::Nothing => Some(Finding::NotAPaper(who)),
                Known::Promise { .. } if there || some_broke.contains(&who) => None,
                Known::Promise { .. } => Some(Finding::Undecided(who)),
                Known::Held => Some(match said.rule {
                    Some(rule) if taken => Finding::JustRefusal(who, rule, said.time_ms),
                    _ => Finding::HeldPlace(who),
                }),
                Known::Found(found) => Some(found.clone()),
            });
        }
        // A promise that was kept late is kept.
        let late = |f: &Finding| matches!(f, Finding::PromiseBroken(_) | Finding::SomeBroke { .. });
        out.extend(self.late);
        out.retain(|f| !(there && late(f)));
        out
    }
}

/// Whether the promise was to be kept by this block.
fn is_due(answer: &Answer, block: &Header) -> bool {
    block.time_ms >= answer.body.time_ms.saturating_add(PROMISED_WITHIN_MS)
}
