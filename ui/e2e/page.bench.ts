/** What the page costs with 100,000 to-dos, in time of the page's main thread. */
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Stage, browser, open } from './browser';

let chromium: Browser;
let stage: Stage;
let page: Page;
let inside: CDPSession;

beforeAll(async () => {
  [chromium, stage] = await Promise.all([browser(), Stage.open()]);
});
afterAll(async () => {
  await chromium.close();
  await stage.close();
});
afterEach(() => page.context().close());

async function visit() {
  ({ page } = await open(chromium, stage.address('many')));
  await page.locator('[data-todo-key]').first().waitFor();
  inside = await page.context().newCDPSession(page);
  // The thread's own time: what else the machine does must not count.
  await inside.send('Performance.enable', { timeDomain: 'threadTicks' });
}

/** The main thread's time so far, in milliseconds. */
async function spent(): Promise<number> {
  const { metrics } = await inside.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
}

/** What doing something costs until its frame is drawn. */
async function cost(what: () => void): Promise<number> {
  const before = await spent();
  await page.evaluate(async (body) => {
    new Function(`(${body})()`)();
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  }, String(what));
  return (await spent()) - before;
}

test('a frame of scrolling costs less than 50 ms', async () => {
  await visit();
  const costs: number[] = [];
  for (let step = 0; step < 100; step++) {
    costs.push(
      await cost(() => {
        const list = document.querySelector('.scroller');
        if (list) list.scrollTop += 600;
      }),
    );
  }
  costs.sort((a, b) => b - a);
  const [worst = NaN, median = NaN] = [costs[0], costs[50]];
  console.info(
    `a scroll of a window's height: ${worst.toFixed(1)} ms at most, ${median.toFixed(1)} ms usually`,
  );
  expect(worst).toBeLessThan(50);
});

test('news costs less than 50 ms', async () => {
  await visit();
  const costs: number[] = [];
  for (let step = 0; step < 10; step++) {
    costs.push(await cost(() => window.world.tell()));
  }
  const worst = Math.max(...costs);
  console.info(`news that changes nothing in sight: ${worst.toFixed(1)} ms at most`);
  expect(worst).toBeLessThan(50);
});

test('an answered search costs less than 50 ms', async () => {
  await visit();
  // What the inbox answers at once, the script would have to look for among 100,000.
  await page.evaluate(async () => {
    const { world } = window;
    const ask = { unread: false, priority: null, source: null, tag: null, done: false };
    const answer = await world.list({ ...ask, search: 'number 99', offset: 0, limit: 100 });
    world.list = async () => answer;
  });
  const typing = await cost(() => {
    const input = document.querySelector<HTMLInputElement>('[data-part="search"]');
    if (!input) throw new Error('no search');
    input.value = 'number 99';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
  expect(await page.locator('[data-part="title"]').first().innerText()).toMatch(/number 99/);
  console.info(`a search, from the key to the rows: ${typing.toFixed(1)} ms`);
  expect(typing).toBeLessThan(50);
});
