//! Tickets, extension, the daily report, destruction of the salt key.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use crate::card_client::{Booth, refused};
use crate::cards::OPENING_MS;
use crate::fixture::{CLOSE_MS, City, DAY, HOUR, MINUTE, Plan, network};
use api::hex::Hex;
use api::portal::{self, RedeemAnswer, RedeemRequest};
use api::registrar::{SessionAnswer, SessionRequest, Status};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use ballot::manifest::Channel;
use board::entry::{Act, ChannelCount, Entry, OfficerAct};
use board::receipt::Receipt;
use crypto::hash::{entry_hash, to_hex};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use host::problem::Problem;
use host::serve::Server;
use registrar::config::LimitsConfig;
use registrar::hours::japan_day;
use registrar::keys::{Keys, destroy_salt};
use registrar::service::ReportError;
use testkit::election::{Parties, Stored, rechain};

const TICKET: [u8; 16] = [7; 16];

type Redeemed = Arc<Mutex<BTreeSet<([u8; 16], String)>>>;

async fn redeem(
    State(redeemed): State<Redeemed>,
    Json(request): Json<RedeemRequest>,
) -> Result<Json<RedeemAnswer>, Problem<portal::Refusal>> {
    if request.ticket != Hex(TICKET) {
        return Err(portal::Refusal::TicketUnknown.into());
    }
    if !redeemed
        .lock()
        .unwrap()
        .insert((request.ticket.0, request.registrar))
    {
        return Err(portal::Refusal::TicketUsed.into());
    }
    Ok(Json(RedeemAnswer {
        expires_ms: OPENING_MS + DAY,
    }))
}

/// The portal's side of the ticket interface.
async fn portal() -> (SocketAddr, Redeemed) {
    let redeemed = Redeemed::default();
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), None)
        .await
        .unwrap();
    let address = server.local_addr().unwrap();
    let router = Router::new()
        .route("/v1/tickets/redeem", post(redeem))
        .with_state(Arc::clone(&redeemed));
    tokio::spawn(server.run(router, std::future::pending()));
    (address, redeemed)
}

#[tokio::test]
async fn a_ticket_opens_a_few_sessions_and_a_station_needs_none() {
    let (address, redeemed) = portal().await;
    let limits = LimitsConfig {
        sessions_per_ticket: 3,
        ..LimitsConfig::default()
    };
    let ticket_url = Some(format!("http://{address}/v1/tickets/redeem"));
    let city = City::with(Plan {
        limits,
        ticket_url,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let open = async |ticket: Option<[u8; 16]>| {
        let request = SessionRequest {
            ticket: ticket.map(Hex),
            station: None,
        };
        booth
            .post::<_, SessionAnswer>("/v1/sessions", &request)
            .await
    };
    refused(open(None).await, "E-24", "ticket_unknown");
    refused(open(Some([0xff; 16])).await, "E-24", "ticket_unknown");
    for _ in 0..3 {
        open(Some(TICKET)).await.unwrap();
    }
    assert_eq!(
        redeemed.lock().unwrap().len(),
        1,
        "a ticket is redeemed once"
    );
    refused(open(Some(TICKET)).await, "E-27", "too_many_sessions");
    booth.open(Some("counter-1")).await.unwrap();
    city.clock.set_ms(OPENING_MS + DAY);
    refused(open(Some(TICKET)).await, "E-24", "ticket_unknown");
}

#[tokio::test]
async fn without_the_portal_no_ticket_is_believed() {
    let ticket_url = Some("http://127.0.0.1:9/v1/tickets/redeem".to_owned());
    let city = City::with(Plan {
        ticket_url,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let request = SessionRequest {
        ticket: Some(Hex(TICKET)),
        station: None,
    };
    let answer = booth
        .post::<_, SessionAnswer>("/v1/sessions", &request)
        .await;
    refused(answer, "E-10", "ticket_unchecked");
}

fn extension(city: &City, until: u64, officers: [(u16, &SigningKey); 2]) -> Vec<u8> {
    signed(city, Act::Extend { until }, officers)
}

fn signed(city: &City, act: Act, officers: [(u16, &SigningKey); 2]) -> Vec<u8> {
    let election = city.lab.election;
    OfficerAct::signed(election, act, officers, &mut rand::rng()).to_bytes()
}

/// The receipt of `entry` in a block that these validators certified.
fn receipt(parties: &Parties, entry: &[u8]) -> Receipt {
    let blocks = [(CLOSE_MS - HOUR, vec![entry.to_vec()])];
    let Stored { block, certificate } = rechain(parties, &blocks).remove(1);
    let hashes = [entry_hash(entry)];
    Receipt::new(entry, &hashes, 0, vec![block.header], certificate.unwrap()).unwrap()
}

/// The city's network with other validators than it lists.
fn strangers() -> Parties {
    let mut parties = network().parties;
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    parties.validators.fill(stranger);
    parties
}

fn body(entry: &[u8], receipt: &Receipt) -> Vec<u8> {
    let (entry, receipt) = (to_hex(entry), to_hex(&receipt.to_bytes()));
    serde_json::to_vec(&serde_json::json!({ "entry": entry, "receipt": receipt })).unwrap()
}

/// An extension the board has taken.
fn posted(city: &City, entry: &[u8]) -> Vec<u8> {
    body(entry, &receipt(&city.lab.parties, entry))
}

#[tokio::test]
async fn an_extension_that_is_not_on_the_board_is_refused() {
    let city = City::with(Plan {
        now_ms: CLOSE_MS - MINUTE,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let [a, b] = city.officers();
    let entry = extension(&city, CLOSE_MS + HOUR, [(0, a), (1, b)]);
    let other = extension(&city, CLOSE_MS + 2 * HOUR, [(0, a), (1, b)]);
    let no_receipt = serde_json::json!({ "entry": to_hex(&entry), "receipt": "" });
    for body in [
        body(&entry, &receipt(&strangers(), &entry)),
        body(&entry, &receipt(&city.lab.parties, &other)),
        serde_json::to_vec(&no_receipt).unwrap(),
        entry.clone(),
    ] {
        let (status, _) = booth.raw("/v1/extend", body).await;
        assert!(status == 403 || status == 400, "{status}");
    }
    assert_eq!(city.registrar.hours().close_ms(), CLOSE_MS);
    assert!(
        city.registrar
            .store()
            .extensions()
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(booth.raw("/v1/extend", posted(&city, &entry)).await.0, 200);
}

#[tokio::test]
async fn one_address_opens_only_so_many_sessions() {
    let city = City::with(Plan {
        limits: LimitsConfig {
            sessions_per_second: 0,
            session_burst: 3,
            ..LimitsConfig::default()
        },
        ..Plan::default()
    })
    .await;
    let open = async |from: &str| {
        let request = SessionRequest {
            ticket: None,
            station: None,
        };
        city.registrar
            .open_session(request, from.parse().unwrap())
            .await
    };
    for n in 0..3 {
        open(&format!("2001:db8::{n}")).await.unwrap();
    }
    let refused = open("2001:db8::9").await.unwrap_err();
    assert_eq!(refused, registrar::Refusal::TooManySessions);
    open("192.0.2.1").await.unwrap();
}

#[tokio::test]
async fn two_officers_extend_before_the_close_and_nobody_else() {
    let city = City::with(Plan {
        now_ms: CLOSE_MS - MINUTE,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let [a, b] = city.officers();
    let until = CLOSE_MS + HOUR;
    let stranger = SigningKey::generate(&mut rand::rng());
    for entry in [
        extension(&city, until, [(0, a), (1, &stranger)]),
        extension(&city, until, [(0, a), (0, a)]),
        extension(&city, until, [(1, b), (0, a)]),
        extension(&city, until, [(0, a), (7, b)]),
        extension(&city, CLOSE_MS + 5 * HOUR, [(0, a), (1, b)]),
        extension(&city, CLOSE_MS - HOUR, [(0, a), (1, b)]),
        b"rubbish".to_vec(),
    ] {
        let (status, answer) = booth.raw("/v1/extend", posted(&city, &entry)).await;
        assert_eq!(status, 403);
        assert!(
            String::from_utf8(answer)
                .unwrap()
                .contains("\"reason\":\"extension\"")
        );
    }
    let good = extension(&city, until, [(0, a), (1, b)]);
    let (status, answer) = booth.raw("/v1/extend", posted(&city, &good)).await;
    let status_: Status = serde_json::from_slice(&answer).unwrap();
    assert_eq!((status, status_.closes_ms), (200, until));
    city.clock.set_ms(until - 1);
    booth.open(None).await.unwrap();
    city.clock.set_ms(until);
    refused(booth.open(None).await.map(|_| ()), "E-02", "closed");
    let late = extension(&city, until + HOUR, [(0, a), (1, b)]);
    assert_eq!(booth.raw("/v1/extend", posted(&city, &late)).await.0, 403);
    assert_eq!(city.registrar.store().extensions().await.unwrap(), [until]);
}

#[tokio::test]
async fn two_officers_resume_after_a_halt_and_credentials_are_issued_again() {
    let city = City::with(Plan {
        now_ms: CLOSE_MS + MINUTE,
        ..Plan::default()
    })
    .await;
    let booth = Booth::new(&city);
    let [a, b] = city.officers();
    let until = CLOSE_MS + HOUR;
    let stranger = SigningKey::generate(&mut rand::rng());
    let resume = |until, second| signed(&city, Act::Resume { until }, [(0, a), (1, second)]);
    refused(booth.open(None).await.map(|_| ()), "E-02", "closed");
    for entry in [
        resume(until, &stranger),
        // Over already, before the close it moves, beyond the manifest's limit.
        resume(CLOSE_MS + MINUTE, b),
        resume(CLOSE_MS - HOUR, b),
        resume(CLOSE_MS + 5 * HOUR, b),
        signed(&city, Act::Drain, [(0, a), (1, b)]),
    ] {
        let (status, _) = booth.raw("/v1/extend", posted(&city, &entry)).await;
        assert_eq!(status, 403);
    }
    let good = resume(until, b);
    let unproven = body(&good, &receipt(&city.lab.parties, &resume(until + 1, b)));
    assert_eq!(booth.raw("/v1/extend", unproven).await.0, 403);
    refused(booth.open(None).await.map(|_| ()), "E-02", "closed");
    assert_eq!(booth.raw("/v1/extend", posted(&city, &good)).await.0, 200);
    let card = city.cards.person(0);
    booth.first_visit(&card).await;
    assert_eq!(city.registrar.store().extensions().await.unwrap(), [until]);
    city.clock.set_ms(until);
    refused(booth.open(None).await.map(|_| ()), "E-02", "closed");
}

#[tokio::test]
async fn each_day_is_reported_once_it_is_over_and_the_last_at_the_close() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let first_day = japan_day(OPENING_MS);
    for n in 0..2 {
        let card = city.cards.person(n);
        let (_, secret) = booth.first_visit(&card).await;
        if n == 1 {
            city.after_the_pause();
            let (session, _) = booth.enter(&card).await.unwrap();
            booth.again(&session, &secret, 2, 9).await.unwrap();
        }
    }
    assert!(
        city.registrar
            .days_due(city.clock.wall().now_ms())
            .is_empty()
    );
    let midnight = OPENING_MS + 15 * HOUR + 30 * MINUTE;
    let drained = CLOSE_MS + city.manifest().drain_ms;
    assert!(city.registrar.days_due(midnight - 1).is_empty());
    assert_eq!(city.registrar.days_due(midnight + 3_000), [first_day]);
    assert_eq!(city.registrar.days_due(CLOSE_MS - 1).len(), 5);
    assert_eq!(
        city.registrar.days_due(drained + 2_999).last(),
        Some(&(japan_day(CLOSE_MS - 1) - 1)),
        "the box is not closed yet"
    );
    assert_eq!(
        city.registrar.days_due(drained + 3_000).last(),
        Some(&japan_day(CLOSE_MS - 1))
    );
    assert_eq!(city.registrar.days_due(CLOSE_MS + 90 * DAY).len(), 6);

    let parts = city.registrar.report_of(first_day).await.unwrap();
    assert_eq!(parts.len(), 1);
    let Ok(Entry::Evidence(signed)) = Entry::decode(&parts[0].entry) else {
        panic!("another entry")
    };
    signed.verify(&city.manifest().registrars[0].key).unwrap();
    let report = signed.body;
    assert!(report.is_sound());
    let home = ChannelCount::unattended(Channel::Home, 2, 1);
    assert_eq!(
        (report.registrar, report.day, report.incidents),
        (0, first_day, 0)
    );
    assert_eq!(report.counts, [home]);
    let sealed = city.registrar.store().evidence().await.unwrap();
    let leaf = |sealed: &Vec<u8>| evidence::leaf(&report.election, 0, first_day, sealed);
    let leaves: BTreeSet<_> = sealed.iter().map(leaf).collect();
    assert!(report.leaves.iter().eq(&leaves));
    // Made again, it is the same bytes: a part that is on the board already is not written anew.
    assert_eq!(city.registrar.report_of(first_day).await.unwrap(), parts);
}

/// By the clock the vote is over, but no node says so: the board may stand still and the vote be
/// resumed, so the last day is not ended by a report.
#[tokio::test]
async fn the_last_day_is_not_reported_before_the_board_has_closed_the_box() {
    let city = City::new().await;
    let last = japan_day(CLOSE_MS - 1);
    city.clock
        .set_ms(CLOSE_MS + city.manifest().drain_ms + 3_000);
    assert!(
        city.registrar
            .days_due(city.clock.wall().now_ms())
            .contains(&last)
    );
    let refused = city.registrar.report_day(last).await;
    assert!(matches!(refused, Err(ReportError::Open)));
    let made = city.registrar.store().report(last).await.unwrap();
    assert!(made.is_empty());
}

#[tokio::test]
async fn sealed_evidence_is_exported_by_day_after_the_close() {
    let city = City::new().await;
    let booth = Booth::new(&city);
    let card = city.cards.person(0);
    booth.first_visit(&card).await;
    assert!(!city.registrar.is_over());
    city.clock.set_ms(CLOSE_MS + city.manifest().drain_ms);
    assert!(city.registrar.is_over());
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("evidence");
    let records = registrar::export::export(&city.registrar, &out).await;
    assert_eq!(records.unwrap(), 1);
    let day = |n| std::fs::read(out.join(format!("{n}.bin"))).unwrap();
    let first_day = japan_day(OPENING_MS);
    let sealed = city.registrar.store().evidence().await.unwrap().remove(0);
    assert_eq!(day(first_day)[4..], sealed);
    assert_eq!(
        day(first_day)[..4],
        u32::try_from(sealed.len()).unwrap().to_le_bytes()
    );
    assert!(day(first_day + 1).is_empty());
    let again = registrar::export::export(&city.registrar, &out).await;
    assert!(again.is_err(), "nothing is overwritten");
}

#[tokio::test]
async fn after_the_salt_key_is_destroyed_nobody_can_compute_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let pass = host::passphrase::Passphrase::new("0123456789abcdef".to_owned().into());
    let keys = Keys::generate(12, 2).unwrap();
    keys.write(folder.path(), &pass, host::keyfile::Cost::LIGHT)
        .unwrap();
    let election = crypto::Hash([1; 64]);
    let salt = keys.salt(&election, 0, b"certificate").unwrap();
    let root = keys.public_part("", "", "", "").salt_root.0;
    let keys = Keys::read(folder.path(), &pass).unwrap();
    assert_eq!(keys.salt(&election, 0, b"certificate"), Some(salt));
    // The nodes are made again when they are missing or damaged.
    let nodes = folder.path().join("salt.nodes");
    let kept = std::fs::read(&nodes).unwrap();
    for damaged in [Vec::new(), kept[1..].to_vec(), vec![0; kept.len()]] {
        std::fs::write(&nodes, damaged).unwrap();
        let keys = Keys::read(folder.path(), &pass).unwrap();
        assert_eq!(keys.public_part("", "", "", "").salt_root.0, root);
        assert_eq!(std::fs::read(&nodes).unwrap(), kept);
    }
    assert!(destroy_salt(folder.path()).unwrap());
    assert!(!destroy_salt(folder.path()).unwrap());
    let keys = Keys::read(folder.path(), &pass).unwrap();
    assert_eq!(keys.salt(&election, 0, b"certificate"), None);
    let left = std::fs::read_dir(folder.path()).unwrap();
    let left: Vec<_> = left.map(|f| f.unwrap().file_name()).collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().contains("salt")),
        "{left:?}"
    );
}
