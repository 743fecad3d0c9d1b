//! `irefuda-booth`: real cards through PC/SC, and nothing else.

use std::process::ExitCode;

use booth::app::Dependencies;
use booth::devices::{PcscReader, ReaderPort};
use booth::voting::secrets::Fresh;

fn main() -> ExitCode {
    booth::app::main(Dependencies {
        readers: reader,
        secrets: Box::new(Fresh),
    })
}

fn reader(card: &str) -> Result<Box<dyn ReaderPort>, String> {
    match card {
        "pcsc" => Ok(Box::new(PcscReader)),
        other => Err(format!(
            "this program reads cards through pcsc, not {other}"
        )),
    }
}
