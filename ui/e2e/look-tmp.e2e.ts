import { test } from 'vitest';
import { browser, NARROW, NORMAL, open, picture, Stage } from './browser';
test('look', async () => {
  const b = await browser(); const stage = await Stage.open();
  for (const [scene, lang, scheme, size] of [['office','en','light',NARROW],['office','zh-CN','dark',NARROW],['trouble','zh-CN','dark',NARROW],['trouble','en','light',NORMAL],['first','en','light',NARROW],['empty','zh-CN','dark',NARROW]] as const) {
    const { page, errors } = await open(b, stage.address(scene, lang), { viewport: size, colorScheme: scheme, locale: lang === 'en' ? 'en-GB' : 'zh-CN' });
    await page.waitForTimeout(1200);
    if (scene==='office'||size===NORMAL) { await page.locator('[data-part=row]').nth(2).hover(); if (size===NORMAL) await page.locator('[data-part=row]').nth(0).click(); else { await page.keyboard.press('j');await page.keyboard.press('j');await page.keyboard.press('j');} await page.waitForTimeout(500);}
    await picture(page, `tmp-${scene}-${lang}-${scheme}-${size.width}`);
    console.log(scene, errors);
    await page.context().close();
  }
  await b.close(); await stage.close();
}, 120000);
