use super::*;
use crate::serve::{Server, healthz};
use crate::tls::Identity;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

#[test]
fn only_addresses_of_a_site_are_read() {
    for (address, asked) in [
        ("https://vote.example", "https://vote.example/v1/survey"),
        (
            "https://Vote.Example:443/",
            "https://vote.example/v1/survey",
        ),
        (
            "https://vote.example:8443/town/",
            "https://vote.example:8443/town/v1/survey",
        ),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/survey"),
        ("http://[::1]:8080/", "http://[::1]:8080/v1/survey"),
        ("http://localhost", "http://localhost/v1/survey"),
    ] {
        let site = Site::at(address).unwrap();
        assert_eq!(site.url("/v1/survey"), asked);
        assert_eq!(site.is_plain(), address.starts_with("http:"), "{address}");
    }
    for address in [
        "",
        "vote.example",
        "http://vote.example",
        "http://192.0.2.1:9100",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "https://good.example@evil.example",
        "https://vote.example/?x=",
        "https://vote.example/#",
        "https://",
        "ftp://vote.example",
        "file:///etc/passwd",
        "unix:/run/socket",
    ] {
        assert_eq!(Site::at(address), None, "{address}");
    }
}

#[test]
fn only_an_origin_as_browsers_write_it_is_one() {
    for origin in [
        "https://relay.example",
        "https://127.0.0.1:8443",
        "https://xn--fiq.example",
    ] {
        assert!(Site::is_origin(origin), "{origin}");
    }
    for other in [
        "https://Relay.example",
        "https://relay.example:443",
        "https://relay.example/",
        "https://relay.example;script-src",
        "https://relay.example;",
        "https://*.example",
        "https:relay.example",
        "*",
        "data:",
    ] {
        assert!(!Site::is_origin(other), "{other}");
    }
}

/// An authority, and a server on this machine whose name it vouches for.
async fn site(name: &str) -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = own.signed_by(&key, &authority).unwrap();
    let identity = Identity::from_pkcs8(&key.serialize_der()).unwrap();
    let identity = identity.with_certificate(&certificate.pem()).unwrap();
    let any = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let port = server.local_addr().unwrap().port();
    tokio::spawn(server.run(healthz(), std::future::pending()));
    (authority.pem(), format!("https://localhost:{port}"))
}

#[tokio::test]
async fn a_site_is_reached_when_an_authority_vouches_for_its_name() {
    let (authority, address) = site("localhost").await;
    let (_, other) = site("localhost").await;
    let (wrong, named) = site("vote.example").await;
    let patience = Duration::from_secs(10);
    let reached = async |roots: &Roots, address: &str| {
        let url = Site::at(address).unwrap().url("/healthz");
        let client = client(roots, patience).unwrap();
        client.get(url).send().await.is_ok()
    };
    let roots = Roots::only(&authority).unwrap();
    assert!(reached(&roots, &address).await);
    assert!(!reached(&roots, &other).await, "another authority");
    let roots = Roots::only(&wrong).unwrap();
    assert!(!reached(&roots, &named).await, "another name");
    assert!(!reached(&Roots::public(), &address).await, "nobody vouches");
    assert!(matches!(
        Roots::only("no certificate"),
        Err(TlsError::Certificate)
    ));
    assert!(Roots::of(Some(Path::new("/nowhere"))).is_err());
}
