//! Numbers and plain words of the rules of chapters R5, R6 and R8.

use crypto::Rule;
use crypto::rule::RuleText;

crypto::rules! {
    ENTRY_BYTES = 5 . 1, "An entry has its one canonical form.", "記録の書式が正しい。";
    ENTRY_LENGTH = 5 . 2, "An entry is no longer than its kind allows.", "記録の長さが上限以内である。";
    UNKNOWN_ELECTION = 5 . 3, "An entry names an election that is on the board.", "掲示板にある投票についての記録である。";
    DUPLICATE = 5 . 4, "No entry is on the board twice.", "同じ記録が二度載らない。";
    PHASE = 5 . 5, "An entry's kind fits the phase of its election.", "記録の種類が投票の段階に合っている。";
    SETUP_NETWORK = 5 . 6, "A setup names this network.", "準備の記録がこの検証者ネットワークのものである。";
    SETUP_SIGNATURE = 5 . 7, "A setup is signed by its authority.", "準備の記録に実施主体の署名がある。";
    SETUP_PARTIES = 5 . 8, "A setup has a sound roster of trustees, at least two officers with different keys, and sound names.", "開票管理者の名簿と二人以上の担当者と名前が正しい。";
    CEREMONY_SIGNATURE = 5 . 9, "A ceremony message is signed by the trustee it names.", "鍵づくりの記録に本人の署名がある。";
    SETUP_AUTHORITY = 5 . 10, "A setup is by an authority that the network lists.", "準備の記録の実施主体が、ネットワークの定めた一覧にある。";
    SEAL_SETUP = 5 . 11, "A manifest agrees with its setup: network, id, authority, officers, trustees.", "投票の定義が準備の記録と一致する。";
    SEAL_CEREMONY = 5 . 12, "A manifest carries the keys and root of a finished ceremony.", "投票の定義の鍵が、終わった鍵づくりの結果と一致する。";
    SEAL_VALIDATORS = 5 . 13, "A manifest lists the network's present validators.", "投票の定義の検証者が、今のネットワークと一致する。";
    SEAL_LATE = 5 . 14, "An election is sealed before its close.", "投票の定義が締切より前に確定している。";
    OFFICERS = 5 . 15, "An act of the officers names two different officers.", "二人の異なる担当者による操作である。";
    OFFICER_SIGNATURE = 5 . 16, "Both officers signed exactly this act.", "二人の担当者の署名が正しい。";
    OPEN_BOX = 5 . 17, "At opening the box is empty and the named head is a recent block after the seal.", "開始のとき投票箱が空である。";
    OPEN_LATE = 5 . 18, "Voting opens before its close.", "開始が締切より前である。";
    BALLOT_PHASE = 5 . 20, "Ballots are accepted only while voting is open.", "投票は受付中だけ受け付けられる。";
    BALLOT_EARLY = 5 . 21, "No ballot is accepted before the first opening of the manifest.", "開始時刻より前の投票は受け付けない。";
    BALLOT_LATE = 5 . 22, "No gateway takes a ballot from the close on, and no block once the box has closed.", "締切以後の投票は受付で受け取らず、箱が閉じたあとはブロックにも入れない。";
    SEQ = 5 . 23, "A ballot's number is one more than the last of its voting key.", "投票の通し番号が前の投票の次である。";
    PREV = 5 . 24, "A ballot names the previous ballot of its voting key.", "投票が同じ鍵の前の投票を指している。";
    RANDOMNESS_REUSED = 5 . 25, "No ciphertext of a cast ballot is used again.", "投票済みの暗号文を再び使っていない。";
    CAST_AFTER_CHECK = 5 . 26, "No ciphertext of a check ballot is cast.", "確かめに使った暗号文で投票していない。";
    CHECK_AFTER_CAST = 5 . 27, "No ciphertext of a cast ballot is opened as a check.", "投票済みの暗号文を確かめに使っていない。";
    CHECK_BALLOT_LIMIT = 5 . 28, "At most five check ballots for one voting key and number.", "確かめは一つの番号につき五回まで。";
    EXTEND_LATE = 5 . 31, "The close is moved only before it has come.", "延長は締切の前だけにできる。";
    EXTEND_RANGE = 5 . 32, "The close moves forward only, up to the manifest's limit.", "延長は上限までの後ろへの変更だけである。";
    RESUME_RANGE = 5 . 33, "A resumed election closes after the block and within the manifest's limit.", "再開後の締切が範囲内である。";
    NOT_HALTED = 5 . 34, "Officers drain only an election that is halted.", "担当者が残りの票の書き込みを命じられるのは、停止中だけである。";
    EVIDENCE_SIGNATURE = 5 . 35, "Evidence is signed by the registrar it names.", "本人確認の集計に登録機関の署名がある。";
    EVIDENCE_PARTS = 5 . 36, "A report names each channel once, has one leaf hash for each token it counts, increasing, and its parts come in order with the same counts.", "本人確認の集計に、数えた印と同じ数の要約値が小さい順にあり、分けた部分が順番どおりで数も同じである。";
    EVIDENCE_TIME = 5 . 37, "A day of the vote is reported from its end until the result.", "本人確認の集計は、投票のその日が終わってから結果が出るまで受け付ける。";
    COMMIT_SIGNATURE = 5 . 38, "A share commitment is signed by the trustee it names.", "復号の約束に本人の署名がある。";
    COMMIT_TWICE = 5 . 39, "One share commitment per trustee.", "復号の約束は一人一回である。";
    COMMIT_TARGET = 5 . 40, "A share commitment is for the closed box and nothing else.", "復号の約束の対象が締め切った投票箱である。";
    TOO_FEW_COUNTED = 5 . 41, "A box with fewer ballots than the manifest's minimum is not decrypted.", "票数が定めた最少数に満たない箱は開けない。";
    ANNOUNCE_EARLY = 5 . 42, "No announcement before its time.", "発表時刻より前に発表できない。";
    ANNOUNCE_COMMITS = 5 . 43, "No announcement with fewer than t share commitments.", "必要な人数の約束がそろう前に発表できない。";
    SHARE_EARLY = 5 . 44, "No decryption share before the announcement.", "発表より前に復号の部分を出せない。";
    SHARE_COMMIT = 5 . 45, "A decryption share follows its trustee's commitment, once.", "復号の部分が約束のあとに一度だけ出ている。";
    SHARE_SIGNATURE = 5 . 46, "A decryption share is signed by the trustee it names.", "復号の部分に本人の署名がある。";
    RESULT_SHARES = 5 . 47, "A result needs t good decryption shares.", "結果には必要な人数の復号の部分が要る。";
    RESULT_VALUE = 5 . 48, "A result is exactly what the board gives when recomputed.", "結果が再計算と完全に一致する。";
    SALT_EARLY = 5 . 49, "Salt keys are destroyed after the close, once per registrar that exists.", "塩の鍵の廃棄は締切後に一度だけ記録される。";
    EVIDENCE_MISSING = 5 . 50, "The first share commitment waits until every registrar reported the day of the close, or an hour has passed since the close block.", "最初の復号の約束は、すべての登録機関が締切の日の集計を出すか、締切ブロックから一時間がたつまでできない。";
    OPENING_BALLOT = 5 . 51, "An opening is of a ballot that an earlier block holds.", "公開は、前のブロックにある投票についてのものである。";
    OPENING_TWICE = 5 . 52, "A ballot is opened once, on one side.", "一つの投票の公開は一度だけ、片方だけである。";
    CARD_KEYS = 5 . 53, "A further ballot has the card keys of the first one of its voting key.", "再投票に、その投票鍵の最初の票と同じカードの鍵がある。";
    AGAIN_WINDOW = 5 . 54, "A further ballot stands in a block of the window whose tokens it carries, or of the half hour after it; with a Late its promises were given then.", "再投票が、その印の時間帯かその後三十分のブロックにある。締切前の受け取りの証明があるときは、受け取りの時刻がそうである。";
    NOT_PROMISED = 5 . 55, "From 30 seconds before the close on, a block takes a ballot only with a Late that names it.", "締切の三十秒前からのブロックは、締切前に受け取った印のある投票だけを入れる。";
    RELEASE_TWICE = 5 . 56, "A version of a booth program for a platform is released once, whatever the case of its letters.", "投票プログラムの一つの版は、機種ごとに一度だけ公表される。";
    ACT_WORDS = 5 . 57, "The words of an act are as sound as those of a manifest.", "担当者の操作の文と記号が、投票の定義と同じ決まりを守っている。";
    HAND_OVER = 5 . 58, "A hand-over is the next one, the only one in its block, and changes the validators.", "検証者の引き継ぎが次の番号で、ブロックに一つだけで、顔ぶれを変える。";
    HAND_OVER_SIGNED = 5 . 59, "At least n − f of the present validators certified the hand-over, and every signature verifies.", "引き継ぎに、今の検証者の必要な数の署名がある。";
    HAND_OVER_ACCEPTED = 5 . 75, "Every validator of the new set accepted the hand-over with its own engine key.", "新しい検証者の全員が、自分の鍵で引き継ぎを受けている。";
    HAND_OVER_EXPIRED = 5 . 76, "A hand-over stands in a block of the seven days before its order expires.", "引き継ぎが、命令の期限までの七日のあいだのブロックにある。";
    RELEASES_TOO_MANY = 5 . 77, "At most 64 booth programs are released for one election.", "一つの投票で公表される投票プログラムは64個までである。";
    WITHDRAW_LATE = 5 . 70, "An election is withdrawn only before its opening.", "取りやめは、投票を始める前だけにできる。";
    WITHDRAWN = 5 . 71, "In a withdrawn election nothing is accepted but notices.", "取りやめた投票には、お知らせのほかは載らない。";
    HINTS = 5 . 72, "New addresses are well-formed, at least one, none twice.", "新しいアドレスの書式が正しく、一つ以上あり、重ならない。";
    HINTS_NUMBER = 5 . 73, "New addresses are numbered one after the other.", "新しいアドレスの番号が前の次である。";

    LATE_BALLOT = 5 . 60, "A Late names a ballot of its election in the same block, and one ballot is named once.", "締切前の受け取りの証明は、同じブロックの一つの票についてのものである。";
    LATE_VALIDATORS = 5 . 61, "A Late carries the word of more than f different validators in office.", "受け取りの証明に、必要な数の検証者の印がある。";
    LATE_TIME = 5 . 62, "Every promise in a Late was given before the close.", "受け取りの印は、すべて締切より前のものである。";
    LATE_SIGNATURE = 5 . 63, "Every promise in a Late is signed by its validator's node key.", "受け取りの印の署名がすべて正しい。";
    RESUME_HALT = 5 . 64, "Voting is resumed only when the halt began more than ten minutes before the close.", "再開できるのは、締切の十分より前から止まっていたときだけである。";
    RESUME_LENGTH = 5 . 65, "Voting is resumed for no longer than was lost.", "再開の長さは、失われた時間までである。";
    EXTEND_RESUMED = 5 . 66, "Voting that was resumed is not extended.", "再開した投票は延長できない。";

    HEADER_NETWORK = 6 . 1, "A header names this network.", "ブロックがこのネットワークのものである。";
    HEADER_PARENT = 6 . 2, "A header names its parent's digest and the next height.", "ブロックが前のブロックにつながっている。";
    HEADER_TIME = 6 . 3, "Time goes forward from block to block.", "ブロックの時刻が前に進んでいる。";
    HEADER_ROOT = 6 . 4, "A header's root and count are those of its entries.", "ブロックの要約値と件数が記録と一致する。";
    BLOCK_ORDER = 6 . 5, "In a block, ballots, check ballots and openings come last and in the order of their hashes.", "ブロックの中の投票と公開が決まった順に並んでいる。";
    BLOCK_VOTER = 6 . 6, "In a block, a voting key appears in at most one ballot or check ballot.", "一つのブロックに同じ投票鍵は一度だけ現れる。";
    BLOCK_SIZE = 6 . 7, "A block holds at most 4096 entries and 2 MiB.", "ブロックの記録の数と長さが上限以内である。";
    CERTIFICATE_BYTES = 6 . 20, "A certificate has its one encoding.", "確定の証明の書式が正しい。";
    CERTIFICATE_COMMITTEE = 6 . 21, "A certificate is for this number of validators.", "検証者の数が合っている。";
    CERTIFICATE_HEADER = 6 . 22, "A certificate names this header.", "このブロックの証明である。";
    CERTIFICATE_TOO_FEW = 6 . 23, "At least n − f validators signed.", "十分な数の検証者が署名している。";
    CERTIFICATE_SIGNATURE = 6 . 24, "Every signature in a certificate verifies.", "付いている署名がすべて正しい。";    CERTIFICATE_EPOCH = 6 . 25, "A certificate is by the set of validators to which its block belongs.", "証明が、そのブロックを受けもつ検証者のものである。";
    RECEIPT_TERM = 6 . 26, "The first header of a receipt belongs to the same term as the last, which is certified.", "控えのブロックが、すべて同じ検証者の受けもちである。";
    RECEIPT_BYTES = 6 . 30, "A receipt is canonical.", "控えの書式が正しい。";
    RECEIPT_ENTRY = 6 . 31, "A receipt is about this entry: hash, code and pictures belong to it.", "控えがこの投票のものである。";
    RECEIPT_HEADERS = 6 . 32, "A receipt's headers are one chain of this network from the stated height.", "控えのブロックがつながっている。";
    RECEIPT_PATH = 6 . 33, "The audit path leads from the entry to the block's root.", "投票がブロックに含まれている。";

    RECORD_FILES = 8 . 1, "The record has exactly its files, a tar in their order.", "公開記録のファイルが決まったとおりである。";
    RECORD_BYTES = 8 . 2, "Every file is a sequence of whole items.", "ファイルが途中で切れていない。";
    RECORD_GENESIS = 8 . 3, "The first block is the genesis of the network it names.", "最初のブロックがこのネットワークのものである。";
    RECORD_CERTIFICATES = 8 . 4, "Certificates are in order, none is left over, and the last block and every block with a hand-over are certified.", "確定の証明が順にそろい、最後のブロックまで届いている。";
    RECORD_SEALED = 8 . 5, "The record's manifest is the one sealed on the board.", "公開記録の投票の定義が、掲示板で確定したものである。";
    RECORD_VIEW = 8 . 6, "Every view is what the board gives, byte for byte.", "読むための写しが掲示板の内容と一致する。";
    TRUSTED_AUTHORITY = 8 . 7, "The authority is the trusted one.", "実施主体が、信頼するものと同じである。";
    TRUSTED_NETWORK = 8 . 8, "Network and validators are the trusted ones.", "ネットワークと検証者が、信頼するものと同じである。";
    RECORD_UNFINISHED = 8 . 9, "The record ends with a result or with a withdrawal.", "公開記録に結果か取りやめがある。";
    FIRST_BELOW_COUNTED = 8 . 10, "Every registrar reported at least as many credentials as ballots were counted (finding).", "どの登録機関も、数えた票以上の資格を出したと報告している（指摘）。";
    NO_EVIDENCE = 8 . 11, "Every registrar reported every day of the vote (finding).", "すべての登録機関が、投票のすべての日を報告している（指摘）。";
    MARKS = 8 . 12, "Marks per contest lie between the least and the most that the counted ballots allow.", "設問ごとの印の数が、票数から見て正しい。";
    OTHER_ELECTION = 8 . 13, "The record is about the election that was asked for.", "求めた投票の記録である。";
    AGAIN_BELOW_REPLACED = 8 . 14, "Every registrar reported at least as many further tokens as ballots were replaced (finding).", "どの登録機関も、置きかえた票以上の印を出したと報告している（指摘）。";
    COUNTED_UNCOVERED = 8 . 15, "At least one registrar reported as many credentials as ballots were counted.", "数えた票以上の資格を出したと報告した登録機関が、少なくとも一つある。";
    REPLACED_UNCOVERED = 8 . 16, "At least one registrar reported as many further tokens as ballots were replaced.", "置きかえた票以上の印を出したと報告した登録機関が、少なくとも一つある。";
    EVIDENCE_LATE = 8 . 17, "Every report came within six hours after its day (finding).", "どの報告も、その日が終わってから六時間以内に出ている（指摘）。";
    EVIDENCE_AFTER_SHARES = 8 . 18, "Every report came before the first decryption share (finding).", "どの報告も、最初の復号の部分より前に出ている（指摘）。";
    RESTS_ON_OTHERS = 8 . 19, "What one registrar's reports lack is less than every margin (finding).", "どの登録機関の報告の不足も、一位と二位の差より小さい（指摘）。";
}

/// What does not make a record false but is for people to judge: the verifier ends with 4.
pub const FINDINGS: [Rule; 6] = [
    FIRST_BELOW_COUNTED,
    NO_EVIDENCE,
    AGAIN_BELOW_REPLACED,
    EVIDENCE_LATE,
    EVIDENCE_AFTER_SHARES,
    RESTS_ON_OTHERS,
];

/// The rules of all chapters in words, in the order of their numbers.
#[must_use]
pub fn all() -> Vec<RuleText> {
    let tables = [
        ballot::rules::TABLE,
        ceremony::rules::TABLE,
        TABLE,
        tally::rules::TABLE,
    ];
    let mut all: Vec<RuleText> = tables.concat();
    all.sort_by_key(|text| text.rule);
    all
}

#[cfg(test)]
mod tests;
