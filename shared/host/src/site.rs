//! A public site for which the manifest has an address and no pin: the portal. A browser reaches it
//! too, so it is known by its name, for which a public authority vouches. Plain HTTP goes to this
//! machine alone.

use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::http::{HttpError, base};
use crate::tls::{TlsError, provider};

/// The authorities whose word about a name counts.
#[derive(Clone)]
pub struct Roots(Arc<RootCertStore>);

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({})", self.0.len())
    }
}

impl Default for Roots {
    fn default() -> Self {
        Self::public()
    }
}

impl Roots {
    /// Those that browsers know (`webpki-roots`).
    #[must_use]
    pub fn public() -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        Self(Arc::new(roots.collect()))
    }

    /// Only those of this text (PEM), and no public ones.
    ///
    /// # Errors
    /// [`TlsError::Certificate`] when it holds none, or something that is none.
    pub fn only(pem: &str) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let certificate = certificate.map_err(|_| TlsError::Certificate)?;
            roots.add(certificate).map_err(|_| TlsError::Certificate)?;
        }
        if roots.is_empty() {
            return Err(TlsError::Certificate);
        }
        Ok(Self(Arc::new(roots)))
    }

    /// Those of a file, or the public ones without it.
    ///
    /// # Errors
    /// As [`Self::only`]; a file that cannot be read holds none.
    pub fn of(file: Option<&Path>) -> Result<Self, TlsError> {
        let Some(file) = file else {
            return Ok(Self::public());
        };
        let text = std::fs::read_to_string(file).map_err(|_| TlsError::Certificate)?;
        Self::only(&text)
    }
}

/// A client for sites that are known by their names. It follows no redirect.
///
/// # Errors
/// [`HttpError::Setup`] when it cannot be built.
pub fn client(roots: &Roots, timeout: Duration) -> Result<Client, HttpError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| HttpError::Setup)?
        .with_root_certificates(Arc::clone(&roots.0))
        .with_no_client_auth();
    base(timeout)
        .use_preconfigured_tls(config)
        .build()
        .map_err(|_| HttpError::Setup)
}

/// The address of a site: `https` and a name, perhaps a port and a folder; or `http` on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site(Url);

impl Site {
    /// Reads an address from a manifest; none when it is another kind of address: with a user's
    /// name, a question or a mark, or plain HTTP to another machine.
    #[must_use]
    pub fn at(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let alone = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let site = Self(url);
        let named = site.is_named();
        let good = match site.0.scheme() {
            "https" => named,
            "http" => named && site.is_here(),
            _ => false,
        };
        (alone && good).then_some(site)
    }

    /// Whether the host is a name of letters, digits, hyphens and dots, or an address. Others mean
    /// something in a header.
    fn is_named(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let literal = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        let colon = |c: char| literal.is_some() && c == ':';
        let text = literal.unwrap_or(host);
        !text.is_empty() && text.chars().all(|c| part(c) || colon(c))
    }

    fn is_here(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let literal = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || literal.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// Whether what goes there can be read on the way: only on this machine.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// Scheme, host and port, as browsers write them.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether this is an origin as browsers write it, and nothing else: in a header of a page it
    /// stands for this server alone.
    #[must_use]
    pub fn is_origin(origin: &str) -> bool {
        Self::at(origin).is_some_and(|site| site.origin() == origin)
    }

    /// The address of something on the site; `path` begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let folder = self.0.path().trim_end_matches('/');
        format!("{}{folder}{path}", self.origin())
    }
}

#[cfg(test)]
mod tests;
