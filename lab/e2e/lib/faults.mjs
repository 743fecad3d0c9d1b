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
