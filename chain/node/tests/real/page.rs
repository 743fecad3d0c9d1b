//! The page for the second device in a real Chromium: it asks real nodes through the real relay, and
//! says so in its own words when the relay hangs, is gone, or nobody knows whether there is one.

use crate::chain::{committee_of, days, final_receipt};
use crate::cluster::Cluster;
use crate::election::Election;
use crate::relay::{RelayProcess, holding, spelled};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use ballot::Ballot;
use ballot::check::{Shown, to_code};
use crypto::Hash;
use crypto::hash::{entry_hash, to_hex};
use crypto::wire::TopLevel as _;
use host::serve::Server;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The public site: the pages, the manifest, and a list of what it was asked.
struct Site {
    pages: PathBuf,
    manifest: Vec<u8>,
    relay: String,
    /// Whether it gives the manifest.
    gives: AtomicBool,
    asked: Mutex<Vec<String>>,
}

async fn serve(State(site): State<Arc<Site>>, request: Request<Body>) -> Response {
    let path = request.uri().path().to_owned();
    site.asked.lock().unwrap().push(path.clone());
    if path == "/manifest.bin" {
        return if site.gives.load(Ordering::SeqCst) {
            site.manifest.clone().into_response()
        } else {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        };
    }
    let name = match path.strip_prefix("/verify/") {
        Some("") => "index.html",
        Some(name) if !name.contains('/') => name,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        _ => "image/svg+xml",
    };
    // What the portal sends (`web::verifier`).
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
         connect-src 'self' {}; style-src 'self'; img-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        site.relay
    );
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
    ];
    match std::fs::read(site.pages.join(name)) {
        Ok(body) => (headers, body).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Lets Chromium look at the page; what went wrong there is printed and fails.
async fn browse(origin: &str, relay: &str, phase: &str, more: Value) {
    let folder = tempfile::tempdir().unwrap();
    let screens = workspace().join("target/web-test/screens-relay");
    let mut job = json!({ "origin": origin, "relay": relay, "phase": phase, "screens": screens });
    job.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let file = folder.path().join("job.json");
    std::fs::write(&file, job.to_string()).unwrap();
    let script = workspace().join("lab/e2e/relay.mjs");
    let run = move || Command::new("node").arg(script).arg(file).output().unwrap();
    let out = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let errors = String::from_utf8_lossy(&out.stderr).into_owned();
    println!("{phase}: {}", said.trim());
    let last: Value = serde_json::from_str(said.lines().last().unwrap_or_default())
        .unwrap_or_else(|_| unreachable!("{phase}: {said}{errors}"));
    assert_eq!(last["findings"], json!([]), "{phase}: {errors}");
    assert!(last["passed"].as_u64() > Some(0), "{phase}");
}

/// The page notes a ballot, finds it and a receipt on the board, and tosses its coin, all through
/// the relay. Then neither the site nor the relay has anything of the ballot, and the nodes have no
/// address; and without a relay nothing is asked anywhere else.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the pages and Chromium: a step of cargo xtask test builds them and runs it"]
async fn real_a_80_the_page_of_the_second_device_asks_through_the_relay() {
    let pages = workspace().join("target/web");
    assert!(pages.join("check.html").exists(), "cargo xtask web first");
    let extra = "relays = [\"127.0.0.1\"]\nnote_requests = \"OWN-CLOCK-notes\"";
    let mut cluster = Cluster::new(4, extra);
    cluster.start().await;
    let mut relay = RelayProcess::start(&cluster);
    relay.wait().await;
    let (network, committee) = committee_of(&cluster);
    let times = days(&cluster, 1).await;
    let relays = vec![relay.listed.clone()];
    let node = &cluster.nodes[0];
    let election = Election::open_through(&network, node, 31, times, relays).await;
    cluster.level().await;
    let bytes = election.ballot(1, 2, 1, Hash::ZERO);
    let ballot = Ballot::from_bytes(&bytes).unwrap();
    let first = to_code(&Shown::of(&ballot, &election.voter(1), &mut rand::rng()));
    assert_eq!(node.post(&bytes).await.unwrap().0, 202);
    let receipt = final_receipt(node, &committee, &bytes).await;
    cluster.level().await;

    let site = Arc::new(Site {
        pages,
        manifest: election.sealed.clone(),
        relay: relay.listed.origin.clone(),
        gives: AtomicBool::new(true),
        asked: Mutex::default(),
    });
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(any, None).await.unwrap();
    let origin = format!("http://{}", server.local_addr().unwrap());
    let routes = Router::new().fallback(serve).with_state(Arc::clone(&site));
    tokio::spawn(server.run(routes, std::future::pending()));
    let job = json!({ "first": first, "code": receipt.code });
    let look = async |phase: &str| browse(&origin, &site.relay, phase, job.clone()).await;

    look("carried").await;
    let notes: String = cluster.nodes.iter().map(notes).collect();
    let entry = entry_hash(&bytes);
    let vk = ballot.vk.to_hex();
    for question in [
        format!("/v1/entries/{}?wait=10", entry.to_hex()),
        format!("/v1/entries/{}/bytes", entry.to_hex()),
        format!("/v1/voters/{vk}/last"),
        format!("/v1/voters/{vk}/checks/1"),
        format!("/v1/openings/{}", entry.to_hex()),
        format!("/v1/receipts/{}", receipt.code),
    ] {
        assert!(notes.contains(&question), "no node was asked {question}");
    }
    relay.hang(true);
    look("hangs").await;
    relay.hang(false);
    site.gives.store(false, Ordering::SeqCst);
    look("manifest").await;
    site.gives.store(true, Ordering::SeqCst);
    relay.stop();
    look("gone").await;
    kept(&cluster, &relay, &site, (&bytes, &vk));
}

fn notes(node: &crate::cluster::Node) -> String {
    std::fs::read_to_string(node.folder().join("clock-notes")).unwrap()
}

/// What is left of the ballot and of addresses afterwards.
fn kept(cluster: &Cluster, relay: &RelayProcess, site: &Site, (ballot, vk): (&[u8], &str)) {
    let asked = site.asked.lock().unwrap();
    let allowed = |path: &&String| {
        path.starts_with("/verify/") || *path == "/manifest.bin" || *path == "/favicon.ico"
    };
    let others: Vec<&String> = asked.iter().filter(|path| !allowed(path)).collect();
    assert_eq!(others, Vec::<&String>::new(), "the site was asked");
    let entry = entry_hash(ballot);
    let secrets = [ballot, entry.as_bytes(), &ballot[66..98]];
    let planted: Vec<Vec<u8>> = secrets.iter().flat_map(|s| spelled(s)).collect();
    // The search finds what is there.
    let node_key = spelled(&cluster.network.validators[0].spki.0);
    assert!(!holding(relay.folder(), &node_key).is_empty());
    assert_eq!(holding(relay.folder(), &planted), Vec::<PathBuf>::new());
    assert_eq!(to_hex(&ballot[66..98]), vk);
    // Own ports and those of peers are in a node's log; a browser's port would be another.
    let own = cluster.network.validators.iter().flat_map(|v| {
        let api = v.gateway.trim_start_matches("https://").to_owned();
        [api, v.p2p.to_string()]
    });
    let own: Vec<String> = own.collect();
    for node in &cluster.nodes {
        let log = node.log();
        assert!(!log.is_empty() && !log.contains(vk));
        for (at, _) in log.match_indices("127.0.0.1:") {
            let rest = &log[at..];
            let known = own.iter().any(|address| rest.starts_with(address.as_str()));
            let peer = rest.starts_with("127.0.0.1:0");
            assert!(known || peer, "{}", rest.lines().next().unwrap_or_default());
        }
    }
}
