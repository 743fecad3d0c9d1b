//! My Number card over PC/SC: certificate, PIN, two kinds of signature, photo record. Nothing
//! else is ever asked of the card; files and secrets that hold the My Number are on a deny list.

mod apdu;
mod channel;
mod error;
mod in_process;
mod pcsc_transport;
mod secret;
mod session;
mod signature;
mod transport;

pub use apdu::Application;
pub use channel::denied;
pub use error::CardError;
pub use in_process::{Apdu, InProcess};
pub use pcsc_transport::{
    Content, PcscTransport, Reader, card_present, readers, readers_with_card,
};
pub use secret::{LastTry, NumberB, Pin};
pub use session::{CardFacts, CardSession, RawSurface, Signature};
pub use transport::{Transport, TransportError};
