// A booth that cheats, in front of the second device's real page. Its ballots, openings and the board
// behind them are real (public/web-verify/examples/lab.rs); what it shows on its screen is up to it.
import { phone } from './phone.mjs';

/** The voter wants this proposal (its index); its printed number is one more. */
const CHOICE = 2;
const OTHER = 8;
const NEITHER = '0000 0000';
let voters = 20;

const add = (mask) => (mask + CHOICE + 1) % 100;
const take = (masked) => (100 + masked - CHOICE - 1) % 100;

/** Numbers for the voter's choice that are true on one side of a ballot for another choice. */
const shownFor = ([mask, masked], guess) => (guess === 0 ? [mask, add(mask)] : [take(masked), masked]);

/**
 * Runs every trick. `booth(path)` plays the booth, `expect(holds, what)` takes the outcome. The voter
 * raises the alarm when anything differs from the paper or the device does.
 */
export async function cheats(browser, job, booth, expect) {
  const device = (name, now) => phone(browser, { origin: job.origin, now, name: `cheat-${name}`, screens: job.screens });

  /** Casts a ballot, shows `screen`, is asked for `side`, answers with `answer`. */
  async function sitting(name, { choice, guess, side, answer, boardNumber, before }) {
    voters += 1;
    const b = await booth(`prepare/${voters}/${choice}`);
    const hand = await device(name);
    await hand.note(b.first);
    await booth(`cast/${b.n}`);
    const numbers = choice === CHOICE ? b.numbers : shownFor(b.numbers, guess);
    expect((numbers[0] + CHOICE + 1) % 100 === numbers[1], `${name}: the voter's own sum`);
    if (before) await booth(`open/${b.n}/${guess}`);
    const coin = await hand.toss();
    const paper = { numbers, boardNumber: boardNumber ?? coin.boardNumber };
    if (!before && answer !== undefined) await booth(`open/${b.n}/${answer}`);
    const seen = coin.alarm ? null : await hand.opened();
    await hand.close();
    return {
      alarm:
        coin.alarm ||
        seen.alarm !== null ||
        !seen.text.includes(['「ア」', '「イ」'][side]) ||
        seen.numbers[0] !== String(paper.numbers[side]).padStart(2, '0') ||
        !seen.text.includes(paper.boardNumber),
      text: coin.text + (seen?.text ?? ''),
      redrawn: seen?.numbers[0],
    };
  }

  // The control: an honest booth alarms nobody, on either side.
  for (const side of [0, 1]) {
    const honest = await sitting(`honest-${side}`, { choice: CHOICE, side, answer: side });
    expect(!honest.alarm, `an honest booth raises an alarm: ${honest.text}`);
  }
  for (const guess of [0, 1]) {
    const side = 1 - guess;
    const wrong = { choice: OTHER, guess, side };
    // The half of the cases in which nobody can tell.
    const lucky = await sitting(`lucky-${guess}`, { ...wrong, side: guess, answer: guess });
    expect(!lucky.alarm, `the side that was guessed: ${lucky.text}`);
    // Seeing the coin helps nothing: ballot and paper are there before it falls.
    const truth = await sitting(`truth-${guess}`, { ...wrong, answer: side });
    expect(truth.alarm, `opens the side that does not fit: ${truth.text}`);
    const other = await sitting(`other-${guess}`, { ...wrong, answer: guess });
    expect(other.alarm, `opens the other side: ${other.text}`);
    const none = await sitting(`none-${guess}`, wrong);
    expect(none.alarm && none.text.includes('まだ公開されていません'), `opens nothing: ${none.text}`);
    // It draws the screen anew afterwards: whoever looks there and not on paper sees nothing.
    expect(truth.redrawn !== undefined, 'a screen drawn to fit what was opened');
    const early = await sitting(`early-${guess}`, { ...wrong, before: true });
    expect(early.alarm && early.text.includes('選ぶ前に'), `opened before the choice: ${early.text}`);
  }
  const forged = await sitting('number', { choice: CHOICE, side: 0, answer: 0, boardNumber: NEITHER });
  expect(forged.alarm, `another board number on the screen: ${forged.text}`);

  await delays(booth, device, expect);
  await clash(booth, device, expect);
}

/** It casts nothing until the coin has fallen, and then a ballot that fits. */
async function delays(booth, device, expect) {
  voters += 1;
  const shown = await booth(`prepare/${voters}/${OTHER}`);
  const hand = await device('delays');
  await hand.note(shown.first);
  expect(!(await hand.mayToss()), 'a coin before the ballot is final');
  await hand.close();
  // Nobody scanned: the voter has the numbers and an invented board number on paper, and a coin of
  // metal. The booth makes a ballot for another choice with the number that is asked for.
  const [mask, side] = [41, 1];
  const paper = { numbers: [mask, add(mask)], boardNumber: NEITHER };
  const late = await booth(`prepare/${voters}/${OTHER}?side=${side}&value=${paper.numbers[side]}`);
  await booth(`cast/${late.n}`);
  await booth(`open/${late.n}/${side}`);
  const after = await device('delays-paper');
  await after.note(late.first);
  await after.follow();
  const seen = await after.opened();
  await after.close();
  expect(seen.numbers[0] === String(paper.numbers[side]).padStart(2, '0'), `the number fits: ${seen.text}`);
  expect(!seen.text.includes(paper.boardNumber), `only the board number tells: ${seen.text}`);
}

/** It shows an earlier ballot of somebody else with the same choice, which nobody opened. */
async function clash(booth, device, expect) {
  voters += 1;
  const theirs = await booth(`prepare/${voters}/${CHOICE}`);
  await booth(`cast/${theirs.n}`);
  const cast = (await booth(`prepare/${voters + 1}/${CHOICE}`)).now;
  voters += 1;
  for (const [name, later, caught] of [['clash-minute', 30_000, false], ['clash', 61_000, true]]) {
    const hand = await device(name, cast + later);
    await hand.note(theirs.first);
    await hand.follow();
    if (!caught) await booth(`open/${theirs.n}/0`);
    const seen = await hand.opened();
    await hand.close();
    expect((seen.alarm === 'R9.11') === caught, `${name}: ${seen.text}`);
  }
}
