//! PC/SC: the reader service of the operating system.

use std::ffi::CString;
use std::time::{Duration, Instant};

use pcsc::{
    Card, Context, Disposition, Error, MAX_BUFFER_SIZE_EXTENDED, Protocols, ReaderState, Scope,
    ShareMode, State,
};
use zeroize::Zeroizing;

use crate::transport::{Transport, TransportError};

/// How long another program may hold the card before we give up.
const SHARED: Duration = Duration::from_secs(3);
/// How long the service may take to notice that a card has left.
const NOTICE: Duration = Duration::from_millis(1500);

/// Exclusive connection to the card on a reader.
pub struct PcscTransport {
    context: Context,
    reader: CString,
    card: Option<Card>,
    buffer: Zeroizing<Vec<u8>>,
}

impl core::fmt::Debug for PcscTransport {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "PcscTransport({})", self.reader.to_string_lossy())
    }
}

/// A reader and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its name in the system.
    pub name: String,
    /// What it says about a card.
    pub content: Content,
}

/// What a reader says about a card, without touching it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing is in it.
    Empty,
    /// A card that answers.
    Card,
    /// A card that another program keeps for itself.
    InUse,
    /// Something that does not answer to power: not a chip, or the wrong way round.
    Mute,
}

/// All readers, one by one.
///
/// # Errors
/// [`TransportError::Service`], [`TransportError::NoAccess`], [`TransportError::NoReader`].
pub fn readers() -> Result<Vec<Reader>, TransportError> {
    let context = establish()?;
    let look = |state: &ReaderState| Reader {
        name: state.name().to_string_lossy().into_owned(),
        content: content(state.event_state()),
    };
    Ok(states(&context)?.iter().map(look).collect())
}

fn content(state: State) -> Content {
    if !state.contains(State::PRESENT) {
        Content::Empty
    } else if state.contains(State::MUTE) {
        Content::Mute
    } else if state.contains(State::EXCLUSIVE) {
        Content::InUse
    } else {
        Content::Card
    }
}

/// Whether a card lies on any reader now.
///
/// # Errors
/// When there is no service or no reader.
pub fn card_present() -> Result<bool, TransportError> {
    let context = establish()?;
    Ok(!with_card(&context)?.is_empty())
}

/// The readers on which a card lies now, in the system's order.
///
/// # Errors
/// When there is no service or no reader; [`TransportError::NoCard`].
pub fn readers_with_card() -> Result<Vec<CString>, TransportError> {
    let readers = with_card(&establish()?)?;
    if readers.is_empty() {
        Err(TransportError::NoCard)
    } else {
        Ok(readers)
    }
}

impl PcscTransport {
    /// Connects to the first reader that has a card, whatever its place in the list.
    ///
    /// # Errors
    /// No service, no reader, no card, card in use, card mute.
    pub fn connect() -> Result<Self, TransportError> {
        let mut readers = readers_with_card()?.into_iter();
        Self::connect_to(readers.next().ok_or(TransportError::NoCard)?)
    }

    /// Connects to the card on this reader and keeps other programs out. If one holds the card, it
    /// gets three seconds to release it.
    ///
    /// # Errors
    /// No service, no reader, no card, card in use, card mute.
    pub fn connect_to(reader: CString) -> Result<Self, TransportError> {
        let context = establish()?;
        let started = Instant::now();
        let card = loop {
            match context.connect(&reader, ShareMode::Exclusive, Protocols::ANY) {
                Ok(card) => break card,
                Err(Error::SharingViolation) if started.elapsed() < SHARED => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                Err(Error::NoSmartcard | Error::RemovedCard) => return Err(TransportError::NoCard),
                Err(error) => return Err(translate(error)),
            }
        };
        let buffer = Zeroizing::new(vec![0; MAX_BUFFER_SIZE_EXTENDED]);
        Ok(Self {
            context,
            reader,
            card: Some(card),
            buffer,
        })
    }

    /// The name of the reader.
    #[must_use]
    pub fn reader(&self) -> String {
        self.reader.to_string_lossy().into_owned()
    }

    /// Whether the service sees the card leave within a moment. Readers differ in the error a
    /// command gets when its card is pulled out.
    fn card_left(&self) -> bool {
        let started = Instant::now();
        while started.elapsed() < NOTICE {
            match states(&self.context) {
                Ok(states) => {
                    let ours = states
                        .iter()
                        .find(|state| state.name() == self.reader.as_c_str());
                    if ours.is_none_or(|state| !state.event_state().contains(State::PRESENT)) {
                        return true;
                    }
                }
                Err(_) => return true,
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

impl Transport for PcscTransport {
    fn transmit(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let card = self.card.as_ref().ok_or(TransportError::Removed)?;
        let result = card
            .transmit(command, &mut self.buffer)
            .map(|answer| Zeroizing::new(answer.to_vec()));
        self.buffer.fill(0);
        match result {
            // Some drivers answer with nothing when the card is pulled out.
            Ok(answer) if answer.len() < 2 => {
                let left = self.card_left();
                Err(if left {
                    TransportError::Removed
                } else {
                    TransportError::Malformed
                })
            }
            Ok(answer) => Ok(answer),
            Err(Error::NotTransacted | Error::CommError | Error::ResetCard) if self.card_left() => {
                Err(TransportError::Removed)
            }
            Err(error) => Err(translate(error)),
        }
    }

    fn power_off(&mut self) {
        if let Some(card) = self.card.take() {
            // A card that has left has no power either.
            let _done = card.disconnect(Disposition::UnpowerCard);
        }
    }
}

impl Drop for PcscTransport {
    fn drop(&mut self) {
        self.power_off();
    }
}

fn establish() -> Result<Context, TransportError> {
    match Context::establish(Scope::User) {
        Ok(context) => Ok(context),
        Err(Error::NoAccess | Error::SecurityViolation) => Err(TransportError::NoAccess),
        // Whatever else it says at this point, the service cannot be used.
        Err(_) => Err(TransportError::Service),
    }
}

fn states(context: &Context) -> Result<Vec<ReaderState>, TransportError> {
    let names = match context.list_readers_owned() {
        Ok(names) => names,
        Err(Error::NoReadersAvailable) => Vec::new(),
        Err(error) => return Err(translate(error)),
    };
    if names.is_empty() {
        return Err(TransportError::NoReader);
    }
    let mut states: Vec<ReaderState> = names
        .into_iter()
        .map(|name| ReaderState::new(name, State::UNAWARE))
        .collect();
    match context.get_status_change(Duration::ZERO, &mut states) {
        Ok(()) | Err(Error::Timeout) => Ok(states),
        Err(error) => Err(translate(error)),
    }
}

fn with_card(context: &Context) -> Result<Vec<CString>, TransportError> {
    let states = states(context)?;
    let full = |state: &&ReaderState| state.event_state().contains(State::PRESENT);
    let names = states.iter().filter(full).map(|s| s.name().to_owned());
    Ok(names.collect())
}

fn translate(error: Error) -> TransportError {
    match error {
        Error::NoService | Error::ServiceStopped | Error::Shutdown | Error::InternalError => {
            TransportError::Service
        }
        Error::NoReadersAvailable | Error::UnknownReader | Error::ReaderUnavailable => {
            TransportError::NoReader
        }
        Error::NoSmartcard => TransportError::NoCard,
        Error::RemovedCard => TransportError::Removed,
        Error::SharingViolation => TransportError::Shared,
        Error::UnresponsiveCard
        | Error::UnpoweredCard
        | Error::UnsupportedCard
        | Error::UnknownCard
        | Error::ProtoMismatch => TransportError::Mute,
        Error::InsufficientBuffer => TransportError::Malformed,
        Error::NotTransacted => TransportError::Other("NotTransacted"),
        Error::CommError => TransportError::Other("CommError"),
        Error::ResetCard => TransportError::Other("ResetCard"),
        Error::NoAccess | Error::SecurityViolation => TransportError::NoAccess,
        _ => TransportError::Other("another error"),
    }
}
