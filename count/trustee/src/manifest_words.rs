//! A draft manifest in words, in three parts, each of which the trustee is asked about: what is voted
//! on, who may vote when and where, and who runs it. Every text of others is shown with what it
//! hides.

use crate::Talk;
use crate::ceremony_run::spoken;
use anyhow::Result;
use ballot::Manifest;
use ballot::manifest::{Channel, ChannelHours, Entitled, Place, TieKind, Window};
use ballot::text::{Text, shown};
use board::network::tolerated;
use ui::{Lang, calendar, wareki};

/// Fewest validators of which one may fail or lie.
const SOUND_VALIDATORS: usize = 4;

/// Part of a manifest with the question that follows it.
pub(crate) struct Part {
    lines: Vec<(String, String)>,
    question: (&'static str, &'static str),
}

impl Part {
    fn new(ja: &str, en: &str, question: (&'static str, &'static str)) -> Self {
        let mut part = Self {
            lines: Vec::new(),
            question,
        };
        part.line(&format!("【{ja}】"), en);
        part
    }
    fn line(&mut self, ja: &str, en: &str) {
        self.lines.push((ja.to_owned(), en.to_owned()));
    }
    /// 「見出し：text」 in Japanese, `head: text` in English.
    fn text(&mut self, (ja, en): (&str, &str), text: &Text) {
        let (text_ja, text_en) = (shown(&text.ja), shown(&text.en));
        self.line(&format!("{ja}：{text_ja}"), &format!("{en}: {text_en}"));
    }
    fn time(&mut self, (ja, en): (&str, &str), ms: u64) {
        let (at_ja, at_en) = (wareki::exact(Lang::Ja, ms), wareki::exact(Lang::En, ms));
        self.line(&format!("{ja}：{at_ja}"), &format!("{en}: {at_en}"));
    }
    /// A body with its address and six words of its key, for comparing with the body itself.
    fn body(&mut self, name: &Text, address: &str, key: &[u8]) {
        let address = if address.is_empty() {
            String::new()
        } else {
            format!("（{}）", shown(address))
        };
        self.line(
            &format!(
                "　{}{address}　鍵の合言葉：{}",
                shown(&name.ja),
                spoken(key)
            ),
            &format!("  {}; six words of its key", shown(&name.en)),
        );
    }
    /// Shows the part and asks.
    pub(crate) fn put(&self, talk: &mut impl Talk) -> Result<()> {
        for (ja, en) in &self.lines {
            talk.say(ja, en)?;
        }
        talk.agree(self.question.0, self.question.1)
    }
}

/// Everything a signature under this manifest stands for.
pub(crate) fn parts(m: &Manifest) -> [Part; 3] {
    [contents(m), voting(m), parties(m)]
}

fn contents(m: &Manifest) -> Part {
    let mut part = Part::new(
        "何に投票するか",
        "what is voted on",
        (
            "設問と選択肢は、決められたとおりですか。",
            "are contests and options as decided?",
        ),
    );
    part.text(("名前", "title"), &m.title);
    part.text(("行う団体", "held by"), &m.municipality);
    let (ja, en) = if m.practice {
        (
            "種類：練習。本番の投票ではありません。",
            "kind: practice, not a real vote",
        )
    } else {
        (
            "種類：本番の投票。練習ではありません。",
            "kind: a real vote, no practice",
        )
    };
    part.line(ja, en);
    for c in &m.contests {
        part.text(("設問", "contest"), &c.title);
        let (least, most) = (c.shape.k_min(), c.shape.k_max());
        part.line(
            &format!("　しるしの数：{least}個から{most}個まで"),
            &format!("  marks: {least} to {most}"),
        );
        for o in &c.options {
            part.line(
                &format!(
                    "　{}　{}（{}）",
                    o.number,
                    shown(&o.title.ja),
                    shown(&o.proposer.ja)
                ),
                &format!("  {} {}", o.number, shown(&o.title.en)),
            );
        }
        if c.blank.is_some() {
            part.line("　白票も入れられます。", "  a blank vote is possible");
        }
    }
    let (ja, en) = match m.tie_rule.kind {
        TieKind::Shared => ("同数ならどちらも当選", "shared"),
        TieKind::Lot => ("公開のくじ", "a lot drawn in public"),
        TieKind::Runoff => ("もう一度投票", "another vote"),
    };
    part.line(&format!("票が同じ数のとき：{ja}"), &format!("tie: {en}"));
    part.text(("　説明", "  in words"), &m.tie_rule.words);
    for n in &m.notices {
        part.text(("決まり", "rule"), &n.text);
    }
    part
}

fn voting(m: &Manifest) -> Part {
    let mut part = Part::new(
        "だれが、いつ、どこで投票するか",
        "who votes, when and where",
        (
            "投票できる人、時間、場所、連絡先は、決められたとおりですか。",
            "are entitlement, hours, places and telephone as decided?",
        ),
    );
    let (ja, en) = match m.eligibility.entitled {
        Entitled::AnyCard => (
            "有効なマイナンバーカードを持つ人はだれでも（住所や年齢は確かめません）",
            "anybody with a valid card; residence and age are not checked",
        ),
        Entitled::Codes => ("番号を受け取った人", "those who got a code"),
    };
    part.line(&format!("投票できる人：{ja}"), &format!("entitled: {en}"));
    part.text(("　説明", "  in words"), &m.eligibility.words);
    let expected = m.eligibility.expected;
    part.line(
        &format!("見込みの人数：{expected}人"),
        &format!("expected voters: {expected}"),
    );
    for c in &m.channels {
        channel(&mut part, c, m.face_required.contains(&c.kind));
    }
    for p in &m.places {
        place(&mut part, p);
    }
    part.time(("締切", "close"), m.close_at);
    part.time(
        ("延長しても、これより後にはならない", "no extension beyond"),
        m.extend_limit,
    );
    let (ja, en) = (
        calendar::span(Lang::Ja, m.drain_ms),
        calendar::span(Lang::En, m.drain_ms),
    );
    part.line(
        &format!("締切後の書き込み猶予：{ja}"),
        &format!("ballots taken before the close are written for {en} more"),
    );
    part.time(
        ("結果発表はこれより後", "announced not before"),
        m.announce_at,
    );
    part.line(
        &format!("電話：{}", shown(&m.help.telephone)),
        &format!("telephone: {}", shown(&m.help.telephone)),
    );
    part.text(("　受付", "  answered"), &m.help.hours);
    part.line(
        &format!("投票サイト：{}", shown(&m.portal)),
        "address of the public pages",
    );
    part
}

fn windows(part: &mut Part, windows: &[Window]) {
    for w in windows {
        part.line(
            &format!("　　{}", wareki::window(Lang::Ja, w.opens, w.closes)),
            &format!("    {}", wareki::window(Lang::En, w.opens, w.closes)),
        );
    }
}

fn channel(part: &mut Part, c: &ChannelHours, face: bool) {
    let (ja, en) = match c.kind {
        Channel::Home => ("自宅", "home"),
        Channel::Counter => ("期日前投票所", "counter"),
        Channel::Venue => ("会場", "venue"),
    };
    let (face_ja, face_en) = if face {
        ("顔の確認あり", "with face check")
    } else {
        ("顔の確認なし", "without face check")
    };
    part.line(
        &format!("投票の方法（{ja}）：{}、{face_ja}", shown(&c.name.ja)),
        &format!("channel ({en}): {}, {face_en}", shown(&c.name.en)),
    );
    part.text(("　場所", "  place"), &c.place);
    windows(part, &c.windows);
}

fn place(part: &mut Part, p: &Place) {
    part.text(("投票する場所", "place"), &p.name);
    part.text(("　住所", "  address"), &p.address);
    windows(part, &p.windows);
}

fn parties(m: &Manifest) -> Part {
    let mut part = Part::new(
        "だれが動かすか",
        "who runs it",
        (
            "名前と鍵の合言葉は、それぞれの団体・人に確かめたものと同じですか。",
            "are names and keys those that the bodies themselves confirmed?",
        ),
    );
    part.line(
        "登録所（カードを確かめ、票に印を付ける。全部がそろうと、投票しなかった人の票を足せる）：",
        "registrars (all of them together can add ballots of people who did not vote):",
    );
    for r in &m.registrars {
        part.body(&r.name, &r.origin, r.key.as_bytes());
    }
    if m.registrars.len() == 1 {
        part.line(
            "　注意：登録所は1つだけです。この1つだけで票を足せます。",
            "  NOTE: one registrar alone can add ballots",
        );
    }
    validators(&mut part, m);
    relays(&mut part, m);
    part.line(
        "選挙管理の担当者（開始・延長・結果発表などに二人の署名が要る）：",
        "officers (two of them sign opening, extension, announcement):",
    );
    for o in &m.officers {
        part.body(&o.name, "", o.key.as_bytes());
    }
    auditors(&mut part, m);
    trustees(&mut part, m);
    for r in &m.releases {
        part.line(
            &format!(
                "投票プログラム：版 {}、{}",
                shown(&r.version),
                shown(&r.platform)
            ),
            &format!("booth program, SHA-256 {}", crypto::hash::to_hex(&r.sha256)),
        );
    }
    part
}

fn validators(part: &mut Part, m: &Manifest) {
    let (n, f) = (m.validators.len(), tolerated(m.validators.len()));
    part.line(
        &format!("検証者（掲示板を動かす。{n}者のうち{f}者までなら、不正や故障があっても掲示板は正しい）："),
        &format!("validators (the board holds as long as at most {f} of {n} fail or lie):"),
    );
    for v in &m.validators {
        part.body(&v.name, &v.origin, &v.engine_key);
    }
    if n < SOUND_VALIDATORS {
        part.line(
            "　注意：1者でも不正をすれば、掲示板を信じられません。",
            "  NOTE: one dishonest validator is enough to break the board",
        );
    }
}

fn relays(part: &mut Part, m: &Manifest) {
    if m.relays.is_empty() {
        part.line(
            "中継所：なし。検証者は、投票する人の通信の住所を見ることができます。",
            "relays: none; validators can see voters' network addresses",
        );
        return;
    }
    part.line(
        "中継所（投票する人の通信の住所だけを知り、中身を読めない。検証者と手を組むと意味がない）：",
        "relays (they see voters' addresses and cannot read what they pass on; of no use if they work with a validator):",
    );
    for r in &m.relays {
        part.body(&r.name, &r.origin, &r.spki);
    }
}

fn auditors(part: &mut Part, m: &Manifest) {
    let n = m.auditors.len();
    part.line(
        &format!(
            "監査する人：{n}人（{}人そろうと本人確認の記録を開ける）",
            n / 2 + 1
        ),
        &format!(
            "auditors: {n}; {} together open the registrars' evidence",
            n / 2 + 1
        ),
    );
    for key in &m.auditors {
        part.line(
            &format!("　鍵の合言葉：{}", spoken(key)),
            "  six words of an auditor's key",
        );
    }
}

fn trustees(part: &mut Part, m: &Manifest) {
    part.line("開票管理者：", "trustees:");
    for t in &m.trustees.members {
        part.body(&t.name, "", t.key.as_bytes());
    }
    let (n, t, least) = (m.trustees.members.len(), m.trustees.t, m.min_counted);
    part.line(
        &format!("開票は{n}人のうち{t}人、最低 {least} 票"),
        &format!("{t} of {n} trustees open the box, at least {least} ballots"),
    );
}

#[cfg(test)]
mod tests;
