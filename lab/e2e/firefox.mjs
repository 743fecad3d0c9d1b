// One voter through the booth's pages in Firefox, from the first to the last.
// node firefox.mjs JOB.json   Prints one JSON line as vote.mjs does. Exit status 1 when anything was found.
// Firefox has no camera that shows a picture, so the page's camera is a drawing of the voter's picture.
import { readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const MAIN = { note: '#noted', side: '#side-0' };
const WINDOW = { width: 1366, height: 657 };
const findings = [];
const steps = [];
let code = null;

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  headless: true,
  debuggingPort: job.remote,
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.setViewport(WINDOW);
  page.on('pageerror', (error) => findings.push(`${job.name}: page error ${error}`));
  const picture = readFileSync(job.camera).toString('base64');
  await page.evaluateOnNewDocument(drawnCamera, `data:image/jpeg;base64,${picture}`);
  await page.goto(`file://${job.page}`).catch(() => undefined); // it leads on while it is still loading
  await page.waitForSelector('main[data-step]');
  for (let turn = 0; turn < 40; turn += 1) {
    const { step, revision } = await page.$eval('main[data-step]', (main) => ({ ...main.dataset }));
    if (!steps.includes(step)) {
      steps.push(step);
      await inWindow(page, step);
    }
    if (step === 'done') code = (await page.$eval('#receipt-code', (node) => node.textContent)).trim();
    if (step === 'end' || step === 'stopped') break;
    await act(page, step);
    await page.waitForFunction(
      (was, at) => {
        const now = document.querySelector('main[data-step]');
        return now && (now.dataset.step !== was || now.dataset.revision !== at);
      },
      { timeout: 90_000 },
      step,
      revision,
    );
  }
  if (steps.at(-1) !== 'end') {
    const fault = await page.$eval('#fault', (node) => node.dataset.code).catch(() => '?');
    findings.push(`${job.name}: ended at ${steps.at(-1)} with ${fault}`);
  }
} catch (error) {
  findings.push(`${job.name}: at ${steps.at(-1)}: ${error.message}`);
} finally {
  await browser.close();
}
console.log(JSON.stringify({ code, refused: null, caught: false, steps, findings }));
process.exitCode = findings.length === 0 && code ? 0 : 1;

/** In the page: a camera that shows one picture, thirty times a second, and a printer. */
function drawnCamera(address) {
  window.print = () => undefined; // Firefox would ask which printer, and nobody is there
  if (!navigator.mediaDevices) return; // the page that leads to the program
  navigator.mediaDevices.getUserMedia = async () => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const pen = canvas.getContext('2d');
    const draw = () => pen.drawImage(image, 0, 0);
    draw();
    setInterval(draw, 33);
    return canvas.captureStream(30);
  };
}

/** The page's main button lies inside the window. */
async function inWindow(page, step) {
  const button = await page.$(MAIN[step] ?? 'main .actions .btn-fill');
  const box = await button?.boundingBox();
  if (!box) return; // a page that goes on by itself
  const inside = box.x >= 0 && box.y >= 0 && box.x + box.width <= WINDOW.width && box.y + box.height <= WINDOW.height;
  if (!inside) findings.push(`${job.name}-${step}: the main button is outside the window`);
}

async function act(page, step) {
  const write = async (selector, text) => {
    await page.focus(selector);
    await page.keyboard.type(text);
  };
  switch (step) {
    case 'start':
      return page.click('#begin');
    case 'card':
      return page.click('#card-read').catch(() => undefined); // the page looks again by itself
    case 'pin':
      await write('#pin', job.pin);
      return page.keyboard.press('Enter');
    case 'consent':
      return page.click('#consent-next');
    case 'surface':
      await write('#surface-birth', job.number_b.slice(0, 6));
      await write('#surface-expiry', job.number_b.slice(6, 10));
      await write('#surface-code', job.number_b.slice(10));
      return page.click('#surface-next');
    case 'face':
      await page.waitForFunction(() => document.querySelector('#video')?.readyState >= 2);
      await page.waitForSelector('#shoot:not([disabled])');
      return page.click('#shoot');
    case 'pending':
      return page.click('#pending-drop');
    case 'choose':
      await page.click(`input[name=option][value="${job.option}"]`);
      return page.click('#choose-next');
    case 'mark': {
      const boxes = await page.$$('#mark-form input[type=checkbox]');
      for (const mark of job.marks) await boxes[mark].click();
      return page.click('#mark-next');
    }
    case 'confirm': {
      const shown = await page.$eval('#chosen .chosen-number', (node) => node.textContent);
      if (Number(shown.match(/\d+/)?.[0]) !== job.option) throw new Error(`confirm shows ${shown}`);
      return page.click('#vote');
    }
    case 'code':
      return page.click('#ready');
    case 'slip':
      return page.click('#slip-print');
    case 'note':
      return page.click('#noted');
    case 'side':
      return page.click('#side-0');
    case 'done':
      return page.click('#to-survey');
    case 'survey':
      for (const [question, value] of [['Q1', job.channel], ['Q2', '4'], ['Q5', 'sure']]) {
        await page.click(`input[name="q-${question}"][value="${value}"]`);
      }
      return page.click('#survey-send');
    default:
      return undefined; // the page goes on by itself
  }
}
