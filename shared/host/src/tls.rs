//! Pinned TLS. A server is known by the SHA-256 of its public key, as written
//! in the manifest; names and dates in its certificate mean nothing.

use std::fmt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, ServerConfig, SignatureScheme,
};
use zeroize::Zeroizing;

use crate::keyfile::{self, Cost, KeyFileError};
use crate::passphrase::Passphrase;

const KIND: &str = "TLS";

/// SHA-256 of a server's `SubjectPublicKeyInfo`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpkiPin(pub [u8; 32]);

impl SpkiPin {
    /// The pin of the certificate `der`.
    ///
    /// # Errors
    /// [`TlsError::Certificate`] when it cannot be parsed.
    pub fn of(der: &[u8]) -> Result<Self, TlsError> {
        let certificate = CertificateDer::from(der);
        let parsed =
            ParsedCertificate::try_from(&certificate).map_err(|_| TlsError::Certificate)?;
        let digest = ::ring::digest::digest(
            &::ring::digest::SHA256,
            parsed.subject_public_key_info().as_ref(),
        );
        digest
            .as_ref()
            .try_into()
            .map(Self)
            .map_err(|_| TlsError::Certificate)
    }
}

impl fmt::Debug for SpkiPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Display for SpkiPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl FromStr for SpkiPin {
    type Err = TlsError;

    fn from_str(text: &str) -> Result<Self, TlsError> {
        let bytes = base16ct::lower::decode_vec(text).map_err(|_| TlsError::Pin)?;
        bytes.try_into().map(Self).map_err(|_| TlsError::Pin)
    }
}

/// A server's TLS key. Its certificate is made anew at each start: only the
/// key counts.
pub struct Identity {
    key: KeyPair,
    /// Its own certificate first.
    chain: Vec<CertificateDer<'static>>,
    pin: SpkiPin,
}

impl Identity {
    /// A fresh ECDSA P-256 key.
    ///
    /// # Errors
    /// When the system's random generator fails.
    pub fn generate() -> Result<Self, TlsError> {
        Self::from_pair(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(|_| TlsError::Key)?)
    }

    /// Takes the key from its PKCS#8 bytes.
    ///
    /// # Errors
    /// [`TlsError::Key`] when they are not an ECDSA P-256 key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, TlsError> {
        let der = PrivatePkcs8KeyDer::from(der);
        let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ECDSA_P256_SHA256);
        Self::from_pair(pair.map_err(|_| TlsError::Key)?)
    }

    fn from_pair(key: KeyPair) -> Result<Self, TlsError> {
        let params = CertificateParams::new(vec!["irefuda.invalid".to_owned()]);
        let certificate = params
            .and_then(|params| params.self_signed(&key))
            .map_err(|_| TlsError::Key)?
            .der()
            .clone();
        let pin = SpkiPin::of(&certificate)?;
        Ok(Self {
            key,
            chain: vec![certificate],
            pin,
        })
    }

    /// The same key with a certificate of a public authority (PEM, its own first), for servers that
    /// browsers reach too. Whoever has the pin still goes by the key alone.
    ///
    /// # Errors
    /// [`TlsError::Certificate`] when there is none, or the first one is for another key.
    pub fn with_certificate(mut self, pem: &str) -> Result<Self, TlsError> {
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        self.chain = chain.map_err(|_| TlsError::Certificate)?;
        let first = self.chain.first().ok_or(TlsError::Certificate)?;
        if SpkiPin::of(first)? == self.pin {
            Ok(self)
        } else {
            Err(TlsError::Certificate)
        }
    }

    /// A request (PEM) for such a certificate.
    ///
    /// # Errors
    /// [`TlsError::Key`] when the name cannot stand in one.
    pub fn request(&self, host: &str) -> Result<String, TlsError> {
        let params = CertificateParams::new(vec![host.to_owned()]);
        params
            .and_then(|params| params.serialize_request(&self.key))
            .and_then(|request| request.pem())
            .map_err(|_| TlsError::Key)
    }

    /// Writes the key to a new key file of kind `TLS`.
    ///
    /// # Errors
    /// As [`keyfile::write`].
    pub fn write(&self, path: &Path, passphrase: &Passphrase, cost: Cost) -> Result<(), TlsError> {
        let der = Zeroizing::new(self.key.serialize_der());
        Ok(keyfile::write(path, KIND, &der, passphrase, cost)?)
    }

    /// Reads the key from a key file of kind `TLS`.
    ///
    /// # Errors
    /// As [`keyfile::read`], or [`TlsError::Key`].
    pub fn read(path: &Path, passphrase: &Passphrase) -> Result<Self, TlsError> {
        Self::from_pkcs8(&keyfile::read(path, KIND, passphrase)?)
    }

    /// What the manifest says about this server.
    #[must_use]
    pub fn pin(&self) -> SpkiPin {
        self.pin
    }

    /// The server side of TLS 1.2 and 1.3 with this key.
    ///
    /// # Errors
    /// [`TlsError::Key`] when the provider refuses the key.
    pub fn server_config(&self) -> Result<Arc<ServerConfig>, TlsError> {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|_| TlsError::Key)?
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), key)
            .map_err(|_| TlsError::Key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity(pin {})", self.pin)
    }
}

/// A client that speaks only with the server whose key has this pin.
///
/// # Errors
/// [`TlsError::Key`] when the provider has no usable protocol version.
pub fn client_config(pin: SpkiPin) -> Result<ClientConfig, TlsError> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|_| TlsError::Key)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(PinVerifier {
            pin,
            provider: provider(),
        }))
        .with_no_client_auth();
    Ok(config)
}

pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// Accepts exactly one public key. The handshake signature is checked, so the
/// server must hold the private key.
#[derive(Debug)]
struct PinVerifier {
    pin: SpkiPin,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match SpkiPin::of(end_entity) {
            Ok(pin) if pin == self.pin => Ok(ServerCertVerified::assertion()),
            _ => Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            )),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A pin is not 64 hexadecimal digits.
    #[error("a pin is the SHA-256 of a public key: 64 hexadecimal digits")]
    Pin,
    /// A certificate could not be parsed.
    #[error("the certificate cannot be read")]
    Certificate,
    /// The private key could not be made or used.
    #[error("the TLS key cannot be used")]
    Key,
    /// The key file was refused.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
}

#[cfg(test)]
mod tests;
