//! The checks, in the order they are printed.

use crypto::Rule;

/// One check: a group of rules that a person understands as one question.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Key of the machine-readable report.
    pub key: &'static str,
    /// The rules, as printed.
    pub rules: &'static str,
    /// Rule numbers (chapter·100 + number), inclusive ranges.
    covers: &'static [(u16, u16)],
    /// Japanese.
    pub ja: &'static str,
    /// English.
    pub en: &'static str,
    /// What follows from it, for people who read no specification. Japanese.
    pub means_ja: &'static str,
    /// The same in English.
    pub means_en: &'static str,
}

/// All checks.
pub const CHECKS: [Check; 18] = [
    Check {
        key: "files",
        rules: "R8.01–R8.02",
        covers: &[(801, 802)],
        ja: "記録のファイルがそろい、余計なものがない",
        en: "The record has exactly its files, and they are whole",
        means_ja: "つまり、記録の一部が隠されたり、あとから別のファイルが混ぜられたりしていません。",
        means_en: "This means that no part of the record is missing or cut off and that nothing was slipped in beside it.",
    },
    Check {
        key: "network",
        rules: "R8.03 R5.58–R5.59 R5.75–R5.76",
        covers: &[(803, 803), (558, 559), (575, 576)],
        ja: "最初のブロックが検証者ネットワークを定めている",
        en: "The first block fixes the validator network",
        means_ja: "つまり、どの検証者がこの掲示板を運営するかは最初のブロックで決まっていて、そのときの検証者の必要な数の署名がなければ入れ替えられません。",
        means_en: "This means that the board says in its very first block who runs it, and that nobody is exchanged unless enough of those in office sign it.",
    },
    Check {
        key: "trust",
        rules: "R8.07–R8.08 R8.13 R1.10",
        covers: &[(807, 808), (813, 813), (110, 110)],
        ja: "実施主体と検証者の鍵（と指定した投票）が、手元の値と同じである",
        en: "Authority, validators (and the election asked for) are those at hand",
        means_ja: "つまり、あなたの手元にある鍵（広報紙などで確かめたもの）の持ち主がこの投票を行いました。鍵を渡さなかったときは比べていません。",
        means_en: "This means that the election was held by those whose keys you brought along, from a printed source for instance; without keys nothing was compared.",
    },
    Check {
        key: "manifest",
        rules: "R1.01–R1.09 R1.11–R1.17",
        covers: &[(101, 109), (111, 117)],
        ja: "投票の定義が正しく、実施主体と開票管理者が署名している",
        en: "The manifest is sound and signed by the authority and enough trustees",
        means_ja: "つまり、設問・選択肢・受付時間・担当者・鍵は、実施主体と必要な人数の開票管理者が署名したもので、一文字も変わっていません。",
        means_en: "This means that questions, options, hours, officers and keys are exactly what the authority and enough trustees signed.",
    },
    Check {
        key: "sealed",
        rules: "R8.05 R5.11–R5.14",
        covers: &[(805, 805), (511, 514)],
        ja: "その定義が、開始前に掲示板で確定している",
        en: "That manifest was sealed on the board before the vote",
        means_ja: "つまり、投票が始まる前に決まった内容で投票が行われ、途中で設問や鍵が差し替えられていません。",
        means_en: "This means that the vote was held on what had been fixed before it began; no question or key was exchanged afterwards.",
    },
    Check {
        key: "chain",
        rules: "R6.01–R6.07",
        covers: &[(601, 607)],
        ja: "ブロックが切れ目なくつながり、記録の要約値と一致する",
        en: "Blocks form one chain and fit their entries",
        means_ja: "つまり、記録は前から順につながっていて、途中を抜いたり、並べ替えたり、書き換えたりすると必ず分かります。",
        means_en: "This means that taking something out of the middle, changing it or changing its order would show.",
    },
    Check {
        key: "finality",
        rules: "R6.20–R6.25 R8.04",
        covers: &[(620, 625), (804, 804)],
        ja: "十分な数の検証者の署名で確定している（署名はすべて確認）",
        en: "Enough validators signed; every signature present was checked",
        means_ja: "つまり、独立した検証者の三分の二を超える署名がこの記録にあり、一部の検証者だけでは別の記録を作れません。",
        means_en: "This means that more than two thirds of the independent validators signed this very record; a few of them could not make up another.",
    },
    Check {
        key: "entries",
        rules: "R5.01–R5.05",
        covers: &[(0, 99), (501, 505)],
        ja: "掲示板の記録が正しい書式で、重複がなく、段階に合っている",
        en: "Entries are canonical, appear once, and fit the phase",
        means_ja: "つまり、掲示板にあるものはすべて読める形で一度だけ載っていて、許された時期のものだけです。",
        means_en: "This means that everything on the board can be read in one way only, appears there once, and came when it was allowed.",
    },
    Check {
        key: "ceremony",
        rules: "R2.01–R2.12 R5.06–R5.10",
        covers: &[(201, 299), (506, 510)],
        ja: "開票管理者の鍵づくりが規則どおりで、鍵を再計算できる",
        en: "The trustees' key ceremony follows the rules; the key is recomputed",
        means_ja: "つまり、票を開く鍵は開票管理者が一緒に作ったもので、決められた人数がそろわなければ票を開けません。",
        means_en: "This means that the trustees made the key for opening the votes together, and that fewer of them than the threshold cannot open anything.",
    },
    Check {
        key: "officers",
        rules: "R5.15–R5.18 R5.31–R5.34 R5.49 R5.56–R5.57 R5.64–R5.66 R5.70–R5.73 R5.77",
        covers: &[
            (515, 518),
            (531, 534),
            (549, 549),
            (556, 557),
            (564, 566),
            (570, 573),
            (577, 577),
        ],
        ja: "開始・延長などに担当者の鍵二つの署名があり、開始時に箱は空だった",
        en: "Two officers' keys signed each act; the box was empty at opening",
        means_ja: "つまり、開始や延長のたびに二つの違う担当者の鍵が使われ、受付が始まったとき投票箱には一票も入っていませんでした。鍵を持つ人が別々だったかどうかは、記録からはわかりません。",
        means_en: "This means that two different officers' keys signed each opening and extension, and that the box held no ballot when voting began; the record cannot show that two people held these keys.",
    },
    Check {
        key: "ballots",
        rules: "R3.01–R3.22",
        covers: &[(301, 399)],
        ja: "すべての投票の署名と、正しい一票であることの証明が成り立つ",
        en: "Every ballot's signature and proof hold",
        means_ja: "つまり、どの票も封をしたまま「ちょうど決められた数だけ選んでいる」ことが数学的に示されていて、誰も二票分を入れたり、他人の票を写したりしていません。",
        means_en: "This means that each ballot, still sealed, is shown to hold a permitted choice and nothing else: nobody voted with extra weight or copied another's ballot.",
    },
    Check {
        key: "tokens",
        rules: "R4.01–R4.02",
        covers: &[(401, 402)],
        ja: "すべての投票に、登録機関の有効な投票券が付いている",
        en: "Every ballot carries each registrar's valid token",
        means_ja: "つまり、どの票にも、すべての登録機関が署名した投票券が付いています。券からその人が誰かは分かりません。投票し直した票には、その人自身のカードによる署名もあります。登録機関が本当に本人を確認して渡したかどうかは、記録からはわかりません。",
        means_en: "This means that every registrar signed a token for each ballot; the tokens do not tell who the person is; that each ballot that replaces another is also signed with the card of the first one. The record cannot show that the registrars checked a real person for each.",
    },
    Check {
        key: "sequence",
        rules: "R5.20–R5.28 R5.51–R5.55 R5.60–R5.63",
        covers: &[(520, 528), (551, 555), (560, 563)],
        ja: "投票は箱が開いている間のもので、投票し直しの順番に抜けや重なりがない",
        en: "Ballots came while the box was open; re-votes leave no gap and nothing is used twice",
        means_ja: "つまり、開始前の票も、箱が閉じたあとの票もありません。締切の三十秒前よりあとに書き込まれた票には、三分の一以上の検証者の「締切前に受け取った」という署名があります。投票し直した人の票は最後の一つだけが数えられ、間の票が消されたり足されたりしていません。",
        means_en: "This means that no ballot is on the board from before the opening or from after the box closed; that for each one written down later than 30 seconds before the close at least a third of the validators signed that they had it before the close; and that of each voter the last ballot counts, with none taken out or put in between.",
    },
    Check {
        key: "evidence",
        rules: "R5.35–R5.37 R5.50",
        covers: &[(535, 537), (550, 550)],
        ja: "登録機関の日ごとの集計に署名があり、数と同じだけの要約値が付いている",
        en: "The registrars' daily reports are signed, with one hash for each token",
        means_ja: "つまり、登録機関は渡した印の数を日ごとに署名して載せ、印一つごとに封をした本人確認の記録の要約値を付けました。その日が終わる前には載せられず、載せたあとは変えられません。記録の中身が本物のカードのものかどうかは、監査する人だけが確かめられます。",
        means_en: "This means that the registrars signed how many tokens they gave on each day, with one hash of a sealed record for each, that nobody could report a day before it had ended or change it afterwards, and that only auditors can check that a real card stands behind each hash.",
    },
    Check {
        key: "shares",
        rules: "R5.38–R5.46 R7.01–R7.03",
        covers: &[(538, 546), (701, 703)],
        ja: "復号の部分は約束どおりで、発表より前に出ていない",
        en: "Decryption shares match their commitments and came after the announcement",
        means_ja: "つまり、開票管理者が公開したのは締切後の合計の答えだけで、発表のあとに出され、あとから変えられていません。決められた人数がそろって、ひそかにほかのものを開かなかったかどうかは、どの記録からもわかりません。",
        means_en: "This means that what the trustees published opens the sum after the close and nothing else, came after the announcement and was not changed; no record can show that enough of them did not open more, or earlier, in secret.",
    },
    Check {
        key: "result",
        rules: "R5.47–R5.48 R7.04–R7.05 R8.09",
        covers: &[(547, 548), (704, 799), (809, 809)],
        ja: "結果を投票から計算し直して、完全に一致した",
        en: "The result was recomputed from the ballots and is exactly equal",
        means_ja: "つまり、このプログラムが封をした票を全部足し合わせて開き直した結果は、発表された結果と一票も違いません。",
        means_en: "This means that this program added up all sealed ballots itself and got the announced result, to the last vote.",
    },
    Check {
        key: "reconciliation",
        rules: "R8.10–R8.12 R8.14–R8.19",
        covers: &[(810, 812), (814, 819)],
        ja: "受付・上書き・集計・発行の数が合っている",
        en: "Received, overwritten, counted and issued numbers fit together",
        means_ja: "つまり、数えた票と投票し直しの一つ一つに、少なくとも一つの登録機関が報告した印があり、受け付けた票は数えた票と投票し直しで置き換わった票にちょうど分かれます。印を渡した相手が本物のカードの持ち主だったことは、この記録ではなく、監査する人が確かめます。",
        means_en: "This means that at least one registrar reported a token for every counted ballot and for every ballot that replaced another, and that every ballot received was either counted or replaced; that a real card stands behind each token is not shown by this record but by an audit.",
    },
    Check {
        key: "views",
        rules: "R8.06",
        covers: &[(806, 806)],
        ja: "人が読むための表示ファイルが、記録から作り直したものと同じである",
        en: "The readable views are what the record gives",
        means_ja: "つまり、画面や印刷で見る一覧と結果は、署名された記録の内容そのものです。",
        means_en: "This means that the lists and results made for reading say exactly what the signed record says.",
    },
];

/// Index of the check that a rule belongs to; `entries` for a rule nobody listed.
pub(crate) fn index_of(rule: Rule) -> usize {
    let covers = |c: &Check| {
        c.covers
            .iter()
            .any(|(from, to)| (*from..=*to).contains(&rule.0))
    };
    CHECKS
        .iter()
        .position(covers)
        .unwrap_or_else(|| index_of_key("entries"))
}

/// Index of the check with this key.
pub(crate) fn index_of_key(key: &str) -> usize {
    CHECKS.iter().position(|c| c.key == key).unwrap_or(0)
}

#[cfg(test)]
mod tests;
