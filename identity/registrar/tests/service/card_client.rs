//! The registrar's half of a booth: what one voter's program sends.

use std::net::SocketAddr;
use std::time::Duration;

use api::hex::{Hex, HexBytes};
use api::registrar::{
    AuthAnswer, AuthRequest, FaceVerdict, PURPOSE_STATION, PURPOSE_TOKEN, Refusal, SessionAnswer,
    SessionRequest, TokenAnswer, TokenRequest, station_message, token_message,
};
use ballot::blind::{Blinding, PublicKey, blind, finalize};
use ballot::card_text::{AuthText, CredentialText, origin_hash};
use ballot::credential::Secret;
use ballot::token::{Kind, TokenMessage};
use crypto::Hash;
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::TopLevel as _;
use host::http::{HttpError, json, pinned_client};
use refusal::Refusal as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cards::TestCard;
use crate::fixture::{City, ORIGIN};

/// The ballot that a further one replaces: no registrar learns which.
pub const PREV: Hash = Hash([0x77; 64]);

pub struct Booth {
    client: reqwest::Client,
    base: String,
    pub election: Hash,
    modulus: [[u8; 256]; 3],
}

/// A session whose nonce the registrar handed out.
pub struct Session {
    pub nonce: [u8; 32],
    pub e: SigningKey,
    pub answer: SessionAnswer,
}

impl Booth {
    pub fn new(city: &City) -> Self {
        Self::at(city, city.address)
    }

    pub fn at(city: &City, address: SocketAddr) -> Self {
        let listed = &city.manifest().registrars[0];
        Self {
            client: pinned_client(city.pin, Duration::from_secs(60)).unwrap(),
            base: format!("https://{address}"),
            election: city.manifest().election_hash(),
            modulus: [listed.first, listed.again[0], listed.survey],
        }
    }

    pub async fn post<A: Serialize, B: DeserializeOwned>(
        &self,
        path: &str,
        body: &A,
    ) -> Result<B, Refusal> {
        let response = self
            .client
            .post(format!("{}{path}", self.base))
            .json(body)
            .send()
            .await;
        match json(response.unwrap()).await {
            Ok(answer) => Ok(answer),
            Err(HttpError::Refused(refused)) => Err(refused.reason().unwrap()),
            Err(other) => panic!("{other}"),
        }
    }

    pub async fn raw(&self, path: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
        let sent = self
            .client
            .post(format!("{}{path}", self.base))
            .body(body)
            .send()
            .await;
        let response = sent.unwrap();
        (
            response.status().as_u16(),
            response.bytes().await.unwrap().to_vec(),
        )
    }

    pub async fn open(&self, station: Option<&str>) -> Result<Session, Refusal> {
        let request = SessionRequest {
            ticket: None,
            station: station.map(str::to_owned),
        };
        let answer: SessionAnswer = self.post("/v1/sessions", &request).await?;
        let nonce = answer.nonce.0;
        Ok(Session {
            nonce,
            e: SigningKey::generate(&mut rand::rng()),
            answer,
        })
    }

    pub fn text(&self, session: &Session) -> AuthText {
        AuthText {
            election: self.election,
            origin: origin_hash(ORIGIN),
            nonce: session.nonce,
            session_key: session.e.public(),
            expiry_day: u32::try_from(session.answer.now_ms / 86_400_000).unwrap(),
        }
    }

    pub fn request(&self, session: &Session, card: &TestCard) -> AuthRequest {
        Self::request_of(session, card, &self.text(session))
    }

    pub fn request_of(session: &Session, card: &TestCard, text: &AuthText) -> AuthRequest {
        let text = text.to_bytes();
        AuthRequest {
            nonce: Hex(session.nonce),
            certificate: HexBytes::of(card.certificate.clone()),
            card_signature: Hex(card.sign(&text).try_into().unwrap()),
            auth_text: HexBytes::of(text),
            face: FaceVerdict::Match,
            face_reason: String::new(),
            station: None,
        }
    }

    pub fn station_proof(request: &AuthRequest, id: &str, key: &SigningKey) -> Hex<Signature> {
        let text = request.auth_text.as_bytes();
        let message = station_message(text, id, request.face, &request.face_reason);
        Hex(key.sign(PURPOSE_STATION, &message, &mut rand::rng()))
    }

    pub async fn auth(&self, request: &AuthRequest) -> Result<AuthAnswer, Refusal> {
        self.post("/v1/auth", request).await
    }

    /// A session of this card, up to the salt share.
    pub async fn enter(&self, card: &TestCard) -> Result<(Session, AuthAnswer), Refusal> {
        let session = self.open(None).await?;
        let answer = self.auth(&self.request(&session, card)).await?;
        Ok((session, answer))
    }

    pub fn secret(&self, card: &TestCard, answer: &AuthAnswer) -> Secret {
        let text = CredentialText {
            election: self.election,
        };
        let signature = card.sign(&text.to_bytes()).try_into().unwrap();
        let share = *answer.salt_share.0.0;
        Secret::derive(&signature, &[share], &self.election)
    }

    pub fn key(&self, kind: Kind) -> PublicKey {
        let index = match kind {
            Kind::First => 0,
            Kind::Again => 1,
            Kind::Survey => 2,
        };
        PublicKey::from_modulus(&self.modulus[index]).unwrap()
    }

    pub fn token_request(
        &self,
        session: &Session,
        kind: Kind,
        blinded: &[u8; 256],
    ) -> TokenRequest {
        let word = kind.as_str();
        let origin = origin_hash(ORIGIN);
        let message = token_message(&self.election, &origin, &session.nonce, word, blinded);
        TokenRequest {
            nonce: Hex(session.nonce),
            kind,
            blinded: Hex(*blinded),
            signature: Hex(session.e.sign(PURPOSE_TOKEN, &message, &mut rand::rng())),
        }
    }

    /// Asks for a token and finishes it.
    pub async fn token(
        &self,
        session: &Session,
        message: &TokenMessage,
        blinding: &Blinding,
    ) -> Result<[u8; 256], Refusal> {
        let (kind, message) = (message.kind(), message.to_bytes());
        let key = self.key(kind);
        let blinded = blind(&key, &message, blinding).unwrap();
        let request = self.token_request(session, kind, &blinded);
        let answer: TokenAnswer = self.post("/v1/tokens", &request).await?;
        let answer = answer.blind_signature.0;
        Ok(finalize(&key, &message, &answer, blinding).unwrap())
    }

    pub async fn first(&self, session: &Session, secret: &Secret) -> Result<[u8; 256], Refusal> {
        let vk = secret.voting_key().public();
        let message = TokenMessage::First {
            election: self.election,
            vk,
        };
        let key = self.key(Kind::First);
        let blinding = Blinding::derive(&key, secret.expose(), ORIGIN, Kind::First).unwrap();
        self.token(session, &message, &blinding).await
    }

    pub async fn again(
        &self,
        session: &Session,
        secret: &Secret,
        seq: u32,
        random: u8,
    ) -> Result<[u8; 256], Refusal> {
        let vk = secret.voting_key().public();
        let message = TokenMessage::Again {
            election: self.election,
            vk,
            seq,
            prev: PREV,
        };
        let key = self.key(Kind::Again);
        let blinding = Blinding::fresh(&key, &[random; 64], ORIGIN, Kind::Again).unwrap();
        self.token(session, &message, &blinding).await
    }

    pub async fn survey(&self, session: &Session, random: u8) -> Result<[u8; 256], Refusal> {
        let message = TokenMessage::Survey {
            election: self.election,
            serial: [random; 32],
        };
        let key = self.key(Kind::Survey);
        let blinding = Blinding::fresh(&key, &[random; 64], ORIGIN, Kind::Survey).unwrap();
        self.token(session, &message, &blinding).await
    }
}

/// The code and reason of a refusal.
pub fn why<T: std::fmt::Debug>(result: Result<T, Refusal>) -> (String, String) {
    let refusal = result.expect_err("this must be refused");
    (refusal.code().to_string(), reason(refusal))
}

/// The word of a refusal on the wire.
pub fn reason(refusal: Refusal) -> String {
    let members = serde_json::to_value(refusal).unwrap();
    members["reason"].as_str().unwrap().to_owned()
}

/// Asserts code and reason.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str, reason: &str) {
    assert_eq!(why(result), (code.to_owned(), reason.to_owned()));
}
