//! The single place from which commands leave. Here, and only here, the deny list is enforced.

use zeroize::Zeroizing;

use crate::apdu::{self, Application};
use crate::error::CardError;
use crate::transport::Transport;

/// 券面事項入力補助AP: its file 1 is the My Number, so the application is never selected at all.
const TEXT_AID: [u8; 10] = [0xD3, 0x92, 0x10, 0, 0x31, 0, 1, 1, 4, 8];
/// Files and secrets of the 券面 application that hold the My Number: its image, 照合番号A.
const SURFACE_DENIED: [u16; 2] = [0x0005, 0x0013];
/// Longest file read.
const LONGEST: usize = 32_767;

/// Whether a command would touch the My Number, given the selected application. Everything that
/// is not one of the commands this crate builds is refused as well.
#[must_use]
pub fn denied(current: Option<Application>, command: &[u8]) -> bool {
    match command {
        [0x00, 0xA4, 0x04, 0x0C, 0x0A, aid @ ..] => {
            *aid == TEXT_AID
                || ![Application::Jpki, Application::Surface, Application::Common]
                    .iter()
                    .any(|known| *aid == known.aid())
        }
        [0x00, 0xA4, 0x02, 0x0C, 0x02, high, low] => {
            let id = u16::from_be_bytes([*high, *low]);
            match current {
                Some(Application::Surface) => SURFACE_DENIED.contains(&id),
                Some(Application::Jpki) => false,
                _ => true,
            }
        }
        // Only files selected before: no short identifiers in P1 or P2.
        [0x00, 0xB0, high, ..] => high & 0x80 != 0,
        [0x00, 0x20, 0x00, 0x80, ..] => false,
        [0x80, 0x2A, 0x00, key, 51, ..] => match current {
            Some(Application::Jpki) => *key != 0x80,
            Some(Application::Surface) => *key != 0x00,
            _ => true,
        },
        _ => true,
    }
}

/// Status words of interest.
const OK: u16 = 0x9000;
const SHORT: u16 = 0x6282;
const NOT_FOUND: u16 = 0x6A82;
const LOCKED: [u16; 2] = [0x6983, 0x6984];

/// What the card said to a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presented {
    /// It is right, or was shown before.
    Right,
    /// Wrong, or not yet shown: tries left.
    Left(u8),
}

/// A card with its selected application.
pub(crate) struct Channel<T> {
    transport: T,
    current: Option<Application>,
    extended: bool,
}

impl<T: Transport> Channel<T> {
    pub(crate) fn new(transport: T) -> Self {
        Self {
            transport,
            current: None,
            extended: true,
        }
    }

    /// The application selected last.
    pub(crate) fn current(&self) -> Option<Application> {
        self.current
    }

    fn send(&mut self, command: &[u8]) -> Result<(Zeroizing<Vec<u8>>, u16), CardError> {
        if denied(self.current, command) {
            return Err(CardError::Denied);
        }
        let mut answer = self.transport.transmit(command)?;
        let status = match answer.as_slice() {
            [.., a, b] => u16::from_be_bytes([*a, *b]),
            _ => return Err(CardError::Reader(crate::TransportError::Malformed)),
        };
        let length = answer.len().saturating_sub(2);
        answer.truncate(length);
        Ok((answer, status))
    }

    fn expect_ok(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        match self.send(command)? {
            (data, OK) => Ok(data),
            (_, status) => Err(CardError::Status(status)),
        }
    }

    /// Selects an application; false if the card has none such. Selecting ends what was open in
    /// another one.
    pub(crate) fn select(&mut self, application: Application) -> Result<bool, CardError> {
        self.current = None;
        match self.send(&apdu::select_application(application))? {
            (_, OK) => {
                self.current = Some(application);
                Ok(true)
            }
            (_, NOT_FOUND) => Ok(false),
            (_, status) => Err(CardError::Status(status)),
        }
    }

    /// Selects a file; false if it does not exist.
    pub(crate) fn file(&mut self, id: u16) -> Result<bool, CardError> {
        match self.send(&apdu::select_file(id))? {
            (_, OK) => Ok(true),
            (_, NOT_FOUND) => Ok(false),
            (_, status) => Err(CardError::Status(status)),
        }
    }

    /// Tries left for the selected secret; uses none.
    pub(crate) fn tries(&mut self) -> Result<Presented, CardError> {
        let (_, status) = self.send(&apdu::tries())?;
        presented(status)
    }

    /// Shows a secret to the selected file, once.
    pub(crate) fn show(&mut self, secret: &[u8]) -> Result<Presented, CardError> {
        let (_, status) = self.send(&apdu::verify(secret))?;
        presented(status)
    }

    /// A signature by the selected key (JPKI) or by the 券面 key.
    pub(crate) fn sign(&mut self, info: &[u8; 51]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let key = if self.current == Some(Application::Jpki) {
            0x80
        } else {
            0x00
        };
        self.expect_ok(&apdu::sign(key, info))
    }

    /// At most 256 bytes from the start of the selected file.
    pub(crate) fn head(&mut self, length: u16) -> Result<Zeroizing<Vec<u8>>, CardError> {
        match self.send(&apdu::read_short(0, length))? {
            (data, OK | SHORT) => Ok(data),
            (_, status) => Err(CardError::Status(status)),
        }
    }

    /// The whole element at the start of the selected file, as long as its own length says;
    /// filler behind it is left out. None if the file does not begin with `tag`.
    pub(crate) fn element(&mut self, tag: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, CardError> {
        let head = self.head(256)?;
        if !head.starts_with(tag) {
            return Ok(None);
        }
        let total = element_length(&head, tag.len())
            .filter(|total| *total <= LONGEST)
            .ok_or(CardError::Damaged)?;
        let mut out = Zeroizing::new(Vec::with_capacity(total.max(head.len())));
        out.extend_from_slice(&head);
        while out.len() < total {
            let more = self.portion(out.len(), total - out.len())?;
            if more.is_empty() || out.len() + more.len() > total {
                return Err(CardError::Damaged);
            }
            out.extend_from_slice(&more);
        }
        out.truncate(total);
        Ok(Some(out))
    }

    fn portion(&mut self, offset: usize, wanted: usize) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let at = u16::try_from(offset).map_err(|_| CardError::Damaged)?;
        if self.extended && wanted > 256 {
            let length = u16::try_from(wanted).map_err(|_| CardError::Damaged)?;
            match self.send(&apdu::read_extended(at, length)) {
                Ok((data, OK | SHORT)) if !data.is_empty() => return Ok(data),
                Err(error @ (CardError::Removed | CardError::Denied)) => return Err(error),
                // Many readers and old cards know short commands only.
                _ => self.extended = false,
            }
        }
        let length = u16::try_from(wanted.min(256)).map_err(|_| CardError::Damaged)?;
        match self.send(&apdu::read_short(at, length))? {
            (data, OK | SHORT) => Ok(data),
            (_, status) => Err(CardError::Status(status)),
        }
    }

    /// Selects a harmless application, so that nothing stays open, and takes the power away.
    pub(crate) fn close(&mut self) {
        // A card that has left or never answered holds nothing open.
        let _best_effort = self.select(Application::Common);
        self.current = None;
        self.transport.power_off();
    }
}

fn presented(status: u16) -> Result<Presented, CardError> {
    match status {
        OK => Ok(Presented::Right),
        status if status & 0xFFF0 == 0x63C0 => {
            let [_, low] = status.to_be_bytes();
            Ok(Presented::Left(low & 0x0F))
        }
        status if LOCKED.contains(&status) => Ok(Presented::Left(0)),
        status => Err(CardError::Status(status)),
    }
}

/// Tag, length and value together.
fn element_length(bytes: &[u8], tag: usize) -> Option<usize> {
    match bytes.get(tag..)? {
        [n @ 0..=0x7F, ..] => Some(tag + 1 + usize::from(*n)),
        [0x81, n, ..] => Some(tag + 2 + usize::from(*n)),
        [0x82, a, b, ..] => Some(tag + 3 + usize::from(u16::from_be_bytes([*a, *b]))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
