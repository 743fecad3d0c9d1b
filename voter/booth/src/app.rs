//! Puts the program together: command line, files, election, card, face, pages.

mod browser;
mod build;
mod refused;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use host::exit::Exit;
use host::log::Detail;
use host::serve::{Server, stop_signal};
use refusal::ErrorCode;

use crate::actor::Actor;
use crate::devices::ReaderPort;
use crate::screen::Screen;
use crate::startfile::StartError;
use crate::voting::secrets::Secrets;
use crate::web::{Guard, MAX_BODY, Web, router};

/// What the program is called where it says why it ended.
const NAME: &str = "irefuda-booth";

/// How long a finished home booth stays, so that its last page can be read.
const LINGER: Duration = Duration::from_mins(2);

/// The voter's local program.
#[derive(Debug, Parser)]
#[command(name = "irefuda-booth", version)]
pub struct Arguments {
    /// The start file (*.irefuda).
    #[arg(value_name = "START_FILE")]
    file: Option<PathBuf>,
    /// The same, by name.
    #[arg(long, value_name = "START_FILE", conflicts_with = "file")]
    start: Option<PathBuf>,
    /// Configuration file.
    #[arg(long)]
    config: Option<PathBuf>,
    /// Folder for the sealed ballot.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Keys to start from, instead of those built in. Demonstration builds only.
    #[arg(long, value_name = "TRUST_JSON")]
    trust: Option<PathBuf>,
    /// Kiosk: the station's file.
    #[arg(long, value_name = "STATION_TOML")]
    station: Option<PathBuf>,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
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
    match runtime.block_on(run(arguments, dependencies)) {
        Ok(()) => Exit::Ok.into(),
        Err(ended) => ended.exit.with_message(NAME, &ended.why),
    }
}

async fn run(arguments: Arguments, dependencies: Dependencies) -> Result<(), StartupError> {
    let config = build::config(&arguments)?;
    let opens = config.open_browser && !arguments.no_open;
    let built = match build::build(&arguments, config, dependencies).await {
        Ok(built) => built,
        Err(refused) => {
            if let (Some(code), true) = (refused.code, opens) {
                browser::show(
                    &build::folder(&arguments),
                    &refused::page(code, &refused.why),
                );
            }
            return Err(refused);
        }
    };
    let server = Server::bind(([127, 0, 0, 1], built.config.port).into(), None)
        .await
        .map_err(StartupError::usage)?
        .body_limit(MAX_BODY);
    let port = server.local_addr().map_err(StartupError::usage)?.port();
    let guard = Guard::new(port).ok_or_else(|| StartupError::usage("no randomness"))?;
    let address = guard.address();
    let kiosk = built.place.station.is_some();
    let actor = Actor::start(built.session).map_err(StartupError::usage)?;
    let web = Arc::new(Web {
        actor: actor.clone(),
        place: built.place,
        guard,
    });
    say(&address);
    if let Some(file) = &built.config.url_file {
        browser::write_address(file, &address).map_err(StartupError::usage)?;
    }
    if opens {
        browser::open(&built.folder, &address);
    }
    let (folder, config_file) = (built.folder, built.config.url_file);
    let finished = async move {
        tokio::select! {
            () = stop_signal() => {}
            () = finished(&actor), if !kiosk => {}
        }
    };
    server.run(router(web), finished).await;
    browser::forget(&folder, config_file.as_deref());
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the address is what this program is started for"
)]
fn say(address: &str) {
    println!("{address}");
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
