//! `irefuda-booth-demo`: the booth with a virtual card inside, for demonstrations and tests where
//! there is no reader. Never part of a release.
//!
//! `card = "inprocess:DIR"` takes the persona in DIR. A file `removed` in DIR means that the card
//! was taken away; `pcsc` works as in the real booth.
//!
//! `--canaries FILE` notes the voting secret and the seed of every ballot, so that whoever runs
//! the demonstration can search for them everywhere else.

mod canary;

use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use booth::app::{Arguments, Dependencies};
use booth::devices::{PcscReader, ReaderPort};
use booth::voting::secrets::{Fresh, Secrets};
use card::{Apdu, InProcess, Transport, TransportError};
use clap::Parser;

use canary::RecordingSecrets;

/// The booth with virtual cards, for demonstrations.
#[derive(Parser)]
#[command(name = "irefuda-booth-demo", version)]
struct Demo {
    #[command(flatten)]
    booth: Arguments,
    /// Note the voter's secrets here.
    #[arg(long, value_name = "FILE")]
    canaries: Option<PathBuf>,
}

fn main() -> ExitCode {
    let demo = Demo::parse();
    let secrets: Box<dyn Secrets> = match demo.canaries {
        Some(file) if cfg!(debug_assertions) => Box::new(RecordingSecrets(file)),
        _ => Box::new(Fresh),
    };
    let dependencies = Dependencies {
        readers: reader,
        secrets,
    };
    booth::app::start(demo.booth, dependencies)
}

fn reader(card: &str) -> Result<Box<dyn ReaderPort>, String> {
    if !cfg!(debug_assertions) {
        return Err("virtual cards are refused: this is a release build".to_owned());
    }
    match card.split_once(':') {
        None if card == "pcsc" => Ok(Box::new(PcscReader)),
        Some(("inprocess", folder)) => Ok(Box::new(Virtual(PathBuf::from(folder)))),
        _ => Err(format!("no such reader: {card}")),
    }
}

/// A reader on which one virtual card lies.
struct Virtual(PathBuf);

impl Virtual {
    fn removed(&self) -> PathBuf {
        self.0.join("removed")
    }
}

impl ReaderPort for Virtual {
    fn readers(&mut self) -> Result<Vec<CString>, TransportError> {
        Ok(vec![CString::default()])
    }

    fn connect(&mut self, _reader: &CStr) -> Result<Box<dyn Transport>, TransportError> {
        if self.removed().exists() {
            return Err(TransportError::NoCard);
        }
        let card = vcard::Card::load(&self.0).map_err(|_| TransportError::Mute)?;
        Ok(Box::new(InProcess::new(Lying {
            card,
            removed: self.removed(),
        })))
    }

    fn present(&mut self) -> bool {
        !self.removed().exists() && Path::new(&self.0).is_dir()
    }
}

/// The card as long as nobody takes it.
struct Lying {
    card: vcard::Card,
    removed: PathBuf,
}

impl Apdu for Lying {
    fn apdu(&mut self, command: &[u8]) -> Vec<u8> {
        if self.removed.exists() {
            return Vec::new();
        }
        self.card.apdu(command)
    }

    fn power_cycle(&mut self) {
        self.card.power_cycle();
    }
}
