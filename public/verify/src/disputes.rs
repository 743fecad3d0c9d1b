//! `irefuda-verify dispute RECEIPT RECORD` and `irefuda-verify evidence FILE`: 0 nobody is to blame,
//! 1 the record or a receipt fails and nothing is judged, 2 usage, 3 the record is not there, 4
//! somebody is named, 5 the same without a trust file to compare with, 6 the papers decide nothing.

use crate::{End, look, source, trust};
use api::papers::Papers as Saved;
use board::record::Source;
use board::replay::Replay;
use board::{Committee, Receipt};
use clap::Subcommand;
use crypto::wire::TopLevel as _;
use std::path::{Path, PathBuf};
use verify::dispute::{Finding, Name, Papers, Signers, Verdict, decide, two_histories};
use verify::{Expected, Resources, Trust, without_its_files};

/// What is asked instead of checking a record.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Decides from the record who broke a promise about one ballot. 控えと記録から、約束を破った検証者を示します。
    Dispute {
        /// The file that the booth saved. 認証プログラムで保存した控えのファイル。
        receipt: PathBuf,
        /// Folder or tar of the record. 公開記録のフォルダーまたは tar。
        record: PathBuf,
        /// Keys to believe (trust.json). 信頼する鍵のファイル。
        #[arg(long)]
        trust: Option<PathBuf>,
    },
    /// Names who finalised two histories. 二つの違う歴史に署名した検証者を示します。
    Evidence {
        /// Two saved files, one behind the other. 保存した控え二つを続けて入れたファイル。
        file: PathBuf,
        /// Keys to believe (trust.json). 信頼する鍵のファイル。
        #[arg(long)]
        trust: PathBuf,
        /// A record, for names and for later validators. 検証者の名前と交代を読む公開記録。
        #[arg(long)]
        record: Option<PathBuf>,
    },
}

/// The exit code.
pub(crate) fn run(command: &Command) -> Result<u8, End> {
    match command {
        Command::Dispute {
            receipt,
            record,
            trust: keys,
        } => {
            let papers = Papers::parse(&read(receipt)?).ok_or_else(|| not_saved(receipt))?;
            let keys = keys.as_deref().map(trust).transpose()?;
            dispute(&papers, record, keys.as_ref())
        }
        Command::Evidence {
            file,
            trust: keys,
            record,
        } => evidence(&receipts(file)?, &trust(keys)?, record.as_deref()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>, End> {
    std::fs::read(path).map_err(|e| End::Usage(format!("{}: {e}", path.display())))
}

fn not_saved(path: &Path) -> End {
    End::Usage(format!(
        "{}: 認証プログラムが保存した控えではありません / not what a booth saved",
        path.display()
    ))
}

/// The record when every check passes; otherwise the report is printed.
#[expect(clippy::print_stdout, reason = "the report is the result")]
fn sound(record: &Path, trust: Option<&Trust>) -> Result<Option<Box<dyn Source>>, End> {
    let expected = Expected {
        trust,
        election: None,
    };
    let (source, report) = match source(record) {
        Err(End::Files(what)) => (None, without_its_files(what)),
        found => {
            let (source, len) = found?;
            let report = look(&*source, len, expected, &Resources::of_this_machine())?;
            (Some(source), report)
        }
    };
    if !report.ok {
        print!("{}", report.to_text());
    }
    Ok(source.filter(|_| report.ok))
}

#[expect(clippy::print_stdout, reason = "the findings are the result")]
fn dispute(papers: &Papers, record: &Path, trust: Option<&Trust>) -> Result<u8, End> {
    let Some(source) = sound(record, trust)? else {
        return Ok(1);
    };
    let unreadable = |e: board::record::RecordError| End::Unreachable(e.to_string());
    let findings = decide(&*source, papers, &mut rand::rng()).map_err(unreadable)?;
    for finding in &findings {
        println!("{}", finding.text());
    }
    let verdict = Verdict::of(&findings);
    println!("\n{}", verdict.text());
    if trust.is_none() {
        println!(
            "信頼ファイルと見比べていません。だれでも作れる記録かもしれません。 / Not compared with a trust file: anybody may have made this record."
        );
    }
    Ok(match (verdict, trust) {
        (Verdict::Undecided, _) => 6,
        (_, None) => 5,
        (Verdict::Named, Some(_)) => 4,
        (Verdict::Clear, Some(_)) => 0,
    })
}

/// The two receipts in a file.
fn receipts(file: &Path) -> Result<[Receipt; 2], End> {
    let bytes = read(file)?;
    let receipt = |saved: Result<Saved, serde_json::Error>| {
        Receipt::from_bytes(saved.ok()?.bytes?.as_bytes()).ok()
    };
    let saved = serde_json::Deserializer::from_slice(&bytes).into_iter();
    let found: Option<Vec<Receipt>> = saved.take(3).map(receipt).collect();
    found
        .and_then(|found| found.try_into().ok())
        .ok_or_else(|| not_saved(file))
}

#[expect(clippy::print_stdout, reason = "the findings are the result")]
fn evidence([one, other]: &[Receipt; 2], trust: &Trust, record: Option<&Path>) -> Result<u8, End> {
    let known = match record {
        None => None,
        Some(path) => match sound(path, Some(trust))? {
            None => return Ok(1),
            Some(source) => Some(end(&*source)?),
        },
    };
    let pinned = || Committee::new(trust.network, 0, trust.validators.clone());
    let committee = known
        .as_ref()
        .map_or_else(pinned, |s| s.committee().clone());
    let signers = match two_histories(&committee, one, other) {
        Ok(signers) => signers,
        Err(rule) => {
            println!("{}", Finding::BadReceipt(rule).text());
            return Ok(1);
        }
    };
    let names = |keys| match &known {
        Some(state) => Name::all(state, keys),
        None => keys.iter().map(Name::of_key).collect(),
    };
    let Some(signers) = signers else {
        println!("二つの控えは、一つの歴史に合います。 / The two receipts fit into one history.");
        return Ok(0);
    };
    let finding = match &signers {
        Signers::Twice(keys) => Finding::SignedTwice(names(keys)),
        Signers::Earlier { at_least, keys } => Finding::TwoHistories {
            at_least: *at_least,
            who: names(keys),
        },
    };
    println!("{}\n\n{}", finding.text(), Verdict::Named.text());
    Ok(4)
}

/// The board at the end of a record that passed.
fn end(source: &dyn Source) -> Result<board::State, End> {
    let unreadable = |e: board::record::RecordError| End::Unreachable(e.to_string());
    let mut replay = Replay::open(source).map_err(unreadable)?;
    while replay.step(&mut rand::rng()).map_err(unreadable)? {}
    Ok(replay.state().clone())
}
