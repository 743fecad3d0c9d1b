//! How a question gets to a node: directly, or sealed through the relays of the manifest (spec 11).
//!
//! With relays nothing goes directly unless somebody said so ([`Relays::go_direct`]). All relays are
//! tried in turn with the same question; what a relay says itself is never believed.

use crate::error::NodeError;
use ballot::manifest::{Manifest, Relay, Validator};
use host::http::HttpError;
use host::tls::SpkiPin;
use oblivious::{ANSWER_TYPE, QUESTION_TYPE, Request, Response};
use rand::TryRng as _;
use rand::rngs::SysRng;
use rand_core::UnwrapErr;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// No question takes longer than this at one relay.
const LONGEST: Duration = Duration::from_secs(120);

/// The relays of an election, shared by the clients of all its nodes.
#[derive(Debug)]
pub struct Relays {
    ends: Vec<End>,
    /// Bytes of every padded question.
    length: usize,
    /// Which relay is asked first: drawn, so that no relay gets every voter, then the last one that
    /// answered.
    first: AtomicUsize,
    direct: AtomicBool,
    falls_back: AtomicBool,
    answered: AtomicU64,
}

#[derive(Debug)]
struct End {
    origin: String,
    http: reqwest::Client,
}

impl End {
    /// Each question has a time of its own; this one ends what nobody waits for any more.
    fn new(relay: &Relay) -> Result<Self, NodeError> {
        Ok(Self {
            origin: relay.origin.trim_end_matches('/').to_owned(),
            http: host::http::pinned_client(SpkiPin(relay.spki), LONGEST)?,
        })
    }
}

impl Relays {
    /// The relays that the manifest lists; none when it lists none.
    ///
    /// # Errors
    /// [`NodeError::Http`] when TLS cannot be set up; [`NodeError::TooLong`] when no question holds
    /// a ballot or survey answer of this election.
    pub fn of(manifest: &Manifest) -> Result<Option<Arc<Self>>, NodeError> {
        if manifest.relays.is_empty() {
            return Ok(None);
        }
        let ends = manifest.relays.iter().map(End::new);
        let ends = ends.collect::<Result<Vec<_>, _>>()?;
        let drawn = SysRng.try_next_u32().unwrap_or_default();
        let first = usize::try_from(drawn).unwrap_or_default() % ends.len();
        Ok(Some(Arc::new(Self {
            ends,
            length: oblivious::question_length(manifest).ok_or(NodeError::TooLong)?,
            first: AtomicUsize::new(first),
            direct: AtomicBool::new(false),
            falls_back: AtomicBool::new(false),
            answered: AtomicU64::new(0),
        })))
    }
    /// From now on everything goes to the nodes directly (`true`), or through the relays again.
    pub fn go_direct(&self, direct: bool) {
        self.direct.store(direct, Ordering::SeqCst);
    }
    /// From now on a question that no relay passes on goes directly, without anybody being asked.
    pub fn fall_back(&self) {
        self.falls_back.store(true, Ordering::SeqCst);
    }
    /// Answers that came back so far: when a whole attempt adds none, no relay works.
    #[must_use]
    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::SeqCst)
    }
    /// Whether questions go through the relays now.
    #[must_use]
    pub fn in_use(&self) -> bool {
        !self.direct.load(Ordering::SeqCst)
    }

    /// Asks through one relay after the other until an answer opens. Each gets its share of the time, so
    /// that one that never answers, or answers a byte a second, does not keep the next from being
    /// asked.
    async fn ask(&self, to: &Address, asked: Asked<'_>) -> Result<Given, Failed> {
        let mut failed = Failed {
            may_have: false,
            why: NodeError::NoRelay,
        };
        let all = self.ends.len();
        let first = self.first.load(Ordering::SeqCst);
        let mut shares = Shares::new(all, to.patience, asked.wait);
        for (at, end) in self.ends.iter().enumerate().cycle().skip(first).take(all) {
            // A relay that never answers may outlast whoever asks: the next question begins behind it.
            self.first.store((at + 1) % all, Ordering::SeqCst);
            let one = timeout(shares.next(), self.ask_one(end, to, asked)).await;
            match one.unwrap_or(Err(Miss::Late)) {
                Ok(given) => {
                    self.first.store(at, Ordering::SeqCst);
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    return Ok(given);
                }
                Err(Miss::Unsent) => {}
                Err(Miss::NoAnswer) => failed.may_have = true,
                Err(Miss::Late) => {
                    failed.may_have = true;
                    failed.why = NodeError::Late;
                }
            }
        }
        Err(failed)
    }

    /// Sealed anew for every relay.
    async fn ask_one(&self, end: &End, to: &Address, asked: Asked<'_>) -> Result<Given, Miss> {
        let rng = &mut UnwrapErr(SysRng);
        let sealed = asked.question.seal(&to.hpke, self.length, rng);
        let (sealed, waiting) = sealed.map_err(|_| Miss::Unsent)?;
        let url = format!("{}/v1/nodes/{}", end.origin, SpkiPin(to.spki));
        let post = end.http.post(url).header(CONTENT_TYPE, QUESTION_TYPE);
        let answer = match post.body(sealed).send().await {
            Ok(answer) => answer,
            Err(e) if e.is_connect() => return Err(Miss::Unsent),
            Err(e) if e.is_timeout() => return Err(Miss::Late),
            Err(_) => return Err(Miss::NoAnswer),
        };
        let kind = answer.headers().get(CONTENT_TYPE);
        if answer.status() != StatusCode::OK || kind.is_none_or(|kind| kind != ANSWER_TYPE) {
            return Err(Miss::NoAnswer);
        }
        let longest = oblivious::longest_answer(self.length, asked.limit);
        let body = host::http::limited(answer, longest).await;
        let opened = body.ok().and_then(|body| waiting.open(&body).ok());
        let Response { status, body } = opened.ok_or(Miss::NoAnswer)?;
        Ok(Given { status, body })
    }
}

/// What one relay did not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Miss {
    /// No connection came about: nobody has the question.
    Unsent,
    /// It gave no answer that opens.
    NoAnswer,
    /// Its time ran out.
    Late,
}

/// How long each relay has for a question: its share of what is left, and the time that the node was
/// asked to wait.
struct Shares {
    end: Instant,
    least: Duration,
    wait: Duration,
    left: u32,
}

impl Shares {
    fn new(relays: usize, patience: Duration, wait: Duration) -> Self {
        let left = u32::try_from(relays).unwrap_or(u32::MAX).max(1);
        Self {
            end: Instant::now() + patience,
            least: patience / left,
            wait,
            left,
        }
    }
    fn next(&mut self) -> Duration {
        let rest = self.end.saturating_duration_since(Instant::now());
        let share = rest / self.left.max(1);
        self.left = self.left.saturating_sub(1);
        share.max(self.least) + self.wait
    }
}

/// A question as it is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'q> {
    pub(crate) question: &'q Request,
    /// Longest answer, bytes.
    pub(crate) limit: usize,
    /// How long the node is asked to wait before it answers.
    pub(crate) wait: Duration,
}

impl<'q> Asked<'q> {
    /// A question that is answered at once.
    pub(crate) fn now(question: &'q Request, limit: usize) -> Self {
        Self {
            question,
            limit,
            wait: Duration::ZERO,
        }
    }
}

/// A node as it is asked.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    pub(crate) origin: String,
    spki: [u8; 32],
    hpke: [u8; 32],
    http: reqwest::Client,
    relays: Option<Arc<Relays>>,
    /// How long a question may take, all relays together.
    patience: Duration,
}

/// Status and body of an answer of a node.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// There is no answer.
#[derive(Debug)]
pub(crate) struct Failed {
    /// Whether the node may have got the question.
    pub(crate) may_have: bool,
    pub(crate) why: NodeError,
}

impl Address {
    pub(crate) fn new(
        validator: &Validator,
        relays: Option<Arc<Relays>>,
        timeout: Duration,
    ) -> Result<Self, NodeError> {
        Ok(Self {
            origin: validator.origin.trim_end_matches('/').to_owned(),
            spki: validator.spki,
            hpke: validator.hpke,
            http: host::http::pinned_client(SpkiPin(validator.spki), timeout)?,
            relays,
            patience: timeout,
        })
    }
    /// The same with another time for a question, all relays together.
    pub(crate) fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
    /// Asks on the way that is in force.
    pub(crate) async fn ask(&self, asked: Asked<'_>) -> Result<Given, Failed> {
        match &self.relays {
            Some(relays) if relays.in_use() => {
                let failed = match relays.ask(self, asked).await {
                    Ok(given) => return Ok(given),
                    Err(failed) if !relays.falls_back.load(Ordering::SeqCst) => return Err(failed),
                    Err(failed) => failed,
                };
                let given = self.ask_directly(asked).await;
                let given = given.map_err(|direct| Failed {
                    may_have: failed.may_have || direct.may_have,
                    why: direct.why,
                })?;
                relays.answered.fetch_add(1, Ordering::SeqCst);
                Ok(given)
            }
            _ => self.ask_directly(asked).await,
        }
    }
    async fn ask_directly(&self, asked: Asked<'_>) -> Result<Given, Failed> {
        let Asked {
            question, limit, ..
        } = asked;
        let url = format!("{}{}", self.origin, question.path);
        let request = match question.method {
            oblivious::Method::Get => self.http.get(url),
            oblivious::Method::Post => self.http.post(url).body(question.body.clone()),
        };
        let request = request.timeout(self.patience + asked.wait);
        let answer = request.send().await.map_err(|e| Failed {
            may_have: !e.is_connect(),
            why: HttpError::unreachable(&e).into(),
        })?;
        let status = answer.status().as_u16();
        let body = host::http::limited(answer, limit).await;
        let body = body.map_err(|e| Failed {
            may_have: true,
            why: e.into(),
        })?;
        Ok(Given { status, body })
    }
}

#[cfg(test)]
mod tests;
