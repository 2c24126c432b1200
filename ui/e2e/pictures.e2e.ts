/** Pictures of every view in both themes, languages and widths; axe looks at each as well. */
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NARROW, NORMAL, Harness, browser, open, picture } from './browser';
import { VIEWS } from './views';

let chromium: Browser;
let harness: Harness;

beforeAll(async () => {
  [chromium, harness] = await Promise.all([browser(), Harness.open()]);
});
afterAll(async () => {
  await chromium.close();
  await harness.close();
});

describe.each([
  ['en', 'light'],
  ['en', 'dark'],
  ['zh-CN', 'light'],
  ['zh-CN', 'dark'],
] as const)('in %s, %s', (language, colorScheme) => {
  test.each(VIEWS)('$name looks right and axe finds nothing', async (view) => {
    const locale = language === 'en' ? 'en-GB' : 'zh-CN';
    const { page, errors } = await open(
      chromium,
      harness.address(view.fixture, language, view.window),
      { colorScheme, locale, reducedMotion: 'reduce' },
    );
    for (const viewport of [NARROW, NORMAL]) {
      await page.setViewportSize(viewport);
      if (viewport === NARROW || view.again) {
        await page.locator('h1').first().waitFor();
        await view.reach?.(page);
      }
      await page.waitForTimeout(150);
      await picture(page, `${view.name}-${language}-${colorScheme}-${viewport.width}`);
      expect(await overflowing(page)).toEqual([]);
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
        const { violations } = await axe.run();
        return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))]);
      });
      expect(found).toEqual([]);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

/** Elements that stick out of the window sideways. */
function overflowing(page: import('playwright-core').Page): Promise<string[]> {
  return page.evaluate(() =>
    document.documentElement.scrollWidth > window.innerWidth ||
    document.body.scrollWidth > window.innerWidth
      ? ['the page']
      : [...document.querySelectorAll('main, aside, nav, dialog')]
          .filter(
            (it) =>
              it.scrollWidth > it.clientWidth + 1 && getComputedStyle(it).overflowX !== 'auto',
          )
          .map((it) => it.tagName),
  );
}
