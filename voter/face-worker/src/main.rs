//! `irefuda-face-worker`: finds and describes faces, and can do nothing else.
//!
//! It is started by another program, loads its models, locks itself in (no new files, no
//! network, no core dump, bounded memory) and then answers requests on standard input until that
//! is closed. It opens nothing, writes nothing and logs nothing about pictures.

use std::process::ExitCode;

use face::wire::{LoadFault, Response, write_message};

mod config;
mod confine;
mod models;
mod pipes;
mod serve;

use config::Config;

/// Usage or configuration, as in every program of Irefuda.
const EXIT_CONFIG: u8 = 2;
/// The conversation broke off in the middle.
const EXIT_BROKEN: u8 = 1;

const HELP: &str = "\
Finds and describes faces for the booth, which starts it. Answers requests on standard input.

Usage: irefuda-face-worker [--config FILE] [--models FOLDER] [--data FOLDER]

  --config FILE    Configuration file (TOML)
  --models FOLDER  Folder of the model files, instead of the one in the configuration
  --data FOLDER    Accepted and not used: nothing is ever written
  -h, --help       Print help
  -V, --version    Print version
";

fn main() -> ExitCode {
    if let Some(text) = about() {
        let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
        return ExitCode::SUCCESS;
    }
    let config = Config::from_arguments(std::env::args_os().skip(1));
    let ended = config
        .map_err(|error| (EXIT_CONFIG, error))
        .and_then(|config| run(&config).map_err(|error| (exit_of(&error), error)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err((exit, error)) => {
            // Only ever about arguments, model files and pipes; never about a picture.
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                format!("irefuda-face-worker: {}\n", format!("{error:#}").trim_end()).as_bytes(),
            );
            ExitCode::from(exit)
        }
    }
}

/// What the program says about itself, when it is asked.
fn about() -> Option<&'static str> {
    match std::env::args_os().nth(1)?.to_str()? {
        "-h" | "--help" => Some(HELP),
        "-V" | "--version" => Some(concat!(
            "irefuda-face-worker ",
            env!("CARGO_PKG_VERSION"),
            "\n"
        )),
        _ => None,
    }
}

fn exit_of(error: &anyhow::Error) -> u8 {
    if error.is::<std::io::Error>() {
        EXIT_BROKEN
    } else {
        EXIT_CONFIG
    }
}

fn run(config: &Config) -> anyhow::Result<()> {
    let (mut input, mut output) = pipes::take()?;
    match prepare(config) {
        Ok(mut engine) => {
            write_message(&mut output, &Response::Ready(engine.info()).encode())?;
            serve::serve(&mut engine, &mut input, &mut output)?;
            Ok(())
        }
        Err(fault) => {
            write_message(&mut output, &Response::NotReady(fault).encode())?;
            anyhow::bail!("not ready: {fault}")
        }
    }
}

fn prepare(config: &Config) -> Result<serve::Engine, LoadFault> {
    confine::before_models(config).map_err(|_| LoadFault::Confinement)?;
    let engine = models::load(config)?;
    confine::after_models().map_err(|_| LoadFault::Confinement)?;
    Ok(engine)
}
