//! The registrar's half of a booth: what one voter's program sends.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::hex::{Hex, HexBytes};
use api::registrar::{
    Asked, AuthAnswer, AuthRequest, ChallengeAnswer, ChallengeRequest, FaceVerdict, Heard,
    PURPOSE_CHALLENGE, PURPOSE_STATION, PURPOSE_TOKEN, Refusal, SessionAnswer, SessionRequest,
    TokenAnswer, TokenRequest, challenge_message, station_message, token_message,
};
use ballot::Manifest;
use ballot::blind::{Blinding, PublicKey, blind, finalize};
use ballot::card_text::{AuthText, CredentialText, origin_hash};
use ballot::credential::Secret;
use ballot::manifest::Registrar as Listed;
use ballot::token::{Kind, TokenMessage};
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Scalar};
use host::http::{HttpError, json, pinned_client};
use host::tls::SpkiPin;
use refusal::Refusal as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cards::TestCard;
use crate::fixture::{City, ORIGIN, SECOND_ORIGIN};

/// The ballot that a further one replaces: no registrar learns which.
pub const PREV: Hash = Hash([0x77; 64]);

pub struct Booth {
    client: reqwest::Client,
    base: String,
    pub election: Hash,
    manifest: Manifest,
    listed: Listed,
    /// The registrar's number in the manifest.
    place: usize,
    /// What registrars said, by session key: shared by booths of one sitting.
    said: Said,
}

type Said = Arc<Mutex<BTreeMap<[u8; 32], BTreeMap<usize, Heard>>>>;

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
        Self::of(city, (0, address, city.pin), Said::default())
    }

    /// One booth's side towards each of two registrars.
    pub fn pair(city: &City) -> [Self; 2] {
        let (said, second) = (Said::default(), city.second.as_ref().unwrap());
        let first = (0, city.address, city.pin);
        [first, (1, second.address, second.pin)].map(|to| Self::of(city, to, Arc::clone(&said)))
    }

    fn of(city: &City, (place, address, pin): (usize, SocketAddr, SpkiPin), said: Said) -> Self {
        Self {
            client: pinned_client(pin, Duration::from_secs(60)).unwrap(),
            base: format!("https://{address}"),
            election: city.manifest().election_hash(),
            manifest: city.manifest().clone(),
            listed: city.manifest().registrars[place].clone(),
            place,
            said,
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
        self.open_with(station, SigningKey::generate(&mut rand::rng()))
            .await
    }

    /// A session under this session key.
    pub async fn open_with(
        &self,
        station: Option<&str>,
        e: SigningKey,
    ) -> Result<Session, Refusal> {
        let request = SessionRequest {
            ticket: None,
            station: station.map(str::to_owned),
        };
        let answer: SessionAnswer = self.post("/v1/sessions", &request).await?;
        let nonce = answer.nonce.0;
        Ok(Session { nonce, e, answer })
    }

    pub fn text(&self, session: &Session) -> AuthText {
        AuthText {
            election: self.election,
            origin: origin_hash(self.origin()),
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
        let answer: AuthAnswer = self.post("/v1/auth", request).await?;
        let text = AuthText::from_bytes(request.auth_text.as_bytes()).unwrap();
        let heard = answer.heard(&request.nonce.0);
        let e = *text.session_key.as_bytes();
        let mut said = self.said.lock().unwrap();
        let sitting = said.entry(e).or_default();
        sitting.insert(self.place, heard);
        Ok(answer)
    }

    fn origin(&self) -> &'static str {
        [ORIGIN, SECOND_ORIGIN][self.place]
    }

    /// What registrars have said under this session key.
    pub fn heard(&self, e: &SigningKey) -> Vec<Heard> {
        let said = self.said.lock().unwrap();
        let sitting = said.get(e.public().as_bytes()).into_iter().flatten();
        sitting.map(|(_, heard)| heard.clone()).collect()
    }

    /// The window in which the session began.
    pub fn window(&self, session: &Session) -> u8 {
        let window = self.manifest.again_window_at(session.answer.now_ms);
        window.unwrap()
    }

    /// A session of this card, up to the salt share.
    pub async fn enter(&self, card: &TestCard) -> Result<(Session, AuthAnswer), Refusal> {
        let session = self.open(None).await?;
        let answer = self.auth(&self.request(&session, card)).await?;
        Ok((session, answer))
    }

    /// The first visit of this card: its session, its secret, and its *first* is granted.
    pub async fn first_visit(&self, card: &TestCard) -> (Session, Secret) {
        let (session, answer) = self.enter(card).await.unwrap();
        let secret = self.secret(card, &answer);
        self.first(&session, &secret).await.unwrap();
        (session, secret)
    }

    pub fn secret(&self, card: &TestCard, answer: &AuthAnswer) -> Secret {
        let text = CredentialText {
            election: self.election,
        };
        let signature = card.sign(&text.to_bytes()).try_into().unwrap();
        let share = *answer.salt_share.0.0;
        Secret::derive(&signature, &[share], &self.election)
    }

    /// The key of this kind; of the first window.
    pub fn key(&self, kind: Kind) -> PublicKey {
        self.key_in(kind, 0)
    }

    pub fn key_in(&self, kind: Kind, window: u8) -> PublicKey {
        PublicKey::from_modulus(self.listed.modulus(kind, window).unwrap()).unwrap()
    }

    pub fn token_request(
        &self,
        session: &Session,
        kind: Kind,
        blinded: &[u8; 256],
    ) -> TokenRequest {
        let window = match kind {
            Kind::Again => self.window(session),
            Kind::First | Kind::Survey => 0,
        };
        let heard = match kind {
            Kind::Survey => Vec::new(),
            Kind::First | Kind::Again => self.heard(&session.e),
        };
        self.request_with(session, kind, blinded, (window, heard))
    }

    /// A token request that says this window and this of the registrars.
    pub fn request_with(
        &self,
        session: &Session,
        kind: Kind,
        blinded: &[u8; 256],
        (window, heard): (u8, Vec<Heard>),
    ) -> TokenRequest {
        let asked = Asked {
            kind: kind.as_str(),
            window,
            blinded,
            heard: &heard,
        };
        let origin = origin_hash(self.origin());
        let message = token_message(&self.election, &origin, &session.nonce, &asked);
        TokenRequest {
            nonce: Hex(session.nonce),
            kind,
            window,
            blinded: Hex(*blinded),
            signature: Hex(session.e.sign(PURPOSE_TOKEN, &message, &mut rand::rng())),
            heard,
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
        let window = match kind {
            Kind::Again => self.window(session),
            Kind::First | Kind::Survey => 0,
        };
        let key = self.key_in(kind, window);
        let blinded = blind(&key, &message, blinding).unwrap();
        let request = self.token_request(session, kind, &blinded);
        let answer: TokenAnswer = self.post("/v1/tokens", &request).await?;
        let answer = answer.blind_signature.0;
        Ok(finalize(&key, &message, &answer, blinding).unwrap())
    }

    pub fn challenge_request(&self, session: &Session, challenge: &Scalar) -> ChallengeRequest {
        let origin = origin_hash(self.origin());
        let message = challenge_message(&self.election, &origin, &session.nonce, challenge);
        ChallengeRequest {
            nonce: Hex(session.nonce),
            challenge: Hex(*challenge),
            signature: Hex(session
                .e
                .sign(PURPOSE_CHALLENGE, &message, &mut rand::rng())),
        }
    }

    /// Asks for the answer to a challenge.
    pub async fn challenge(
        &self,
        session: &Session,
        challenge: &Scalar,
    ) -> Result<Scalar, Refusal> {
        let request = self.challenge_request(session, challenge);
        let answer: ChallengeAnswer = self.post("/v1/challenges", &request).await?;
        Ok(answer.response.0)
    }

    pub async fn first(&self, session: &Session, secret: &Secret) -> Result<[u8; 256], Refusal> {
        let vk = secret.voting_key().public();
        let message = TokenMessage::First {
            election: self.election,
            vk,
        };
        let key = self.key(Kind::First);
        let blinding = Blinding::derive(&key, secret.expose(), self.origin(), Kind::First).unwrap();
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
        self.again_for(session, vk, (seq, PREV), random).await
    }

    /// A token for a further ballot of this key in this place.
    pub async fn again_for(
        &self,
        session: &Session,
        vk: Point,
        (seq, prev): (u32, Hash),
        random: u8,
    ) -> Result<[u8; 256], Refusal> {
        let message = TokenMessage::Again {
            election: self.election,
            vk,
            seq,
            prev,
        };
        let key = self.key_in(Kind::Again, self.window(session));
        let blinding = Blinding::fresh(&key, &[random; 64], self.origin(), Kind::Again).unwrap();
        self.token(session, &message, &blinding).await
    }

    /// The request for a further ballot's token, not sent.
    pub fn again_request(
        &self,
        session: &Session,
        secret: &Secret,
        seq: u32,
        random: u8,
    ) -> TokenRequest {
        let message = TokenMessage::Again {
            election: self.election,
            vk: secret.voting_key().public(),
            seq,
            prev: PREV,
        };
        let key = self.key_in(Kind::Again, self.window(session));
        let blinding = Blinding::fresh(&key, &[random; 64], self.origin(), Kind::Again).unwrap();
        let blinded = blind(&key, &message.to_bytes(), &blinding).unwrap();
        self.token_request(session, Kind::Again, &blinded)
    }

    pub async fn survey(&self, session: &Session, random: u8) -> Result<[u8; 256], Refusal> {
        let message = TokenMessage::Survey {
            election: self.election,
            serial: [random; 32],
        };
        let key = self.key(Kind::Survey);
        let blinding = Blinding::fresh(&key, &[random; 64], self.origin(), Kind::Survey).unwrap();
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
