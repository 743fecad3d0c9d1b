//! Why a trustee's program refuses (spec 02 and 07): every reason by name, Japanese first.

/// One variant a refusal.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The trustee's own clock is before the close.
    #[error(
        "このパソコンの時計では、まだ締切前です。締切前には何も復号しません / by this computer's clock voting is still open; nothing is decrypted before the close"
    )]
    BeforeClose,
    /// The trustee's own clock is before the announced time.
    #[error(
        "このパソコンの時計では、まだ結果発表の時刻前です / by this computer's clock the time of the announcement has not come"
    )]
    BeforeAnnouncement,
    /// The board is not in the phase for this step.
    #[error(
        "公開掲示板の段階が「{0}」なので、いまこの操作はできません / the board is in phase {0}; this step is not possible now"
    )]
    Phase(String),
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
    /// Fewer ballots than the manifest's minimum.
    #[error(
        "箱の票は {counted} 票で、最低数 {minimum} 票に足りません / the box holds {counted} ballots, fewer than the minimum of {minimum}"
    )]
    TooFew {
        /// Counted ballots.
        counted: u64,
        /// The manifest's minimum.
        minimum: u32,
    },
    /// This trustee is committed to something else.
    #[error(
        "この開票管理者は、すでに別の箱に約束しています / this trustee is committed to another box already"
    )]
    OtherTarget,
    /// The share on this computer does not belong to the election's key.
    #[error(
        "このパソコンの分け前は、この投票の鍵のものではありません / the share on this computer does not belong to the election's key"
    )]
    Share,
    /// More than one election on the board names this trustee's keys.
    #[error(
        "この開票管理者の鍵を名指しする投票が2つ以上あります。選挙管理者に確かめてください / more than one election on the board names this trustee; ask the authority"
    )]
    Ambiguous,
    /// No election on the board names this trustee.
    #[error(
        "この開票管理者の投票は掲示板にありません / no election of this trustee is on the board"
    )]
    NoElection,
    /// A practice election where a real one is meant, or the reverse.
    #[error(
        "この投票と、このパソコンの設定（practice）は、片方が練習で、もう片方が本番です（{0}） / one of them is for practice, the other for a real vote: this election and practice in the configuration ({0})"
    )]
    Kind(crypto::Rule),
    /// The manifest does not hold this trustee's own key as it left the ceremony.
    #[error(
        "選挙定義書の開票管理者の欄が、鍵づくりの式の結果と違います / the manifest's trustee list is not what the key ceremony gave"
    )]
    Manifest,
    /// This trustee was found to break the rules of the ceremony.
    #[error(
        "鍵づくりの式で、この開票管理者が規則に反したと記録されました / the board holds that this trustee broke the rules of the ceremony"
    )]
    Culprit,
    /// The trustee has spoken in this ceremony and cannot go on: the secret of that run is lost.
    #[error(
        "この式での秘密の値がこのパソコンにありません。式をやり直すよう選挙管理者に伝えてください / the secret of this ceremony is not on this computer; ask the authority to begin it anew"
    )]
    SecretLost,
    /// The file with the secret of a ceremony was made for another setup.
    #[error(
        "鍵づくりの式の秘密の値のファイルが、別の式のものです。使いません。選挙管理者に伝えてください / the file with the secret of this ceremony belongs to another setup and is not used; tell the authority"
    )]
    OtherCeremony,
    /// The board refuses this trustee's own entry.
    #[error("掲示板が規則 {0} により断りました / the board refuses by rule {0}")]
    Board(crypto::Rule),
    /// The term of appeal is not over.
    #[error(
        "異議申出の期間がまだ終わっていません（あと {days} 日） / the term of appeal is not over; {days} days are left"
    )]
    Appeal {
        /// Whole days left.
        days: u64,
    },
    /// A backup that cannot be read.
    #[error(transparent)]
    Backup(#[from] crate::backup::BackupError),
    /// Keys are on this computer already.
    #[error(
        "このパソコンには、もう鍵があります。上書きはしません / there are keys on this computer already; they are not overwritten"
    )]
    KeysExist,
    /// `--yes` in a program for real elections.
    #[error(
        "この操作の --yes は、実演と試験のプログラムでだけ使えます / for this step --yes works in programs for demonstrations and tests only"
    )]
    YesInRelease,
    /// The person said no.
    #[error("取りやめました / nothing was done")]
    Declined,
    /// A question was due and nobody could be asked.
    #[error(
        "確認が必要な操作です。端末で実行するか --yes を付けてください / this step asks before it acts: run it in a terminal, or with --yes"
    )]
    Unasked,
}
