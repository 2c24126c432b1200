import { test } from 'vitest';
import { NARROW, Stage, browser, open, picture } from './browser';
import { VIEWS } from './views';
test('look', async () => {
  const [chromium, stage] = await Promise.all([browser(), Stage.open()]);
  for (const [language, colorScheme] of [
    ['en', 'light'],
    ['zh-CN', 'dark'],
  ] as const)
    for (const view of VIEWS.filter((v) =>
      /unknown|taught|teach|not-und|settings-json/.test(v.name),
    ))
      for (const viewport of [NARROW, { width: 900, height: 760 }]) {
        const { page, errors } = await open(
          chromium,
          stage.address(view.scene, language, view.window),
          { colorScheme, locale: language, reducedMotion: 'reduce', viewport },
        );
        await page.locator('h1').first().waitFor();
        try {
          await view.reach?.(page);
        } catch (e) {
          console.log(view.name, String(e).slice(0, 300));
        }
        await page.waitForTimeout(200);
        await picture(page, `look-${view.name}-${language}-${viewport.width}`);
        if (errors.length) console.log(view.name, errors);
        await page.context().close();
      }
  await chromium.close();
  await stage.close();
}, 300_000);
