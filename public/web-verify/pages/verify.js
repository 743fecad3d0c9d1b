// The page for a record and for a receipt.
import { NoRelay, ask, banner, checks, chosen, facts, fromBoard, fromSite, make, picked, pickers, pins, put, refusal, trustInWays, withoutRelay } from './parts.js';
import { begin, onLanguage, pictures, say, when, which } from './texts.js';

const by = (id) => document.getElementById(id);
let record = null;
let receipt = null;

function failedRule(report) {
  return report.checks.find((line) => line.status === 'failed')?.rule ?? 'R8.01';
}

function verdict(report, bad) {
  if (!report.ok) return banner('error', say('bad'), say(bad, { rule: failedRule(report) }));
  const open = report.checks.some((line) => line.status === 'not_compared') || report.compare?.trusted === false;
  if (open) return banner('warning', say('good_open'), say('good_open_text'));
  const gone = report.facts?.withdrawn;
  if (gone) return banner('warning', say('withdrawn'), gone[which() ? 1 : 0]);
  if (!report.findings?.length) return banner('success', say('all_good'));
  const rests = report.findings.some((finding) => finding.rule === 'R8.19');
  return banner('warning', say('found'), say(rests ? 'found_rests' : 'found_text'));
}

/** What people have to judge: one line a finding. */
function findings(report) {
  const name = (finding) => (which() ? finding.en || finding.ja : finding.ja);
  const lines = (report.findings ?? []).map((finding) =>
    say('finding_line', {
      rule: finding.rule,
      name: report.ok ? name(finding) : finding.registrar,
      d: finding.difference,
      margin: finding.margin,
    }),
  );
  return lines.length ? [make('h3', { text: say('findings') }), facts([[say('registrar'), lines]])] : [];
}

function votes(found) {
  const name = (option) => (which() ? option.en || option.ja : option.ja);
  return found.contests.map((options) => {
    const rows = options.map((option) => {
      const title = make('th', { text: name(option) });
      title.scope = 'row';
      return make('tr', {}, title, make('td', { name: 'num', text: String(option.votes) }));
    });
    const head = [make('th', { text: say('option') }), make('th', { name: 'num', text: say('votes') })];
    for (const cell of head) cell.scope = 'col';
    const table = make('table', {}, make('caption', { text: say('votes') }));
    table.append(make('thead', {}, make('tr', {}, ...head)), make('tbody', {}, ...rows));
    return make('div', { name: 'table-wrap' }, table);
  });
}

function says(found) {
  const counts = { a: found.received, b: found.overwritten, c: found.counted, d: found.check_ballots };
  return facts([
    [say('digest'), found.record_digest, 'hash'],
    [say('election_hash'), found.election_hash, 'hash'],
    [say('network'), found.network, 'hash'],
    [say('authority'), found.authority, 'hash'],
    [say('validators'), found.validators, 'hash'],
    ...found.hand_overs.map((h) => [say('hand_over', { n: h.epoch, from: h.from }), h.validators, 'hash']),
    [say('counts'), say('counts_value', counts)],
    [say('issued'), found.issued.join(which() ? ', ' : '・')],
    [say('margin'), found.margin.join(which() ? ', ' : '・')],
    [say('unused'), found.unused],
  ]);
}

// Words of the manifest: shown only when every check passed.
function about(found) {
  const pick = (words) => (which() ? words.en || words.ja : words.ja);
  const rooms = found.places.map((place) => `${pick(place.name)} – ${pick(place.address)}`);
  return facts([
    [say('entitled'), pick(found.eligibility)],
    [say('help'), `${found.telephone} – ${pick(found.hours)}`],
    ...(rooms.length ? [[say('places'), rooms]] : []),
    [say('tie_rule'), pick(found.tie_words)],
  ]);
}

function showRecord(focus = true) {
  if (!record) return;
  if (record.refused) {
    put(focus, by('record-result'), record.refused());
    return;
  }
  const { report } = record;
  by('demo').hidden = !report.facts?.practice;
  const parts = [verdict(report, 'bad_text'), checks(report.checks), ...findings(report)];
  if (report.facts) {
    parts.push(make('h3', { text: say('facts') }), ...votes(report.facts), says(report.facts));
    if (report.ok) parts.push(about(report.facts.about));
  }
  put(focus, by('record-result'), ...parts);
  by('record-result').dataset.state = report.ok ? 'good' : 'bad';
}

function showReceipt(focus = true) {
  if (!receipt) return;
  if (receipt.refused) {
    put(focus, by('receipt-result'), receipt.refused());
    return;
  }
  const { report } = receipt;
  const found = report.facts;
  const parts = [verdict(report, 'bad_receipt'), checks(report.checks)];
  if (found) {
    parts.push(
      facts([
        [say('code'), found.code, 'code'],
        [say('mark'), pictures(found.mark)],
        [say('time'), when(found.time_ms)],
        [say('height'), found.height],
        [say('entry'), found.entry, 'hash'],
      ]),
    );
  }
  parts.push(make('h3', { text: say('pins') }), pins(report.compare));
  put(focus, by('receipt-result'), ...parts);
  by('receipt-result').dataset.state = report.ok ? 'good' : 'bad';
}

async function working(button, work) {
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.disabled = false;
  }
}

async function checkRecord(tar) {
  const place = by('record-result');
  place.replaceChildren();
  delete place.dataset.state;
  if (!tar) {
    record = { refused: () => banner('info', say('need_record')) };
    showRecord();
    return;
  }
  const [box, bar, text] = [by('record-progress'), by('bar'), by('bar-text')];
  box.hidden = false;
  bar.removeAttribute('value');
  text.textContent = say('loading');
  const progress = (done, all) => {
    bar.max = Math.max(all, 1);
    bar.value = done;
    text.textContent = say('blocks', { done, all });
  };
  try {
    const trust = await chosen(by('trust'));
    const election = by('election').value.trim();
    record = { report: await ask('record', { tar, trust, election }, progress) };
  } catch (error) {
    record = { refused: () => refusal(error) };
  }
  box.hidden = true;
  showRecord();
}

by('check-record').addEventListener('click', (event) =>
  working(event.currentTarget, async () => checkRecord(await chosen(by('record')))),
);
by('fetch-record').addEventListener('click', (event) =>
  working(event.currentTarget, async () => {
    const tar = await fromSite('/v1/record');
    if (tar) {
      await checkRecord(tar);
    } else {
      record = { refused: () => banner('error', say('cannot'), say('not_there')) };
      showRecord();
    }
  }),
);

const drop = by('drop');
for (const kind of ['dragenter', 'dragover']) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add('is-over');
  });
}
for (const kind of ['dragleave', 'drop']) {
  drop.addEventListener(kind, () => drop.classList.remove('is-over'));
}
drop.addEventListener('drop', async (event) => {
  event.preventDefault();
  const files = event.dataTransfer?.files;
  if (!files?.length) return;
  by('record').files = files;
  picked(by('record'));
  await checkRecord(await chosen(by('record')));
});

by('check-receipt').addEventListener('click', (event) =>
  working(event.currentTarget, async () => {
    const code = by('code').value.trim();
    let bytes = await chosen(by('receipt'));
    if (!bytes && !code) {
      receipt = { refused: () => banner('info', say('need_receipt')) };
      showReceipt();
      return;
    }
    const again = () => by('check-receipt').click();
    const failed = (error) => () => (error instanceof NoRelay ? withoutRelay(again, error) : refusal(error));
    trustInWays(await chosen(by('trust')));
    try {
      bytes ??= await fromBoard(`/v1/receipts/${encodeURIComponent(code)}`);
    } catch (error) {
      receipt = { refused: failed(error) };
      showReceipt();
      return;
    }
    if (!bytes) {
      receipt = { refused: () => banner('error', say('cannot'), say('not_there')) };
      showReceipt();
      return;
    }
    const trust = await chosen(by('trust'));
    let manifest = await chosen(by('manifest'));
    if (!trust) manifest ??= await fromSite('/manifest.bin');
    try {
      const first = await ask('receipt', { trust, manifest, receipt: bytes, code });
      const entry = first.facts ? await fromBoard(`/v1/entries/${first.facts.entry}/bytes`) : null;
      const report = entry ? await ask('receipt', { trust, manifest, receipt: bytes, entry, code }) : first;
      receipt = { report };
    } catch (error) {
      receipt = { refused: failed(error) };
    }
    showReceipt();
  }),
);

onLanguage(() => showRecord(false));
onLanguage(() => showReceipt(false));
pickers();
begin();
