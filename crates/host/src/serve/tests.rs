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
    assert!(matches!(error, HttpError::Problem(p) if p.status == 413 && p.code == "E-30"));
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
        tokio::time::sleep(Duration::from_millis(50)).await;
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
