//! The wire to vpcd: two bytes of length, then a one-byte event or a command.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::card::{ATR, Card};
use crate::error::Error;

/// How long the reader may take to notice a card.
const NOTICE: Duration = Duration::from_secs(10);

/// A card in the reader. Dropping the link takes the card out.
#[derive(Debug)]
pub struct Link {
    stream: TcpStream,
    thread: Option<JoinHandle<()>>,
    card: Arc<Mutex<Card>>,
}

impl Link {
    /// Puts the card into the reader and waits until the reader has noticed it.
    ///
    /// # Errors
    /// When vpcd does not listen there or does not react.
    pub fn insert(vpcd: SocketAddr, card: Card) -> Result<Self, Error> {
        let stream = TcpStream::connect(vpcd).map_err(Error::io("connecting to vpcd"))?;
        let card = Arc::new(Mutex::new(card));
        let (sender, noticed): (Sender<()>, Receiver<()>) = channel();
        let other = stream.try_clone().map_err(Error::io("vpcd socket"))?;
        let shared = Arc::clone(&card);
        let thread = std::thread::spawn(move || {
            // An error is how a link ends: the card was taken out or the reader stopped.
            let _ended = serve(&other, &shared, &sender);
            let _gone = other.shutdown(Shutdown::Both);
        });
        let link = Self {
            stream,
            thread: Some(thread),
            card,
        };
        noticed
            .recv_timeout(NOTICE)
            .map_err(|_| Error::NotReady("the reader did not notice the card".into()))?;
        Ok(link)
    }

    /// The card in the reader.
    #[must_use]
    pub fn card(&self) -> &Arc<Mutex<Card>> {
        &self.card
    }

    /// Whether the card is still in the reader (a planted fault may have taken it out).
    #[must_use]
    pub fn present(&self) -> bool {
        self.thread
            .as_ref()
            .is_some_and(|thread| !thread.is_finished())
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let _closed = self.stream.shutdown(Shutdown::Both);
        if let Some(thread) = self.thread.take() {
            let _joined = thread.join();
        }
    }
}

/// vpcd sends length and payload apart and without TCP_NODELAY: without immediate
/// acknowledgements every command costs 40 ms. The option does not stick, so it is set before
/// every read.
fn quick(stream: &TcpStream) {
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::TcpStreamExt as _;
        let _best_effort = stream.set_quickack(true);
    }
    #[cfg(not(target_os = "linux"))]
    let _unused = stream;
}

fn serve(stream: &TcpStream, card: &Mutex<Card>, noticed: &Sender<()>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = stream;
    let mut powered = false;
    loop {
        quick(stream);
        let mut length = [0u8; 2];
        stream.read_exact(&mut length)?;
        quick(stream);
        let mut message = vec![0u8; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut message)?;
        let Ok(mut card) = card.lock() else {
            return Ok(());
        };
        let answer = match message.as_slice() {
            [event @ (0 | 1)] => {
                card.power_cycle();
                powered = *event == 1;
                None
            }
            // Warm reset: what was shown stays shown, as measured on real cards.
            [2] => None,
            [4] => Some(ATR.to_vec()),
            command => {
                let answer = card.apdu(command);
                if answer.is_empty() {
                    return Ok(());
                }
                Some(answer)
            }
        };
        drop(card);
        if let Some(answer) = answer {
            let length = u16::try_from(answer.len()).unwrap_or(u16::MAX);
            let frame = [&length.to_be_bytes()[..], &answer].concat();
            stream.write_all(&frame)?;
        }
        // The reader has asked for the answer to reset of a powered card: clients see it now.
        if powered {
            let _nobody_waits = noticed.send(());
        }
    }
}
