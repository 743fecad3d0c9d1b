// The second device: notes the first code, follows it on the board, opens a check ballot.
import { ask, banner, chosen, facts, fromSite, make, pickers, pins, put, refusal } from './parts.js';
import { begin, has, onLanguage, pictures, say, when, which } from './texts.js';

const by = (id) => document.getElementById(id);
const KEPT = 'irefuda-noted';
const EVERY = 30_000;
/** Digits of a first code. */
const FIRST = 200;
/** What is shown, so that it can be said again in the other language. */
const shown = { pins: null, noted: null, found: null, opened: null };
let note = null;
let noteCode = '';
let timer = 0;

/** Codes noted in this browser: nothing in them is secret, and no choice is ever kept. */
function kept() {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(list) ? list.filter((code) => typeof code === 'string').slice(-8) : [];
  } catch {
    return [];
  }
}

function keep(code) {
  const list = [...kept().filter((other) => other !== code), code].slice(-8);
  localStorage.setItem(KEPT, JSON.stringify(list));
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
  ];
  for (const [what, place] of parts) if (shown[what]) by(place).replaceChildren(...shown[what]());
}

function show(what, nodes) {
  shown[what] = nodes;
  put(true, by(what), ...nodes());
}

/** Makes the device anew: it notes again what was noted, and nothing else. */
async function device(trust) {
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
  for (const what of ['found', 'opened']) {
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
  keep(code);
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
  const receipt = await fromSite(`/v1/checks/${note.fingerprint}/${note.vk}?wait=10`);
  const hash = receipt && (await entryOf(receipt));
  const entry = hash && (await fromSite(`/v1/entries/${hash}/bytes`));
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

async function castNow() {
  const at = `/v1/entries/${note.fingerprint}`;
  const receipt = await fromSite(`${at}?wait=10`);
  if (!receipt) return null;
  const [entry, last] = await Promise.all([fromSite(`${at}/bytes`), fromSite(`/v1/voters/${note.vk}/last`)]);
  if (!entry || !last) return null;
  return ask('found_cast', { noted: note.fingerprint, receipt, entry, last });
}

async function lookForCast(quietly = false) {
  const answer = await castNow();
  if (!answer) {
    if (!quietly) show('found', notYet);
    return;
  }
  by('watching').hidden = !answer.ok && !quietly;
  const nodes = () =>
    answer.ok
      ? [banner('success', say('found_cast'), say('found_cast_text')), receiptFacts(answer.ok.receipt)]
      : [alarm(answer)];
  if (quietly && answer.ok) {
    shown.found = nodes;
    by('found').replaceChildren(...nodes());
  } else {
    show('found', nodes);
    if (!answer.ok) stopWatching();
  }
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
  await work().catch((error) => show('found', () => [refusal(error)]));
  button.disabled = false;
}

by('note').addEventListener('click', (event) => busy(event.currentTarget, () => remember(by('first').value)));
by('find-check').addEventListener('click', (event) => busy(event.currentTarget, lookForCheck));
by('find-cast').addEventListener('click', (event) => busy(event.currentTarget, () => lookForCast()));
by('open').addEventListener('click', (event) => busy(event.currentTarget, open));
by('watch').addEventListener('click', () => {
  if (timer) return stopWatching();
  by('watch').setAttribute('aria-pressed', 'true');
  let n = 0;
  const look = async () => {
    await lookForCast(true);
    n += 1;
    if (timer) by('watch-text').textContent = say('watch_on', { n });
  };
  timer = setInterval(look, EVERY);
  return look();
});

by('trust').addEventListener('change', async () => {
  by('opening').hidden = true;
  ready = device(await chosen(by('trust')));
  if ((await ready) && note) await remember(noteCode);
});

/** A scanned address carries the code behind #; the first one has 200 digits. */
function scanned() {
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, '', location.pathname + location.search);
  if (code.length > FIRST) {
    second(code);
  } else {
    by('first').value = code;
    remember(code);
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
