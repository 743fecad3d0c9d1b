//! Why an officer's program signs nothing: every reason by name, Japanese first.

use std::path::PathBuf;

/// One variant a refusal.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nodes show different chains, or too few answer.
    #[error(
        "検証済みの同じ掲示板を示すノードが {needed} 台必要ですが、{agreeing} 台しかありません / only {agreeing} of the {needed} nodes needed show the same board with valid certificates"
    )]
    Heads {
        /// How many agree.
        agreeing: usize,
        /// How many must.
        needed: usize,
    },
    /// The act is for an election that is not sealed on this board.
    #[error(
        "この操作の投票は、掲示板で確定していません / no election of this act is sealed on the board"
    )]
    UnknownElection,
    /// A practice election where a real one is meant, or the reverse.
    #[error(
        "この投票と、このパソコンの設定（practice）は、片方が練習で、もう片方が本番です（{0}） / one of them is for practice, the other for a real vote: this election and practice in the configuration ({0})"
    )]
    Kind(crypto::Rule),
    /// The key in this folder is not one of the election's officers.
    #[error(
        "このフォルダーの鍵は、この投票の担当者の鍵ではありません / the key in this folder is not an officer's key of this election"
    )]
    NotOfficer,
    /// The board would refuse the act now. It is not signed for later either: whoever holds a
    /// signed act can post it at a time of their own choice.
    #[error(
        "掲示板はいまこの操作を受け付けません（規則 {rule}：{ja}）。署名しません / by rule {rule} the board would not take this act now ({en}); it is not signed"
    )]
    Board {
        /// The rule.
        rule: crypto::Rule,
        /// In Japanese.
        ja: &'static str,
        /// In English.
        en: &'static str,
    },
    /// This officer signed the act already.
    #[error("この担当者は、もう署名しています / this officer has signed already")]
    Already,
    /// A file with an act, or a signature in it, is false.
    #[error(transparent)]
    Act(#[from] api::act_file::BadAct),
    /// Another key file lies in this folder.
    #[error(
        "このフォルダーに、ほかの鍵ファイルがあります：{}。担当者の鍵は一人に一つのフォルダーです / another key file lies in this folder; an officer's key has a folder of its own",
        path.display()
    )]
    OtherKeys {
        /// The file.
        path: PathBuf,
    },
    /// `--yes` in a program for real elections.
    #[error(
        "--yes は実演と試験のプログラムでだけ使えます / --yes works in programs for demonstrations and tests only"
    )]
    YesInRelease,
    /// The person said no.
    #[error("署名しませんでした / nothing was signed")]
    Declined,
    /// A question was due and nobody could be asked.
    #[error(
        "確認が必要です。端末で実行してください / this step asks before it signs: run it in a terminal"
    )]
    Unasked,
}

impl Refusal {
    /// The board's refusal, in the words of the rule.
    pub(crate) fn board(rule: crypto::Rule) -> Self {
        let all = board::rules::all();
        let text = all.iter().find(|text| text.rule == rule);
        let (ja, en) = text.map_or(("", ""), |text| (text.ja, text.en));
        Self::Board { rule, ja, en }
    }
}
