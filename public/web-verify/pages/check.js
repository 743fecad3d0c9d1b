// The second device: notes the first code, follows it on the board, opens a check ballot.
import { NoRelay, ask, awaited, banner, chosen, facts, fromBoard, fromSite, make, pickers, pins, put, refusal, trustInWays, withoutRelay } from './parts.js';
import { begin, has, onLanguage, pictures, say, when, which } from './texts.js';

const by = (id) => document.getElementById(id);
const KEPT = 'irefuda-noted';
const EVERY = 30_000;
/** Digits of a first code, and its version and type. */
const FIRST = 328;
const FIRST_TYPE = '0228';
/** What is shown, so that it can be said again in the other language. */
const shown = { pins: null, noted: null, found: null, opened: null, side: null };
let note = null;
/** When this browser noted the code (ms). */
let notedAt = 0;
let noteCode = '';
let timer = 0;

/** Codes noted in this browser and when: nothing in them is secret, and no choice is ever kept. */
function keptNotes() {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    const good = ({ code, at }) => typeof code === 'string' && typeof at === 'number';
    return Array.isArray(list) ? list.filter((one) => one && good(one)).slice(-8) : [];
  } catch {
    return [];
  }
}

const kept = () => keptNotes().map(({ code }) => code);

/** Keeps a code with the time of its first note: noting it again makes no ballot younger. */
function keep(code) {
  const before = keptNotes().find((other) => other.code === code);
  const at = before?.at ?? Date.now();
  const list = [...keptNotes().filter((other) => other.code !== code), { code, at }].slice(-8);
  localStorage.setItem(KEPT, JSON.stringify(list));
  return at;
}

function alarm({ alarm: rule, why }) {
  const text = say(has(rule) ? rule : 'alarm_other');
  const kind = rule === 'R9.01' ? 'warning' : 'error';
  const box = banner(kind, say('alarm'), text, say('alarm_text', { rule: rule ?? '—' }));
  box.title = why;
  box.dataset.rule = rule ?? '';
  return box;
}

function draw() {
  const parts = [
    ['pins', 'pins', false], ['noted', 'noted', true], ['found', 'found', true], ['opened', 'opened', true],
    ['side', 'side', true],
  ];
  for (const [what, place] of parts) if (shown[what]) by(place).replaceChildren(...shown[what]());
}

function show(what, nodes) {
  shown[what] = nodes;
  put(true, by(what), ...nodes());
}

/** Makes the device anew: it notes again what was noted, and nothing else. */
async function device(trust) {
  trustInWays(trust);
  const manifest = await fromSite('/manifest.bin');
  try {
    const compare = await ask('device', { trust, manifest });
    by('demo').hidden = !compare.practice;
    shown.pins = () => [...(trust ? [banner('success', say('trusted'))] : []), pins(compare)];
    by('pins').replaceChildren(...shown.pins());
    for (const code of kept()) await ask('note', { code });
    return true;
  } catch (error) {
    shown.pins = () => [refusal(error)];
    put(true, by('pins'), ...shown.pins());
    by('next').hidden = true;
    return false;
  }
}

let ready = device(null);

async function remember(code) {
  if (!(await ready)) return;
  const answer = await ask('note', { code });
  by('opening').hidden = true;
  by('watching').hidden = true;
  stopWatching();
  by('choosing').hidden = true;
  for (const what of ['found', 'opened', 'side']) {
    shown[what] = null;
    by(what).replaceChildren();
  }
  if (!answer.ok) {
    by('next').hidden = true;
    show('noted', () => [alarm(answer)]);
    return;
  }
  note = answer.ok;
  noteCode = code;
  notedAt = keep(code);
  by('next').hidden = false;
  show('noted', () => [
    banner('success', say('noted'), say('noted_text')),
    facts([[say('code'), note.code, 'code'], [say('mark'), pictures(note.mark)]]),
  ]);
}

function receiptFacts(found) {
  return facts([
    [say('code'), note.code, 'code'],
    [say('mark'), pictures(note.mark)],
    [say('time'), when(found.time_ms)],
    [say('height'), found.height],
  ]);
}

const notYet = () => [banner('info', say('not_yet'))];

async function lookForCheck() {
  const receipt = await fromBoard(`/v1/checks/${note.fingerprint}/${note.vk}?wait=10`);
  const hash = receipt && (await entryOf(receipt));
  const entry = hash && (await fromBoard(`/v1/entries/${hash}/bytes`));
  if (!entry) return show('found', notYet);
  const answer = await ask('found_check', { noted: note.fingerprint, receipt, entry });
  by('opening').hidden = !answer.ok;
  return show('found', () =>
    answer.ok
      ? [banner('success', say('found_check'), say('found_check_text')), receiptFacts(answer.ok)]
      : [alarm(answer)],
  );
}

/** The entry a receipt is about: 64 bytes behind version, type and the code's 23 letters. */
async function entryOf(receipt) {
  const bytes = receipt.slice(2 + 4 + 23, 2 + 4 + 23 + 64);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How many check ballots the board has of the noted key with this number; null when nobody says. */
async function checksMade(seq) {
  const answer = await fromBoard(`/v1/voters/${note.vk}/checks/${seq}`);
  try {
    const { checks } = JSON.parse(new TextDecoder().decode(answer));
    return Number.isInteger(checks) && checks >= 0 && checks <= 5 ? checks : null;
  } catch {
    return null;
  }
}

async function castNow() {
  const at = `/v1/entries/${note.fingerprint}`;
  const receipt = await fromBoard(`${at}?wait=10`);
  if (!receipt) return null;
  const [entry, last] = await Promise.all([fromBoard(`${at}/bytes`), fromBoard(`/v1/voters/${note.vk}/last`)]);
  if (!entry || !last) return null;
  return ask('found_cast', { noted: note.fingerprint, receipt, entry, last });
}

async function lookForCast(quietly = false) {
  const answer = await castNow();
  if (!answer) {
    if (!quietly) show('found', notYet);
    return;
  }
  const checks = answer.ok ? await checksMade(answer.ok.seq) : null;
  by('watching').hidden = !answer.ok && !quietly;
  if (!quietly) by('choosing').hidden = !answer.ok;
  const nodes = () =>
    answer.ok
      ? [
          banner('success', say('found_cast'), say('found_cast_text')),
          receiptFacts(answer.ok.receipt),
          facts([
            [say('board_number'), answer.ok.board_number, 'code'],
            [say('seq'), answer.ok.seq],
            [say('checks_number'), checks === null ? say('checks_unknown') : say('checks_made', { n: checks })],
          ]),
        ]
      : [alarm(answer)];
  if (quietly && answer.ok) {
    shown.found = nodes;
    by('found').replaceChildren(...nodes());
  } else {
    show('found', nodes);
    if (!answer.ok) stopWatching();
  }
}

/** A coin that the booth neither knows nor proposes. What is open already was not asked for. */
async function toss() {
  if (await fromBoard(`/v1/openings/${note.fingerprint}`)) {
    return show('side', () => [banner('error', say('alarm'), say('opened_before'))]);
  }
  const [bit] = crypto.getRandomValues(new Uint8Array(1));
  const side = bit % 2 === 0 ? 'mask' : 'masked';
  return show('side', () => [banner('info', say(`toss_${side}`), say('toss_text'))]);
}

async function lookForOpening() {
  const at = `/v1/entries/${note.fingerprint}`;
  const receipt = await fromBoard(`${at}?wait=10`);
  const entry = receipt && (await fromBoard(`${at}/bytes`));
  const openingReceipt = entry && (await awaited(`/v1/openings/${note.fingerprint}`, 60));
  const hash = openingReceipt && (await entryOf(openingReceipt));
  const opening = hash && (await fromBoard(`/v1/entries/${hash}/bytes`));
  if (!opening) return show('side', () => [banner('warning', say('not_opened'), say('not_opened_text'))]);
  const values = { noted: note.fingerprint, at: notedAt, receipt, entry, openingReceipt, opening };
  const answer = await ask('found_opening', values);
  return show('side', () => (answer.ok ? side(answer.ok) : [alarm(answer)]));
}

/** What the voter compares with the note. */
function side(found) {
  const list = make('ul', { name: 'proposals' });
  for (const { contest, option, modulus, value } of found.numbers) {
    const shownValue = modulus === 2 ? (value === 1 ? '●' : '○') : String(value).padStart(2, '0');
    const what = option ? say('number', { n: option[0], title: option[1][which()] || option[1][0] }) : contest[which()] || contest[0];
    const item = make('li', {}, make('span', { name: 'number', text: shownValue }));
    item.append(make('div', {}, make('strong', { text: what })));
    list.append(item);
  }
  return [
    banner('info', say(`side_${found.side}`), say('side_text'), say('side_alarm')),
    list,
    facts([
      [say('board_number'), found.board_number, 'code'],
      [say('mark'), pictures(note.mark)],
      [say('time'), when(found.receipt.time_ms)],
      [say('opened_at'), when(found.opened_ms)],
      [say('seq'), found.seq],
    ]),
  ];
}

function stopWatching() {
  clearInterval(timer);
  timer = 0;
  by('watch').setAttribute('aria-pressed', 'false');
  by('watch-text').textContent = '';
}

async function open() {
  const field = by('second');
  const answer = await ask('open', { code: field.value });
  field.value = '';
  show('opened', () => {
    if (!answer.ok) return [alarm(answer)];
    const list = make('ul', { name: 'proposals' });
    for (const { number, option, contest } of answer.ok) {
      const title = make('strong', { text: option[which()] || option[0] });
      const where = make('p', { name: 'muted', text: contest[which()] || contest[0] });
      const item = make('li', {}, make('span', { name: 'number', text: String(number) }));
      item.append(make('div', {}, title, where));
      list.append(item);
    }
    return [banner('info', say('opened'), say('opened_text'), say('opened_again')), list];
  });
}

async function busy(button, work) {
  button.disabled = true;
  const again = () => busy(button, work);
  await work().catch((error) => show('found', () => [error instanceof NoRelay ? withoutRelay(again, error) : refusal(error)]));
  button.disabled = false;
}

by('note').addEventListener('click', (event) => busy(event.currentTarget, () => remember(by('first').value)));
by('find-check').addEventListener('click', (event) => busy(event.currentTarget, lookForCheck));
by('find-cast').addEventListener('click', (event) => busy(event.currentTarget, () => lookForCast()));
by('toss').addEventListener('click', (event) => busy(event.currentTarget, toss));
by('find-opening').addEventListener('click', (event) => busy(event.currentTarget, lookForOpening));
by('open').addEventListener('click', (event) => busy(event.currentTarget, open));
by('watch').addEventListener('click', () => {
  if (timer) return stopWatching();
  by('watch').setAttribute('aria-pressed', 'true');
  let n = 0;
  const look = async () => {
    // A look that fails is said and does not end the watch.
    const missed = await lookForCast(true).then(() => null, (error) => error);
    if (!missed) n += 1;
    const said = missed instanceof NoRelay ? say(missed.late ? 'relay_late' : 'no_relay') : say('cannot');
    if (timer) by('watch-text').textContent = missed ? said : say('watch_on', { n });
  };
  timer = setInterval(look, EVERY);
  return look();
});

by('trust').addEventListener('change', async () => {
  by('opening').hidden = true;
  ready = device(await chosen(by('trust')));
  if ((await ready) && note) await remember(noteCode);
});

/** A scanned address carries the code behind #; its type says which one it is. */
function scanned() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (code.startsWith(FIRST_TYPE)) {
    by('first').value = code;
    remember(code);
  } else {
    second(code);
  }
}

/** The second code came as an address of its own: its first one may have been noted before. */
async function second(code) {
  if (!(await ready)) return;
  const about = (other) => other.trim().slice(-FIRST).slice(4, 132).toUpperCase();
  const first = kept().find((other) => about(other) === code.slice(4, 132).toUpperCase());
  if (first) {
    await remember(first);
    by('second').value = code;
    await lookForCheck();
  } else {
    const answer = await ask('open', { code });
    show('noted', () => [alarm(answer)]);
  }
}
addEventListener('hashchange', scanned);
onLanguage(draw);
pickers();
begin();
scanned();
