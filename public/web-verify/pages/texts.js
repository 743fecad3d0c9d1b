// All words of these pages, and the switch between the two languages.

const EN = {
  skip: 'Skip to content',
  demo: 'REHEARSAL: a rehearsal or demonstration, not a real vote',
  brand: 'Irefuda',
  service: 'Checking a vote',
  menu: 'Menu',
  nav_record: 'Check a record or a receipt',
  nav_check: 'Check your own vote on another device',
  foot_local: 'Everything is computed inside this page; files you choose are sent nowhere.',
  foot_two: 'You need not trust a single program: another verifier was written by someone else from the specification alone.',
  title_verify: 'Checking a public record',
  title_check: 'Checking your own vote',
  record_title: 'Check a public record',
  record_lead: 'The whole count is repeated from the public record. If a single vote differs, the rule that was broken is named.',
  trust_title: '1. Keys you trust',
  trust_lead: 'Choose the trust.json you got from a printed source. Without it the check runs too, but you have to compare the values shown at the end yourself.',
  trust_file: 'Trust file (trust.json)',
  may: 'optional',
  pick: 'Choose a file',
  election: 'Election hash (128 hexadecimal digits)',
  whole_title: '2. Check a whole record',
  record_file: 'File of the public record (.tar)',
  record_help: 'Choose the file, or drop it into this frame.',
  check_record: 'Check this record',
  fetch_record: 'Fetch the record from this site and check it',
  working: 'Checking',
  receipt_title: '3. Check one receipt',
  receipt_lead: 'Shows that your vote is in the box and final by the validators’ signatures. It does not show for whom you voted.',
  code: 'Receipt number',
  receipt_file: 'Receipt file',
  receipt_help: 'Without a file the receipt is fetched from this site by its number.',
  manifest_file: 'Election definition (manifest.bin)',
  manifest_help: 'Without a trust file and a definition, the definition is fetched from this site.',
  check_receipt: 'Check this receipt',
  check_title: 'Check your own vote on another device',
  check_lead: 'Open this page on a phone or another device, not on the PC you vote with. It checks whether the PC made the vote you chose.',
  note_title: '1. Scan the first code',
  note_lead: 'Scan the code on the voting screen before you press “Vote” or “Check”. Scanned later it proves nothing.',
  first: 'First code',
  note: 'Remember this code',
  next_title: '2. Press one of the two on the voting screen',
  next_lead: 'Do not let the PC know beforehand which one you will press. When some people choose “Check”, a PC that cheats is likely to be found.',
  do_check_title: 'I pressed “Check”',
  do_check_lead: 'That ballot is not counted. Wait until the voting screen shows a second code and open it here. Then vote again.',
  find_check: 'Look on the board',
  do_cast_title: 'I pressed “Vote”',
  do_cast_lead: 'Checks that exactly the remembered vote is in the box and stays there.',
  find_cast: 'Look on the board',
  watch: 'Watch until the close',
  choose_title: '3. Have one of the two numbers opened',
  choose_lead: 'First copy both numbers and the board number from the voting screen onto paper, and see that the sum is right. If you choose before you have written them down, nothing is checked. Tear the paper up afterwards: both numbers together show your choice.',
  toss: 'Written down. Toss a coin',
  find_opening: 'See the number that was opened',
  open_title: '3. Open it with the second code',
  open_lead: 'The check ballot is final on the board. Scan the second code on the voting screen.',
  second: 'Second code',
  pins_title: 'Keys this check trusts',
  pins_lead: 'Choose the trust.json you got from a printed source. Without it, compare the values below with that source.',
  open: 'Open and show what it says',
};

// Words that only scripts write: [Japanese, English].
const SAID = {
  passed: ['合格', 'passed'],
  failed: ['失敗', 'FAILED'],
  finding: ['指摘', 'finding'],
  not_compared: ['未照合', 'not compared'],
  not_held: ['取りやめ', 'withdrawn'],
  withdrawn: ['この投票は、始まる前に取りやめになりました。票は一つもありません。', 'This election was withdrawn before it began; there is no vote in it.'],
  not_reached: ['未確認', 'not reached'],
  col_state: ['結果', 'Result'],
  col_what: ['確かめたこと', 'What was checked'],
  col_rules: ['規則', 'Rules'],
  col_detail: ['内容', 'Details'],
  all_good: ['すべての確認に合格しました', 'Every check passed'],
  good_open: ['確認に合格しました。ただし鍵はまだ見比べていません', 'The checks passed, but the keys were not compared'],
  good_open_text: ['下の値を、広報紙など別の手段で受け取った値と見比べてください。', 'Compare the values below with those of a printed source.'],
  found: ['確認に合格しましたが、指摘があります', 'Every check passed, with findings'],
  found_text: ['登録機関の報告に、人が判断すべきことがあります。', 'People have to judge a registrar’s report.'],
  found_rests: ['この結果は、ほかの登録機関の報告だけに支えられています。', 'The outcome rests on the word of the other registrars.'],
  findings: ['指摘', 'Findings'],
  registrar: ['登録機関', 'Registrar'],
  finding_line: ['{rule}　{name}　差 D {d}・最小の票差 {margin}', '{rule} {name}: difference D {d}, smallest margin {margin}'],
  bad: ['確認に合格しませんでした', 'A check failed'],
  bad_text: ['この記録を信用しないでください。反した規則：{rule}', 'Do not trust this record. Rule that was broken: {rule}'],
  bad_receipt: ['この控えを信用しないでください。反した規則：{rule}', 'Do not trust this receipt. Rule that was broken: {rule}'],
  not_picked: ['選ばれていません', 'none chosen'],
  no_trust: ['信頼ファイルなし', 'no trust file'],
  checks: ['確認の一覧', 'All checks'],
  facts: ['記録の内容', 'What the record says'],
  election_hash: ['投票の識別値', 'Election hash'],
  network: ['ネットワーク', 'Network'],
  authority: ['実施主体の鍵', 'Authority’s key'],
  validators: ['検証者の鍵', 'Validators’ keys'],
  digest: ['記録の照合値', 'Record digest'],
  counts: ['受付・上書き・集計・確かめ', 'Received, replaced, counted, checked'],
  counts_value: ['{a}・{b}・{c}・{d}', '{a}, {b}, {c}, {d}'],
  issued: ['発行した投票券（登録機関ごと）', 'Credentials issued (per registrar)'],
  hand_over: ['引き継ぎ {n}（ブロック {from} から）の検証者の鍵', 'Validators’ keys after hand-over {n}, from block {from}'],
  entitled: ['投票できる人', 'Who may vote'],
  help: ['問い合わせ先', 'Help'],
  places: ['投票する場所', 'Places'],
  tie_rule: ['票数が同じとき', 'When votes are equal'],
  margin: ['一位と二位の差', 'Margin of the first over the second'],
  unused: ['発行済みで使われていない数', 'Issued and not used'],
  votes: ['票数', 'Votes'],
  option: ['選択肢', 'Option'],
  blocks: ['{done} / {all} ブロック', 'block {done} of {all}'],
  loading: ['読み込んでいます', 'Loading'],
  entry: ['記録のハッシュ値', 'Entry hash'],
  time: ['投票箱に入った時刻', 'Received'],
  height: ['ブロック', 'Block'],
  mark: ['控えの絵', 'Pictures'],
  code: ['控えの番号', 'Receipt number'],
  need_record: ['公開記録のファイルを選んでください。', 'Choose the file of a public record.'],
  need_receipt: ['控えの番号を入力するか、控えのファイルを選んでください。', 'Enter a receipt number or choose a receipt file.'],
  not_there: ['このサイトからは受け取れませんでした。', 'This site did not give it.'],
  no_relay: ['中継所につながりません', 'No relay can be reached'],
  relay_late: ['中継所から返事がありません', 'The relays do not answer'],
  no_relay_text: [
    '中継所は、あなたの通信の住所（IPアドレス）を受付サーバーに見せないためのものです。勝手にほかの道で調べることはありません。少し待ってやり直すか、中継所を使わずにこのサイトを通して調べることを選べます。そのときは、このサイトに、あなたの通信の住所と、どの投票を調べたかがわかります。',
    'A relay keeps your network address from the servers. Nothing is asked on another way unless you say so. Wait and try again, or choose to ask through this site without a relay: the site then sees your network address and which vote you looked for.',
  ],
  ask_directly: ['中継所を使わずに調べる', 'Ask without a relay'],
  not_yet: ['まだ掲示板で確定していません。少し待ってから、もう一度探してください。', 'Not final on the board yet. Wait a little and look again.'],
  cannot: ['確認できません', 'Cannot check'],
  usage_trust: ['信頼ファイルを読めません。', 'The trust file cannot be read.'],
  usage_election: ['投票の識別値は16進で128文字です。', 'The election hash has 128 hexadecimal digits.'],
  usage_pins: ['信頼ファイルも投票の定義もありません。', 'There is neither a trust file nor an election definition.'],
  usage_kind: ['この記録は練習（または本番）の投票のもので、信頼ファイルは本番（または練習）用です。', 'The record is of a practice election and the trust file is for real ones, or the reverse.'],
  usage_fit: ['投票の定義が、信頼ファイルの実施主体や検証者のものではありません。', 'The definition is not by the authority and validators of the trust file.'],
  usage_other: ['必要なものを読めません。', 'Something needed cannot be read.'],
  noted: ['覚えました', 'Remembered'],
  noted_text: ['投票画面の番号と絵が、下と同じであることを見てください。', 'See that number and pictures on the voting screen are the same as below.'],
  found_check: ['確かめる票が掲示板で確定しました', 'The check ballot is final on the board'],
  found_check_text: ['覚えた番号・絵と同じです。この票は数えません。', 'It is the one remembered. It is not counted.'],
  found_cast: ['あなたの投票は投票箱に入っています', 'Your vote is in the box'],
  found_cast_text: ['覚えた番号・絵と同じで、あなたの最後の投票です。', 'It is the one remembered, and your last vote.'],
  board_number: ['掲示板番号', 'Board number'],
  seq: ['何回目の投票か', 'Which vote of yours'],
  checks_number: ['掲示板にある「確かめる」の票', 'Check ballots on the board'],
  checks_made: ['{n}票（この回の分。自分で「確かめる」を押した数より多いときは、窓口に知らせてください）', '{n} for this vote; if you pressed “Check” fewer times, tell the office'],
  checks_unknown: ['分かりません', 'not known'],
  opened_at: ['公開された時刻', 'Opened'],
  toss_mask: ['「ア」を押してください', 'Press ア'],
  toss_masked: ['「イ」を押してください', 'Press イ'],
  toss_text: ['このコインの結果を、投票画面は知りません。押したあと、下の「公開された数を見る」を押してください。', 'The voting screen does not know this coin. After pressing, look at the number that was opened.'],
  side_mask: ['「ア」の数が公開されました', 'Number ア was opened'],
  side_masked: ['「イ」の数が公開されました', 'Number イ was opened'],
  side_text: ['押したほうの数が、紙に書いた数と同じなら、この確かめは合格です。掲示板番号、絵、時刻、何回目かも見てください。', 'If you pressed this one and the number is the one on your paper, this check is passed. Compare board number, pictures, time and count, too.'],
  side_alarm: ['一つでも違うときや、選ぶ前に公開されていたときは、窓口に知らせ、別の機器で投票し直してください。', 'If anything differs, or was opened before you chose, tell the office and vote again on another machine.'],
  opened_before: ['あなたが選ぶ前に、もう公開されています。そのパソコンを使わず、窓口に知らせ、別の機器で投票し直してください。', 'It was opened before you chose. Do not use that PC, tell the office and vote again on another machine.'],
  not_opened: ['まだ公開されていません', 'Not opened yet'],
  not_opened_text: ['ア・イを押してから60秒たっても公開されないときは、窓口に知らせ、別の機器で投票し直してください。票はそのままでも数えます。', 'If nothing is opened 60 seconds after you pressed, tell the office and vote again on another machine. The vote counts all the same.'],
  opened: ['この票の中身', 'What this ballot says'],
  opened_text: ['あなたが選んだものと同じなら、パソコンは正しく投票を作りました。違うときは、そのパソコンを使わず、窓口に知らせてください。この票は数えないので、もう一度投票してください。', 'If this is what you chose, the PC made the vote correctly. If not, do not use that PC and tell the office. This ballot is not counted, so vote again.'],
  opened_again: ['確かめた票の中身をほかの人に見せても、あなたの本当の投票の証拠にはなりません。', 'Showing this to others proves nothing about the vote you cast.'],
  alarm: ['注意：合いません', 'Warning: it does not match'],
  alarm_text: ['規則：{rule}', 'Rule: {rule}'],
  'R9.01': ['コードの形が正しくありません。もう一度読み取ってください。', 'This is not one of our codes. Scan it again.'],
  'R9.02': ['このコードは、先に覚えた投票のものではありません。「投票する」や「確かめる」を押す前に、一つ目のコードを読み取る必要があります。', 'This code does not belong to a vote remembered before. The first code has to be scanned before “Vote” or “Check” is pressed.'],
  'R9.03': ['掲示板の確かめる票が、覚えたものと違います。まだ探していないときは、先に「掲示板で探す」を押してください。', 'The check ballot on the board is not the one remembered. If you have not looked yet, press “Look on the board” first.'],
  'R9.04': ['この票は、最初に見せられた票ではありません。そのパソコンを使わず、窓口に知らせてください。', 'This is not the ballot that was shown at first. Do not use that PC and tell the office.'],
  'R9.05': ['二つ目のコードから、この票は作れません。そのパソコンを使わず、窓口に知らせてください。', 'The second code does not give this ballot. Do not use that PC and tell the office.'],
  'R9.06': ['掲示板の投票が、覚えたものと違います。そのパソコンを使わず、窓口に知らせてください。', 'The vote on the board is not the one remembered. Do not use that PC and tell the office.'],
  'R9.07': ['あなたの投票は、あとの投票に置きかえられています。覚えがなければ、すぐに窓口に知らせてください。', 'Your vote was replaced by a later one. If it was not you, tell the office at once.'],
  'R9.08': ['このコードには、投票鍵の署名がありません。そのパソコンを使わず、窓口に知らせてください。', 'This code is not signed by its voting key. Do not use that PC and tell the office.'],
  'R9.09': ['公開されたのは、覚えた票の数ではありません。窓口に知らせてください。', 'What was opened is not of the ballot remembered. Tell the office.'],
  'R9.10': ['票より先に公開されています。そのパソコンを使わず、窓口に知らせてください。', 'It was opened no later than its ballot. Do not use that PC and tell the office.'],
  'R9.11': ['この票は、あなたが覚えるより前から掲示板にありました。ほかの人の票かもしれません。窓口に知らせてください。', 'This ballot was on the board before you remembered it, and may be somebody else’s. Tell the office.'],
  'R3.21': ['公開された数は、票の中の数ではありません。窓口に知らせてください。', 'The number opened is not the one in the ballot. Tell the office.'],
  alarm_other: ['掲示板から受け取ったものが正しくありません。しばらくしてから、もう一度探してください。続くときは窓口に知らせてください。', 'What the board gave is not right. Look again later; if it stays so, tell the office.'],
  watch_on: ['見守っています。締切まで、このページを開いたままにしてください。見た回数：{n}', 'Watching. Keep this page open until the close. Looked {n} times'],
  trusted: ['信頼ファイルと合っています', 'As in the trust file'],
  pins: ['この確認が信じている値', 'What this check trusts'],
  vote_title: ['投票', 'Vote'],
  number: ['{n}番　{title}', 'No. {n}: {title}'],
};

const MARKS = {
  sun: ['太陽', 'sun'], moon: ['月', 'moon'], star: ['星', 'star'], cloud: ['雲', 'cloud'],
  mountain: ['山', 'mountain'], wave: ['波', 'wave'], tree: ['木', 'tree'], flower: ['花', 'flower'],
  bird: ['鳥', 'bird'], fish: ['魚', 'fish'], cat: ['ねこ', 'cat'], boat: ['船', 'boat'],
  house: ['家', 'house'], key: ['かぎ', 'key'], bell: ['鈴', 'bell'], umbrella: ['かさ', 'umbrella'],
};

const JA = {};
let lang = 'ja';
const listeners = [];

/** The language of the page: 0 Japanese, 1 English. */
export const which = () => (lang === 'en' ? 1 : 0);

/** A text that scripts write; `{name}` is replaced. */
export function say(key, values = {}) {
  const text = SAID[key]?.[which()] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** Has this key a text? */
export const has = (key) => key in SAID;

/** Two pictures in words. */
export function pictures(mark) {
  if (!mark) return '';
  const [a, b] = mark.map((name) => MARKS[name]?.[which()] ?? name);
  return which() ? `${a} and ${b}` : `${a}と${b}`;
}

const CLOCK = { weekday: 'long', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric', timeZone: 'Asia/Tokyo' };

/** A time of the board, in Japan, to the second; written as the receipt writes it. */
export function when(ms) {
  const [locale, more] = which()
    ? ['en-GB', { month: 'long', hourCycle: 'h23' }]
    : ['ja-JP-u-ca-japanese', { era: 'long', hourCycle: 'h11' }];
  const parts = new Intl.DateTimeFormat(locale, { ...CLOCK, ...more }).formatToParts(new Date(ms));
  const at = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  if (which()) return `${at.weekday} ${at.day} ${at.month} ${at.year}, ${at.hour}:${at.minute}:${at.second} (JST)`;
  const [minute, second] = [Number(at.minute), Number(at.second)];
  return `${at.era}${at.year}年${at.month}月${at.day}日（${at.weekday}）${at.dayPeriod}${at.hour}時${minute}分${second}秒`;
}

/** Calls `again` whenever the language changes. */
export function onLanguage(again) {
  listeners.push(again);
}

function show() {
  document.documentElement.lang = lang;
  for (const node of document.querySelectorAll('[data-t]')) {
    const key = node.dataset.t;
    JA[key] ??= node.textContent;
    node.textContent = lang === 'en' ? (EN[key] ?? JA[key]) : JA[key];
  }
  for (const node of document.querySelectorAll('[data-label]')) {
    const key = node.dataset.label;
    JA[key] ??= node.getAttribute('aria-label');
    node.setAttribute('aria-label', lang === 'en' ? EN[key] : JA[key]);
  }
  const title = `title_${document.querySelector('script[src]').getAttribute('src').replace('.js', '')}`;
  JA[title] ??= document.title;
  document.title = lang === 'en' ? `${EN[title]} | Irefuda` : JA[title];
  for (const link of document.querySelectorAll('[data-lang]')) {
    if (link.dataset.lang === lang) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  for (const again of listeners) again();
}

/** Begins with the language of the address, Japanese without one. */
export function begin() {
  lang = new URLSearchParams(location.search).get('lang') === 'en' ? 'en' : 'ja';
  for (const link of document.querySelectorAll('[data-lang]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      lang = link.dataset.lang;
      history.replaceState(null, '', `?lang=${lang}${location.hash}`);
      show();
    });
  }
  for (const link of document.querySelectorAll('.site-nav a')) {
    link.addEventListener('click', () => {
      if (lang === 'en') link.search = '?lang=en';
    });
  }
  show();
}
