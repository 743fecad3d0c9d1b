use super::*;
use crate::http::{HttpError, json as read_json, pinned_client, plain_client};
use crate::tls::SpkiPin;
use axum::routing::post;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

async fn start(tls: Option<&Identity>) -> (SocketAddr, oneshot::Sender<()>) {
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), tls)
        .await
        .unwrap()
        .body_limit(100);
    let address = server.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let router = healthz().route("/echo", post(|body: String| async move { body }));
    tokio::spawn(server.run(router, async move {
        let _ = stopped.await;
    }));
    (address, stop)
}

#[tokio::test]
async fn only_the_pinned_key_is_spoken_to() {
    let identity = Identity::generate().unwrap();
    let (address, _stop) = start(Some(&identity)).await;
    let url = format!("https://{address}/healthz");
    let client = pinned_client(identity.pin(), Duration::from_secs(5)).unwrap();
    let answer: Value = read_json(client.get(&url).send().await.unwrap())
        .await
        .unwrap();
    assert_eq!(answer, json!({ "ok": true }));
    for pin in [SpkiPin([0; 32]), Identity::generate().unwrap().pin()] {
        let client = pinned_client(pin, Duration::from_secs(5)).unwrap();
        assert!(client.get(&url).send().await.unwrap_err().is_connect());
    }
    let plain = format!("http://{address}/healthz");
    assert!(
        client.get(&plain).send().await.is_err(),
        "a pinned client must not speak plain HTTP"
    );
}

#[tokio::test]
async fn bodies_are_limited_and_a_refusal_is_understood() {
    let (address, _stop) = start(None).await;
    let client = plain_client(Duration::from_secs(5)).unwrap();
    let url = format!("http://{address}/echo");
    let ok = client
        .post(&url)
        .body(vec![b'a'; 100])
        .send()
        .await
        .unwrap();
    assert_eq!(ok.status(), 200);
    let long = client
        .post(&url)
        .body(vec![b'a'; 101])
        .send()
        .await
        .unwrap();
    assert_eq!(long.status(), 413);
    let error = read_json::<Value>(long).await.unwrap_err();
    assert!(matches!(error, HttpError::Refused(r) if r.status == 413));
}

#[tokio::test]
async fn stopping_ends_the_listener() {
    let (address, stop) = start(None).await;
    let client = plain_client(Duration::from_secs(5)).unwrap();
    let url = format!("http://{address}/healthz");
    assert!(client.get(&url).send().await.is_ok());
    drop(client);
    stop.send(()).unwrap();
    let mut refused = false;
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            refused = true;
            break;
        }
        sleep(Duration::from_millis(50)).await;
    }
    assert!(refused);
}

#[tokio::test]
async fn rubbish_instead_of_a_handshake_does_not_disturb_others() {
    let identity = Identity::generate().unwrap();
    let (address, _stop) = start(Some(&identity)).await;
    let mut rubbish = tokio::net::TcpStream::connect(address).await.unwrap();
    rubbish.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = rubbish.read_to_end(&mut answer).await;
    assert!(
        !answer.starts_with(b"HTTP"),
        "a TLS server must not answer plain requests"
    );
    let client = pinned_client(identity.pin(), Duration::from_secs(5)).unwrap();
    assert!(
        client
            .get(format!("https://{address}/healthz"))
            .send()
            .await
            .is_ok()
    );
}

/// Sends the headers of a request with a body of ten bytes, and one of them.
async fn half_a_request(address: SocketAddr) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\na";
    stream.write_all(head).await.unwrap();
    stream
}

async fn impatient(change: impl FnOnce(Server) -> Server) -> SocketAddr {
    let any = "127.0.0.1:0".parse().unwrap();
    let server = change(Server::bind(any, None).await.unwrap());
    let address = server.local_addr().unwrap();
    let slow = || async {
        sleep(Duration::from_secs(1)).await;
        "slow"
    };
    let router = healthz()
        .route("/echo", post(|body: String| async move { body }))
        .route("/slow", get(slow));
    tokio::spawn(server.run(router, std::future::pending()));
    address
}

#[tokio::test]
async fn a_body_that_trickles_in_is_given_up() {
    let address = impatient(|mut server| {
        server.patience.body = Duration::from_millis(300);
        server
    })
    .await;
    let mut slow = half_a_request(address).await;
    let trickle = async {
        for _ in 0..6 {
            sleep(Duration::from_millis(100)).await;
            let _ = slow.write_all(b"a").await;
        }
        let mut answer = Vec::new();
        let _ = slow.read_to_end(&mut answer).await;
        answer
    };
    let answer = timeout(Duration::from_secs(5), trickle).await.unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.1 4"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
}

#[tokio::test]
async fn a_connection_ends_however_busy_it_is() {
    let address = impatient(|mut server| {
        server.patience.keep = Duration::from_millis(100);
        server.longest_connection(Duration::from_millis(400))
    })
    .await;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let _ = timeout(Duration::from_secs(10), read).await.unwrap();
    // It ended before the answer was ready.
    assert!(answer.is_empty());
}

#[tokio::test]
async fn a_request_under_way_is_answered_when_its_connection_ages() {
    let address = impatient(|mut server| {
        server.patience.keep = Duration::from_millis(100);
        server
    })
    .await;
    let client = plain_client(Duration::from_secs(5)).unwrap();
    let url = format!("http://{address}/slow");
    let answer = client.get(url).send().await.unwrap().text().await.unwrap();
    assert_eq!(answer, "slow");
}

#[tokio::test]
async fn one_address_cannot_take_every_place() {
    let address = impatient(|server| server.connections_per_address(8)).await;
    let mut held = Vec::new();
    for _ in 0..20 {
        held.push(half_a_request(address).await);
    }
    let ask = async || {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let _ = stream
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    };
    assert!(ask().await.is_empty(), "the address holds all it may");
    drop(held);
    let mut answered = false;
    for _ in 0..100 {
        answered = ask().await.starts_with(b"HTTP/1.1 200");
        if answered {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    assert!(answered, "places are given back");
}

#[test]
fn a_relay_holds_more_places_than_another_address() {
    let relays = ["192.0.2.9".parse().unwrap()];
    let crowd = Crowd::new(1, 1).with_relays(&relays, 3);
    let at = |address: &str| crowd.enter(address.parse().unwrap());
    let held = [at("192.0.2.9"), at("192.0.2.9"), at("192.0.2.9")];
    assert!(held.iter().all(Option::is_some));
    assert!(at("192.0.2.9").is_none());
    let other = at("192.0.2.8");
    assert!(other.is_some() && at("192.0.2.8").is_none());
}

#[test]
fn places_are_counted_by_address_and_this_machine_has_its_own_limit() {
    let crowd = Crowd::new(2, 3);
    let at = |address: &str| crowd.enter(address.parse().unwrap());
    let two = [at("2001:db8::1"), at("2001:db8::2")];
    assert!(two.iter().all(Option::is_some));
    assert!(at("2001:db8::3").is_none());
    assert!(at("192.0.2.1").is_some());
    let own = [at("127.0.0.1"), at("127.0.0.1"), at("127.0.0.1")];
    assert!(own.iter().all(Option::is_some));
    assert!(at("127.0.0.1").is_none());
    assert!(at("::1").is_some());
    drop(two);
    assert!(at("2001:db8::3").is_some());
}

#[test]
fn a_large_network_does_not_take_every_place() {
    let crowd = Crowd::new(2, 2);
    let at = |third: u16, fourth: u16| {
        crowd.enter(IpAddr::from([0x2001, 0xdb8, third, fourth, 0, 0, 0, 1]))
    };
    // Two for a /64, four for a /56, sixteen for a /48, however many networks there are in it.
    let mut held: Vec<_> = (0..9).filter_map(|net| at(1, net)).collect();
    assert_eq!(held.len(), 4);
    held.extend((1..99).filter_map(|net| at(1, net << 8)));
    assert_eq!(held.len(), 16);
    assert!(at(2, 0).is_some());
    held.clear();
    let again: Vec<_> = (1..99).filter_map(|net| at(1, net << 8)).collect();
    assert_eq!(
        again.len(),
        16,
        "places are given back at every size of network"
    );
}
