//! What came out of a dispute, in words.

use ballot::text::{Text, shown};
use board::State;
use crypto::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// A validator's name, or its key where no name is known. Foreign text: shown with escapes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    ja: String,
    en: String,
}

impl Name {
    pub(super) fn of(name: &Text) -> Self {
        Self {
            ja: shown(&name.ja),
            en: shown(&name.en),
        }
    }
    /// A key in hexadecimal, where no name is known.
    #[must_use]
    pub fn of_key(key: &[u8; 32]) -> Self {
        let key = crypto::hash::to_hex(key);
        Self {
            ja: key.clone(),
            en: key,
        }
    }
    /// The validators with these engine keys, by name where the board knows them.
    #[must_use]
    pub fn all(state: &State, keys: &BTreeSet<[u8; 32]>) -> Vec<Self> {
        let known: BTreeMap<_, _> = state
            .validators()
            .iter()
            .map(|v| (v.engine_key, Self::of(&v.name)))
            .collect();
        let name = |key: &[u8; 32]| known.get(key).cloned();
        keys.iter()
            .map(|key| name(key).unwrap_or_else(|| Self::of_key(key)))
            .collect()
    }
}

impl core::fmt::Display for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.ja == self.en {
            return f.write_str(&self.ja);
        }
        write!(f, "{} / {}", self.ja, self.en)
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The ballot is not one of the record's election: nothing is judged.
    OtherElection,
    /// The ballot is on the board: nobody took it away.
    OnBoard {
        /// Height of its block.
        height: u64,
    },
    /// The ballot is not on this record.
    Missing,
    /// The receipt does not verify: it proves nothing.
    BadReceipt(Rule),
    /// The receipt's block is behind the end of this record.
    RecordTooShort,
    /// Each of these finalised two blocks in one round: with the receipt's block and without it.
    SignedTwice(Vec<Name>),
    /// A certificate of the receipt's chain and one of this record exclude each other. At least so
    /// many of these, who signed the earlier one, broke the protocol.
    TwoHistories {
        /// f + 1.
        at_least: usize,
        /// Signers of the earlier certificate.
        who: Vec<Name>,
    },
    /// A paper that no validator in office signed under this key about this ballot.
    NotAPaper(Name),
    /// It promised the ballot, which is not on the board though blocks could have taken it.
    PromiseBroken(Name),
    /// Near the close: at least so many of these did not keep their promise.
    SomeBroke {
        /// k − f of the k who promised.
        at_least: usize,
        /// Who promised.
        who: Vec<Name>,
    },
    /// It promised what this rule refused at that moment.
    FalsePromise(Name, Rule),
    /// It promised the ballot; this rule has refused it since then, so the promise is void.
    PromiseVoid(Name, Rule),
    /// Its answer decides nothing: the promises are too few near the close, or no block shows that
    /// one could have taken the ballot, or the record ends before the answer.
    Undecided(Name),
    /// It said that another ballot has the place; none came on the board.
    HeldPlace(Name),
    /// It refused the ballot by a rule that did not refuse it.
    FalseRefusal(Name, Rule),
    /// It refused the ballot as the rules say at the time (ms) that it wrote.
    JustRefusal(Name, Rule, u64),
}

/// What all findings come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody is to blame.
    Clear,
    /// Somebody is named.
    Named,
    /// The papers decide nothing.
    Undecided,
}

impl Verdict {
    /// The verdict on these findings.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let any = |wanted: fn(&Finding) -> bool| findings.iter().any(wanted);
        if any(Finding::blames) {
            return Self::Named;
        }
        let open = any(|f| matches!(f, Finding::Undecided(_) | Finding::HeldPlace(_)));
        let explained = any(|f| matches!(f, Finding::PromiseVoid(..) | Finding::JustRefusal(..)));
        if any(|f| matches!(f, Finding::OnBoard { .. })) || (explained && !open) {
            Self::Clear
        } else {
            Self::Undecided
        }
    }
    /// The last line for people.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Clear => {
                "この控えから、約束を破った検証者は見つかりません。 / These papers show nobody who broke a promise."
            }
            Self::Named => {
                "「違反」の検証者に説明を求めてください。 / Ask the validators under BROKEN for an explanation."
            }
            Self::Undecided => {
                "この控えとこの記録からは、何も決められません。 / From these papers and this record nothing can be decided."
            }
        }
    }
}

impl Finding {
    /// Whether it blames somebody.
    #[must_use]
    pub fn blames(&self) -> bool {
        matches!(
            self,
            Self::SignedTwice(_)
                | Self::TwoHistories { .. }
                | Self::PromiseBroken(_)
                | Self::SomeBroke { .. }
                | Self::FalsePromise(..)
                | Self::FalseRefusal(..)
        )
    }
    /// One line for people.
    #[must_use]
    pub fn text(&self) -> String {
        let mark = match self {
            _ if self.blames() => "違反 BROKEN",
            Self::OnBoard { .. } | Self::PromiseVoid(..) | Self::JustRefusal(..) => "正当 ok    ",
            _ => "未定 ..    ",
        };
        format!("{mark}  {}", self.words())
    }
    fn words(&self) -> String {
        match self {
            Self::OtherElection => {
                "この控えの票は、この記録の投票のものではありません / the ballot is not one of this record's election".to_owned()
            }
            Self::OnBoard { height } => format!(
                "票は掲示板にあります（ブロック {height}） / the ballot is on the board (block {height})"
            ),
            Self::Missing => "票はこの記録にありません / the ballot is not on this record".to_owned(),
            Self::BadReceipt(rule) => {
                format!("控えは成り立たず、何も示しません / the receipt does not hold and shows nothing [{rule}]")
            }
            Self::RecordTooShort => {
                "記録が控えのブロックより前で終わっています / the record ends before the receipt's block".to_owned()
            }
            Self::SignedTwice(who) => format!(
                "同じ回に二つの違うブロックへ署名した検証者 / finalised two blocks in one round: {}",
                list(who)
            ),
            Self::TwoHistories { at_least, who } => format!(
                "二つの違う歴史が確定されました。次の検証者の少なくとも{at_least}者が規則を破りました / two histories were finalised; at least {at_least} of these broke the protocol: {}",
                list(who)
            ),
            Self::NotAPaper(who) => format!(
                "この票についての、在任中の検証者の署名ではありません / not signed by a validator in office about this ballot: {who}"
            ),
            Self::PromiseBroken(who) => format!(
                "受け取りの印を出し、票を掲示板に入れませんでした / promised the ballot and did not bring it: {who}"
            ),
            Self::SomeBroke { at_least, who } => format!(
                "締切の前に受け取りの印を出した次の検証者の少なくとも{at_least}者が、守りませんでした / at least {at_least} of these, who promised the ballot before the close, did not keep it: {}",
                list(who)
            ),
            Self::FalsePromise(who, rule) => format!(
                "規則が断る票に受け取りの印を出しました / promised a ballot that the rules refused: {who} [{rule}]"
            ),
            Self::PromiseVoid(who, rule) => format!(
                "受け取りの印のあとで、規則が票を断りました / the rules refused the ballot after its promise: {who} [{rule}]"
            ),
            Self::Undecided(who) => format!(
                "この答えだけでは決められません / its answer alone decides nothing: {who}"
            ),
            Self::HeldPlace(who) => format!(
                "別の票が待っていると答えましたが、記録に別の票はありません / said that another ballot waits; the record has none: {who}"
            ),
            Self::FalseRefusal(who, rule) => format!(
                "規則にない断り方をしました / refused the ballot by a rule that did not refuse it: {who} [{rule}]"
            ),
            Self::JustRefusal(who, rule, time_ms) => format!(
                "その検証者の時計で規則どおりに断りました（{}） / refused it as the rules say, by its own clock: {who} [{rule}]",
                clock(*time_ms)
            ),
        }
    }
}

fn list(who: &[Name]) -> String {
    let who: Vec<String> = who.iter().map(Name::to_string).collect();
    who.join("; ")
}

/// A time in Japan.
fn clock(time_ms: u64) -> String {
    let seconds = i64::try_from(time_ms / 1000).unwrap_or(i64::MAX);
    let japan = time::OffsetDateTime::from_unix_timestamp(seconds.saturating_add(9 * 3600));
    japan.map_or_else(
        |_| format!("{time_ms} ms"),
        |t| {
            let (h, m, s) = t.to_hms();
            format!("{} {h:02}:{m:02}:{s:02} JST", t.date())
        },
    )
}
