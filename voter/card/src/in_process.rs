//! A card inside this process, for tests and demonstrations.

use zeroize::Zeroizing;

use crate::transport::{Transport, TransportError};

/// Anything that answers commands as a card does.
pub trait Apdu: Send {
    /// Answers a command; no bytes mean that the card has left the reader.
    fn apdu(&mut self, command: &[u8]) -> Vec<u8>;
    /// Takes the power away and gives it back.
    fn power_cycle(&mut self);
}

/// Transport to an [`Apdu`].
#[derive(Debug)]
pub struct InProcess<T> {
    card: T,
    gone: bool,
}

impl<T: Apdu> InProcess<T> {
    /// A card just put on the reader.
    pub fn new(mut card: T) -> Self {
        card.power_cycle();
        Self { card, gone: false }
    }

    /// The card, to take it back.
    pub fn into_inner(self) -> T {
        self.card
    }
}

impl<T: Apdu> Transport for InProcess<T> {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        if self.gone {
            return Err(TransportError::Removed);
        }
        let answer = Zeroizing::new(self.card.apdu(command));
        self.gone = answer.is_empty();
        if self.gone {
            Err(TransportError::Removed)
        } else {
            Ok(answer)
        }
    }

    fn power_off(&mut self) {
        self.card.power_cycle();
    }
}
