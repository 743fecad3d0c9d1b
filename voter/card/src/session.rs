//! One card, from the reader to the end of its step.

use core::fmt;

use ballot::card_text::CardText;
use zeroize::Zeroizing;

use crate::apdu::{Application, file};
use crate::channel::{Channel, Presented};
use crate::error::CardError;
use crate::secret::{LastTry, NumberB, Pin};
use crate::signature::CardKey;
use crate::transport::Transport;

/// A signature of the card, wiped on drop.
pub type Signature = Zeroizing<[u8; 256]>;

/// Policy that marks test certificates, DER of its object identifier.
const TEST_POLICY: [u8; 13] = [
    0x06, 0x0B, 0x2A, 0x83, 0x08, 0x8C, 0x9B, 0x55, 0x08, 0x05, 0x01, 0x00, 0x1E,
];

/// What the card shows without a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFacts {
    /// Tries left for the PIN.
    pub pin_tries: u8,
    /// Tries left for 照合番号B.
    pub number_b_tries: u8,
    /// The certificate names the test policy: every page must say so.
    pub test_card: bool,
}

/// The two signed files behind the photo, as read. Wiped on drop.
#[derive(Clone)]
pub struct RawSurface {
    /// EF 0002.
    pub record: Zeroizing<Vec<u8>>,
    /// EF 0004, the municipality's certificate.
    pub municipality: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for RawSurface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawSurface(..)")
    }
}

/// A card that was recognised. Dropping the session closes it.
pub struct CardSession<T: Transport> {
    channel: Channel<T>,
    facts: CardFacts,
    certificate: Vec<u8>,
    key: CardKey,
    pin_open: bool,
    number_open: bool,
}

impl<T: Transport> fmt::Debug for CardSession<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardSession(..)")
    }
}

impl<T: Transport> CardSession<T> {
    /// Recognises the card and reads what is free to read.
    ///
    /// # Errors
    /// Not a card that can vote, or reader and card faults.
    pub fn open(transport: T) -> Result<Self, CardError> {
        let mut channel = Channel::new(transport);
        match Self::recognise(&mut channel) {
            Ok((facts, certificate, key)) => Ok(Self {
                channel,
                facts,
                certificate,
                key,
                pin_open: false,
                number_open: false,
            }),
            Err(error) => {
                channel.close();
                Err(error)
            }
        }
    }

    fn recognise(channel: &mut Channel<T>) -> Result<(CardFacts, Vec<u8>, CardKey), CardError> {
        if !channel.select(Application::Jpki).map_err(unreadable)? {
            return Err(CardError::WrongCard);
        }
        read_token(channel)?;
        let certificate = read_certificate(channel)?;
        let key = CardKey::from_certificate(&certificate)?;
        // Going to the other application and back also ends what an earlier program left open.
        let number_b_tries = if channel.select(Application::Surface)? {
            need_file(channel, file::NUMBER_B)?;
            tries(channel.tries()?)
        } else {
            return Err(CardError::WrongCard);
        };
        if !channel.select(Application::Jpki)? {
            return Err(CardError::WrongCard);
        }
        need_file(channel, file::PIN)?;
        let pin_tries = tries(channel.tries()?);
        let test_card = certificate
            .windows(TEST_POLICY.len())
            .any(|w| w == TEST_POLICY);
        Ok((
            CardFacts {
                pin_tries,
                number_b_tries,
                test_card,
            },
            certificate,
            key,
        ))
    }

    /// What the card showed when it was opened; the tries are kept up to date.
    #[must_use]
    pub fn facts(&self) -> &CardFacts {
        &self.facts
    }

    /// The authentication certificate, DER without filler.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Whether a signature can be asked for without showing the PIN again.
    #[must_use]
    pub fn pin_open(&self) -> bool {
        self.pin_open
    }

    fn enter(&mut self, application: Application) -> Result<(), CardError> {
        if self.channel.current() == Some(application) {
            return Ok(());
        }
        self.pin_open = false;
        self.number_open = false;
        if self.channel.select(application)? {
            Ok(())
        } else {
            Err(CardError::WrongCard)
        }
    }

    /// Tries left for the PIN, asked anew; uses none.
    ///
    /// # Errors
    /// Reader and card faults.
    pub fn pin_tries(&mut self) -> Result<u8, CardError> {
        self.enter(Application::Jpki)?;
        need_file(&mut self.channel, file::PIN)?;
        if let Presented::Left(left) = self.channel.tries()? {
            self.facts.pin_tries = left;
        }
        Ok(self.facts.pin_tries)
    }

    /// Shows the PIN to the card, once. The one place where it is decided whether a try may be
    /// used: with one left the PIN is not sent unless the voter agreed to it.
    ///
    /// # Errors
    /// [`CardError::PinLocked`] and [`CardError::PinLastTry`] before anything is sent;
    /// [`CardError::PinWrong`] or [`CardError::PinLocked`] after; reader and card faults. After a
    /// fault ask [`CardSession::pin_tries`] before anything else: the try may have been used.
    pub fn verify_pin(&mut self, pin: &Pin, last: LastTry) -> Result<(), CardError> {
        self.pin_open = false;
        match self.pin_tries()? {
            0 => return Err(CardError::PinLocked),
            1 if last == LastTry::NotAgreed => return Err(CardError::PinLastTry),
            _ => {}
        }
        match self.channel.show(pin.bytes())? {
            Presented::Right => {
                self.pin_open = true;
                self.facts.pin_tries = 3;
                Ok(())
            }
            Presented::Left(_) => match self.pin_tries()? {
                0 => Err(CardError::PinLocked),
                left => Err(CardError::PinWrong { left }),
            },
        }
    }

    /// Lets the card sign one of the two texts and checks the signature under its certificate.
    ///
    /// # Errors
    /// [`CardError::PinNeeded`], [`CardError::BadSignature`], reader and card faults.
    pub fn sign(&mut self, text: &CardText) -> Result<Signature, CardError> {
        if !self.pin_open || self.channel.current() != Some(Application::Jpki) {
            return Err(CardError::PinNeeded);
        }
        need_file(&mut self.channel, file::KEY)?;
        let made = self.channel.sign(&text.digest_info()).map_err(|e| {
            self.pin_open = false;
            locked(e, CardError::PinNeeded)
        })?;
        self.key.check(&text.to_bytes(), &made)?;
        fixed(&made)
    }

    /// Shows 照合番号B and reads the photo record and the municipality's certificate. Ends what
    /// the PIN opened.
    ///
    /// # Errors
    /// [`CardError::NumberBLocked`], [`CardError::NumberBWrong`], reader and card faults.
    pub fn read_surface(&mut self, number: &NumberB) -> Result<RawSurface, CardError> {
        self.enter(Application::Surface)?;
        if !self.number_open {
            self.show_number(number)?;
        }
        need_file(&mut self.channel, file::RECORD)?;
        let record = self.channel.element(&[0xFF, 0x20]).map_err(|e| {
            self.number_open = false;
            locked(e, CardError::NumberBNeeded)
        })?;
        let record = record.ok_or(CardError::Damaged)?;
        need_file(&mut self.channel, file::MUNICIPALITY)?;
        let municipality = self
            .channel
            .element(&[0x7F, 0x21])?
            .ok_or(CardError::Damaged)?;
        Ok(RawSurface {
            record,
            municipality,
        })
    }

    fn show_number(&mut self, number: &NumberB) -> Result<(), CardError> {
        need_file(&mut self.channel, file::NUMBER_B)?;
        if self.channel.tries()? == Presented::Left(0) {
            self.facts.number_b_tries = 0;
            return Err(CardError::NumberBLocked);
        }
        match self.channel.show(number.bytes())? {
            Presented::Right => {
                self.number_open = true;
                self.facts.number_b_tries = 10;
                Ok(())
            }
            Presented::Left(left) => {
                self.facts.number_b_tries = left;
                Err(if left == 0 {
                    CardError::NumberBLocked
                } else {
                    CardError::NumberBWrong { left }
                })
            }
        }
    }

    /// Lets the 券面 key sign a fresh nonce, which proves that the card with the photo is here.
    /// Whether the key is the photo record's is checked with the record.
    ///
    /// # Errors
    /// Reader and card faults.
    pub fn sign_surface_nonce(&mut self, nonce: &[u8; 32]) -> Result<Signature, CardError> {
        self.enter(Application::Surface)?;
        let made = self.channel.sign(&nonce_info(nonce))?;
        fixed(&made)
    }

    /// Selects another application, takes the card's power, and lets go of it.
    pub fn close(self) {
        drop(self);
    }
}

impl<T: Transport> Drop for CardSession<T> {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// A card that refuses to say whether it has the application is not a My Number card.
fn unreadable(error: CardError) -> CardError {
    match error {
        CardError::Status(_) | CardError::Reader(_) => CardError::WrongCard,
        other => other,
    }
}

/// "Security status not satisfied": the secret is needed (again).
fn locked(error: CardError, needed: CardError) -> CardError {
    if error == CardError::Status(0x6982) {
        needed
    } else {
        error
    }
}

fn need_file<T: Transport>(channel: &mut Channel<T>, id: u16) -> Result<(), CardError> {
    if channel.file(id)? {
        Ok(())
    } else {
        Err(CardError::Damaged)
    }
}

fn read_token<T: Transport>(channel: &mut Channel<T>) -> Result<(), CardError> {
    need_file(channel, file::TOKEN)?;
    let label = channel.head(32)?;
    let text = label
        .split(|b| matches!(b, b' ' | 0))
        .next()
        .unwrap_or_default();
    match text {
        b"JPKIAPICCTOKEN2" => Ok(()),
        b"JPKIAPIOSTOKEN" | b"JPKIAPGPSETOKEN" => Err(CardError::PhoneToken),
        _ => Err(CardError::WrongCard),
    }
}

fn read_certificate<T: Transport>(channel: &mut Channel<T>) -> Result<Vec<u8>, CardError> {
    if channel.file(file::PRESENT)? && channel.head(3)?.iter().all(|byte| *byte == 0) {
        return Err(CardError::NoCertificate);
    }
    if !channel.file(file::CERTIFICATE)? {
        return Err(CardError::NoCertificate);
    }
    let mut der = channel.element(&[0x30])?.ok_or(CardError::NoCertificate)?;
    Ok(std::mem::take(&mut *der))
}

/// Tries left; a secret already open counts as full.
fn tries(presented: Presented) -> u8 {
    match presented {
        Presented::Left(left) => left,
        Presented::Right => 3,
    }
}

fn fixed(bytes: &[u8]) -> Result<Signature, CardError> {
    let mut out = Zeroizing::new([0; 256]);
    if bytes.len() != out.len() {
        return Err(CardError::BadSignature);
    }
    out.copy_from_slice(bytes);
    Ok(out)
}

/// `DigestInfo` of SHA-256 of a nonce.
fn nonce_info(nonce: &[u8; 32]) -> [u8; 51] {
    let mut info = [0; 51];
    let prefix = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        0x05, 0x00, 0x04, 0x20,
    ];
    let digest = ring::digest::digest(&ring::digest::SHA256, nonce);
    let bytes = prefix.iter().chain(digest.as_ref());
    for (to, from) in info.iter_mut().zip(bytes) {
        *to = *from;
    }
    info
}

#[cfg(test)]
mod tests;
