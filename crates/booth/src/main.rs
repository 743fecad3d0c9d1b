//! `irefuda-booth`: real cards through PC/SC, and nothing else.

use std::process::ExitCode;

use booth::real::{PcscReader, ReaderPort};

fn main() -> ExitCode {
    booth::app::main(reader)
}

fn reader(card: &str) -> Result<Box<dyn ReaderPort>, String> {
    match card {
        "pcsc" => Ok(Box::new(PcscReader)),
        other => Err(format!(
            "this program reads cards through pcsc, not {other}"
        )),
    }
}
