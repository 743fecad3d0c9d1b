//! Survey answers through the real relay and real nodes to a portal that is known by its name, as
//! browsers know it.

use crate::cluster::{Cluster, Node};
use crate::election::Election;
use crate::relay::{RelayProcess, TIMEOUT, vote, with};
use api::hex::Hex;
use api::portal::{Refusal, SurveyRequest};
use axum::Router;
use axum::body::Bytes;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use board::entry::{Act, Hints};
use client::Quorum;
use crypto::Hash;
use host::problem::Refused;
use host::serve::Server;
use host::tls::Identity;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

/// What portals were asked: the name under which, by whom, with which headers, and the body.
type Asked = Arc<Mutex<Vec<(&'static str, IpAddr, BTreeSet<String>, Vec<u8>)>>>;

/// An authority, whose certificate nodes get as their only root.
struct Authority<'a>(CertifiedIssuer<'a, KeyPair>);

impl Authority<'_> {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap());
        Self(issuer.unwrap())
    }
    /// A server's key with a certificate for this name.
    fn vouches(&self, name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = own.signed_by(&key, &self.0).unwrap();
        let identity = Identity::from_pkcs8(&key.serialize_der()).unwrap();
        identity.with_certificate(&certificate.pem()).unwrap()
    }
}

/// A portal on this machine; its address. It takes an answer once, and `away` sends elsewhere.
async fn portal(name: &'static str, identity: &Identity, asked: &Asked, away: &str) -> String {
    let (kept, away) = (Arc::clone(asked), away.to_owned());
    let take = move |ConnectInfo(peer): ConnectInfo<SocketAddr>,
                     headers: HeaderMap,
                     body: Bytes| async move {
        let names = headers.keys().map(ToString::to_string).collect();
        let mut asked = kept.lock().unwrap();
        let before = asked.iter().any(|(_, _, _, old)| *old == body);
        asked.push((name, peer.ip(), names, body.to_vec()));
        match (name, before) {
            ("elsewhere", _) => {
                (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, away)]).into_response()
            }
            ("long", _) => (StatusCode::OK, vec![b'x'; 64 * 1024]).into_response(),
            (_, false) => StatusCode::NO_CONTENT.into_response(),
            (_, true) => host::problem::refuse(Refusal::SurveyAnswered),
        }
    };
    let kept = Arc::clone(asked);
    let other = move || async move {
        let own = IpAddr::from([127, 0, 0, 1]);
        kept.lock()
            .unwrap()
            .push(("another path", own, BTreeSet::new(), Vec::new()));
    };
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(any, Some(identity)).await.unwrap();
    let port = server.local_addr().unwrap().port();
    let routes = Router::new().route("/v1/survey", post(take));
    let routes = routes.fallback(get(other.clone()).post(other));
    tokio::spawn(server.run(routes, std::future::pending()));
    format!("https://localhost:{port}")
}

/// The officers name another portal.
async fn name(cluster: &Cluster, election: &Election, number: u32, portal: &str) {
    let hints = Hints {
        number,
        hints: vec![portal.to_owned()],
        portal: portal.to_owned(),
    };
    let act = election.act(&Act::Hints(hints));
    assert_eq!(cluster.nodes[0].post(&act).await.unwrap().0, 202);
    assert!(cluster.nodes[0].receipt(&act, 30).await.is_some());
    cluster.level().await;
}

fn request(election: &Election, serial: u8) -> SurveyRequest {
    let serial = [serial; 32];
    SurveyRequest {
        election: Hex(election.hash),
        serial: Hex(serial),
        tokens: vec![Hex(election.survey_token(serial))],
        answers: Vec::new(),
    }
}

/// What a node says to an answer, through the relay.
async fn ask(quorum: &Quorum, body: &impl serde::Serialize) -> (u16, Option<Refusal>) {
    let node = &quorum.nodes()[0];
    let body = serde_json::to_vec(body).unwrap();
    let (status, said) = node.hand_over("/v1/survey", body).await.unwrap();
    (status, Refused::new(status, said).reason::<Refusal>())
}

fn configure(nodes: &[Node], authority: &Authority<'_>) {
    for node in nodes {
        let at = node.folder();
        std::fs::write(at.join("roots.pem"), authority.0.pem()).unwrap();
        let config = at.join("node.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("portal_roots = \"roots.pem\"\n{text}")).unwrap();
    }
}

/// A survey answer goes through relay and node to the portal that the board names, whose
/// word comes back as it is: the portal hears from the node and of no address. What has no good token
/// makes a node ask nobody.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_80_a_survey_answer_reaches_the_portal_by_its_name() {
    let mut cluster = Cluster::new(4, "relays = [\"127.0.0.1\"]");
    let authority = Authority::new();
    configure(&cluster.nodes, &authority);
    cluster.start().await;
    let mut relay = RelayProcess::start(&cluster);
    relay.wait().await;
    let (election, _) = vote(&cluster).await;
    let quorum = Quorum::of(&with(&election, vec![relay.listed.clone()]), TIMEOUT).unwrap();
    let good = request(&election, 5);
    // The manifest's portal is not there.
    assert_eq!(ask(&quorum, &good).await, (500, Some(Refusal::Internal)));

    let asked = Asked::default();
    let away = portal("away", &authority.vouches("localhost"), &asked, "").await;
    let own = portal("portal", &authority.vouches("localhost"), &asked, "").await;
    name(&cluster, &election, 1, &own).await;
    assert_eq!(ask(&quorum, &good).await, (204, None));
    assert_eq!(
        ask(&quorum, &good).await,
        (409, Some(Refusal::SurveyAnswered))
    );
    let body = serde_json::to_vec(&good).unwrap();
    let headers = [
        "accept",
        "content-length",
        "content-type",
        "host",
        "user-agent",
    ];
    let headers: BTreeSet<String> = headers.map(str::to_owned).into();
    let from = IpAddr::from([127, 0, 0, 1]);
    let once = ("portal", from, headers, body);
    assert_eq!(*asked.lock().unwrap(), [once.clone(), once]);
    strangers(&election, &quorum).await;
    assert_eq!(
        asked.lock().unwrap().len(),
        2,
        "somebody was asked without a right"
    );

    // Portals that a node does not ask, or does not follow.
    let unknown = portal(
        "unknown",
        &Authority::new().vouches("localhost"),
        &asked,
        "",
    )
    .await;
    let misnamed = portal("misnamed", &authority.vouches("vote.example"), &asked, "").await;
    let elsewhere = portal("elsewhere", &authority.vouches("localhost"), &asked, &away).await;
    let long = portal("long", &authority.vouches("localhost"), &asked, "").await;
    let cases = [
        (unknown, 500),
        (misnamed, 500),
        (elsewhere, 307),
        (long, 500),
        (format!("{own}/#"), 500),
        ("http://192.0.2.1".to_owned(), 500),
    ];
    for (number, (portal, status)) in (2..).zip(cases) {
        name(&cluster, &election, number, &portal).await;
        let serial = u8::try_from(number).unwrap() + 10;
        let (said, _) = ask(&quorum, &request(&election, serial)).await;
        assert_eq!(said, status, "{portal}");
    }
    let after: Vec<&str> = asked
        .lock()
        .unwrap()
        .iter()
        .skip(2)
        .map(|(name, ..)| *name)
        .collect();
    assert_eq!(after, ["elsewhere", "long"]);
    relay.stop();
}

/// Answers without a right: of another election, malformed, without or with another's tokens, and of
/// one right too often.
async fn strangers(election: &Election, quorum: &Quorum) {
    let other = SurveyRequest {
        election: Hex(Hash([9; 64])),
        ..request(election, 6)
    };
    assert_eq!(
        ask(quorum, &other).await,
        (422, Some(Refusal::SurveyAnswers))
    );
    let malformed = ask(quorum, &serde_json::json!({ "election": "x" })).await;
    assert_eq!(malformed, (400, Some(Refusal::SurveyMalformed)));
    let forged = SurveyRequest {
        tokens: vec![Hex([6; 256])],
        ..request(election, 6)
    };
    let moved = SurveyRequest {
        serial: Hex([7; 32]),
        ..request(election, 6)
    };
    let none = SurveyRequest {
        tokens: Vec::new(),
        ..request(election, 6)
    };
    for body in [forged, moved, none] {
        assert_eq!(ask(quorum, &body).await, (403, Some(Refusal::SurveyTokens)));
    }
}
