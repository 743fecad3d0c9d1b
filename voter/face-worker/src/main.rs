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

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Only ever about arguments, model files and pipes; never about a picture.
            let _ = std::io::Write::write_all(
                &mut std::io::stderr(),
                format!("irefuda-face-worker: {error:#}\n").as_bytes(),
            );
            let broken = error.downcast_ref::<std::io::Error>().is_some();
            ExitCode::from(if broken { EXIT_BROKEN } else { EXIT_CONFIG })
        }
    }
}

fn run() -> anyhow::Result<()> {
    let config = Config::from_arguments(std::env::args_os().skip(1))?;
    let (mut input, mut output) = pipes::take()?;
    match prepare(&config) {
        Ok(mut engine) => {
            write_message(&mut output, &Response::Ready(engine.info()).encode())?;
            serve::serve(&mut engine, &mut input, &mut output)?;
            Ok(())
        }
        Err(fault) => {
            write_message(&mut output, &Response::NotReady(fault).encode())?;
            anyhow::bail!("not ready: {fault:?}")
        }
    }
}

fn prepare(config: &Config) -> Result<serve::Engine, LoadFault> {
    confine::before_models(config).map_err(|_| LoadFault::Confinement)?;
    let engine = models::load(config)?;
    confine::after_models().map_err(|_| LoadFault::Confinement)?;
    Ok(engine)
}
