//! One node, known by the pin of its TLS key.

use std::time::Duration;

use api::node::{Answer, NoBallot, Refusal};
use ballot::manifest::Validator;
use board::receipt::{Committee, Receipt};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use host::tls::SpkiPin;
use reqwest::{Client, StatusCode};
use serde::Deserialize;

use super::Last;
use crate::fault::Fault;

const TIMEOUT: Duration = Duration::from_secs(15);
const MAX_ANSWER: usize = 1024 * 1024;

/// What a booth reads of a node's status.
#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) now_ms: u64,
    pub(super) elections: Vec<ElectionStatus>,
}

/// One election in it.
#[derive(Debug, Deserialize)]
pub(super) struct ElectionStatus {
    pub(super) election: String,
    pub(super) phase: String,
    #[serde(default)]
    pub(super) close_at_ms: Option<u64>,
    #[serde(default)]
    pub(super) next_boundary_ms: Option<u64>,
}

/// A node's answer to a posted entry.
#[derive(Debug)]
pub(super) enum Said {
    /// Signed: seen.
    Seen,
    /// On the board already.
    Final(Box<Receipt>),
    /// Signed: refused by this rule.
    Refused(Rule),
    /// No connection came about: it did not get the entry.
    NotReached,
    /// It got the entry and decided nothing.
    Undecided,
    /// It may have the entry: the answer is missing or proves nothing.
    Unsure,
}

#[derive(Debug)]
pub(super) struct Gateway {
    client: Client,
    origin: String,
    key: Point,
    committee: Committee,
}

impl Gateway {
    pub(super) fn new(validator: &Validator, committee: Committee) -> Result<Self, Fault> {
        let client = host::http::pinned_client(SpkiPin(validator.spki), TIMEOUT)
            .map_err(|_| Fault::Internal("tls"))?;
        let origin = validator.origin.trim_end_matches('/').to_owned();
        Ok(Self {
            client,
            origin,
            key: validator.node_key,
            committee,
        })
    }

    async fn get(&self, path: &str) -> Option<Vec<u8>> {
        let response = self
            .client
            .get(format!("{}{path}", self.origin))
            .send()
            .await
            .ok()?;
        if !response.status().is_success() {
            return None;
        }
        host::http::limited(response, MAX_ANSWER).await.ok()
    }

    pub(super) async fn status(&self) -> Option<Status> {
        serde_json::from_slice(&self.get("/v1/status").await?).ok()
    }

    /// A receipt, unverified; waits up to `wait` seconds for finality.
    pub(super) async fn receipt(&self, hash: &Hash, wait: u8) -> Option<Receipt> {
        let path = format!("/v1/entries/{}?wait={wait}", hash.to_hex());
        Receipt::from_bytes(&self.get(&path).await?).ok()
    }

    /// The last ballot of `vk`, proven, or this node's signed word that it knows none.
    pub(super) async fn last(&self, vk: &Point, election: &Hash) -> Result<Option<Last>, Fault> {
        let path = format!("/v1/voters/{}/last", hex::encode(vk.as_bytes()));
        let body = self.get(&path).await.ok_or(Fault::NodesUnreachable)?;
        if body.get(1) == Some(&NoBallot::TYPE) {
            let none = NoBallot::from_bytes(&body).map_err(|_| Fault::NodesUnreachable)?;
            let own = none.voter.0 == *vk.as_bytes() && none.network == self.committee.network;
            let signed = none.verify(&self.key).is_ok();
            return if own && signed {
                Ok(None)
            } else {
                Err(Fault::NodesUnreachable)
            };
        }
        let receipt = Receipt::from_bytes(&body).map_err(|_| Fault::NodesUnreachable)?;
        let path = format!("/v1/entries/{}/bytes", receipt.entry.to_hex());
        let entry = self.get(&path).await.ok_or(Fault::NodesUnreachable)?;
        Last::of(&entry, receipt, &self.committee, vk, election)
            .map(Some)
            .ok_or(Fault::NodesUnreachable)
    }

    pub(super) async fn post(&self, entry: &[u8], hash: &Hash) -> Said {
        let url = format!("{}/v1/entries", self.origin);
        let response = match self.client.post(url).body(entry.to_vec()).send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => return Said::NotReached,
            Err(_) => return Said::Unsure,
        };
        let status = response.status();
        let Ok(body) = host::http::limited(response, MAX_ANSWER).await else {
            return Said::Unsure;
        };
        match status {
            StatusCode::ACCEPTED => match Answer::from_bytes(&body) {
                Ok(answer) if self.signed(&answer, hash) && answer.rule == 0 => Said::Seen,
                _ => Said::Unsure,
            },
            StatusCode::OK => match Receipt::from_bytes(&body) {
                Ok(receipt) => Said::Final(Box::new(receipt)),
                Err(_) => Said::Unsure,
            },
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
                match Refusal::from_bytes(&body) {
                    Ok(refusal) if self.signed(&refusal.answer, hash) => refusal
                        .answer
                        .refused_by()
                        .map_or(Said::Unsure, Said::Refused),
                    _ => Said::Unsure,
                }
            }
            _ => Said::Undecided,
        }
    }

    fn signed(&self, answer: &Answer, hash: &Hash) -> bool {
        let own = answer.entry == *hash && answer.network == self.committee.network;
        own && answer.verify(&self.key).is_ok()
    }
}
