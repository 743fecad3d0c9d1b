// The voter's second device: a browser of its own with the public pages, away from the booth.
import { inspect, watched } from './browser.mjs';

/** Opens the device's page. `origin` is the public site; `now` the time of day there (ms). */
export async function phone(browser, { origin, now, name, screens }) {
  const context = await browser.newContext({ locale: 'ja-JP', timezoneId: 'Asia/Tokyo', ignoreHTTPSErrors: true });
  // The relay of the demo has a certificate of its own making; what it carries is sealed.
  // The rehearsal has a calendar of its own, and the device compares times.
  if (now) await context.clock.setFixedTime(now);
  const { page, seen } = await watched(context);
  page.setDefaultTimeout(70_000);
  const said = (id) => page.locator(`#${id}`).innerText();

  /** Scans the first code, before the ballot is sent. */
  async function note(digits) {
    await page.goto(`${origin}/verify/check.html#${digits}`, { waitUntil: 'networkidle' });
    await page.waitForSelector('#noted .banner-success');
    return said('noted');
  }

  /** Opens a check ballot that is final: what it says, number first. */
  async function check(second) {
    await page.click('#find-check');
    await page.waitForSelector('#opening:not([hidden])');
    await page.fill('#second', second);
    await page.click('#open');
    await page.waitForSelector('#opened .proposals, #opened .banner-error');
    return page.locator('#opened').locator('.proposals').innerText({ timeout: 1000 }).catch(() => said('opened'));
  }

  /** Looks for the ballot until it is there. */
  async function follow() {
    await page.click('#find-cast');
    await page.waitForSelector('#choosing:not([hidden])');
    return said('found');
  }

  /** Whether the device offers the coin for what is on the board now. */
  async function mayToss() {
    await page.click('#find-cast');
    await page.waitForSelector('#found .banner');
    return page.isVisible('#choosing');
  }

  /** Follows the ballot; when it is final, tosses the coin: 0 for the mask, 1 for the masked sum. */
  async function toss() {
    const found = await follow();
    await page.click('#toss');
    await page.waitForSelector('#side .banner');
    const alarm = (await page.locator('#side .banner-error').count()) > 0;
    const text = await said('side');
    return { alarm, text, side: text.includes('「ア」') ? 0 : 1, boardNumber: /\d{4} \d{4}/.exec(found)?.[0] };
  }

  /** What the board shows of the opening. */
  async function opened() {
    await page.click('#find-opening');
    await page.waitForSelector('#side .proposals, #side .banner-error, #side .banner-warning');
    const findings = await inspect(page, `${name}-phone`, screens);
    const text = await said('side');
    const numbers = await page.locator('#side .proposals .number').allInnerTexts();
    const error = page.locator('#side .banner-error');
    const alarm = (await error.count()) > 0 ? ((await error.first().getAttribute('data-rule')) ?? '') : null;
    return { text, numbers, alarm, findings };
  }

  /** What went wrong in the page. What is not on the board yet is answered with 404. */
  const errors = () => seen.errors.filter((error) => !error.includes('404'));
  return { note, check, follow, mayToss, toss, opened, errors, close: () => context.close() };
}
