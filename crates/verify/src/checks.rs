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
}

/// All checks.
pub const CHECKS: [Check; 18] = [
    Check {
        key: "files",
        rules: "R8.01–R8.02",
        covers: &[(801, 802)],
        ja: "記録のファイルがそろい、余計なものがない",
        en: "The record has exactly its files, and they are whole",
    },
    Check {
        key: "network",
        rules: "R8.03",
        covers: &[(803, 803)],
        ja: "最初のブロックが検証者ネットワークを定めている",
        en: "The first block fixes the validator network",
    },
    Check {
        key: "trust",
        rules: "R8.07–R8.08 R8.13",
        covers: &[(807, 808), (813, 813)],
        ja: "実施主体と検証者の鍵（と指定した投票）が、手元の値と同じである",
        en: "Authority, validators (and the election asked for) are those at hand",
    },
    Check {
        key: "manifest",
        rules: "R1.01–R1.09",
        covers: &[(101, 109)],
        ja: "投票の定義が正しく、実施主体と開票管理者が署名している",
        en: "The manifest is sound and signed by the authority and enough trustees",
    },
    Check {
        key: "sealed",
        rules: "R8.05 R5.11–R5.14",
        covers: &[(805, 805), (511, 514)],
        ja: "その定義が、開始前に掲示板で確定している",
        en: "That manifest was sealed on the board before the vote",
    },
    Check {
        key: "chain",
        rules: "R6.01–R6.07",
        covers: &[(601, 607)],
        ja: "ブロックが切れ目なくつながり、記録の要約値と一致する",
        en: "Blocks form one chain and fit their entries",
    },
    Check {
        key: "finality",
        rules: "R6.20–R6.24 R8.04",
        covers: &[(620, 624), (804, 804)],
        ja: "十分な数の検証者の署名で確定している（署名はすべて確認）",
        en: "Enough validators signed; every signature present was checked",
    },
    Check {
        key: "entries",
        rules: "R5.01–R5.05",
        covers: &[(0, 99), (501, 505)],
        ja: "掲示板の記録が正しい書式で、重複がなく、段階に合っている",
        en: "Entries are canonical, appear once, and fit the phase",
    },
    Check {
        key: "ceremony",
        rules: "R2.01–R2.12 R5.06–R5.10",
        covers: &[(201, 299), (506, 510)],
        ja: "開票管理者の鍵づくりが規則どおりで、鍵を再計算できる",
        en: "The trustees' key ceremony follows the rules; the key is recomputed",
    },
    Check {
        key: "officers",
        rules: "R5.15–R5.18 R5.31–R5.34 R5.49",
        covers: &[(515, 518), (531, 534), (549, 549)],
        ja: "開始・延長などは二人の担当者が行い、開始時に箱は空だった",
        en: "Two officers acted each time; the box was empty at opening",
    },
    Check {
        key: "ballots",
        rules: "R3.01–R3.18",
        covers: &[(301, 399)],
        ja: "すべての投票の署名と、正しい一票であることの証明が成り立つ",
        en: "Every ballot's signature and proof hold",
    },
    Check {
        key: "tokens",
        rules: "R4.01",
        covers: &[(401, 499)],
        ja: "すべての投票に、登録機関の有効な投票券が付いている",
        en: "Every ballot carries each registrar's valid token",
    },
    Check {
        key: "sequence",
        rules: "R5.20–R5.28",
        covers: &[(520, 528)],
        ja: "投票は受付時間内で、投票し直しの順番に抜けや重なりがない",
        en: "Ballots came in time; re-votes leave no gap and nothing is used twice",
    },
    Check {
        key: "evidence",
        rules: "R5.35–R5.37 R5.50",
        covers: &[(535, 537), (550, 550)],
        ja: "登録機関の日ごとの集計に署名があり、あとから変わっていない",
        en: "The registrars' daily counts are signed and were not changed later",
    },
    Check {
        key: "shares",
        rules: "R5.38–R5.46 R7.01–R7.03",
        covers: &[(538, 546), (701, 703)],
        ja: "復号の部分は約束どおりで、発表より前に出ていない",
        en: "Decryption shares match their commitments and came after the announcement",
    },
    Check {
        key: "result",
        rules: "R5.47–R5.48 R7.04–R7.05 R8.09",
        covers: &[(547, 548), (704, 799), (809, 809)],
        ja: "結果を投票から計算し直して、完全に一致した",
        en: "The result was recomputed from the ballots and is exactly equal",
    },
    Check {
        key: "reconciliation",
        rules: "R8.10–R8.12 R8.14",
        covers: &[(810, 812), (814, 814)],
        ja: "受付・上書き・集計・発行の数が合っている",
        en: "Received, overwritten, counted and issued numbers fit together",
    },
    Check {
        key: "views",
        rules: "R8.06",
        covers: &[(806, 806)],
        ja: "人が読むための表示ファイルが、記録から作り直したものと同じである",
        en: "The readable views are what the record gives",
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
