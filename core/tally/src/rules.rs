//! Numbers and plain words of the rules of chapter R7.

crypto::rules! {
    SHARE_SHAPE = 7 . 1, "There is one share per option of the aggregate.", "選択肢ごとに一つの復号の部分がある。";
    SHARE_PROOF = 7 . 2, "Each share's proof holds for key, ciphertext and target.", "復号の部分の証明が正しい。";
    SHARE_COMMITMENT = 7 . 3, "A share is the one its trustee committed to.", "先に約束した復号の部分である。";
    TOO_FEW = 7 . 4, "There are t shares of different trustees.", "必要な人数の復号の部分がある。";
    PLAINTEXT = 7 . 5, "Every plaintext is a number of votes between 0 and counted.", "復号した値が票数として正しい。";
}
