// The page for the second device in front of a real relay: node relay.mjs JOB.json with {origin, relay,
// phase, first, code, screens}. Phases: `carried`, and `hangs`, `gone`, `manifest`, in which nothing may be
// asked but the site's own files. Prints one JSON line.
import { readFileSync } from 'node:fs';
import { inspect, open, watched } from './lib/browser.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const findings = [];
let passed = 0;
const relay = new URL(job.relay).host;
const site = new URL(job.origin).host;
const phases = { carried, hangs: () => silent('hangs', '中継所から返事がありません'), gone: () => silent('gone', '中継所につながりません'), manifest };

const { context, close } = await open({ untrusted: true });
const { page, seen } = await watched(context);
page.setDefaultTimeout(90_000);
try {
  await phases[job.phase]();
  for (const host of seen.hosts) expect(host === site || host === relay, `asked ${host}`);
  for (const path of asked()) expect(!path.startsWith('/v1/'), `the site was asked ${path}`);
} catch (error) {
  findings.push(error.stack ?? error.message);
} finally {
  await close();
}
console.log(JSON.stringify({ passed, findings }));
process.exitCode = findings.length === 0 ? 0 : 1;

function expect(holds, what) {
  if (holds) passed += 1;
  else findings.push(what);
}

/** Paths that this page asked the site for. */
function asked() {
  return seen.urls.filter((url) => url.host === site).map((url) => url.pathname);
}

async function look(name) {
  const found = await inspect(page, `relay-${name}`, job.screens);
  expect(found.length === 0, found.join('; '));
}

async function note() {
  await page.goto(`${job.origin}/verify/check.html`, { waitUntil: 'networkidle' });
  await page.fill('#first', job.first);
  await page.click('#note');
  await page.waitForSelector('#noted .banner-success');
}

async function carried() {
  await note();
  expect(!seen.hosts.has(relay), 'the relay was asked before there was a question');
  await page.click('#find-cast');
  await page.waitForSelector('#found .banner');
  expect((await page.locator('#found .banner-success').count()) > 0, await page.locator('#found').innerText());
  expect(seen.hosts.has(relay), 'the relay was not asked');
  await page.click('#toss');
  await page.waitForSelector('#side .banner');
  expect((await page.locator('#side .banner-info').count()) > 0, await page.locator('#side').innerText());
  await missed();
  await page.goto(`${job.origin}/verify/`, { waitUntil: 'networkidle' });
  await page.fill('#code', job.code);
  await page.click('#check-receipt');
  const result = await page.waitForSelector('#receipt-result[data-state]');
  expect((await result.getAttribute('data-state')) === 'good', await page.locator('#receipt-result').innerText());
  const questions = seen.urls.filter((url) => url.host === relay);
  expect(questions.length >= 6, `${questions.length} questions`);
  const named = questions.filter((url) => !/^\/v1\/nodes\/[0-9a-f]{64}$/.test(url.pathname) || url.search);
  expect(named.length === 0, `the address of a question says something: ${named}`);
}

/** While it watches, a page says that a look failed, and goes on. */
async function missed() {
  await page.route('**/v1/nodes/**', (route) => route.abort());
  await page.click('#watch');
  await page.waitForFunction(() => document.querySelector('#watch-text').textContent.includes('中継所につながりません'));
  expect((await page.getAttribute('#watch', 'aria-pressed')) === 'true', 'the watch ended');
  await page.unroute('**/v1/nodes/**');
  expect(seen.errors.every((error) => /net::ERR|404/.test(error)), `page errors ${seen.errors}`);
}

/** A relay that does not answer: the page says so, offers the other way, and takes none by itself. */
async function silent(name, words) {
  await note();
  await page.click('#find-cast');
  await page.waitForSelector('#found .banner');
  const text = await page.locator('#found').innerText();
  expect(text.includes(words), `${name}: ${text}`);
  expect((await page.locator('#found button').count()) === 1, 'no other way is offered');
  await look(name);
  await page.click('[data-lang=en]');
  expect(/relay/i.test(await page.locator('#found').innerText()), 'English');
  await page.click('[data-lang=ja]');
  const errors = seen.errors.filter((error) => !/net::ERR|404/.test(error));
  expect(errors.length === 0, `page errors ${errors}`);
}

/** The site gives no manifest: nobody knows whether there are relays, and nothing is asked. */
async function manifest() {
  await page.goto(`${job.origin}/verify/`, { waitUntil: 'networkidle' });
  await page.fill('#code', job.code);
  await page.click('#check-receipt');
  await page.waitForSelector('#receipt-result .banner');
  const text = await page.locator('#receipt-result').innerText();
  expect(text.includes('中継所につながりません'), text);
  expect(!seen.hosts.has(relay), 'the relay was asked');
}
