//! What an act does, in words: Japanese first. Every text of others is shown with what it hides.

use ballot::Manifest;
use ballot::manifest::{Release, Validator};
use ballot::text::{Text, shown};
use board::entry::{Act, Hints, Ordered};
use board::state::{Election, Phase};
use ui::{Lang, calendar, wareki};

/// What the acts are called, Japanese and English: the words that are typed to sign them.
pub const WORDS: [(&str, &str); 11] = [
    ("開始", "open"),
    ("お知らせ", "notice"),
    ("延長", "extend"),
    ("再開", "resume"),
    ("書き込み", "drain"),
    ("結果発表", "announce"),
    ("廃棄", "salt-destroyed"),
    ("公表", "release"),
    ("引き継ぎ", "hand-over"),
    ("取りやめ", "withdraw"),
    ("案内", "hints"),
];

/// One thing said, in Japanese and in English.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Japanese.
    pub ja: String,
    /// English; may be empty.
    pub en: String,
}

impl Line {
    /// Both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            ja: ja.into(),
            en: en.into(),
        }
    }
}

/// An act in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// What it is called: the word that is typed to sign it, Japanese and English.
    pub word: (&'static str, &'static str),
    /// What it does and what changes.
    pub lines: Vec<Line>,
}

impl Wording {
    fn new(ja: &'static str, en: &'static str, lines: Vec<Line>) -> Self {
        Self {
            word: (ja, en),
            lines,
        }
    }
    /// Its first line.
    #[must_use]
    pub fn title(&self) -> Line {
        let (ja, en) = self.word;
        Line::new(format!("操作：{ja}"), format!("act: {en}"))
    }
}

/// A phase, for people.
pub(crate) fn phase(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Setup | Phase::Ceremony => ("準備中", "being prepared"),
        Phase::Sealed => ("確定済み、開始前", "sealed, not open yet"),
        Phase::Withdrawn => ("取りやめ", "withdrawn"),
        Phase::Open => ("受付中", "open"),
        Phase::Halted => ("停止中（締切をまたいで掲示板が止まった）", "halted"),
        Phase::Draining => ("締切前に受け取った票を書き込み中", "draining"),
        Phase::Closed => ("締切後", "closed"),
        Phase::Committed => (
            "締切後、開票管理者の約束がそろった",
            "closed, trustees committed",
        ),
        Phase::Announced => ("結果発表後、開票中", "announced"),
        Phase::Result => ("結果が確定", "result"),
    }
}

fn when(ms: u64) -> (String, String) {
    (wareki::exact(Lang::Ja, ms), wareki::exact(Lang::En, ms))
}

fn quoted(text: &str) -> String {
    format!("「{}」", shown(text))
}

/// The act in words, on the board as it is.
#[must_use]
pub fn wording(
    ordered: &Ordered,
    election: &Election,
    manifest: &Manifest,
    validators: &[Validator],
) -> Wording {
    let act = match ordered {
        Ordered::HandOver {
            epoch,
            validators: new,
            until,
        } => return hand_over(*epoch, validators, new, *until),
        Ordered::Act(act) => act,
    };
    match act {
        Act::Open { .. } => open(election, manifest),
        Act::Notice { key, text } => notice(key, text),
        Act::Extend { until } => extend(*until, election, manifest),
        Act::Resume { until } => resume(*until, election, manifest),
        Act::Drain => drain(election, manifest),
        Act::Announce => announce(election, manifest),
        Act::SaltDestroyed { registrar } => salt_destroyed(*registrar, manifest),
        Act::Release(release) => program(release),
        Act::Withdraw { reason } => withdraw(reason),
        Act::Hints(hints) => addresses(hints, election),
    }
}

fn open(election: &Election, m: &Manifest) -> Wording {
    let (opens, close) = (when(m.opens_at()), when(election.close_at()));
    Wording::new(
        "開始",
        "open",
        vec![
            Line::new(
                format!(
                    "投票箱に票がないこと（いま {} 票）を掲示板に示し、投票を始めます。元には戻せません。",
                    election.received()
                ),
                format!(
                    "shows on the board that the box is empty ({} ballots) and opens the vote; this cannot be undone",
                    election.received()
                ),
            ),
            Line::new(
                format!(
                    "段階：開始前 → 受付中。受付は {} から、{} になる前まで。",
                    opens.0, close.0
                ),
                format!(
                    "ballots are taken from {} until before {}",
                    opens.1, close.1
                ),
            ),
        ],
    )
}

fn notice(key: &str, text: &Text) -> Wording {
    Wording::new(
        "お知らせ",
        "notice",
        vec![
            Line::new(
                "次のお知らせを掲示板に載せます。あとから消せません。",
                "puts this notice on the board; it cannot be removed",
            ),
            Line::new(
                format!("項目：{}", shown(key)),
                format!("key: {}", shown(key)),
            ),
            Line::new(format!("日本語：{}", quoted(&text.ja)), ""),
            Line::new(format!("やさしい日本語：{}", quoted(&text.plain)), ""),
            Line::new(format!("英語：{}", quoted(&text.en)), ""),
        ],
    )
}

/// Old and new close.
fn moved(until: u64, election: &Election, m: &Manifest) -> Vec<Line> {
    let (old, new) = (when(election.close_at()), when(until));
    let later = until.saturating_sub(election.close_at());
    let limit = when(m.extend_limit);
    let span = |lang| calendar::span(lang, later);
    vec![
        Line::new(
            format!("締切：{} → {}", old.0, new.0),
            format!("close: {} → {}", old.1, new.1),
        ),
        Line::new(
            format!(
                "{}あとになります。動かせる限度は {} です。",
                span(Lang::Ja),
                limit.0
            ),
            format!("{} later; the limit is {}", span(Lang::En), limit.1),
        ),
    ]
}

fn extend(until: u64, election: &Election, m: &Manifest) -> Wording {
    let mut lines = vec![Line::new(
        "投票の締切をあとに動かします。早めることはできません。",
        "moves the close to a later time; it can never be moved back",
    )];
    lines.extend(moved(until, election, m));
    Wording::new("延長", "extend", lines)
}

fn resume(until: u64, election: &Election, m: &Manifest) -> Wording {
    let mut lines = vec![Line::new(
        "掲示板が止まって停止中になった投票を、もう一度受付中にします。この時間には新しい投票もできます。",
        "opens a halted election again; new ballots are taken, too, until the new close",
    )];
    lines.push(Line::new(
        "再開した投票の締切は、あとから延長できません。",
        "the close of voting that was resumed cannot be moved any more",
    ));
    lines.extend(moved(until, election, m));
    Wording::new("再開", "resume", lines)
}

fn drain(election: &Election, m: &Manifest) -> Wording {
    let received = election.received();
    let seconds = m.drain_ms / 1000;
    Wording::new(
        "書き込み",
        "drain",
        vec![
            Line::new(
                format!(
                    "停止中の投票に、締切前にノードが受け取った票だけを書き込みます（いま掲示板に {received} 票）。{seconds} 秒たつと箱は閉じます。元には戻せません。"
                ),
                format!(
                    "puts into the halted election only what nodes promised before the close ({received} ballots are on the board); after {seconds} s the box closes; this cannot be undone"
                ),
            ),
            Line::new(
                "新しい投票はできません。受け取った署名が検証者の三分の一に満たない票は、数えられません。",
                "no new votes are taken; a ballot that fewer than a third of the validators promised does not count",
            ),
        ],
    )
}

fn announce(election: &Election, m: &Manifest) -> Wording {
    let promised = election.commitments().count();
    let counted = election.counted();
    Wording::new(
        "結果発表",
        "announce",
        vec![
            Line::new(
                "開票管理者が部分開票を出せるようにします。そのあと、だれでも結果を計算できます。",
                "lets trustees release their shares; then everybody can compute the result",
            ),
            Line::new(
                format!(
                    "数える票：{counted} 票。約束した開票管理者：{promised} 人（{} 人必要）。",
                    m.trustees.t
                ),
                format!(
                    "{counted} ballots are counted; {promised} trustees committed, {} are needed",
                    m.trustees.t
                ),
            ),
        ],
    )
}

fn salt_destroyed(registrar: u16, m: &Manifest) -> Wording {
    let body = m.registrars.get(usize::from(registrar));
    let name = body.map_or((String::new(), String::new()), |r| {
        (shown(&r.name.ja), shown(&r.name.en))
    });
    Wording::new(
        "廃棄",
        "salt-destroyed",
        vec![Line::new(
            format!(
                "登録所「{}」が塩の鍵を廃棄したことを掲示板に記録します。廃棄を自分で確かめてから署名してください。",
                name.0
            ),
            format!(
                "records that the registrar {} destroyed its salt key; sign only if you saw to it",
                name.1
            ),
        )],
    )
}

fn program(release: &Release) -> Wording {
    let (version, platform) = (shown(&release.version), shown(&release.platform));
    let hash = crypto::hash::to_hex(&release.sha256);
    Wording::new(
        "公表",
        "release",
        vec![
            Line::new(
                "次の投票プログラムを、投票する人が使ってよいものとして公表します。取り消せません。",
                "releases this booth program to the voters; this cannot be taken back",
            ),
            Line::new(
                format!(
                    "版 {version}、機種 {platform}、大きさ {} バイト",
                    release.size
                ),
                format!(
                    "version {version}, platform {platform}, {} bytes",
                    release.size
                ),
            ),
            Line::new(format!("SHA-256：{hash}"), ""),
        ],
    )
}

fn withdraw(reason: &Text) -> Wording {
    Wording::new(
        "取りやめ",
        "withdraw",
        vec![
            Line::new(
                "この投票を行わないことにします。開始も、ほかの操作も、二度とできません。載せられるのはお知らせだけです。",
                "this election is not held: it can never be opened, and nothing but notices follows",
            ),
            Line::new(format!("理由（日本語）：{}", quoted(&reason.ja)), ""),
            Line::new(
                format!("理由（やさしい日本語）：{}", quoted(&reason.plain)),
                "",
            ),
            Line::new(format!("理由（英語）：{}", quoted(&reason.en)), ""),
        ],
    )
}

fn addresses(new: &Hints, election: &Election) -> Wording {
    let listed = |hints: &[String]| {
        let all: Vec<String> = hints.iter().map(|hint| shown(hint)).collect();
        all.join("、")
    };
    let old = shown(election.portal().unwrap_or_default());
    let (portal, hints) = (shown(&new.portal), listed(&new.hints));
    let before = match election.hints() {
        Some(old) => listed(&old.hints),
        None => "投票認証ファイルにあるもの".to_owned(),
    };
    Wording::new(
        "案内",
        "hints",
        vec![
            Line::new(
                format!(
                    "投票サイトのアドレスと、選挙定義書の置き場所を新しくします（{}回目）。",
                    new.number
                ),
                format!("gives the election new addresses (number {})", new.number),
            ),
            Line::new(
                format!("投票サイト：{old} → {portal}"),
                format!("public pages: {old} -> {portal}"),
            ),
            Line::new(
                format!("選挙定義書の置き場所：{before} → {hints}"),
                format!("where booths ask for the manifest: {hints}"),
            ),
            Line::new(
                "投票プログラムは、このあとは新しいアドレスを使います。",
                "booths use the new addresses from then on",
            ),
        ],
    )
}

/// Who leaves and who comes, in Japanese and English.
fn difference(from: &[Validator], to: &[Validator]) -> (String, String) {
    let gone = |v: &&Validator| !to.iter().any(|n| n.engine_key == v.engine_key);
    let names = from.iter().filter(gone).map(|v| &v.name);
    let (ja, en): (Vec<_>, Vec<_>) = names.map(|n| (shown(&n.ja), shown(&n.en))).unzip();
    if ja.is_empty() {
        ("なし".to_owned(), "nobody".to_owned())
    } else {
        (ja.join("、"), en.join(", "))
    }
}

fn hand_over(epoch: u64, old: &[Validator], new: &[Validator], until: u64) -> Wording {
    let ends = when(until);
    let (leaves, joins) = (difference(old, new), difference(new, old));
    Wording::new(
        "引き継ぎ",
        "hand-over",
        vec![
            Line::new(
                format!(
                    "検証者の引き継ぎ（{epoch}回目）を命じます。掲示板に載せるには、新しい検証者の全員と、いまの検証者の署名も必要です。"
                ),
                format!(
                    "orders hand-over {epoch} of the validators; every new validator must accept and the present ones must certify it, too"
                ),
            ),
            Line::new(
                format!("この命令の期限：{}", ends.0),
                format!("the order ends at {}", ends.1),
            ),
            Line::new(
                format!("検証者：{}者 → {}者", old.len(), new.len()),
                format!("validators: {} → {}", old.len(), new.len()),
            ),
            Line::new(
                format!("やめる検証者：{}", leaves.0),
                format!("leaving: {}", leaves.1),
            ),
            Line::new(
                format!("加わる検証者：{}", joins.0),
                format!("joining: {}", joins.1),
            ),
        ],
    )
}

#[cfg(test)]
mod tests;
