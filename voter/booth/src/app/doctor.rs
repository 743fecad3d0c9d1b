//! `irefuda-booth doctor`: the same look at everything as on the page, for whoever helps on the telephone
//! or prepares a kiosk, and the meaning of a diagnosis code that was read out.

use clap::Args;
use face::{FaceEngine as _, WorkerConfig, WorkerEngine};
use host::exit::Exit;
use ui::Lang;

use super::{Arguments, Dependencies, StartupError, build, standing};
use crate::checkup::{Checkup, Mark, Reach, Row, code};
use crate::config::FaceConfig;
use crate::devices::CardReader;
use crate::election_context::clock_error;
use crate::ports::CardPort as _;
use crate::startfile;
use crate::storage;
use crate::text::{self, Words};
use crate::voting::nodes::Nodes;

/// What `doctor` is asked.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// The start file (*.irefuda); without it the network is not looked at.
    #[arg(value_name = "START_FILE")]
    file: Option<std::path::PathBuf>,
    /// Say what a diagnosis code means, and look at nothing.
    #[arg(long, value_name = "CODE", conflicts_with = "file")]
    read: Option<String>,
    /// Language: ja, en or plain.
    #[arg(long, default_value = "ja")]
    lang: String,
}

/// Looks, prints, and ends with 1 when something cannot be used.
///
/// # Errors
/// The configuration cannot be used, or the code is none.
pub(super) async fn run(
    arguments: &Arguments,
    asked: &DoctorArgs,
    dependencies: Dependencies,
) -> Result<Exit, StartupError> {
    let lang = Lang::parse(&asked.lang).unwrap_or_default();
    if let Some(typed) = &asked.read {
        let fields = code::read(typed)
            .ok_or_else(|| StartupError::usage("not a diagnosis code, or misheard"))?;
        for (field, value) in fields {
            say(&Words(lang).t(&format!("diagnosis.{field}_{value}")));
        }
        return Ok(Exit::Ok);
    }
    let checkup = look(arguments, asked, dependencies).await?;
    for row in checkup.rows() {
        say(&line(&row, lang));
    }
    say(&format!(
        "{}: {}",
        Words(lang).t("ready.code"),
        code::write(&checkup)
    ));
    say(&format!(
        "{}: {}",
        Words(lang).t("ready.version"),
        env!("CARGO_PKG_VERSION")
    ));
    Ok(match checkup.mark() {
        Mark::Bad => Exit::CheckFailed,
        Mark::Good | Mark::Care => Exit::Ok,
    })
}

async fn look(
    arguments: &Arguments,
    asked: &DoctorArgs,
    dependencies: Dependencies,
) -> Result<Checkup, StartupError> {
    let config = build::config(arguments)?;
    let clock = config.clock.open().map_err(StartupError::usage)?;
    let cards = build::card_trust(config.card_trust.as_deref())?;
    let reader = (dependencies.readers)(&config.card).map_err(StartupError::usage)?;
    let folder = build::folder(arguments);
    let reach = match &asked.file {
        Some(file) => Some(reach(arguments, file, &clock).await?),
        None => None,
    };
    let here = clock.now_ms();
    let nodes = reach.and_then(|reach| reach.now);
    Ok(Checkup {
        clock_error: nodes.and_then(|nodes| clock_error(here, nodes)),
        reach,
        storage: folder.is_ok_and(|folder| storage::prepare(&folder).is_ok()),
        reader: CardReader::new(reader, cards).look(),
        face: Some(face_runs(&config.face)),
        cameras: None,
        now: nodes.unwrap_or(here),
    })
}

/// An election that cannot be found is as good as nodes that do not answer.
async fn reach(
    arguments: &Arguments,
    file: &std::path::Path,
    clock: &host::WallClock,
) -> Result<Reach, StartupError> {
    let nobody = Reach {
        answered: 0,
        of: 1,
        now: None,
        here: clock.now_ms(),
    };
    let bytes =
        std::fs::read(file).map_err(|e| StartupError::usage(format!("{}: {e}", file.display())))?;
    let trust = build::trust(arguments.trust.as_deref())?;
    let opened = startfile::open(&bytes, &trust)?;
    let Ok(sealed) = startfile::fetch(&opened, &trust).await else {
        return Ok(nobody);
    };
    // Withdrawn is said by its own code.
    standing::ask(&sealed.manifest, &opened.election).await?;
    let nodes = Nodes::new(&sealed.manifest, opened.election).map_err(StartupError::usage)?;
    Ok(nodes.reach(clock).await)
}

fn face_runs(config: &FaceConfig) -> bool {
    let Some((program, models)) = config.engine(build::this_program().as_deref()) else {
        return false;
    };
    let worker = WorkerConfig::new(program, models);
    WorkerEngine::start(worker)
        .is_ok_and(|engine| config.policy.check_engine(engine.info()).is_ok())
}

fn line(row: &Row, lang: Lang) -> String {
    let mark = Words(lang).t(&format!("ready.mark_{}", row.mark.key()));
    let (what, says) = text::row(row, lang);
    let code = row.code.map(|code| format!("（{code}）"));
    format!("{mark}\t{what}\t{says}{}", code.unwrap_or_default())
}

#[expect(
    clippy::print_stdout,
    reason = "what was found is what it is asked for"
)]
fn say(line: &str) {
    println!("{line}");
}
