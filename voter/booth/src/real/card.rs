//! A My Number card over any transport: PC/SC at home and at kiosks, in process in the demo.

use ballot::card_text::CardText;
use card::{CardError, CardSession, Transport, TransportError};
use jpki::{SurfaceRecord, TrustStore};
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::ports::{CardFacts, CardPort, Photo, PhotoOutcome, PinOutcome};
use crate::secret::{NumberB, Pin};

/// Where cards come from.
pub trait ReaderPort: Send {
    /// Connects to the card that lies on a reader, for this program alone.
    ///
    /// # Errors
    /// What the reader says.
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError>;
    /// Whether a card lies on a reader.
    fn present(&mut self) -> bool;
}

/// Real readers, through PC/SC.
#[derive(Debug)]
pub struct PcscReader;

impl ReaderPort for PcscReader {
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(card::PcscTransport::connect()?))
    }

    fn present(&mut self) -> bool {
        // An error is no sight of a card.
        card::card_present().unwrap_or(false)
    }
}

/// The card edge of the session.
pub struct CardReader {
    reader: Box<dyn ReaderPort>,
    trust: TrustStore,
    session: Option<CardSession<Box<dyn Transport>>>,
}

impl CardReader {
    /// `trust` holds the municipalities' signers of photo records.
    #[must_use]
    pub fn new(reader: Box<dyn ReaderPort>, trust: TrustStore) -> Self {
        Self {
            reader,
            trust,
            session: None,
        }
    }

    fn session(&mut self) -> Result<&mut CardSession<Box<dyn Transport>>, Fault> {
        self.session.as_mut().ok_or(Fault::CardGone)
    }

    fn surface(&mut self, number: &NumberB) -> Result<Photo, SurfaceFault> {
        let number = card::NumberB::parse(number.expose())?;
        let session = self.session.as_mut().ok_or(CardError::Removed)?;
        let raw = session.read_surface(&number)?;
        let record = SurfaceRecord::parse(&raw.record).map_err(|_| SurfaceFault::Signature)?;
        let verified = record
            .verify(&raw.municipality, &self.trust)
            .map_err(|_| SurfaceFault::Signature)?;
        // The card itself holds the key named in the record: it is not a copied file.
        let mut nonce = [0; 32];
        SysRng
            .try_fill_bytes(&mut nonce)
            .map_err(|_| SurfaceFault::Signature)?;
        let signature = session.sign_surface_nonce(&nonce)?;
        verified
            .check_nonce(&nonce, signature.as_ref())
            .map_err(|_| SurfaceFault::Signature)?;
        Ok(Photo(Zeroizing::new(verified.photo().to_vec())))
    }
}

enum SurfaceFault {
    Card(CardError),
    Signature,
}

impl From<CardError> for SurfaceFault {
    fn from(error: CardError) -> Self {
        Self::Card(error)
    }
}

impl core::fmt::Debug for CardReader {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardReader")
    }
}

impl CardPort for CardReader {
    fn open(&mut self) -> Result<CardFacts, Fault> {
        self.session = None;
        let transport = self.reader.connect().map_err(|e| fault(e.into()))?;
        let session = CardSession::open(transport).map_err(fault)?;
        let facts = session.facts();
        let facts = CardFacts {
            tries_left: facts.pin_tries,
            test_card: facts.test_card,
            identity: Sha256::digest(session.certificate()).into(),
        };
        self.session = Some(session);
        Ok(facts)
    }

    fn present(&mut self) -> bool {
        self.reader.present()
    }

    fn tries_left(&mut self) -> Result<u8, Fault> {
        self.session()?.pin_tries().map_err(fault)
    }

    fn verify_pin(&mut self, pin: &Pin) -> Result<PinOutcome, Fault> {
        let pin = card::Pin::parse(pin.expose()).map_err(fault)?;
        // Whether the last try may be used was decided before.
        match self.session()?.verify_pin(&pin, true) {
            Ok(()) => Ok(PinOutcome::Right),
            Err(CardError::PinWrong { left }) => Ok(PinOutcome::Wrong { left }),
            Err(CardError::PinLocked) => Ok(PinOutcome::Wrong { left: 0 }),
            Err(error) => Err(fault(error)),
        }
    }

    fn photo(&mut self, number: &NumberB) -> Result<PhotoOutcome, Fault> {
        match self.surface(number) {
            Ok(photo) => Ok(PhotoOutcome::Photo(photo)),
            Err(SurfaceFault::Signature) => Ok(PhotoOutcome::BadSignature),
            Err(SurfaceFault::Card(CardError::NumberBWrong { left })) => {
                Ok(PhotoOutcome::Wrong { left })
            }
            Err(SurfaceFault::Card(CardError::NumberBLocked)) => {
                Ok(PhotoOutcome::Wrong { left: 0 })
            }
            Err(SurfaceFault::Card(CardError::BadSignature)) => Ok(PhotoOutcome::BadSignature),
            Err(SurfaceFault::Card(error)) => Err(fault(error)),
        }
    }

    fn certificate(&mut self) -> Result<Vec<u8>, Fault> {
        Ok(self.session()?.certificate().to_vec())
    }

    fn sign(&mut self, text: &CardText) -> Result<Zeroizing<[u8; 256]>, Fault> {
        self.session()?.sign(text).map_err(fault)
    }

    fn close(&mut self) {
        // Dropping it takes the card's power, and with it the state of the PIN.
        self.session = None;
    }
}

fn fault(error: CardError) -> Fault {
    match error {
        CardError::Service => Fault::ReaderService,
        CardError::NoReader => Fault::NoReader,
        CardError::Shared => Fault::ReaderShared,
        CardError::NoCard => Fault::NoCard,
        CardError::WrongCard => Fault::WrongCard,
        CardError::Removed => Fault::CardGone,
        CardError::NoCertificate => Fault::NoCertificate,
        CardError::Certificate | CardError::BadSignature => Fault::CertificateRefused,
        CardError::PhoneToken => Fault::PhoneToken,
        CardError::PinWrong { left } => Fault::PinWrong { left },
        CardError::PinLastTry => Fault::PinLast,
        CardError::PinLocked => Fault::PinLocked,
        CardError::PinFormat => Fault::PinFormat,
        CardError::NumberBWrong { left } => Fault::SurfaceWrong { left: Some(left) },
        CardError::NumberBFormat => Fault::SurfaceWrong { left: None },
        CardError::NumberBLocked => Fault::SurfaceLocked,
        CardError::PinNeeded => Fault::Internal("card: no PIN"),
        CardError::NumberBNeeded => Fault::Internal("card: no number"),
        CardError::Damaged => Fault::CardRead("damaged"),
        CardError::Denied => Fault::Internal("card: denied"),
        CardError::Status(_) => Fault::CardRead("status"),
        CardError::Reader(_) => Fault::CardRead("reader"),
    }
}
