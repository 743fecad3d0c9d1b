//! The HTTP server side: plain or TLS, limits everywhere, graceful shutdown,
//! no access log.

mod crowd;
mod deadline;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::routing::get;
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::tls::{Identity, TlsError};
use crowd::Crowd;

/// How long a peer may take for the TLS handshake or for its request headers.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long running requests may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(5);
/// Connections open at the same time.
const MAX_CONNECTIONS: usize = 2048;
/// Connections of one address (IPv6: one /64; a /56 holds twice, a /48 eight times as many). This
/// machine itself is not limited.
const PER_ADDRESS: usize = 64;

/// Connections of an address that is known to stand for many people.
const PER_RELAY: usize = 1024;

/// How long a peer may keep a connection busy.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// For one request's body, from its headers to its last byte.
    body: Duration,
    /// For all requests of one connection; the one under way is then answered, no other.
    keep: Duration,
    /// For the connection altogether, answers read slowly included.
    total: Duration,
}

const PATIENCE: Patience = Patience {
    body: Duration::from_secs(15),
    keep: Duration::from_secs(120),
    total: Duration::from_secs(180),
};

/// A bound server. [`Server::run`] starts answering.
pub struct Server {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    body_limit: usize,
    crowd: Crowd,
    connections: usize,
    patience: Patience,
}

impl Server {
    /// Binds `address`; with an identity it speaks TLS only.
    ///
    /// # Errors
    /// When the address is taken or the TLS key cannot be used.
    pub async fn bind(address: SocketAddr, tls: Option<&Identity>) -> Result<Self, ServeError> {
        let tls = match tls {
            Some(identity) => Some(TlsAcceptor::from(identity.server_config()?)),
            None => None,
        };
        let listener = TcpListener::bind(address)
            .await
            .map_err(|cause| ServeError::Bind { address, cause })?;
        Ok(Self {
            listener,
            tls,
            body_limit: 64 * 1024,
            crowd: Crowd::new(PER_ADDRESS, usize::MAX),
            connections: MAX_CONNECTIONS,
            patience: PATIENCE,
        })
    }

    /// Changes the largest request body; 64 KiB otherwise.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Changes how many connections may be open at the same time; 2 048 otherwise.
    #[must_use]
    pub fn connections(mut self, count: usize) -> Self {
        self.connections = count;
        self
    }

    /// Changes how many connections one address may hold; this machine's own addresses are then
    /// counted as well. Otherwise 64, and no limit for this machine.
    #[must_use]
    pub fn connections_per_address(mut self, count: usize) -> Self {
        self.crowd = Crowd::new(count, count);
        self
    }

    /// Lets these addresses hold 1,024 connections each: relays, behind which there are many people.
    #[must_use]
    pub fn relays(mut self, addresses: &[IpAddr]) -> Self {
        self.crowd = self.crowd.with_relays(addresses, PER_RELAY);
        self
    }

    /// Changes how long one connection may last, for servers with long answers; three minutes
    /// otherwise.
    #[must_use]
    pub fn longest_connection(mut self, total: Duration) -> Self {
        self.patience.total = total;
        self
    }

    /// The address bound, with the port the system chose for port 0.
    ///
    /// # Errors
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers requests until `stop` completes, then lets running requests end
    /// within five seconds. Handlers may extract `ConnectInfo<SocketAddr>`.
    pub async fn run(self, router: Router, stop: impl Future<Output = ()>) {
        let within = self.patience.body;
        let router = router
            .layer(DefaultBodyLimit::max(self.body_limit))
            .layer(from_fn(move |request: Request, next: Next| {
                next.run(deadline::hurried(request, within))
            }));
        let (stopping, stopped) = watch::channel(false);
        let slots = Arc::new(Semaphore::new(self.connections));
        tokio::pin!(stop);
        loop {
            let slot = tokio::select! {
                () = &mut stop => break,
                slot = Arc::clone(&slots).acquire_owned() => slot,
            };
            let Ok(slot) = slot else { break };
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => accepted,
            };
            let Ok((stream, peer)) = accepted else {
                // Out of file handles: give running requests time to end.
                sleep(Duration::from_millis(50)).await;
                continue;
            };
            let Some(place) = self.crowd.enter(peer.ip()) else {
                continue;
            };
            // Losing this option costs a little delay, nothing else.
            let _ = stream.set_nodelay(true);
            let router = router.clone().layer(axum::Extension(ConnectInfo(peer)));
            let (tls, stopped, patience) = (self.tls.clone(), stopped.clone(), self.patience);
            tokio::spawn(async move {
                match tls {
                    None => connection(stream, router, stopped, patience).await,
                    Some(acceptor) => {
                        if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                            connection(stream, router, stopped, patience).await;
                        }
                    }
                }
                drop((slot, place));
            });
        }
        drop((self.listener, stopped));
        stopping.send_replace(true);
        let _ = timeout(GRACE, stopping.closed()).await;
    }
}

/// Serves one connection. A broken one is the peer's affair; nothing about it is logged.
async fn connection<S>(
    stream: S,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    patience: Patience,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HANDSHAKE)
        .max_headers(64)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::pin!(served);
    let all = async {
        tokio::select! {
            _ = served.as_mut() => return,
            _ = stopped.wait_for(|stopped| *stopped) => {}
            () = sleep(patience.keep) => {}
        }
        served.as_mut().graceful_shutdown();
        let _ = served.await;
    };
    let _ = timeout(patience.total, all).await;
}

/// Completes on SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else {
            return interrupt.await;
        };
        tokio::select! { () = interrupt => {}, _ = terminate.recv() => {} }
    }
    #[cfg(not(unix))]
    interrupt.await;
}

/// `GET /healthz`: says that the program answers, and nothing else.
pub fn healthz() -> Router {
    Router::new().route(
        "/healthz",
        get(|| async { Json::<Value>(json!({ "ok": true })) }),
    )
}

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be bound.
    #[error("cannot listen on {address}: {cause}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        cause: io::Error,
    },
    /// The TLS key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

#[cfg(test)]
mod tests;
