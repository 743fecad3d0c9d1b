//! Command line of a trustee.

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use host::exit::Exit;
use host::passphrase::Passphrase;
use host::private::Build;
use std::path::PathBuf;
use std::process::ExitCode;
use trustee::practise::Rehearsal;
use trustee::{Config, Nodes, Refusal, Terminal, Trustee};

const NAME: &str = "irefuda-trustee";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "入れ札：開票管理者のプログラム / the program of a trustee"
)]
struct Args {
    /// 設定ファイル / configuration file (TOML); not for practise.
    #[arg(long)]
    config: Option<PathBuf>,
    /// 鍵と public.json のフォルダー / folder for keys and public.json; not for practise.
    #[arg(long)]
    data: Option<PathBuf>,
    /// 確認の質問にすべて「はい」と答える（本番のプログラムでは confirm・commit・release・destroy に使えない） / answer every question with yes; programs for real elections refuse it for those four.
    #[arg(long, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 鍵を作る（1回だけ） / make the keys (once) and write public.json.
    Init,
    /// 鍵づくりの式に参加する / take part in the key ceremony until it is finished.
    #[command(alias = "ceremony")]
    Join,
    /// 選挙定義書を確かめて署名する / check a draft manifest against the ceremony and sign it.
    #[command(alias = "sign")]
    Confirm {
        /// 案 / the draft (canonical bytes).
        #[arg(long)]
        manifest: PathBuf,
        /// 署名の置き場所 / where the signature goes (JSON).
        #[arg(long)]
        out: PathBuf,
    },
    /// 分け前を点検する / check that the share on this computer fits the election's key.
    CheckShare {
        /// 紙の控えも入力して比べる / compare the paper backup, too.
        #[arg(long)]
        paper: bool,
    },
    /// 紙の控えを作る / make the page to print: words and QR code.
    Backup {
        /// HTMLファイル / where the page goes.
        #[arg(long)]
        out: PathBuf,
        /// 印刷後も消さない / leave the file there.
        #[arg(long)]
        keep: bool,
    },
    /// 紙の控えから鍵を戻す / bring keys and share back from the paper.
    Restore,
    /// 練習：架空の投票で一通り / practise the whole path with a throw-away election.
    #[command(alias = "practice")]
    Practise {
        /// 練習用フォルダーの場所 / where the practice's own folder is made.
        #[arg(long, default_value = ".")]
        place: PathBuf,
        /// 開票管理者の人数 / trustees.
        #[arg(long, default_value_t = 3)]
        n: u16,
        /// 開票に必要な人数 / how many open the box.
        #[arg(long, default_value_t = 2)]
        t: u16,
        /// 合言葉のファイル / file with the practice's passphrase; otherwise asked.
        #[arg(long)]
        passphrase_file: Option<PathBuf>,
    },
    /// 締切後：箱を計算し直し、約束を出す / after the close: recompute the box and commit.
    Commit,
    /// 結果発表のとき：部分開票を出す / after the announcement: release the share.
    Release,
    /// いまの様子と次の操作 / the present phase and the next step.
    Status,
    /// 異議申出の期間のあと：鍵を破棄し、陳述に署名する / after the appeal term: destroy the keys.
    Destroy,
    /// 署名された陳述を確かめる / check a trustee's signed statement.
    CheckStatement {
        /// destroyed.txt
        #[arg(long)]
        file: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    if let Err(e) = host::harden() {
        return Exit::Usage.with_message(NAME, &e.to_string());
    }
    if let Err(e) = host::log::init("warn", host::log::Detail::Timed) {
        return Exit::Usage.with_message(NAME, &e.to_string());
    }
    match run(args).await {
        Ok(()) => Exit::Ok.into(),
        Err(e) if e.is::<Refusal>() => Exit::CheckFailed.with_message(NAME, &format!("{e:#}")),
        Err(e) if e.is::<client::NodeError>() || e.is::<client::NotFinal>() => {
            Exit::Unreachable.with_message(NAME, &format!("{e:#}"))
        }
        Err(e) => Exit::Usage.with_message(NAME, &format!("{e:#}")),
    }
}

fn passphrase(file: Option<PathBuf>, new: bool) -> Result<Passphrase> {
    Ok(match file {
        Some(path) => Passphrase::from_file(&path)?,
        None if new => Passphrase::ask(
            "新しい鍵ファイルの合言葉（12バイト以上） / new passphrase",
            true,
        )?,
        None => Passphrase::ask("鍵ファイルの合言葉 / passphrase", false)?,
    })
}

/// Steps that a trustee answers for and that cannot be undone.
fn must_be_answered(command: &Command) -> bool {
    matches!(
        command,
        Command::Confirm { .. } | Command::Commit | Command::Release | Command::Destroy
    )
}

async fn run(args: Args) -> Result<()> {
    let talk = &mut if must_be_answered(&args.command) {
        Terminal::attended(args.yes, Build::this())?
    } else {
        Terminal { yes: args.yes }
    };
    if let Command::Practise {
        place,
        n,
        t,
        passphrase_file,
    } = args.command
    {
        let now_ms = host::WallClock::System.now_ms();
        let rehearsal = Rehearsal {
            folder: &place.join(format!("renshu-practice-{now_ms}")),
            passphrase: passphrase(passphrase_file, true)?,
            n,
            t,
            now_ms,
        };
        return rehearsal.run(talk).await.map(drop);
    }
    let path = args.config.context("--config is needed")?;
    let data = args.data.context("--data is needed")?;
    let config: Config = host::config::load(&path)?;
    let beside = |p: &PathBuf| host::config::beside(&path, p);
    let fresh = matches!(args.command, Command::Init | Command::Restore)
        && !data.join("keys/seed.key").exists();
    let file = config.passphrase_file.as_ref().map(beside);
    let trustee = Trustee::new(&config, &data, passphrase(file, fresh)?)?;
    if matches!(args.command, Command::Init) {
        return trustee.init();
    }
    let mut nodes = Nodes::open(&beside(&config.network))?;
    act(args.command, &trustee, &mut nodes, talk).await
}

async fn act(
    command: Command,
    trustee: &Trustee,
    nodes: &mut Nodes,
    talk: &mut Terminal,
) -> Result<()> {
    match command {
        Command::Init | Command::Practise { .. } => Ok(()),
        Command::Join => trustee.join(nodes, talk).await,
        Command::Confirm { manifest, out } => trustee.sign(nodes, talk, &manifest, &out).await,
        Command::CheckShare { paper } => {
            trustee.check_share(nodes, talk).await?;
            if paper {
                let typed = Trustee::read_paper(talk)?;
                trustee.check_paper(nodes, talk, &typed).await?;
            }
            Ok(())
        }
        Command::Backup { out, keep } => trustee.backup(nodes, talk, &out, keep).await,
        Command::Restore => {
            let typed = Trustee::read_paper(talk)?;
            trustee.restore(nodes, talk, &typed).await
        }
        Command::Commit => trustee.commit(nodes, talk).await,
        Command::Release => trustee.release(nodes, talk).await,
        Command::Status => trustee.status(nodes, talk).await,
        Command::Destroy => trustee.destroy(nodes, talk).await,
        Command::CheckStatement { file } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            trustee.check_statement(nodes, talk, &text).await
        }
    }
}
