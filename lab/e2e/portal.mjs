// The public pages: three languages, axe and two widths on each; every receipt is found.
// node portal.mjs JOB.json with {origin, relay, screens, trust, receipts: [{code, state}]}. Prints one JSON line.
import { readFileSync } from 'node:fs';
import { open, watched, inspect, inWindow } from './lib/browser.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const findings = [];
const pages = [];
const { context, close } = await open({ untrusted: true });
try {
  const { page, seen } = await watched(context);
  page.setDefaultTimeout(30_000);
  for (const language of ['ja', 'en', 'plain']) {
    await visit(page, `/${language}`, `portal-home-${language}`);
    findings.push(...(await inWindow(page, `portal-home-${language}`, 'main .btn-fill >> nth=0')));
  }
  for (const path of await linked(page)) {
    await visit(page, path, `portal${path.replaceAll('/', '-')}`);
  }
  for (const receipt of job.receipts) await lookUp(page, receipt);
  await verified(page);
  const errors = [...seen.errors]; // an unknown receipt is answered with 404, which Chromium logs
  await notFound(page);
  const host = new URL(job.origin).host;
  for (const asked of seen.hosts) if (asked !== host && asked !== job.relay) findings.push(`asked ${asked}`);
  if (job.relay && job.receipts.length > 0 && !seen.hosts.has(job.relay)) findings.push('the relay was not asked');
  for (const error of errors) findings.push(`page error ${error}`);
} catch (error) {
  findings.push(error.message);
} finally {
  await close();
}
console.log(JSON.stringify({ pages, findings }));
process.exitCode = findings.length === 0 ? 0 : 1;

async function visit(page, path, name) {
  const response = await page.goto(job.origin + path);
  if (response.status() !== 200) findings.push(`${path}: status ${response.status()}`);
  const title = await page.title();
  if (!title.trim()) findings.push(`${path}: no title`);
  const text = await page.evaluate(() => document.body.innerText);
  if (/⟦|undefined|\{\w+\}/.test(text)) findings.push(`${path}: a text is missing`);
  pages.push(path);
  findings.push(...(await inspect(page, name, job.screens)));
}

/** Every page of the site that the Japanese home page links to. */
async function linked(page) {
  await page.goto(`${job.origin}/ja`);
  const paths = await page.evaluate(() =>
    [...document.querySelectorAll('a[href]')]
      .map((link) => new URL(link.href))
      .filter((url) => url.origin === location.origin && /^\/ja\/[a-z-]+$/.test(url.pathname))
      .map((url) => url.pathname),
  );
  return [...new Set(paths)].sort();
}

async function lookUp(page, { code, state }) {
  await page.goto(`${job.origin}/ja/receipt?code=${code}`);
  const found = await page.locator('#receipt-state').getAttribute('data-state');
  if (found !== state) findings.push(`receipt ${code}: ${found} instead of ${state}`);
}

/** The verifier in the browser: the record and one receipt, as the portal hands them through. */
async function verified(page) {
  if (!job.trust) return;
  await page.goto(`${job.origin}/verify/`);
  await page.setInputFiles('#trust', job.trust);
  await page.click('#fetch-record');
  await page.waitForSelector('#record-result[data-state], #record-result .banner-error', { timeout: 120_000 });
  const passed = await page.locator('#record-result tr[data-status=passed]').count();
  if (passed !== 18) findings.push(`/verify/: ${passed} of 18 checks of the record passed in the browser`);
  const code = job.receipts[0]?.code;
  if (code) {
    await page.fill('#code', code);
    await page.click('#check-receipt');
    await page.waitForSelector('#receipt-result .banner');
    const holds = await page.locator('#receipt-result tr[data-status=passed]').count();
    if (holds !== 5) findings.push(`/verify/: ${holds} of 5 checks of receipt ${code} passed in the browser`);
  }
  pages.push('/verify/');
  findings.push(...(await inspect(page, 'portal-verify', job.screens)));
}

/** A code with one wrong letter must not be found. */
async function notFound(page) {
  const code = job.receipts[0]?.code;
  if (!code) return;
  const other = (code[0] === '0' ? '1' : '0') + code.slice(1);
  await lookUp(page, { code: other, state: 'not_found' });
}
