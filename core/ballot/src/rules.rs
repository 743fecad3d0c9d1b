//! Numbers and plain words of the rules of chapters R1, R3, R4 and R9.

crypto::rules! {
    MANIFEST_BYTES = 1 . 2, "The manifest is canonical and every field within its limit.", "投票の定義の書式が正しい。";
    MANIFEST_TRUSTEES = 1 . 3, "Trustees are numbered from 1, and more than half of them make the threshold.", "開票管理者の番号と必要な人数が正しい。";
    MANIFEST_WINDOWS = 1 . 4, "Opening hours are in order, do not overlap and end by the close.", "受付時間が順に並び、重ならず、締切までに終わる。";
    MANIFEST_PARTIES = 1 . 5, "Every party is there, and no key, address or name stands twice.", "すべての関係者がそろい、鍵や番地に重なりがない。";
    MANIFEST_TIMES = 1 . 6, "Opening, close, limit of extension and announcement are in order.", "開始、締切、延長の上限、発表の順が正しい。";
    MANIFEST_AUTHORITY = 1 . 7, "The authority signed the manifest.", "投票の定義に実施主体の署名がある。";
    MANIFEST_SIGNED = 1 . 8, "At least t trustees signed the manifest, and every signature verifies.", "投票の定義に必要な人数の開票管理者の署名がある。";
    MANIFEST_HASH = 1 . 9, "The manifest is the one that was expected.", "投票の定義が、求めたものである。";
    MANIFEST_PRACTICE = 1 . 10, "No practice election where a real one is meant, and no real one where practice is meant.", "本番のところに練習の投票を、練習のところに本番の投票を使っていない。";
    MANIFEST_PLACES = 1 . 11, "Every counter and venue that opens has a place, and places open within their channel's hours.", "窓口と会場に場所があり、その時間が受付時間の中にある。";
    MANIFEST_TEXTS = 1 . 12, "Texts show everything they hold, and titles in a contest differ after folding.", "文に見えない文字がなく、同じ設問に見分けのつかない題がない。";
    MANIFEST_IDS = 1 . 13, "Ids, numbers and addresses are there, in range and not twice.", "記号と番号がそろい、範囲内で、重なりがない。";
    MANIFEST_SALTS = 1 . 14, "Every table of salts has a size within its limits.", "登録機関の乱数の表の大きさが範囲内である。";
    MANIFEST_AGAIN_WINDOWS = 1 . 15, "Windows for further votes cover the vote until the extension limit, none is longer than six hours, and each has a key of every registrar.", "再投票の時間帯が投票の全期間と延長の限度までにわたり、六時間以内で、登録機関ごとの鍵がある。";
    MANIFEST_BUCKET = 1 . 16, "Whoever looks up a voting key asks for a crowd of keys.", "投票鍵をさがすとき、十分に多くの鍵をまとめてさがす。";
    MANIFEST_RELAYS = 1 . 17, "Every relay is a body of its own.", "中継する組織が、ほかの役割をもたない。";

    CONTEST_LENGTH = 3 . 1, "A contest has its one length.", "一つの設問の長さが正しい。";
    CONTEST_SCALARS = 3 . 2, "A contest's scalars are below the group order.", "証明の数が範囲内である。";
    CONTEST_POINTS = 3 . 3, "A contest's points are canonical, and none is the identity where it must not be.", "暗号文の点の書式が正しい。";
    PROOF_BITS = 3 . 4, "Every mark is a bit, and their sum is in its bounds.", "印が一つずつ正しく、数が範囲内である。";
    PROOF_LINK_A = 3 . 5, "The first halves belong to the proof.", "暗号文の前半が証明と結びついている。";
    PROOF_LINK_B = 3 . 6, "The second halves encrypt what was proved.", "暗号文の後半が証明した中身である。";
    BALLOT_BYTES = 3 . 10, "A ballot is canonical.", "投票の書式が正しい。";
    BALLOT_LENGTH = 3 . 11, "A ballot has the one length of its election.", "投票の長さが正しい。";
    BALLOT_ELECTION = 3 . 12, "A ballot names this election.", "この投票についての一票である。";
    BALLOT_PICTURES = 3 . 13, "A ballot shows two of the 16 pictures.", "目印の絵が決まった絵である。";
    BALLOT_TOKENS = 3 . 14, "A ballot carries one token of each registrar.", "登録機関ごとに一つの印がある。";
    BALLOT_CONTESTS = 3 . 15, "A ballot has every contest of the manifest.", "すべての設問がそろっている。";
    BALLOT_SIGNATURE = 3 . 16, "A ballot is signed by its voting key.", "投票鍵の署名がある。";
    BALLOT_SEQUENCE = 3 . 17, "The first ballot of a key is number 1 and follows none; every other follows one.", "通し番号と前の投票の指し方が正しい。";
    CHECK_OPENED = 3 . 18, "A check ballot is opened by its voting key, entry hash included.", "確かめ票が本人の鍵で開けられている。";
    BALLOT_REPEATED = 3 . 19, "No ciphertext stands twice in one ballot.", "一つの投票の中に同じ暗号文が二度ない。";
    OPENING_FORM = 3 . 20, "An opening has its one form: one number below its modulus for every check line.", "公開の書式が正しく、確かめの行ごとに範囲内の数が一つある。";
    OPENING_NUMBERS = 3 . 21, "The numbers of an opening are those in its ballot.", "公開された数が、投票の中の数である。";
    BALLOT_OWN_CARD = 3 . 22, "A ballot has one card key of each registrar, and a first one nothing else about the card.", "登録機関ごとのカードの鍵があり、最初の投票にはカードの署名がない。";

    TOKEN = 4 . 1, "Each registrar's token is for this election, key, kind, number and predecessor.", "登録機関の印がこの投票、鍵、番号と、置きかえる票のものである。";
    OWN_CARD = 4 . 2, "A further ballot is signed with the card behind its voting key, for these tokens.", "再投票に、その投票鍵の持ち主のカードによる署名がある。";
    SALT = 4 . 3, "A registrar's salt is the leaf of its committed table that the certificate names.", "登録機関の乱数が、あらかじめ決めた表のものである。";
    AUTH_ANSWER = 4 . 4, "A registrar's answer to a card is signed, belongs to this session and proves the person's key.", "カードへの登録機関の返事に署名があり、この手続きのもので、鍵の証明が正しい。";
    CARD_RESPONSE = 4 . 5, "A registrar's response fits its nonce and the person's key.", "登録機関の応答が、約束した数と鍵に合っている。";
    CARD_KEY = 4 . 6, "A card's keys are those in the ballots of its voting key.", "カードの鍵が、前の投票に書かれた鍵と同じである。";

    CODE = 9 . 1, "A code has its one canonical form.", "コードの書式が正しい。";
    UNSEEN = 9 . 2, "A seed belongs to an entry hash that the device noted before.", "先に覚えた投票の種である。";
    OTHER_CHECK = 9 . 3, "The check ballot is on the board, final, and the one that was noted.", "覚えた確かめ票が掲示板で確定している。";
    OTHER_ENTRY_HASH = 9 . 4, "With the withheld signature the check ballot has the noted entry hash.", "確かめ票が、最初に見せられた票である。";
    OTHER_CIPHERTEXT = 9 . 5, "The seed gives every ciphertext, and they encrypt one valid choice.", "種から同じ暗号文ができ、正しい一票である。";
    SUBSTITUTED = 9 . 6, "The cast ballot is the one that was noted.", "投票箱の票が、覚えた票である。";
    REPLACED = 9 . 7, "No later ballot of its voting key replaced it.", "あとの投票に置きかえられていない。";
    CODE_SIGNATURE = 9 . 8, "A first code is signed by its voting key.", "最初のコードに投票鍵の署名がある。";
    OTHER_OPENING = 9 . 9, "The opening is of the noted ballot.", "覚えた票の公開である。";
    OPENED_EARLY = 9 . 10, "The opening stands in a later block than its ballot.", "公開は、投票より後のブロックにある。";
    OLDER = 9 . 11, "The cast ballot was not on the board more than a minute before it was noted.", "投票が、覚えるより一分以上前から掲示板にあったものではない。";
}
