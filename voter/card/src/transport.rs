//! How commands reach a card.

use zeroize::Zeroizing;

/// Why a command did not reach the card or no answer came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The reader service does not run.
    #[error("the reader service does not run")]
    Service,
    /// The service runs, and this user may not use it.
    #[error("this user may not use the reader service")]
    NoAccess,
    /// No reader is connected.
    #[error("no reader is connected")]
    NoReader,
    /// No card lies on a reader.
    #[error("no card is on a reader")]
    NoCard,
    /// Another program holds the card, and kept it for three seconds.
    #[error("another program holds the card")]
    Shared,
    /// The card left the reader.
    #[error("the card left the reader")]
    Removed,
    /// The card does not answer to power, or not in a known protocol.
    #[error("the card does not answer")]
    Mute,
    /// The answer is too short or too long to be one.
    #[error("the answer is malformed")]
    Malformed,
    /// Anything else the reader service says, by its name there.
    #[error("the reader service says {0}")]
    Other(&'static str),
}

/// A connection to one card.
pub trait Transport: Send {
    /// Sends a command and returns the answer with its two status bytes. Answers may hold a
    /// photo or a secret signature, so they are wiped.
    ///
    /// # Errors
    /// When no answer comes back. The command may have reached the card all the same.
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError>;
    /// Powers the card down and releases it.
    fn power_off(&mut self);
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        (**self).transmit(command)
    }
    fn power_off(&mut self) {
        (**self).power_off();
    }
}
