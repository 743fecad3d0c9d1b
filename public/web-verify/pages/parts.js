// What both pages share: the worker, the site's answers, and pieces of a page.
import { onLanguage, say, which } from './texts.js';

const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
const waiting = new Map();
let last = 0;
worker.addEventListener('message', ({ data }) => {
  const asked = waiting.get(data.id);
  if (!asked) return;
  if (data.progress) {
    asked.progress?.(...data.progress);
    return;
  }
  waiting.delete(data.id);
  if ('error' in data) asked.reject(new Error(data.error));
  else asked.resolve(data.value);
});
worker.addEventListener('error', (event) => {
  for (const asked of waiting.values()) asked.reject(new Error(event.message || 'worker'));
  waiting.clear();
});

/** Asks the worker: everything that is computed is computed there. */
export function ask(task, values, progress) {
  last += 1;
  const id = last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject, progress });
    worker.postMessage({ id, task, values });
  });
}

/** Bytes of a chosen file; null when none was chosen. */
export async function chosen(input) {
  const file = input.files?.[0];
  return file ? new Uint8Array(await file.arrayBuffer()) : null;
}

/** Writes the chosen file beside its button: the browser's own button speaks the browser's language. */
export function picked(input) {
  input.parentElement.querySelector('output').textContent = input.files[0]?.name ?? say('not_picked');
}

/** Keeps the names beside all file buttons. */
export function pickers() {
  const inputs = document.querySelectorAll('.picker input');
  for (const input of inputs) input.addEventListener('change', () => picked(input));
  onLanguage(() => inputs.forEach((input) => picked(input)));
}

/** How long the site may take for something small (ms). */
const SITE_PATIENCE = 30_000;
/** How long one relay may take, besides the time that the node is asked to wait (ms). */
const RELAY_PATIENCE = 8_000;
/** Longest answer that is read from a relay: 4 MiB and its seal. No look-up of these pages is longer. */
const LONGEST = (1 << 22) + 48;

/** Bytes that this site gives; null when it does not have them. A record may take its time. */
export async function fromSite(path, patience = 0) {
  const signal = patience ? AbortSignal.timeout(patience) : undefined;
  const options = { cache: 'no-store', credentials: 'omit', signal };
  const answer = await fetch(path, options).catch(() => null);
  if (!answer?.ok) return null;
  const bytes = await answer.arrayBuffer().catch(() => null);
  return bytes && new Uint8Array(bytes);
}

/** No relay gives an answer, and nobody allowed to do without. `late`: one took the question. */
export class NoRelay extends Error {
  constructor(why, late = false) {
    super(why);
    this.late = late;
  }
}

let ways = null;
let direct = false;
let trusted = null;

/** From here on the nodes are asked through this site: the person at the page said so. */
export function askDirectly() {
  direct = true;
}

/** Relays and nodes come from a manifest that fits this trust file. */
export function trustInWays(trust) {
  trusted = trust;
  ways = null;
}

/** The same list, begun at a place that is drawn: no relay and no node is asked first by everybody. */
function drawn(list) {
  const [from] = crypto.getRandomValues(new Uint8Array(1));
  return list.map((_, i, all) => all[(i + from) % all.length]);
}

/** Relays and nodes of the manifest, in an order drawn once. */
async function waysNow() {
  ways ??= fromSite('/manifest.bin', SITE_PATIENCE).then(async (manifest) => {
    // Without the manifest nobody knows whether there are relays: nothing goes directly unasked.
    if (!manifest) throw new NoRelay('no manifest');
    const found = await ask('ways', { trust: trusted, manifest });
    return { relays: drawn(found.relays), nodes: drawn(found.nodes.map((pin, place) => [place, pin])) };
  });
  return ways.catch((error) => {
    ways = null;
    throw error;
  });
}

/** Bytes of an answer; null when it is longer than anything that was asked for, or breaks off. */
async function limited(answer) {
  const reader = answer.body.getReader();
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LONGEST) {
      await reader.cancel();
      return null;
    }
    pieces.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** What one relay brings of one node: an opened answer, or why there is none. */
async function carriedBy(relay, [node, pin], path) {
  const { number, bytes } = await ask('seal', { node, path });
  const waits = Number(/[?&]wait=(\d+)/.exec(path)?.[1] ?? 0);
  const signal = AbortSignal.timeout(RELAY_PATIENCE + waits * 1000);
  const headers = { 'content-type': 'message/ohttp-req' };
  const request = { method: 'POST', headers, body: bytes, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', signal };
  try {
    const answer = await fetch(`${relay}/v1/nodes/${pin}`, request);
    const back = answer.ok ? await limited(answer) : null;
    return back && { opened: await ask('unseal', { number, bytes: back }) };
  } catch (error) {
    return { late: error?.name === 'TimeoutError' };
  }
}

/** Asks one node through one relay after the other. The one that answers is asked first from then on, and
 one that does not is asked last. */
async function carried(relays, node, path) {
  let late = false;
  for (let left = relays.length; left > 0; left -= 1) {
    const found = await carriedBy(relays[0], node, path);
    if (found?.opened) return found;
    late ||= Boolean(found?.late);
    relays.push(relays.shift());
  }
  return { late };
}

/**
 * Bytes that the nodes give; null when they do not have them. With relays in the manifest the question
 * is sealed and carried by one of them; this site is asked only when there is none, or when the person
 * at the page chose to do without.
 */
export async function fromBoard(path) {
  if (direct) return fromSite(path);
  const { relays, nodes } = await waysNow();
  if (relays.length === 0) return fromSite(path);
  let reached = false;
  let late = 0;
  for (const node of nodes) {
    // Only the first node may wait for it.
    const found = await carried(relays, node, reached ? path.split('?')[0] : path);
    if (found.opened?.status === 200) return found.opened.body;
    reached ||= Boolean(found.opened);
    late += found.late ? 1 : 0;
    // One node may be silent; when all relays are for a second one, nobody waits for the others.
    if (!reached && late > 1) break;
  }
  if (!reached) throw new NoRelay('no relay', late > 0);
  return null;
}

/** The same, waiting up to so many seconds, in the short waits that relays and sites grant. */
export async function awaited(path, seconds) {
  for (let left = seconds; left > 0; left -= 10) {
    const found = await fromBoard(`${path}?wait=${Math.min(left, 10)}`);
    if (found) return found;
  }
  return null;
}

/** What to do when no relay answers: nothing, or to ask without. `again` asks once more. */
export function withoutRelay(again, { late } = {}) {
  const box = banner('warning', say(late ? 'relay_late' : 'no_relay'), say('no_relay_text'));
  const button = make('button', { name: 'btn btn-outline', text: say('ask_directly') });
  button.type = 'button';
  button.addEventListener('click', () => {
    askDirectly();
    again();
  });
  box.querySelector('.banner-body').append(make('div', { name: 'actions' }, button));
  return box;
}

/** An element with a class, text and children. */
export function make(tag, { name = '', text = '', lang = '' } = {}, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  if (lang) node.lang = lang;
  node.append(...children);
  return node;
}

const DRAWN = {
  success: ['circle', { cx: 14, cy: 14, r: 12 }, 'm8.5 14.5 3.8 3.8 7.4-8', 2.4],
  error: ['path', { d: 'M9 2h10l7 7v10l-7 7H9l-7-7V9z' }, 'M14 8v8m0 2.6v2.8', 2.6],
  warning: ['path', { d: 'M14 2.5 26.5 25h-25z' }, 'M14 10v7m0 2.4v2.6', 2.4],
  info: ['circle', { cx: 14, cy: 14, r: 12 }, 'M14 7v3m0 2.6V21', 2.6],
};

function drawing(kind) {
  const svg = (tag, values) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [key, value] of Object.entries(values)) node.setAttribute(key, value);
    return node;
  };
  const [tag, shape, line, width] = DRAWN[kind];
  const picture = svg('svg', { class: 'banner-icon', 'aria-hidden': 'true', viewBox: '0 0 28 28' });
  const stroke = { d: line, fill: 'none', stroke: '#fff', 'stroke-width': width };
  picture.append(svg(tag, { ...shape, fill: 'currentColor' }), svg('path', stroke));
  return picture;
}

/** A banner: success, error, warning, info. */
export function banner(kind, title, ...texts) {
  const body = make('div', { name: 'banner-body' });
  for (const text of texts.filter(Boolean)) body.append(make('p', { text }));
  const heading = make('h3', { name: 'banner-title', text: title });
  const box = make('div', { name: `banner banner-${kind}` }, drawing(kind), heading);
  if (body.childNodes.length) box.append(body);
  return box;
}

/** Pairs of name and value. */
export function facts(pairs) {
  const list = make('dl', { name: 'facts' });
  for (const [name, value, look] of pairs) {
    if (value === null || value === undefined || value === '') continue;
    const values = Array.isArray(value) ? value : [value];
    const shown = make('dd');
    for (const one of values) shown.append(make('div', { name: look ?? '', text: String(one) }));
    list.append(make('div', {}, make('dt', { text: name }), shown));
  }
  return list;
}

/** The table of checks, one row a line. */
export function checks(lines) {
  const head = ['col_state', 'col_what', 'col_rules', 'col_detail'].map((key) => {
    const cell = make('th', { text: say(key) });
    cell.scope = 'col';
    return cell;
  });
  const body = make('tbody');
  for (const line of lines) {
    const state = make('td', { name: `state state-${line.status}`, text: say(line.status) });
    const what = make('th', { text: which() ? line.en : line.ja });
    what.scope = 'row';
    const means = which() ? line.means_en : line.means_ja;
    // What would follow from a check is not to be read under one that did not pass.
    if (means && line.status === 'passed') what.append(make('span', { name: 'means', text: means }));
    const rule = make('td', { name: 'rules', text: line.rule ?? line.rules });
    // What went wrong in detail is said by the program in English; a missing trust file in both.
    const detail = line.status === 'not_compared' ? say('no_trust') : line.detail;
    const said = line.status === 'not_compared' ? '' : 'en';
    const row = make('tr', { name: line.status === 'failed' ? 'is-failed' : '' }, state, what, rule);
    row.append(make('td', { name: 'small', text: detail, lang: detail ? said : '' }));
    row.dataset.key = line.key;
    row.dataset.status = line.status;
    row.dataset.rule = line.rule ?? '';
    body.append(row);
  }
  const table = make('table', { name: 'stack checks' });
  table.append(make('caption', { text: say('checks') }), make('thead', {}, make('tr', {}, ...head)), body);
  return make('div', { name: 'table-wrap' }, table);
}

/** What is trusted, to be compared with a printed source. */
export function pins(compare) {
  const i = which();
  return facts([
    [say('vote_title'), compare.title?.[i] || compare.title?.[0]],
    [say('election_hash'), compare.election_hash, 'hash'],
    [say('network'), compare.network, 'hash'],
    [say('authority'), compare.authority, 'hash'],
    [say('validators'), compare.validators, 'hash'],
  ]);
}

/** Why something could not even be looked at. */
export function refusal(error) {
  const text = error.message ?? '';
  const key = [
    [/needs authority|trust file cannot be read/, 'usage_trust'],
    [/128 hexadecimal/, 'usage_election'],
    [/no trust file and no manifest/, 'usage_pins'],
    [/R1\.10/, 'usage_kind'],
    [/R8\.0[78]/, 'usage_fit'],
  ].find(([pattern]) => pattern.test(text));
  return banner('error', say('cannot'), say(key ? key[1] : 'usage_other'));
}

/** Puts nodes into a place; a new answer takes the focus, for people who cannot see it. */
export function put(focus, place, ...nodes) {
  place.replaceChildren(...nodes);
  const [first] = nodes;
  if (!focus || !first) return;
  first.tabIndex = -1;
  first.focus();
}
