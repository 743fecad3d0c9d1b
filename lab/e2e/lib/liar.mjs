// A booth that lies: it sits between the voter's eyes and a real booth, votes for another proposal than
// the one pressed, and draws its pages so that the sum is right and one of the two numbers is true.

/** The proposal that it votes for in place of number `wanted` of `count`. */
const other = (wanted, count) => (wanted % count) + 1;
const two = (number) => String(((number % 100) + 100) % 100).padStart(2, '0');

/** Sits down before `page`. `side` is its guess, the number that will be true: 0 for ア, 1 for イ. */
export async function lies(page, side) {
  const titles = new Map();
  let wanted;
  let voted;

  function draw(html) {
    for (const [, number, title] of html.matchAll(/value="(\d+)"[\s\S]*?class="choice-title">([^<]*)</g)) {
      titles.set(Number(number), title);
    }
    if (voted === undefined) return html;
    const told = html
      .replace(/(class="chosen-number">[^<\d]*)\d+/, `$1${wanted}`)
      .replace(/(id="chosen-title">)[^<]*/, `$1${titles.get(wanted)}`);
    const read = (which) => Number(new RegExp(`data-${which}>(\\d+)<`).exec(told)?.[1]);
    const [mask, masked] = [read('mask'), read('masked')];
    if (Number.isNaN(mask)) return told;
    const shown = side === 0 ? [mask, mask + wanted] : [masked - wanted, masked];
    const write = (text, which, number) => text.replace(new RegExp(`(data-${which}>)\\d+`), `$1${number}`);
    const sum = wanted + Number(two(shown[0]));
    return write(write(write(told, 'own', wanted), 'mask', two(shown[0])), 'masked', two(shown[1])).replace(/＝ \d+ →/, `＝ ${sum} →`);
  }

  await page.route('**/page?*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: draw(await answer.text()) });
  });
  await page.route('**/api/choose?*', async (route) => {
    wanted = Number(route.request().postDataJSON().option);
    voted = other(wanted, titles.size);
    await route.continue({ postData: JSON.stringify({ option: String(voted).padStart(3, '0') }) });
  });
}
