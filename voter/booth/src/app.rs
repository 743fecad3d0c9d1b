//! Puts the program together: command line, files, election, card, face, pages.

mod browser;
mod build;
mod doctor;
mod refused;
mod running;
mod standing;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, Subcommand};
use host::exit::Exit;
use host::log::Detail;
use host::serve::{Server, stop_signal};
use refusal::ErrorCode;

use crate::actor::Actor;
use crate::devices::ReaderPort;
use crate::screen::Screen;
use crate::session::Command;
use crate::startfile::StartError;
use crate::voting::secrets::Secrets;
use crate::web::{Absence, Guard, MAX_BODY, Web, router};

/// What the program is called where it says why it ended.
const NAME: &str = "irefuda-booth";

/// How long a finished home booth stays, so that its last page can be read.
const LINGER: Duration = Duration::from_mins(2);

/// The voter's local program.
#[derive(Debug, Parser)]
#[command(
    name = "irefuda-booth",
    version,
    args_conflicts_with_subcommands = true
)]
pub struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
    /// The start file (*.irefuda).
    #[arg(value_name = "START_FILE")]
    file: Option<PathBuf>,
    /// The same, by name.
    #[arg(long, value_name = "START_FILE", conflicts_with = "file")]
    start: Option<PathBuf>,
    /// Configuration file.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Folder for the sealed ballot, in place of the user's own.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// Keys to start from, instead of those built in. Demonstration builds only.
    #[arg(long, value_name = "TRUST_JSON", global = true)]
    trust: Option<PathBuf>,
    /// Kiosk: the station's file.
    #[arg(long, value_name = "STATION_TOML")]
    station: Option<PathBuf>,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

/// What the program is started for, if not for a vote.
#[derive(Debug, Subcommand)]
enum Task {
    /// Look at everything that a vote needs; nothing is asked of a card that uses up a try.
    Doctor(doctor::DoctorArgs),
}

/// Why the program ends at once.
#[derive(Debug)]
pub struct StartupError {
    /// Exit code.
    pub exit: Exit,
    /// Last words.
    pub why: String,
    /// The code in the error list, when there is a page for the voter.
    pub code: Option<ErrorCode>,
}

impl StartupError {
    fn usage(why: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::Usage,
            why: why.to_string(),
            code: None,
        }
    }

    /// The program was started by itself: the page says what to get and where.
    fn no_file() -> Self {
        Self {
            exit: Exit::Usage,
            why: format!("{}: which start file (*.irefuda)?", ErrorCode::NoStartFile),
            code: Some(ErrorCode::NoStartFile),
        }
    }

    fn disk(why: impl core::fmt::Display) -> Self {
        Self {
            exit: Exit::Usage,
            why: format!("{}: {why}", ErrorCode::Disk),
            code: Some(ErrorCode::Disk),
        }
    }
}

impl From<StartError> for StartupError {
    fn from(error: StartError) -> Self {
        let exit = match error {
            StartError::Unreachable => Exit::Unreachable,
            _ => Exit::CheckFailed,
        };
        let code = Some(error.code());
        Self {
            exit,
            why: error.to_string(),
            code,
        }
    }
}

/// Makes the reader that the configuration's `card` names. A released booth knows `pcsc` alone.
pub type ReaderFactory = fn(&str) -> Result<Box<dyn ReaderPort>, String>;

/// What a program of this library brings along.
pub struct Dependencies {
    /// Readers.
    pub readers: ReaderFactory,
    /// Where a voter's secrets come from.
    pub secrets: Box<dyn Secrets>,
}

impl core::fmt::Debug for Dependencies {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Dependencies")
    }
}

/// Reads the command line and runs the program to its end.
pub fn main(dependencies: Dependencies) -> ExitCode {
    start(Arguments::parse(), dependencies)
}

/// Runs the program to its end.
pub fn start(arguments: Arguments, dependencies: Dependencies) -> ExitCode {
    if let Err(error) = host::harden() {
        return Exit::Usage.with_message(NAME, &error.to_string());
    }
    if let Err(error) = host::log::init("info", Detail::Untimed) {
        return Exit::Usage.with_message(NAME, &error.to_string());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return Exit::Usage.with_message(NAME, &error.to_string()),
    };
    host::http::use_system_proxy();
    let ended = match &arguments.task {
        None => runtime.block_on(run(arguments, dependencies)),
        Some(Task::Doctor(asked)) => runtime.block_on(doctor::run(&arguments, asked, dependencies)),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(ended) => ended.exit.with_message(NAME, &ended.why),
    }
}

async fn run(arguments: Arguments, dependencies: Dependencies) -> Result<Exit, StartupError> {
    let config = build::config(&arguments)?;
    let opens = config.open_browser && !arguments.no_open;
    let shows = config.browser.clone();
    let data = build::folder(&arguments)?;
    let built = match build::build(&arguments, config, data.clone(), dependencies).await {
        Ok(built) => built,
        Err(refused) => {
            if let (Some(code), true) = (refused.code, opens) {
                let page = refused::page(code, &refused.why);
                browser::show(&data, shows.as_deref(), &page);
            }
            return Err(refused);
        }
    };
    running::take_over(&data).await;
    let server = Server::bind(([127, 0, 0, 1], built.config.port).into(), None)
        .await
        .map_err(StartupError::usage)?
        .body_limit(MAX_BODY);
    let port = server.local_addr().map_err(StartupError::usage)?.port();
    let guard = Guard::new(port).ok_or_else(|| StartupError::usage("no randomness"))?;
    let address = guard.address();
    let kiosk = built.place.station.is_some();
    let actor = Actor::start(built.session).map_err(StartupError::usage)?;
    let yields = guard.yield_to();
    running::announce(&data, yields.clone()).map_err(StartupError::disk)?;
    let web = Arc::new(Web::new(actor, built.place, guard));
    say(&address);
    if let Some(file) = &built.config.url_file {
        browser::write_address(file, &address).map_err(StartupError::usage)?;
    }
    if opens {
        browser::open(&data, shows.as_deref(), &address);
    }
    let config_file = built.config.url_file;
    let watched = Arc::clone(&web);
    let finished = async move {
        tokio::select! {
            () = stop_signal() => {}
            () = watched.taken_over.notified() => {}
            () = finished(&watched.actor), if !kiosk => {}
            () = abandoned(&watched, kiosk) => {}
        }
    };
    server.run(router(web), finished).await;
    browser::forget(&data, config_file.as_deref());
    running::withdraw(&data, &yields.0);
    Ok(Exit::Ok)
}

#[expect(
    clippy::print_stdout,
    reason = "the address is what this program is started for"
)]
fn say(address: &str) {
    println!("{address}");
}

/// Lets the card go when nobody is in front of the page any more. At a kiosk the next voter comes; a
/// voter's own program ends.
async fn abandoned(web: &Web, kiosk: bool) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let absence = web.presence.absence(Instant::now());
        let step = web.actor.snapshot().step;
        match absence {
            Absence::No => {}
            Absence::End if !kiosk => return,
            _ if matches!(step, Screen::Start | Screen::End) => {}
            _ => drop(web.actor.call(Command::Leave).await),
        }
    }
}

/// A voter's own booth ends a while after 終了.
async fn finished(actor: &Actor) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if actor.snapshot().step == Screen::End {
            tokio::time::sleep(LINGER).await;
            return;
        }
    }
}
