//! The three keys of a validator: engine (Ed25519), node (Schnorr), gateway (TLS).

use api::hex::Hex;
use commonware_codec::{Copying, DecodeExt as _};
use commonware_cryptography::{Signer as _, ed25519};
use crypto::Point;
use crypto::schnorr::SigningKey;
use host::keyfile::{self, Cost, KeyFileError};
use host::passphrase::Passphrase;
use host::tls::{Identity, TlsError};
use rand::Rng as _;
use std::path::Path;
use zeroize::Zeroizing;

/// Kind of the engine's key file.
pub const ENGINE_KIND: &str = "ED25519";
/// Kind of the node's key file.
pub const NODE_KIND: &str = "SCHNORR";
/// File name of the engine's key.
pub const ENGINE_FILE: &str = "engine.key";
/// File name of the node's key.
pub const NODE_FILE: &str = "node.key";
/// File name of the gateway's TLS key.
pub const TLS_FILE: &str = "tls.key";

/// The keys of one validator, opened.
pub struct Keys {
    /// Signs votes of the engine and its connections.
    pub engine: ed25519::PrivateKey,
    /// Signs "seen", refusals and "no ballot".
    pub node: SigningKey,
    /// Identity of the gateway.
    pub tls: Identity,
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Keys({})", self.engine.public_key())
    }
}

/// Why keys could not be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A key file cannot be written, read or opened.
    #[error("{file}: {cause}")]
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        cause: KeyFileError,
    },
    /// The file opens but holds no key of this kind.
    #[error("{0}: not a key of this kind")]
    Content(String),
    /// The TLS key cannot be made, written or read.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl Keys {
    /// Draws fresh keys.
    ///
    /// # Errors
    /// When the TLS certificate cannot be made.
    pub fn generate() -> Result<Self, KeyError> {
        let mut rng = rand::rng();
        let mut seed = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(seed.as_mut());
        let engine = ed25519::PrivateKey::decode(Copying(seed.as_ref()))
            .map_err(|_| KeyError::Content(ENGINE_FILE.to_owned()))?;
        Ok(Self {
            engine,
            node: SigningKey::generate(&mut rng),
            tls: Identity::generate()?,
        })
    }

    /// Draws fresh keys and writes them into `folder`; never replaces a file.
    ///
    /// # Errors
    /// When a file exists or cannot be written.
    pub fn create(folder: &Path, passphrase: &Passphrase, cost: Cost) -> Result<Self, KeyError> {
        let mut rng = rand::rng();
        let mut seed = Zeroizing::new([0u8; 32]);
        rng.fill_bytes(seed.as_mut());
        let write = |name: &str, kind: &str, secret: &[u8]| {
            keyfile::write(&folder.join(name), kind, secret, passphrase, cost).map_err(|cause| {
                KeyError::File {
                    file: name.to_owned(),
                    cause,
                }
            })
        };
        let engine = ed25519::PrivateKey::decode(Copying(seed.as_ref()))
            .map_err(|_| KeyError::Content(ENGINE_FILE.to_owned()))?;
        let node = SigningKey::generate(&mut rng);
        let tls = Identity::generate()?;
        write(ENGINE_FILE, ENGINE_KIND, seed.as_ref())?;
        write(NODE_FILE, NODE_KIND, node.to_secret_bytes().as_ref())?;
        tls.write(&folder.join(TLS_FILE), passphrase, cost)?;
        Ok(Self { engine, node, tls })
    }

    /// Opens the three key files in `folder`.
    ///
    /// # Errors
    /// When one is missing, does not open with the passphrase or holds something else.
    pub fn open(folder: &Path, passphrase: &Passphrase) -> Result<Self, KeyError> {
        let read = |name: &str, kind: &str| {
            keyfile::read(&folder.join(name), kind, passphrase).map_err(|cause| KeyError::File {
                file: name.to_owned(),
                cause,
            })
        };
        let engine =
            ed25519::PrivateKey::decode(Copying(read(ENGINE_FILE, ENGINE_KIND)?.as_slice()))
                .map_err(|_| KeyError::Content(ENGINE_FILE.to_owned()))?;
        let secret = read(NODE_FILE, NODE_KIND)?;
        let node = <&[u8; 32]>::try_from(secret.as_slice())
            .ok()
            .and_then(SigningKey::from_bytes)
            .ok_or_else(|| KeyError::Content(NODE_FILE.to_owned()))?;
        let tls = Identity::read(&folder.join(TLS_FILE), passphrase)?;
        Ok(Self { engine, node, tls })
    }

    /// The engine's public key.
    #[must_use]
    pub fn engine_key(&self) -> Hex<[u8; 32]> {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.engine.public_key().as_ref());
        Hex(bytes)
    }
    /// X25519 key of the gateway's door for relays, from the node's key: a key file less.
    #[must_use]
    pub fn door(&self) -> Zeroizing<[u8; 32]> {
        let secret = self.node.to_secret_bytes();
        let wide = Zeroizing::new(crypto::hash::hash("node-door", &[secret.as_ref()]).0);
        let mut door = Zeroizing::new([0; 32]);
        door.copy_from_slice(wide.first_chunk::<32>().unwrap_or(&[0; 32]));
        door
    }
    /// The door's public key.
    #[must_use]
    pub fn door_public(&self) -> [u8; 32] {
        crypto::x25519::public(&self.door())
    }
    /// The node's public key.
    #[must_use]
    pub fn node_key(&self) -> Hex<Point> {
        Hex(self.node.public())
    }
}
