// One voter through the booth's pages, from the first to the last.
// node vote.mjs JOB.json   The job holds secrets, so it is a file and not an argument.
// Prints one JSON line: {code, refused, caught, steps, findings}. Exit status 1 when anything was found.
// The job's fault: `wrong_face` (another person sits there: three attempts, then the way ends),
// `worker_killed` (the camera fails in every way first, then the comparing program dies at the first picture;
// the voter tries again),
// `cheating_booth` (the pages lie about what was voted for; the voter notes, tosses a coin of metal that
// falls on the side that the booth did not guess, and compares: `caught` says whether it shows).
// The job's `keyboard`: no mouse, from the first page to the last.
import { readFileSync } from 'node:fs';
import { open, watched, inspect, inWindow } from './lib/browser.mjs';
import { cameraFaults, errorText, killWorker, loseTwo, troubleCamera } from './lib/faults.mjs';
import { hands } from './lib/hands.mjs';
import { lies } from './lib/liar.mjs';
import { phone } from './lib/phone.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
// These pages go on by themselves, faster than a picture can be taken.
const MOVING = new Set(['authorize', 'checking', 'sending', 'opening']);
// The six steps of a vote, page by page.
const WAY = ['start', 'pin', 'consent', 'surface', 'face', 'choose', 'mark', 'confirm', 'code', 'note', 'side', 'done', 'survey', 'end'];
const MORE = { start: ['ready'], code: ['checked'] };
const WAY_WITH_CHECK = WAY.flatMap((step) => [step, ...(MORE[step] ?? [])]);
const WAY_AT_A_KIOSK = WAY.flatMap((step) => (step === 'note' ? ['slip', step] : [step]));
const WAY_OF_A_STRANGER = ['start', 'pin', 'consent', 'surface', 'face', 'stopped'];
// Pages that are only there while something takes time.
const WAITING = new Set(['card', ...MOVING]);
const findings = [];
const steps = [];
const said = [];
let code = null;
let refused = null;
let killed = false;
let caught = false;
const GUESS = 0;
const cheating = job.fault === 'cheating_booth';
// What the voter has on paper, and the second device.
const paper = {};
let device = null;
let checked = false;
let looked = false;
// Every page's main button must be in sight; these pages have another one than the filled one.
const MAIN = { code: '#ready', slip: '#slip-print', note: '#noted', side: '.sides .btn-l' };

const { browser, context, close } = await open({ camera: job.camera });
try {
  const { page, seen } = await watched(context);
  page.setDefaultTimeout(60_000);
  const hand = hands(page, job.keyboard);
  if (job.phone) device = await phone(browser, { ...job, origin: job.phone });
  if (cheating) await lies(page, GUESS);
  const lostTwo = await loseTwo(page);
  if (job.fault === 'worker_killed') await troubleCamera(page);
  // As the system opens it: the page that the program wrote, which leads to the program.
  await page.goto(`file://${job.page}`);
  await page.waitForURL((url) => url.protocol === 'http:');
  await page.waitForSelector('main[data-step]');
  for (let turn = 0; turn < 40; turn += 1) {
    const main = page.locator('main[data-step]');
    const step = await main.getAttribute('data-step');
    const revision = await main.getAttribute('data-revision');
    if (!steps.includes(step)) {
      steps.push(step);
      await settled(page);
      if (!MOVING.has(step)) findings.push(...(await inspect(page, `${job.name}-${steps.length}-${step}`, job.screens)));
      const button = MAIN[step] ?? 'main .actions .btn-fill:visible';
      if (!MOVING.has(step)) findings.push(...(await inWindow(page, `${job.name}-${step}`, button)));
      // The voter sees themselves and the button at once.
      if (step === 'face') findings.push(...(await inWindow(page, `${job.name}-${step}-video`, '#video')));
    }
    await remember(page, step, revision);
    if (step === 'done') {
      code = (await page.locator('#receipt-code').textContent()).trim();
      if (device) check(await compare(page));
    }
    if (step === 'end' || step === 'stopped') break;
    await act(page, hand, step);
    await page.waitForFunction(
      ([was, at]) => {
        const now = document.querySelector('main[data-step]');
        return now && (now.dataset.step !== was || now.dataset.revision !== at);
      },
      [step, revision],
      { timeout: 90_000 },
    );
  }
  let last = steps.at(-1);
  const way = steps.filter((step) => !WAITING.has(step)).join(' ');
  const atHome = job.check ? WAY_WITH_CHECK : WAY;
  const voters = job.channel === 'home' ? atHome : WAY_AT_A_KIOSK;
  const planned = (job.fault === 'wrong_face' ? WAY_OF_A_STRANGER : voters).join(' ');
  if (way !== planned) findings.push(`${job.name}: went ${way} instead of ${planned}`);
  check(await faults(page, last));
  if (job.fault === 'wrong_face' && last === 'stopped') {
    refused = said.at(-1)?.code ?? null;
    await hand.press('#finish');
    await page.waitForSelector('main[data-step=end]');
    last = 'end';
  }
  if (last !== 'end') {
    const fault = await page.locator('#fault').getAttribute('data-code').catch(() => '?');
    findings.push(`${job.name}: ended at ${last} with ${fault}`);
  }
  const origin = new URL(job.address).host;
  for (const host of seen.hosts) if (host !== origin) findings.push(`${job.name}: asked ${host}`);
  // What was lost on purpose is in the browser's log, too.
  for (const error of seen.errors) if (!error.includes('net::ERR_FAILED')) findings.push(`${job.name}: page error ${error}`);
  if (code && !lostTwo()) findings.push(`${job.name}: no request was lost`);
  if (last === 'end') findings.push(...(await nothingLeft(page)));
} catch (error) {
  findings.push(`${job.name}: at ${steps.at(-1)}: ${error.message}`);
} finally {
  await close();
}
console.log(JSON.stringify({ code, refused, caught, steps, findings }));
process.exitCode = findings.length === 0 && (code || refused) ? 0 : 1;

function check(lines) {
  findings.push(...lines.map((line) => `${job.name}: ${line}`));
}

/** Every message the pages showed, with what stood beside it. */
async function remember(page, step, revision) {
  if (said.at(-1)?.revision === revision || (await page.locator('#fault').count()) === 0) return;
  const text = (selector) => page.locator(selector).first().innerText({ timeout: 500 }).catch(() => '');
  said.push({
    step,
    revision,
    code: await page.locator('#fault').getAttribute('data-code'),
    text: await text('#fault'),
    left: await text('#face-left'),
    banner: await text('#banner'),
    state: await text('#vote-state'),
  });
  if (job.fault) check(await inspect(page, `${job.name}-message-${said.length}`, job.screens));
}

/** What must have been said when something was made to go wrong. */
async function faults(page, last) {
  const lines = [];
  // A reader that needs a moment and a picture that is not sharp are no part of this.
  const told = said.filter((one) => !['card', 'pin'].includes(one.step) && one.code !== 'E-16');
  const expect = (what, right) => right || lines.push(`${what}: ${JSON.stringify(said)}`);
  const codes = told.map((one) => one.code).join(' ');
  const shows = (one, code, left) => one?.text.includes(errorText(job.errors, code, left));
  if (job.fault === 'wrong_face') {
    expect('messages', codes === 'E-17 E-17 E-18');
    expect('first mismatch', told[0]?.step === 'face' && shows(told[0], 'E-17', 2));
    expect('second mismatch', told[1]?.step === 'face' && shows(told[1], 'E-17', 1));
    expect('no vote yet', told.slice(0, 2).every((one) => one.banner.includes('まだ投票は終わっていません')));
    expect('the end', last === 'stopped' && shows(told[2], 'E-18'));
    expect('state of the vote', told[2]?.state.includes('票はまだ出していません'));
    expect('another way', (await page.locator('#ways li').count()) > 0);
  } else if (job.fault === 'worker_killed') {
    expect('messages', codes === 'E-16b');
    expect('neither yes nor no', told[0]?.step === 'face' && shows(told[0], 'E-16b'));
    expect('no attempt used', told[0]?.left.includes('3'));
    expect('no vote yet', told[0]?.banner.includes('まだ投票は終わっていません'));
  }
  return lines;
}

async function settled(page) {
  await page.waitForTimeout(150);
}

async function act(page, hand, step) {
  switch (step) {
    case 'start':
      if (!job.check || looked) return hand.press('#begin');
      looked = true;
      return hand.press('#checkup');
    case 'ready': {
      for (const row of await page.locator('table.ready tr[data-mark="bad"]').allInnerTexts()) {
        findings.push(`${job.name}: not ready: ${row}`);
      }
      const told = await page.locator('table.ready tr[data-subject]').evaluateAll((rows) => rows.map((row) => row.dataset.subject));
      for (const subject of ['network', 'clock', 'storage', 'reader', 'card', 'certificate', 'pin', 'number', 'face', 'camera']) {
        if (!told.includes(subject)) findings.push(`${job.name}: nothing is said of ${subject}`);
      }
      const diagnosis = await page.locator('#diagnosis').innerText();
      if (!/^[0-9A-Z]{3}-[0-9A-Z]{3}$/.test(diagnosis)) findings.push(`${job.name}: diagnosis ${diagnosis}`);
      return hand.press('#ready-begin');
    }
    case 'card':
      await page.waitForTimeout(500);
      return hand.press('#card-read');
    case 'pin':
      await hand.write('#pin', job.pin);
      return page.keyboard.press('Enter');
    case 'consent':
      return hand.press('#consent-next');
    case 'surface': {
      const parts = [job.number_b.slice(0, 6), job.number_b.slice(6, 10), job.number_b.slice(10)];
      await hand.write('#surface-birth', parts[0]);
      await hand.write('#surface-expiry', parts[1]);
      await hand.write('#surface-code', parts[2]);
      return hand.press('#surface-next');
    }
    case 'face':
      if (job.fault === 'worker_killed' && !killed) {
        check(await cameraFaults(page, (name) => inspect(page, `${job.name}-camera-${name}`, job.screens)));
      }
      await page.waitForFunction(() => document.querySelector('#video')?.readyState >= 2);
      await page.waitForTimeout(500);
      if (job.fault === 'worker_killed' && !killed) {
        killed = true;
        killWorker(job.booth);
      }
      if (await page.locator('#no-camera').isDisabled()) findings.push(`${job.name}: no other way is offered`);
      return hand.press('#shoot');
    case 'pending':
      return hand.press('#pending-drop');
    case 'choose':
      return choose(page, hand);
    case 'mark':
      for (const mark of job.marks) await hand.tick('#mark-form input[type=checkbox]', mark);
      return hand.press('#mark-next');
    case 'confirm': {
      const shown = await page.locator('#chosen .chosen-number').textContent();
      if (Number(shown.match(/\d+/)?.[0]) !== job.option) throw new Error(`confirm shows ${shown}`);
      return hand.press('#vote');
    }
    case 'code':
      if (device) {
        const noted = await device.note(await page.locator('#first-code').getAttribute('data-first'));
        const shown = (await page.locator('#first-receipt-code').innerText()).trim();
        if (!noted.includes(shown)) findings.push(`${job.name}: the device notes another number than ${shown}`);
      }
      // Once before the vote: a ballot that is opened completely and never counted.
      if (job.check && device && !checked) return hand.press('#spoil');
      return hand.press('#ready');
    case 'checked': {
      checked = true;
      const named = await device.check(await page.locator('#second-code').getAttribute('data-second'));
      if (!named.startsWith(`${job.option}\n`)) findings.push(`${job.name}: the check ballot says ${named}`);
      return hand.press('#choose-again');
    }
    case 'slip':
      if ((await page.locator('[data-mask]').count()) > 0) findings.push(`${job.name}: a number on the slip`);
      return hand.press('#slip-print');
    case 'note':
      await writeDown(page);
      return hand.press('#noted');
    case 'side':
      if ((await page.locator('[data-mask], [data-masked]').count()) > 0) findings.push(`${job.name}: a number beside the choice`);
      return hand.press(`#side-${paper.side}`);
    case 'done':
      return hand.press('#to-survey');
    case 'survey':
      for (const [question, value] of [['Q1', job.channel], ['Q2', '4'], ['Q5', 'sure']]) {
        await hand.pick(`q-${question}`, value);
      }
      return hand.press('#survey-send');
    default:
      return undefined; // authorize, sending: the page goes on by itself
  }
}

/** Both numbers and the board number go on paper, the sum is checked, and then a coin is tossed. */
async function writeDown(page) {
  const number = async (which) => Number(await page.locator(`[data-${which}]`).innerText());
  const [own, mask, masked] = [await number('own'), await number('mask'), await number('masked')];
  if (own !== job.option || (own + mask) % 100 !== masked) findings.push(`${job.name}: the sum is ${own} + ${mask} → ${masked}`);
  paper.numbers = [mask, masked];
  paper.boardNumber = (await page.locator('#board-number').innerText()).trim();
  if (cheating) {
    await device.follow();
    paper.side = 1 - GUESS;
    return;
  }
  const coin = device ? await device.toss() : { side: Math.random() < 0.5 ? 0 : 1, boardNumber: paper.boardNumber };
  if (coin.boardNumber !== paper.boardNumber) findings.push(`${job.name}: the device has board number ${coin.boardNumber}`);
  paper.side = coin.side;
}

/** The device shows what is on paper: side, number, pictures, board number. */
async function compare(page) {
  const found = await device.opened();
  const wanted = String(paper.numbers[paper.side]).padStart(2, '0');
  const lines = [...found.findings, ...device.errors().map((error) => `second device: ${error}`)];
  const expect = (what, right) => right || lines.push(`second device, ${what}: ${found.text}`);
  expect('alarm', found.alarm === null);
  expect('one number', found.numbers.length === 1);
  caught = found.numbers[0] !== wanted;
  expect('number', caught === cheating);
  expect('side', found.text.includes(['「ア」', '「イ」'][paper.side]));
  expect('board number', found.text.includes(paper.boardNumber));
  expect('receipt', (await page.locator('#receipt-board-number').innerText()).trim() === paper.boardNumber);
  await device.close();
  return lines;
}

/** Nothing is selected beforehand; Enter in the list sends it. */
async function choose(page, hand) {
  const checked = await page.locator('input[name=option]:checked').count();
  if (checked !== 0) findings.push(`${job.name}: a proposal was selected beforehand`);
  await hand.arrow('option', (value) => Number(value) === job.option);
  return page.keyboard.press('Enter');
}

/** After the end nothing of the voter may be left in the browser. A kiosk's browser keeps its token. */
async function nothingLeft(page) {
  const left = await page.evaluate(() => ({
    local: Object.keys(localStorage).length,
    session: Object.keys(sessionStorage).length,
    cookies: document.cookie.length,
    fields: [...document.querySelectorAll('input')].filter((field) => field.value).length,
  }));
  return Object.entries(left)
    .filter(([where, count]) => count > (where === 'session' && job.channel !== 'home' ? 1 : 0))
    .map(([where, count]) => `${job.name}: ${count} left in ${where}`);
}
