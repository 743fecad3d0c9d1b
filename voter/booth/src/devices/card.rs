//! A My Number card over any transport: PC/SC at home and at kiosks, in process in the demo.

use std::ffi::{CStr, CString};

use ballot::card_text::CardText;
use card::{
    CardError, CardSession, Content, LastTry, NumberB, Pin, Reader, Transport, TransportError,
};
use jpki::{AuthCertificate, SurfaceRecord, TrustStore};
use rand::TryRng as _;
use rand::rngs::SysRng;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::checkup::{CardLook, ReaderLook};
use crate::fault::Fault;
use crate::ports::{CardFacts, CardPort, CardSigner, Photo};

/// Where cards come from.
pub trait ReaderPort: Send {
    /// The readers on which a card lies, by their names: every one of them is looked at.
    ///
    /// # Errors
    /// No service, no reader, no card.
    fn readers(&mut self) -> Result<Vec<CString>, TransportError>;
    /// Connects to the card that lies on this reader, for this program alone.
    ///
    /// # Errors
    /// What the reader says.
    fn connect(&mut self, reader: &CStr) -> Result<Box<dyn Transport>, TransportError>;
    /// Whether a card lies on a reader.
    fn present(&mut self) -> bool;
    /// All readers, empty ones too, and what is in them.
    ///
    /// # Errors
    /// No service, no right to use it, no reader.
    fn all(&mut self) -> Result<Vec<Reader>, TransportError> {
        let look = |name: CString| Reader {
            name: name.to_string_lossy().into_owned(),
            content: Content::Card,
        };
        Ok(self.readers()?.into_iter().map(look).collect())
    }
}

/// Real readers, through PC/SC.
#[derive(Debug)]
pub struct PcscReader;

impl ReaderPort for PcscReader {
    fn readers(&mut self) -> Result<Vec<CString>, TransportError> {
        card::readers_with_card()
    }

    fn connect(&mut self, reader: &CStr) -> Result<Box<dyn Transport>, TransportError> {
        let transport = card::PcscTransport::connect_to(reader.to_owned())?;
        Ok(Box::new(transport))
    }

    fn present(&mut self) -> bool {
        // An error is no sight of a card.
        card::card_present().unwrap_or(false)
    }

    fn all(&mut self) -> Result<Vec<Reader>, TransportError> {
        card::readers()
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

    fn open_on(&mut self, reader: &CStr) -> Result<CardFacts, Fault> {
        let transport = self.reader.connect(reader).map_err(|e| fault(e.into()))?;
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

    fn session(&mut self) -> Result<&mut CardSession<Box<dyn Transport>>, Fault> {
        self.session.as_mut().ok_or(Fault::CardGone)
    }

    /// The photo, if the municipality signed its record and the card holds the record's key: it is
    /// not a copied file.
    fn surface(&mut self, number: &NumberB) -> Result<Photo, CardError> {
        let session = self.session.as_mut().ok_or(CardError::Removed)?;
        let raw = session.read_surface(number)?;
        let signed = SurfaceRecord::parse(&raw.record)
            .and_then(|record| record.verify(&raw.municipality, &self.trust))
            .map_err(|_| CardError::BadSignature)?;
        let mut nonce = [0; 32];
        SysRng
            .try_fill_bytes(&mut nonce)
            .map_err(|_| CardError::BadSignature)?;
        let signature = session.sign_surface_nonce(&nonce)?;
        signed
            .check_nonce(&nonce, signature.as_ref())
            .map_err(|_| CardError::BadSignature)?;
        Ok(Photo(Zeroizing::new(signed.photo().to_vec())))
    }
}

impl core::fmt::Debug for CardReader {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CardReader")
    }
}

impl CardPort for CardReader {
    /// The first My Number card on any reader. Without one, what a card says that is nearly right
    /// comes before a card of another kind.
    fn open(&mut self) -> Result<CardFacts, Fault> {
        self.session = None;
        let readers = self.reader.readers().map_err(|e| fault(e.into()))?;
        let mut why = Fault::NoCard;
        for reader in &readers {
            match self.open_on(reader) {
                Ok(facts) => return Ok(facts),
                Err(Fault::NoCard) => {}
                Err(fault) if matches!(why, Fault::NoCard | Fault::WrongCard) => why = fault,
                Err(_) => {}
            }
        }
        Err(why)
    }

    fn look(&mut self) -> ReaderLook {
        let readers = self.reader.all().map_err(|e| fault(e.into()));
        let card = self.open().and_then(|_| {
            let session = self.session()?;
            let facts = session.facts();
            let certificate = AuthCertificate::parse(session.certificate());
            Ok(CardLook {
                pin_tries: facts.pin_tries,
                number_tries: facts.number_b_tries,
                until: certificate.ok().map(|known| known.not_after_ms()),
                test_card: facts.test_card,
            })
        });
        ReaderLook { readers, card }
    }

    fn present(&mut self) -> bool {
        self.reader.present()
    }

    fn unlock(&mut self, pin: &Pin, last: LastTry) -> Result<(), Fault> {
        self.session()?.verify_pin(pin, last).map_err(fault)
    }

    fn unlocked(&self) -> bool {
        self.session.as_ref().is_some_and(CardSession::pin_open)
    }

    fn photo(&mut self, number: &NumberB) -> Result<Photo, Fault> {
        self.surface(number).map_err(|error| match error {
            CardError::BadSignature => Fault::SurfaceSignature,
            other => fault(other),
        })
    }

    fn close(&mut self) {
        // Dropping it takes the card's power, and with it the state of the PIN.
        self.session = None;
    }
}

impl CardSigner for CardReader {
    fn certificate(&mut self) -> Result<Vec<u8>, Fault> {
        Ok(self.session()?.certificate().to_vec())
    }

    fn sign(&mut self, text: &CardText) -> Result<Zeroizing<[u8; 256]>, Fault> {
        self.session()?.sign(text).map_err(fault)
    }
}

fn fault(error: CardError) -> Fault {
    match error {
        CardError::Service => Fault::ReaderService,
        CardError::NoAccess => Fault::ReaderAccess,
        CardError::NoReader => Fault::NoReader,
        CardError::Shared => Fault::ReaderShared,
        CardError::NoCard => Fault::NoCard,
        CardError::WrongCard => Fault::WrongCard,
        CardError::Removed => Fault::CardGone,
        CardError::NoCertificate => Fault::NoCertificate,
        CardError::Certificate | CardError::BadSignature => Fault::CertificateRefused,
        CardError::PhoneToken => Fault::PhoneToken,
        CardError::PinLastTry => Fault::PinLast,
        CardError::PinWrong { left } => Fault::PinWrong { left },
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
