//! `irefuda-vcard`: virtual My Number cards for tests and demonstrations.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use clap::{Parser, Subcommand};
use vcard::authority_server::{self, Clock};
use vcard::control::{self, Address, Slot};
use vcard::pcsc_host::{self, Pcscd};
use vcard::persona::make::{self, Order};
use vcard::{Error, PersonaKind, TestPki};

/// Virtual My Number cards, their test authority and their reader. For tests only.
#[derive(Parser)]
#[command(name = "irefuda-vcard", version)]
struct Arguments {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Makes authorities and cards from a seed.
    MakePersonas {
        /// Folder to write pki/, personas/ and personas.json to.
        #[arg(long)]
        data: PathBuf,
        /// Everything random comes from it.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How many ordinary cards.
        #[arg(long)]
        count: usize,
        /// When the vote opens, in ms since 1970.
        #[arg(long)]
        opening: u64,
        /// Folder of .jp2 photos.
        #[arg(long)]
        photo_dir: PathBuf,
        /// Special cards, for example `expired=1`; may be repeated.
        #[arg(long, value_parser = extra)]
        extra: Vec<(PersonaKind, usize)>,
        /// Where RSA keys are kept between runs.
        #[arg(long)]
        cache: Option<PathBuf>,
    },
    /// Puts try counters back: of one card, or of all.
    ResetTries {
        /// Folder made by make-personas.
        #[arg(long)]
        data: PathBuf,
        /// Which card.
        persona: Option<String>,
    },
    /// Serves cards to a running vpcd.
    Serve {
        /// Folder with one folder for each card.
        #[arg(long)]
        personas: PathBuf,
        /// Where vpcd listens.
        #[arg(long, default_value_t = pcsc_host::vpcd())]
        vpcd: SocketAddr,
        /// `127.0.0.1:PORT` or `unix:PATH`; may be repeated.
        #[arg(long, required = true)]
        control: Vec<Address>,
        /// A card to put in at once.
        #[arg(long)]
        insert: Option<String>,
    },
    /// Runs pcscd with the virtual reader, and serves cards; stops when its input closes.
    Host {
        /// Folder made by make-personas.
        #[arg(long)]
        data: PathBuf,
        /// Folder for configuration and logs.
        #[arg(long)]
        dir: PathBuf,
        /// `unix:PATH`, or an address inside the host's network namespace.
        #[arg(long, required = true)]
        control: Vec<Address>,
        /// Stay in this network namespace.
        #[arg(long)]
        inside: bool,
    },
    /// Serves the test authority's revocation list.
    Ca {
        /// The pki folder made by make-personas.
        #[arg(long)]
        pki: PathBuf,
        /// Address to listen on.
        #[arg(long)]
        listen: SocketAddr,
        /// The demo's clock file.
        #[arg(long)]
        clock: Option<PathBuf>,
    },
    /// Sends one line to a control address and prints the answer.
    Control {
        /// The address.
        address: Address,
        /// The words of the line.
        #[arg(required = true)]
        words: Vec<String>,
    },
}

fn extra(text: &str) -> Result<(PersonaKind, usize), String> {
    let (kind, count) = text.split_once('=').unwrap_or((text, "1"));
    let kind = <PersonaKind as clap::ValueEnum>::from_str(kind, false)
        .map_err(|_| format!("no kind of card is called {kind}"))?;
    Ok((kind, count.parse().map_err(|e| format!("{count}: {e}"))?))
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let _closed = writeln!(std::io::stderr(), "irefuda-vcard: {e}");
            match e.downcast_ref::<Error>() {
                Some(Error::NotReady(_) | Error::Io { .. }) => ExitCode::from(3),
                _ => ExitCode::from(2),
            }
        }
    }
}

fn run(verb: Verb) -> Result<()> {
    match verb {
        Verb::MakePersonas {
            data,
            seed,
            count,
            opening,
            photo_dir,
            extra,
            cache,
        } => {
            let mut kinds = BTreeMap::new();
            for (kind, count) in extra {
                *kinds.entry(kind).or_insert(0) += count;
            }
            let order = Order {
                data,
                seed,
                count,
                opening_ms: opening,
                photo_dir,
                extra: kinds,
                cache,
            };
            let made = make::make(&order)?;
            say(&format!("{} cards", made.len()))
        }
        Verb::ResetTries { data, persona } => {
            for one in vcard::persona::list(&data)? {
                if persona.as_ref().is_none_or(|id| *id == one.persona.id) {
                    make::reset_tries(&data.join(&one.dir), one.persona.kind)?;
                }
            }
            Ok(())
        }
        Verb::Serve {
            personas,
            vpcd,
            control,
            insert,
        } => serve(Slot::new(personas, vpcd), &control, insert.as_deref()),
        Verb::Host {
            data,
            dir,
            control,
            inside,
        } => host(&data, &dir, &control, inside),
        Verb::Ca { pki, listen, clock } => {
            let pki = TestPki::load(&pki)?;
            Ok(authority_server::serve(
                pki,
                listen,
                Clock {
                    system: system_ms,
                    file: clock,
                },
            )?)
        }
        Verb::Control { address, words } => say(&control::send(&address, &words.join(" "))?),
    }
}

fn serve(slot: Slot, addresses: &[Address], insert: Option<&str>) -> Result<()> {
    let slot = Arc::new(Mutex::new(slot));
    if let Some(id) = insert {
        let mut slot = slot.lock().map_err(|_| anyhow::anyhow!("slot"))?;
        slot.insert(id)?;
    }
    control::listen(&slot, addresses)?;
    say("ready")?;
    wait_for_end_of_input();
    if let Ok(mut slot) = slot.lock() {
        slot.remove();
    }
    Ok(())
}

fn host(
    data: &std::path::Path,
    dir: &std::path::Path,
    control: &[Address],
    inside: bool,
) -> Result<()> {
    if !inside {
        let mut arguments: Vec<String> = std::env::args().skip(1).collect();
        arguments.push("--inside".into());
        let why = pcsc_host::enter_network_namespace(&arguments);
        let _closed = writeln!(
            std::io::stderr(),
            "irefuda-vcard: {why}; staying where we are"
        );
    }
    let _pcscd = Pcscd::start(dir)?;
    serve(
        Slot::new(data.join("personas"), pcsc_host::vpcd()),
        control,
        None,
    )
}

fn wait_for_end_of_input() {
    let mut sink = [0; 64];
    while matches!(std::io::stdin().read(&mut sink), Ok(1..)) {}
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a main is where the clock is read"
)]
fn system_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}
