// The public pages: three languages, axe and two widths on each; every receipt is found.
// node portal.mjs JOB.json with {origin, screens, receipts: [{code, state}]}. Prints one JSON line.
import { readFileSync } from 'node:fs';
import { open, watched, inspect } from './lib/browser.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const findings = [];
const pages = [];
const { context, close } = await open();
try {
  const { page, seen } = await watched(context);
  page.setDefaultTimeout(30_000);
  for (const language of ['ja', 'en', 'plain']) {
    await visit(page, `/${language}`, `portal-home-${language}`);
  }
  for (const path of await linked(page)) {
    await visit(page, path, `portal${path.replaceAll('/', '-')}`);
  }
  for (const receipt of job.receipts) await lookUp(page, receipt);
  const errors = [...seen.errors]; // an unknown receipt is answered with 404, which Chromium logs
  await notFound(page);
  const host = new URL(job.origin).host;
  for (const asked of seen.hosts) if (asked !== host) findings.push(`asked ${asked}`);
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

/** A code with one wrong letter must not be found. */
async function notFound(page) {
  const code = job.receipts[0]?.code;
  if (!code) return;
  const other = (code[0] === '0' ? '1' : '0') + code.slice(1);
  await lookUp(page, { code: other, state: 'not_found' });
}
