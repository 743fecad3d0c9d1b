//! One node's gateway, known by its pin.

use api::node::{Answer, Refusal};
use ballot::manifest::Validator;
use board::receipt::{Committee, Receipt};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use host::http::HttpError;
use host::tls::SpkiPin;
use std::time::Duration;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long a node is asked to wait for finality, s.
const WAIT_SECONDS: u32 = 30;
/// Longest answer that is read unless the caller says another limit: an entry and what is around it.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Why a node gave nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Not reached, or refused before a decision.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The answer proves nothing: wrong signature, wrong entry, not canonical.
    #[error("the node's answer does not verify")]
    Proof,
    /// The board's rules refuse the entry.
    #[error("refused by rule {0}")]
    Refused(Rule),
    /// Seen, but not final within the time waited.
    #[error("seen by the node, but not final yet")]
    Pending,
}

/// What a node said about an entry.
#[derive(Debug)]
pub enum Posted {
    /// It took the entry.
    Seen,
    /// The entry is on the board already.
    Final(Box<Receipt>),
}

/// A connection to one node.
#[derive(Clone, Debug)]
pub struct Gateway {
    origin: String,
    node_key: Point,
    committee: Committee,
    http: reqwest::Client,
}

impl Gateway {
    /// A client for this validator of this committee.
    ///
    /// # Errors
    /// [`GatewayError::Http`] when TLS cannot be set up.
    pub fn new(validator: &Validator, committee: Committee) -> Result<Self, GatewayError> {
        Ok(Self {
            origin: validator.origin.clone(),
            node_key: validator.node_key,
            committee,
            http: host::http::pinned_client(SpkiPin(validator.spki), TIMEOUT)?,
        })
    }
    /// `https://host:port`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
    /// GET of at most 4 MiB; 404 is none.
    ///
    /// # Errors
    /// [`GatewayError::Http`].
    pub async fn get(&self, path: &str) -> Result<Option<Vec<u8>>, GatewayError> {
        self.get_limited(path, MAX_ANSWER).await
    }
    /// [`Self::get`] for an answer of at most `limit` bytes.
    ///
    /// # Errors
    /// [`GatewayError::Http`].
    pub async fn get_limited(
        &self,
        path: &str,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, GatewayError> {
        let request = self.http.get(format!("{}{path}", self.origin)).send().await;
        let response = request.map_err(|e| HttpError::unreachable(&e))?;
        if response.status() == reqwest::StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !response.status().is_success() {
            return Err(HttpError::Answer.into());
        }
        Ok(Some(host::http::limited(response, limit).await?))
    }
    /// Posts an entry.
    ///
    /// # Errors
    /// [`GatewayError`]; a refusal carries the rule and the node's signature was checked.
    pub async fn post(&self, entry: &[u8]) -> Result<Posted, GatewayError> {
        let url = format!("{}/v1/entries", self.origin);
        let request = self.http.post(url).body(entry.to_vec()).send().await;
        let response = request.map_err(|e| HttpError::unreachable(&e))?;
        let problem = response
            .headers()
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.contains("json"));
        if problem {
            host::http::json::<serde_json::Value>(response).await?;
            return Err(HttpError::Answer.into());
        }
        let body = host::http::limited(response, MAX_ANSWER).await?;
        let hash = crypto::hash::fingerprint(entry);
        match body.get(1).copied() {
            Some(Answer::TYPE) => self.answer(&body, &hash).map(|()| Posted::Seen),
            Some(Refusal::TYPE) => {
                let refusal = Refusal::from_bytes(&body).map_err(|_| GatewayError::Proof)?;
                self.answer(&refusal.answer.to_bytes(), &hash)
                    .map(|()| Posted::Seen)
            }
            _ => Ok(Posted::Final(Box::new(self.receipt(&body, &hash)?))),
        }
    }
    fn answer(&self, bytes: &[u8], hash: &Hash) -> Result<(), GatewayError> {
        let answer = Answer::from_bytes(bytes).map_err(|_| GatewayError::Proof)?;
        answer
            .verify(&self.node_key)
            .map_err(|_| GatewayError::Proof)?;
        if answer.entry != *hash {
            return Err(GatewayError::Proof);
        }
        answer
            .refused_by()
            .map_or(Ok(()), |rule| Err(GatewayError::Refused(rule)))
    }
    fn receipt(&self, bytes: &[u8], hash: &Hash) -> Result<Receipt, GatewayError> {
        let receipt = Receipt::from_bytes(bytes).map_err(|_| GatewayError::Proof)?;
        receipt
            .verify(&self.committee, hash)
            .map_err(|_| GatewayError::Proof)?;
        Ok(receipt)
    }
    /// Waits up to `seconds` for the entry to be final.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub async fn wait(&self, hash: &Hash, seconds: u32) -> Result<Option<Receipt>, GatewayError> {
        let path = format!("/v1/entries/{}?wait={seconds}", hash.to_hex());
        match self.get(&path).await? {
            None => Ok(None),
            Some(body) => self.receipt(&body, hash).map(Some),
        }
    }
}

/// Posts an entry to every node and waits until it is final. One dishonest node cannot stop it: a
/// refusal is believed when more nodes refuse than may be dishonest.
///
/// # Errors
/// [`GatewayError::Refused`] when f + 1 nodes refuse; [`GatewayError::Pending`] after two minutes;
/// the last error when no node took it.
pub async fn finalise(nodes: &[Gateway], entry: &[u8]) -> Result<Receipt, GatewayError> {
    let hash = crypto::hash::fingerprint(entry);
    let dishonest = board::network::tolerated(nodes.len());
    let mut last = GatewayError::Pending;
    let (mut taken, mut refusals) = (Vec::new(), 0);
    for node in nodes {
        match node.post(entry).await {
            Ok(Posted::Final(receipt)) => return Ok(*receipt),
            Ok(Posted::Seen) => taken.push(node),
            Err(e) => {
                refusals += usize::from(matches!(e, GatewayError::Refused(_)));
                last = e;
                if refusals > dishonest {
                    return Err(last);
                }
            }
        }
    }
    if taken.is_empty() {
        return Err(last);
    }
    for _ in 0..4 {
        for node in &taken {
            match node.wait(&hash, WAIT_SECONDS).await {
                Ok(Some(receipt)) => return Ok(receipt),
                Ok(None) => {}
                Err(e) => last = e,
            }
        }
    }
    Err(last)
}
