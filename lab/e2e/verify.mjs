// The pages in the browser: records and receipts, good and bad; check or cast on a second device.
// node verify.mjs JOB.json with {origin, work, screens}; `origin` is the board in memory of
// public/web-verify/examples/lab.rs, whose /lab/… plays the booth. Prints one JSON line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { open, watched, inspect } from './lib/browser.mjs';
import { cheats } from './lib/cheats.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const facts = JSON.parse(readFileSync(join(job.work, 'facts.json'), 'utf8'));
const file = (name) => join(job.work, name);
const findings = [];
let passed = 0;
let firstPage = 0;

const { browser, context, close } = await open();
try {
  const { page, seen } = await watched(context);
  page.setDefaultTimeout(30_000);
  await records(page);
  await receipts(page);
  await checkBallot(page);
  await castBallot(page);
  await openedBallot(page);
  await cheats(browser, job, booth, expect);
  const host = new URL(job.origin).host;
  for (const asked of seen.hosts) expect(asked === host, `asked ${asked}`);
  // What is not on the board yet is answered with 404, which Chromium logs.
  for (const error of seen.errors.filter((e) => !e.includes('404'))) findings.push(`page error ${error}`);
} catch (error) {
  findings.push(error.stack ?? error.message);
} finally {
  await close();
}
console.log(JSON.stringify({ passed, firstPage, findings }));
process.exitCode = findings.length === 0 ? 0 : 1;

function expect(holds, what) {
  if (holds) passed += 1;
  else findings.push(what);
}

async function look(page, name) {
  const found = await inspect(page, `verify-${name}`, job.screens);
  expect(found.length === 0, found.join('; '));
}

/** Reaches an element with the Tab key alone. */
async function tabTo(page, id) {
  for (let n = 0; n < 60; n += 1) {
    if ((await page.evaluate(() => document.activeElement?.id)) === id) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${id} cannot be reached with the keyboard`);
}

async function press(page, id) {
  await tabTo(page, id);
  await page.keyboard.press('Enter');
}

async function state(page, id) {
  const node = await page.waitForSelector(`#${id}[data-state]`);
  return node.getAttribute('data-state');
}

/** The rule in the line that failed; nothing when none did. */
function failedRule(page, id) {
  return page.evaluate((at) => document.querySelector(`#${at} tr.is-failed`)?.dataset.rule ?? '', id);
}

async function alarmOf(page, id) {
  const node = await page.waitForSelector(`#${id} .banner`);
  return node.getAttribute('data-rule');
}

async function checked(page, record, trust) {
  await page.setInputFiles('#trust', trust ? file(trust) : []);
  await page.setInputFiles('#record', file(record));
  await press(page, 'check-record');
  await page.waitForFunction(() => !document.querySelector('#check-record').disabled);
  return { state: await state(page, 'record-result'), rule: await failedRule(page, 'record-result') };
}

async function records(page) {
  const answer = await page.goto(`${job.origin}/verify/`, { waitUntil: 'networkidle' });
  const policy = answer.headers()['content-security-policy'];
  expect(/script-src 'self' 'wasm-unsafe-eval';/.test(policy), `policy ${policy}`);
  firstPage = await page.evaluate(() => {
    const own = performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'));
    return own.filter((e) => !e.name.endsWith('.wasm')).reduce((sum, e) => sum + e.encodedBodySize, 0);
  });
  expect(firstPage < 100_000, `the first page has ${firstPage} bytes`);
  await look(page, 'empty');

  const good = await checked(page, 'good.tar', 'trust.json');
  expect(good.state === 'good', `a good record: ${JSON.stringify(good)}`);
  const rows = await page.locator('#record-result tr[data-status=passed]').count();
  expect(rows === 18, `${rows} of 18 checks passed`);
  const text = await page.locator('#record-result').innerText();
  expect(text.includes(facts.digest), 'the record digest is not shown');
  expect(text.includes('すべての確認に合格'), 'the verdict is not shown');
  await look(page, 'record-good');
  await page.click('[data-lang=en]');
  const english = await page.locator('main').innerText();
  expect(english.includes('Every check passed'), 'the English verdict is not shown');
  expect(!/[ぁ-ん]/.test(english.replaceAll(/(提案|投票|いつでも|だれでも|すべて)\S*/g, '')), 'Japanese words on the English page');
  await look(page, 'record-good-en');
  await page.click('[data-lang=ja]');

  const open = await checked(page, 'good.tar', null);
  expect(open.state === 'good', 'a good record without a trust file');
  expect((await page.locator('tr[data-status=not_compared]').count()) === 1, 'one line is not compared');
  await page.fill('#election', `${facts.election.slice(0, -1)}${facts.election.endsWith('0') ? '1' : '0'}`);
  const other = await checked(page, 'good.tar', 'trust.json');
  expect(other.state === 'bad' && other.rule === 'R8.13', `another election: ${JSON.stringify(other)}`);
  await page.fill('#election', '');
  for (const [record, trust, rule] of [
    ['flipped.tar', 'trust.json', /^R\d\.\d\d$/],
    ['other-result.tar', 'trust.json', /^R8\.06$/],
    ['good.tar', 'other-trust.json', /^R8\.08$/],
    ['receipt.bin', 'trust.json', /^R8\.01$/],
  ]) {
    const bad = await checked(page, record, trust);
    expect(bad.state === 'bad' && rule.test(bad.rule), `${record}, ${trust}: ${JSON.stringify(bad)}`);
    if (record === 'flipped.tar') await look(page, 'record-bad');
  }
  await page.setInputFiles('#trust', file('facts.json'));
  await page.click('#check-record');
  await page.waitForSelector('#record-result .banner-error');
  expect((await page.locator('#record-result tr').count()) === 0, 'a broken trust file is not refused');

  await page.setInputFiles('#trust', file('trust.json'));
  await page.evaluate(() => delete document.querySelector('#record-result').dataset.state);
  await press(page, 'fetch-record');
  expect((await state(page, 'record-result')) === 'good', 'the record of the site');

  const bytes = readFileSync(file('good.tar')).toString('base64');
  await page.evaluate(async (base64) => {
    delete document.querySelector('#record-result').dataset.state;
    const body = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([body], 'record.tar'));
    document.querySelector('#drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }));
  }, bytes);
  expect((await state(page, 'record-result')) === 'good', 'a dropped record');
  expect((await page.locator('output[for=record]').textContent()) === 'record.tar', 'the name of a dropped record');
}

async function receiptOf(page, name, trust = 'trust.json') {
  await page.evaluate(() => delete document.querySelector('#receipt-result').dataset.state);
  await page.setInputFiles('#trust', trust ? file(trust) : []);
  await page.setInputFiles('#receipt', name ? file(name) : []);
  await press(page, 'check-receipt');
  return { state: await state(page, 'receipt-result'), rule: await failedRule(page, 'receipt-result') };
}

async function receipts(page) {
  await page.goto(`${job.origin}/verify/`, { waitUntil: 'networkidle' });
  const good = await receiptOf(page, 'receipt.bin');
  expect(good.state === 'good', `a good receipt: ${JSON.stringify(good)}`);
  const text = await page.locator('#receipt-result').innerText();
  expect(text.includes(facts.code), 'the receipt number is not shown');
  await look(page, 'receipt-good');
  const bad = await receiptOf(page, 'bad-receipt.bin');
  expect(bad.state === 'bad' && bad.rule === 'R6.24', `a bad receipt: ${JSON.stringify(bad)}`);
  await look(page, 'receipt-bad');
  const other = await receiptOf(page, 'receipt.bin', 'other-trust.json');
  expect(other.state === 'bad' && other.rule === 'R6.24', `other validators: ${JSON.stringify(other)}`);

  const vote = await booth('prepare/7/1');
  await booth(`cast/${vote.n}`);
  await page.fill('#code', vote.code.replaceAll('-', ' ').toLowerCase());
  const typed = await receiptOf(page, null);
  expect(typed.state === 'good', `a typed number: ${JSON.stringify(typed)}`);
  const mixed = await receiptOf(page, 'receipt.bin');
  expect(mixed.rule === 'R6.31', `another number than the receipt's: ${JSON.stringify(mixed)}`);
  await page.setInputFiles('#receipt', []);
  await page.fill('#code', 'AAAAA-AAAAA-AAAAA-AAAAA');
  await page.click('#check-receipt');
  await page.waitForSelector('#receipt-result .banner-error');
  passed += 1;
}

/** The booth, played by the board in memory. */
async function booth(path) {
  const answer = await fetch(`${job.origin}/lab/${path}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.status === 204 ? null : answer.json();
}

/** Puts a code where the keyboard is, as a scanner does. */
async function type(page, id, code) {
  await tabTo(page, id);
  await page.keyboard.insertText(code);
}

async function begin(page, code) {
  await page.goto('about:blank');
  await page.goto(`${job.origin}/verify/check.html`, { waitUntil: 'networkidle' });
  await type(page, 'first', code);
  await press(page, 'note');
  await page.waitForSelector('#noted .banner');
}

async function checkBallot(page) {
  await page.goto(`${job.origin}/verify/check.html`, { waitUntil: 'networkidle' });
  await look(page, 'check-empty');
  const b = await booth('prepare/0/2');

  // A seed for an entry hash that this device never noted.
  await page.goto(`${job.origin}/verify/check.html?x#${b.second}`);
  expect((await alarmOf(page, 'noted')) === 'R9.02', 'a seed for an unseen entry hash');
  await look(page, 'check-unseen');

  await begin(page, 'hello');
  expect((await alarmOf(page, 'noted')) === 'R9.01', 'not a code');
  await begin(page, `${job.origin}/verify/check.html#${b.first}`);
  const noted = await page.locator('#noted').innerText();
  expect(noted.includes(b.code) && noted.includes('月と花'), `noted: ${noted}`);
  await look(page, 'check-noted');
  await press(page, 'find-check');
  await page.waitForSelector('#found .banner-info');
  expect(!(await page.isVisible('#opening')), 'a seed is asked for before the ballot is final');

  await booth(`spoil/${b.n}`);
  await press(page, 'find-check');
  await page.waitForSelector('#found .banner-success');
  await look(page, 'check-found');
  // One digit of the seed differs.
  const at = 2 * (2 + 64) + 3;
  const wrong = b.second.slice(0, at) + (b.second[at] === '0' ? '1' : '0') + b.second.slice(at + 1);
  await type(page, 'second', wrong);
  await press(page, 'open');
  expect((await alarmOf(page, 'opened')) === 'R9.05', 'a seed that does not fit');
  await look(page, 'check-alarm');
  await type(page, 'second', b.second);
  await press(page, 'open');
  await page.waitForSelector('#opened .proposals');
  const named = await page.locator('#opened .proposals').innerText();
  expect(/^3\s/.test(named) && named.includes('提案3'), `opened: ${named}`);
  await look(page, 'check-opened');
  await page.click('[data-lang=en]');
  expect((await page.locator('#opened').innerText()).includes('What this ballot says'), 'English');
  await look(page, 'check-opened-en');

  // The first code was kept, so the second one may come as an address of its own.
  await page.goto('about:blank');
  await page.goto(`${job.origin}/verify/check.html#${b.second}`);
  await page.waitForSelector('#found .banner-success');
  await press(page, 'open');
  await page.waitForSelector('#opened .proposals');
  passed += 1;
  // The check ballot is no vote.
  await press(page, 'find-cast');
  await page.waitForSelector('#found .banner-info');
  passed += 1;
}

async function castBallot(page) {
  await page.setInputFiles('#trust', file('other-trust.json'));
  await page.waitForSelector('#pins .banner-error');
  expect(!(await page.isVisible('#next')), 'a device goes on with keys that do not fit');
  await page.setInputFiles('#trust', file('trust.json'));
  await page.waitForSelector('#pins .banner-success');
  passed += 1;
  // One check ballot of this voter's number: made by the voter, or by the booth behind their back.
  const spoiled = await booth('prepare/1/3');
  await booth(`spoil/${spoiled.n}`);
  const b = await booth('prepare/1/4');
  await begin(page, b.first);
  await press(page, 'find-cast');
  await page.waitForSelector('#found .banner-info');
  await booth(`cast/${b.n}`);
  await press(page, 'find-cast');
  await page.waitForSelector('#found .banner-success');
  passed += 1;
  expect((await page.locator('#found').innerText()).includes('1票（'), 'how many check ballots the board has');
  await look(page, 'cast-found');
  await press(page, 'watch');
  await page.waitForFunction(() => document.querySelector('#watch-text').textContent);
  expect((await page.getAttribute('#watch', 'aria-pressed')) === 'true', 'watching');
  const again = await booth('prepare/1/5');
  await booth(`cast/${again.n}`);
  await press(page, 'find-cast');
  await page.waitForSelector('#found .banner-error');
  expect((await alarmOf(page, 'found')) === 'R9.07', 'a vote that was replaced');
  await look(page, 'cast-replaced');

  // The booth shows one vote and casts another: the noted one never comes.
  const shown = await booth('prepare/2/6');
  const hidden = await booth('prepare/2/7');
  await booth(`cast/${hidden.n}`);
  await begin(page, shown.first);
  await press(page, 'find-cast');
  await page.waitForSelector('#found .banner-info');
  passed += 1;
}

/** Note, choose, open: the page tosses the coin and shows the number that the board has. */
async function openedBallot(page) {
  const b = await booth('prepare/3/8');
  const [mask, masked] = b.numbers;
  expect((mask + 9) % 100 === masked, `sum: ${b.numbers}`);
  await begin(page, b.first);
  expect(!(await page.isVisible('#choosing')), 'a coin before the ballot is final');
  await booth(`cast/${b.n}`);
  await press(page, 'find-cast');
  await page.waitForSelector('#choosing:not([hidden])');
  const number = await page.locator('#found').innerText();
  expect(/\d{4} \d{4}/.test(number), `board number: ${number}`);
  await press(page, 'toss');
  await page.waitForSelector('#side .banner-info');
  await look(page, 'cast-choose');
  await booth(`open/${b.n}/1`);
  await press(page, 'find-opening');
  await page.waitForSelector('#side .proposals');
  const opened = await page.locator('#side').innerText();
  expect(opened.includes(String(masked).padStart(2, '0')) && opened.includes('「イ」'), `opened: ${opened}`);
  expect(opened.includes(/\d{4} \d{4}/.exec(number)[0]), 'another board number than before the choice');
  await look(page, 'cast-opened');
  passed += 1;
}
