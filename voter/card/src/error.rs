//! What can go wrong with a card, one variant for each rule. The booth decides what the voter reads
//! about each.

use crate::transport::TransportError;

/// Why a card step did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The reader service does not run.
    #[error("the reader service does not run")]
    Service,
    /// The service runs, and this user may not use it.
    #[error("this user may not use the reader service")]
    NoAccess,
    /// No reader is connected.
    #[error("no reader is connected")]
    NoReader,
    /// Another program holds the card.
    #[error("another program holds the card")]
    Shared,
    /// No card is on a reader.
    #[error("no card is on a reader")]
    NoCard,
    /// Not a My Number card, or it cannot be read.
    #[error("not a My Number card")]
    WrongCard,
    /// The card left the reader.
    #[error("the card left the reader")]
    Removed,
    /// The card holds no authentication certificate.
    #[error("the card has no authentication certificate")]
    NoCertificate,
    /// The certificate cannot be used: no RSA-2048 key.
    #[error("the certificate cannot be used")]
    Certificate,
    /// A telephone instead of a card.
    #[error("a telephone's certificate cannot be used")]
    PhoneToken,
    /// Wrong PIN.
    #[error("wrong PIN, {left} tries left")]
    PinWrong {
        /// Tries left, at least 1.
        left: u8,
    },
    /// One try is left and the voter has not said that it shall be used. Nothing was sent.
    #[error("one try is left")]
    PinLastTry,
    /// The PIN is locked.
    #[error("the PIN is locked")]
    PinLocked,
    /// Not four digits. Nothing was sent.
    #[error("the PIN is not four digits")]
    PinFormat,
    /// A signature was asked for without a PIN, or the card has forgotten it.
    #[error("the PIN has not been shown")]
    PinNeeded,
    /// Wrong 照合番号B.
    #[error("wrong number, {left} tries left")]
    NumberBWrong {
        /// Tries left, at least 1.
        left: u8,
    },
    /// 照合番号B is not fourteen digits. Nothing was sent.
    #[error("the number is not fourteen digits")]
    NumberBFormat,
    /// 照合番号B is locked.
    #[error("the number is locked")]
    NumberBLocked,
    /// The card says that 照合番号B has not been shown, although it was: it lost its power.
    #[error("the number is not open any more")]
    NumberBNeeded,
    /// A signature came back that is not one under the card's certificate.
    #[error("the card's signature is wrong")]
    BadSignature,
    /// A file on the card is damaged.
    #[error("a file on the card is damaged")]
    Damaged,
    /// The program tried to touch the My Number. A bug; nothing was sent.
    #[error("refused: this would touch the My Number")]
    Denied,
    /// Any other status word.
    #[error("the card answered {0:04X}")]
    Status(u16),
    /// The reader or card does not answer as it should.
    #[error("the reader failed: {0}")]
    Reader(TransportError),
}

impl From<TransportError> for CardError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Service => Self::Service,
            TransportError::NoAccess => Self::NoAccess,
            TransportError::NoReader => Self::NoReader,
            TransportError::NoCard => Self::NoCard,
            TransportError::Shared => Self::Shared,
            TransportError::Removed => Self::Removed,
            TransportError::Mute => Self::WrongCard,
            TransportError::Malformed | TransportError::Other(_) => Self::Reader(error),
        }
    }
}
