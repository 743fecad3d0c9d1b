//! Numbers and plain words of the rules of chapter R2.

crypto::rules! {
    ROSTER = 2 . 1, "The roster is numbered from 1, no key stands twice, and more than half make the threshold.", "名簿の番号と鍵と必要な人数が正しい。";
    MESSAGE_BYTES = 2 . 2, "A message is canonical.", "鍵づくりの記録の書式が正しい。";
    ROUND = 2 . 3, "A message belongs to the present round and its sender has not spoken in it.", "いまの段階の、本人の最初の記録である。";
    REVEAL = 2 . 4, "A reveal is what was committed.", "見せたものが、先に約束したものである。";
    KNOWLEDGE = 2 . 5, "The proof of knowledge of the constant term verifies.", "自分の秘密を知っている証明が正しい。";
    DEGREE = 2 . 6, "There are exactly t coefficient commitments.", "約束の数が必要な人数と同じである。";
    SHARES = 2 . 7, "There is one sealed share for each other trustee, in order.", "ほかの全員への分け前がそろっている。";
    SHARE = 2 . 8, "A share fits its dealer's commitments.", "分け前が、配った人の約束に合っている。";
    ROOT_SIGNATURE = 2 . 9, "The signature is over the transcript's root.", "鍵づくり全体の要約値に署名がある。";
    IDENTITY = 2 . 10, "Neither joint key nor a verification key is the identity.", "できた鍵が空ではない。";
    STRANGER = 2 . 11, "The sender is on the roster.", "名簿にいる人の記録である。";
    CULPRIT = 2 . 12, "Nobody was found to cheat.", "不正をした人が見つかっていない。";
}
