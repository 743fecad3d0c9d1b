// Runs the verifier beside the page, so that the page stays usable.
import init, { Asker, Checker, Prover, check_receipt, check_record, pinned } from './web_verify.js';

const ready = init({ module_or_path: new URL('web_verify_bg.wasm', import.meta.url) });
let checker = null;
let asker = null;

const tasks = {
  record({ tar, trust, election }, tell) {
    const seed = crypto.getRandomValues(new Uint8Array(32));
    let told = 0;
    const progress = (done, all) => {
      const now = performance.now();
      if (now - told < 50 && done !== all) return;
      told = now;
      tell(Number(done), Number(all));
    };
    return JSON.parse(check_record(tar, trust ?? undefined, election || undefined, seed, progress));
  },
  receipt({ trust, manifest, receipt, entry, code }) {
    const optional = [entry ?? undefined, code || undefined];
    return JSON.parse(check_receipt(trust ?? undefined, manifest ?? undefined, receipt, ...optional));
  },
  pinned: ({ trust, manifest }) => JSON.parse(pinned(trust ?? undefined, manifest ?? undefined)),
  device({ trust, manifest }) {
    checker = new Checker(trust ?? undefined, manifest ?? undefined);
    return JSON.parse(checker.pins());
  },
  ways({ trust, manifest }) {
    asker = new Asker(trust ?? undefined, manifest);
    return JSON.parse(asker.ways());
  },
  seal({ node, path }) {
    const sealed = asker.seal(node, path, crypto.getRandomValues(new Uint8Array(32)));
    const value = { number: sealed.number, bytes: sealed.bytes };
    sealed.free();
    return value;
  },
  unseal({ number, bytes }) {
    const opened = asker.open(number, bytes);
    const value = { status: opened.status, body: opened.body };
    opened.free();
    return value;
  },
  note: ({ code }) => JSON.parse(checker.note(code)),
  found_check: ({ noted, receipt, entry }) => JSON.parse(checker.found_check(noted, receipt, entry)),
  open: ({ code }) => JSON.parse(checker.open(code)),
  found_cast: ({ noted, receipt, entry, last }) => JSON.parse(checker.found_cast(noted, receipt, entry, last)),
  found_opening: ({ noted, at, receipt, entry, openingReceipt, opening }) =>
    JSON.parse(checker.found_opening(noted, at, receipt, entry, openingReceipt, opening)),
  bench({ proofs, runs }) {
    const prover = new Prover();
    prover.run(proofs);
    const times = [];
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now();
      prover.run(proofs);
      times.push(((performance.now() - start) * 1000) / proofs);
    }
    return times;
  },
};

addEventListener('message', async ({ data: { id, task, values } }) => {
  try {
    await ready;
    const tell = (...progress) => postMessage({ id, progress });
    postMessage({ id, value: tasks[task](values, tell) });
  } catch (error) {
    postMessage({ id, error: String(error?.message ?? error) });
  }
});
