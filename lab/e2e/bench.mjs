// Encrypt and prove in the browser. node bench.mjs JOB.json with {origin, proofs, runs}; prints
// the microseconds of one proof in every run as a JSON line.
import { readFileSync } from 'node:fs';
import { open } from './lib/browser.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { browser, context, close } = await open();
try {
  const page = await context.newPage();
  await page.goto(`${job.origin}/verify/`);
  const micros = await page.evaluate(
    (values) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('worker.js', { type: 'module' });
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.value));
        worker.postMessage({ id: 1, task: 'bench', values });
      }),
    { proofs: job.proofs, runs: job.runs },
  );
  console.log(JSON.stringify({ browser: browser.version(), micros, findings: [] }));
} finally {
  await close();
}
