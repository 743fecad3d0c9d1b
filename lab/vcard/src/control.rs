//! One line in, one line out: `insert PERSONA`, `remove`, `fault …`, `status`, `quit`.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::card::Card;
use crate::card::fault::PlantedFault;
use crate::error::Error;
use crate::link::Link;
use crate::tries::Secret;

/// Longest line taken.
const LINE: u64 = 512;

/// Where the control protocol is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A TCP address.
    Tcp(SocketAddr),
    /// A path, written `unix:PATH`: it is reachable from every network namespace.
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) => Ok(Self::Unix(path.into())),
            None => text
                .parse()
                .map(Self::Tcp)
                .map_err(|e| format!("{text}: {e}")),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Sends one line and returns what follows `ok`.
///
/// # Errors
/// When nobody answers, or the answer is `error …`.
pub fn send(address: &Address, line: &str) -> Result<String, Error> {
    let answer = match address {
        Address::Tcp(to) => exchange(
            TcpStream::connect(to).map_err(Error::io("card control"))?,
            line,
        ),
        Address::Unix(path) => exchange(
            UnixStream::connect(path).map_err(Error::io("card control"))?,
            line,
        ),
    }
    .map_err(Error::io("card control"))?;
    match answer.strip_prefix("ok") {
        Some(rest) => Ok(rest.trim().to_owned()),
        None => Err(Error::Usage(format!("{line}: {answer}"))),
    }
}

fn exchange<S: Read + Write>(mut stream: S, line: &str) -> std::io::Result<String> {
    stream.write_all(format!("{line}\n").as_bytes())?;
    stream.flush()?;
    let mut answer = String::new();
    BufReader::new(stream.take(LINE)).read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// The reader's slot and the folder its cards come from.
#[derive(Debug)]
pub struct Slot {
    personas: PathBuf,
    vpcd: SocketAddr,
    link: Option<Link>,
    next_fault: PlantedFault,
}

impl Slot {
    /// An empty slot; `personas` holds one folder a card.
    #[must_use]
    pub fn new(personas: PathBuf, vpcd: SocketAddr) -> Self {
        Self {
            personas,
            vpcd,
            link: None,
            next_fault: PlantedFault::None,
        }
    }

    /// Puts a persona's card in, taking out what was there.
    ///
    /// # Errors
    /// When there is no such persona or no reader.
    pub fn insert(&mut self, id: &str) -> Result<(), Error> {
        if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(Error::Usage(format!("{id:?} is no persona")));
        }
        self.remove();
        let mut card = Card::load(&self.personas.join(id))?;
        card.set_fault(std::mem::take(&mut self.next_fault));
        self.link = Some(Link::insert(self.vpcd, card)?);
        Ok(())
    }

    /// Takes the card out.
    pub fn remove(&mut self) {
        self.link = None;
    }

    /// Plants a fault in the card, or in the next one if the slot is empty.
    pub fn fault(&mut self, fault: PlantedFault) {
        match self.link.as_ref().filter(|link| link.present()) {
            Some(link) => link
                .card()
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .set_fault(fault),
            None => self.next_fault = fault,
        }
    }

    /// One line about the slot.
    #[must_use]
    pub fn status(&self) -> String {
        match self.link.as_ref().filter(|link| link.present()) {
            None => "empty".to_owned(),
            Some(link) => {
                let card = link.card().lock().unwrap_or_else(PoisonError::into_inner);
                format!(
                    "inserted {} apdus {} tries {} {} my-number {}",
                    card.persona().id,
                    card.count(),
                    card.tries_left(Secret::AuthPin),
                    card.tries_left(Secret::NumberB),
                    card.my_number_touched(),
                )
            }
        }
    }

    /// Answers one line of the protocol.
    pub fn answer(&mut self, line: &str) -> String {
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = match words.as_slice() {
            ["insert", id] => self
                .insert(id)
                .map(|()| format!("inserted {id}"))
                .map_err(|e| e.to_string()),
            ["remove"] => {
                self.remove();
                Ok("removed".to_owned())
            }
            ["fault", rest @ ..] => PlantedFault::parse(rest).map(|fault| {
                self.fault(fault);
                "fault set".to_owned()
            }),
            ["status"] => Ok(self.status()),
            _ => Err("insert PERSONA | remove | fault … | status".to_owned()),
        };
        match done {
            Ok(text) => format!("ok {text}"),
            Err(text) => format!("error {}", text.replace('\n', " ")),
        }
    }
}

/// Listens at every address and answers in threads of their own.
///
/// # Errors
/// When an address cannot be bound.
pub fn listen(slot: &Arc<Mutex<Slot>>, addresses: &[Address]) -> Result<(), Error> {
    for address in addresses {
        let slot = Arc::clone(slot);
        match address {
            Address::Tcp(at) => {
                let listener = TcpListener::bind(at).map_err(Error::io("card control"))?;
                std::thread::spawn(move || {
                    for stream in listener.incoming().flatten() {
                        talk(&slot, stream);
                    }
                });
            }
            Address::Unix(path) => {
                let _stale = std::fs::remove_file(path);
                let listener = UnixListener::bind(path).map_err(Error::io("card control"))?;
                std::thread::spawn(move || {
                    for stream in listener.incoming().flatten() {
                        talk(&slot, stream);
                    }
                });
            }
        }
    }
    Ok(())
}

fn talk<S: Read + Write + Send + 'static>(slot: &Arc<Mutex<Slot>>, stream: S) {
    let slot = Arc::clone(slot);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        loop {
            let mut line = String::new();
            match reader.by_ref().take(LINE).read_line(&mut line) {
                Ok(1..) => {}
                _ => return,
            }
            let answer = slot
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .answer(&line);
            if reader
                .get_mut()
                .write_all(format!("{answer}\n").as_bytes())
                .is_err()
            {
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests;
