// Chromium with a picture as camera, and what every page must satisfy.
import { readFileSync, writeFileSync, mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [320, 1280];

/** Starts Chromium. `camera` is a JPEG file that the fake camera shows; without it there is none. `untrusted`
 takes certificates that nobody else signed: the demo's relay has one of its own making. */
export async function open({ camera, locale = 'ja-JP', untrusted = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'irefuda-e2e-'));
  const args = ['--no-sandbox', '--use-fake-ui-for-media-stream', '--disable-gpu'];
  if (camera) {
    const film = join(folder, 'camera.mjpeg');
    const picture = readFileSync(camera);
    writeFileSync(film, Buffer.concat(Array(30).fill(picture)), { mode: 0o600 });
    args.push('--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${film}`);
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
  const context = await browser.newContext({ locale, timezoneId: 'Asia/Tokyo', ignoreHTTPSErrors: untrusted });
  await context.grantPermissions(['camera']).catch(() => {});
  const close = async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { browser, context, close };
}

/** A page that remembers what it asked for and what went wrong in it. */
export async function watched(context) {
  const page = await context.newPage();
  const seen = { hosts: new Set(), urls: [], errors: [] };
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!url.protocol.startsWith('http')) return;
    seen.hosts.add(url.host);
    seen.urls.push(url);
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  return { page, seen };
}

/** Windows in which a page's main button has to be seen without scrolling. */
const WINDOWS = [[320, 640], [1366, 657], [1920, 969]];
/** Text sizes a voter can choose. */
const SIZES = ['normal', 'large', 'huge'];

/** Whether these buttons lie inside the window at three sizes of window and of text. Returns findings as lines. */
export async function inWindow(page, name, selector) {
  const findings = [];
  const chosen = await page.evaluate(() => document.documentElement.dataset.size);
  const dress = (size) =>
    page.evaluate((value) => {
      if (value) document.documentElement.dataset.size = value;
      else delete document.documentElement.dataset.size;
    }, size);
  for (const size of SIZES) {
    await dress(size);
    for (const [width, height] of WINDOWS) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => window.scrollTo(0, 0));
      for (const button of await page.locator(selector).all()) {
        const box = await button.boundingBox();
        const inside = box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;
        if (!inside) findings.push(`${name} at ${width} × ${height}, ${size}: a main button is outside the window`);
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) findings.push(`${name} at ${width}, ${size}: ${over} px too wide`);
    }
  }
  await dress(chosen);
  await page.setViewportSize({ width: 1280, height: 800 });
  return findings;
}

/** Runs axe and takes a screenshot at every width. Returns findings as lines. */
export async function inspect(page, name, screens) {
  const findings = [];
  mkdirSync(screens, { recursive: true });
  // A bar that sticks to the window's edge would stand in the middle of a long picture.
  const stick = (position) =>
    page.evaluate((value) => document.querySelectorAll('.actions-stay').forEach((bar) => (bar.style.position = value)), position);
  await stick('static');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({
      path: join(screens, `${name}-${width}.png`),
      fullPage: true,
      mask: [page.locator('video')],
      maskColor: '#c8ccd4',
    });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) findings.push(`${name} at ${width}: ${overflow} px too wide`);
  }
  await stick('');
  await page.evaluate(axe);
  const result = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const run = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return run.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  });
  findings.push(...result.map((line) => `${name}: axe ${line}`));
  return findings;
}
