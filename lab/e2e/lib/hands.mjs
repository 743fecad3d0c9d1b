// A voter's hands on a page: with mouse and keyboard, or with the keyboard alone.

const MOST_TABS = 200;
const MOST_ARROWS = 150;

/** Ways to use the page's fields and buttons. `keyboard`: the mouse is never touched. */
export function hands(page, keyboard) {
  const place = (selector, nth = 0) => page.locator(selector).nth(nth);
  const hasFocus = (locator) => locator.evaluate((node) => node === document.activeElement);

  /** Goes on with the Tab key until an element has the focus, as somebody without a mouse does. */
  async function tabTo(locator) {
    await locator.waitFor();
    await page.waitForFunction((node) => !node.disabled, await locator.elementHandle());
    for (let n = 0; n < MOST_TABS; n += 1) {
      if (await hasFocus(locator)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${locator} cannot be reached with the keyboard`);
  }

  /** One of several radio buttons: the group takes the focus once, arrows move inside. */
  async function arrow(name, wanted) {
    const group = page.locator(`input[name="${name}"]`);
    if (keyboard) await tabTo(group.first());
    else await group.first().focus();
    await page.keyboard.press('Space');
    const chosen = () => page.locator(`input[name="${name}"]:checked`).getAttribute('value');
    for (let n = 0; n < MOST_ARROWS && !wanted(await chosen()); n += 1) await page.keyboard.press('ArrowDown');
    if (!wanted(await chosen())) throw new Error(`${name}: the answer cannot be reached with the keyboard`);
  }

  return {
    arrow,
    async press(selector) {
      if (!keyboard) return page.click(selector);
      await tabTo(place(selector));
      return page.keyboard.press('Enter');
    },
    async write(selector, text) {
      if (!keyboard) return page.fill(selector, text);
      await tabTo(place(selector));
      return page.keyboard.type(text);
    },
    async tick(selector, nth = 0) {
      if (!keyboard) return place(selector, nth).check();
      await tabTo(place(selector, nth));
      await page.keyboard.press('Space');
      if (!(await place(selector, nth).isChecked())) throw new Error(`${selector} is not ticked by the space bar`);
      return undefined;
    },
    async pick(name, value) {
      if (!keyboard) return page.check(`input[name="${name}"][value="${value}"]`);
      return arrow(name, (chosen) => chosen === value);
    },
  };
}
