// What goes wrong on purpose, and what the pages must say then.
import { readFileSync, readdirSync } from 'node:fs';

/** Kills the comparing program of a booth. */
export function killWorker(booth) {
  const worker = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => isWorkerOf(name, booth));
  if (!worker) throw new Error('the booth has no comparing program');
  process.kill(Number(worker), 'SIGKILL');
}

function isWorkerOf(name, booth) {
  try {
    // id (name) state parent …; the name is cut after 15 letters.
    const [, program, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').match(/\((.*)\) \S (\d+)/);
    return program === 'irefuda-face-wo' && Number(parent) === booth;
  } catch {
    return false; // it has ended meanwhile
  }
}

/** The Japanese text of an error in the list, as a page shows it. */
export function errorText(file, code, left) {
  const block = readFileSync(file, 'utf8')
    .split('[[error]]')
    .find((one) => one.includes(`code = "${code}"\n`));
  return block.match(/^ja = "(.*)"$/m)[1].replace('{left}', String(left));
}

/** Two requests of every visit get no answer: one that is repeated each second, and the one that sends
 the vote, which arrives all the same. Returns whether both were lost. */
export async function loseTwo(page) {
  const lost = new Set();
  const once = (pattern, reach) =>
    page.route(pattern, async (route) => {
      if (lost.has(pattern)) return route.continue();
      lost.add(pattern);
      if (reach) await route.fetch();
      return route.abort();
    });
  await once('**/api/state?*', false);
  await once('**/api/cast?*', true);
  return () => lost.size === 2;
}

const CAMERA_FAULTS = ['busy', 'forbidden', 'none', 'broken', 'altered'];

/** In this page the camera fails in each way once, and works then. */
export async function troubleCamera(page) {
  await page.addInitScript(() => {
    const names = ['NotReadableError', 'NotAllowedError', 'NotFoundError', 'TypeError'];
    const devices = navigator.mediaDevices;
    if (!devices) return; // the page that leads to the program
    const real = devices.getUserMedia.bind(devices);
    let asked = 0;
    devices.getUserMedia = async (wanted) => {
      asked += 1;
      const name = names[asked - 1];
      if (name) throw Object.assign(new Error(name), { name });
      return real(wanted);
    };
    // A browser that hands out white pictures, once.
    const pen = CanvasRenderingContext2D.prototype;
    const read = pen.getImageData;
    pen.getImageData = function (...where) {
      const data = read.apply(this, where);
      if (asked === names.length + 1) data.data.fill(255);
      return data;
    };
  });
}

/** Each fault has its own words, uses no attempt, and can be tried again. Returns findings as lines. */
export async function cameraFaults(page, inspect) {
  const lines = [];
  const told = new Set();
  for (const name of CAMERA_FAULTS) {
    await page.waitForSelector(`#camera-fault[data-fault="${name}"]:visible`);
    told.add(await page.locator('#camera-fault p').first().innerText());
    if (await page.locator('#shoot').isEnabled()) lines.push(`camera ${name}: a picture can be taken`);
    if (!(await page.locator('#face-left').innerText()).includes('3')) lines.push(`camera ${name}: an attempt was used`);
    lines.push(...(await inspect(name)));
    await page.click('#camera-again');
  }
  if (told.size !== CAMERA_FAULTS.length) lines.push(`camera: the same words for two faults: ${[...told].join(' / ')}`);
  return lines;
}
