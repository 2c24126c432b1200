/** What the page costs with 100,000 to-dos, each figure with its bar. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { build } from 'vite';
import { NORMAL, Harness, browser, open } from './browser';

/** Other programs share the machine: a figure is that of the quietest of so many runs. */
const RUNS = 5;
const UI = resolve(import.meta.dirname, '..');

let chromium: Browser;
let harness: Harness;
let page: Page;
let inside: CDPSession;

beforeAll(async () => {
  [chromium, harness] = await Promise.all([browser(), Harness.open()]);
});
afterAll(async () => {
  await chromium.close();
  await harness.close();
});
afterEach(() => page?.context().close());

async function visit(fixture = 'many') {
  await page?.context().close();
  ({ page } = await open(chromium, harness.address(fixture), { viewport: NORMAL }));
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

/** Prints a figure beside its bar, and fails where it misses it. */
function figure(what: string, value: number, bar: number, unit = 'ms'): void {
  const found = `${value.toFixed(1)} ${unit}`.padStart(10);
  console.info(`${found}  (bar: under ${bar} ${unit})  ${what}`);
  expect(value, what).toBeLessThan(bar);
}

async function quietest(run: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let k = 0; k < RUNS; k++) least = Math.min(least, await run());
  return least;
}

test('scrolling through 100,000 to-dos has no frame over 50 ms', async () => {
  await visit();
  const longest = await quietest(() =>
    page.evaluate(async () => {
      const list = document.querySelector('.scroller');
      if (!list) throw new Error('no list');
      list.scrollTop = 0;
      let [worst, last] = [0, await new Promise<number>(requestAnimationFrame)];
      for (let frame = 0; frame < 120; frame++) {
        list.scrollTop += frame % 30 === 29 ? 400_000 : 90;
        const now = await new Promise<number>(requestAnimationFrame);
        [worst, last] = [Math.max(worst, now - last), now];
      }
      return worst;
    }),
  );
  figure('the longest frame of a scroll, jumps included', longest, 50);
});

test('a frame of scrolling costs less than 50 ms', async () => {
  await visit();
  let worst = 0;
  for (let step = 0; step < 100; step++) {
    const step = await cost(() => {
      const list = document.querySelector('.scroller');
      if (list) list.scrollTop += 600;
    });
    worst = Math.max(worst, step);
  }
  figure('the main thread, at most, for a scroll of a window’s height', worst, 50);
});

test('news costs less than 50 ms', async () => {
  await visit();
  const costs: number[] = [];
  for (let step = 0; step < 10; step++) costs.push(await cost(() => window.backend.tell()));
  figure('the main thread, at most, for news of nothing in sight', Math.max(...costs), 50);
});

test('what is searched for is painted within 50 ms of the key', async () => {
  await visit();
  await page.evaluate(async () => {
    // What the inbox answers within 15 ms, the script would have to look for among 100,000.
    const { backend } = window;
    const ask = { unread: false, priority: null, source: null, tag: null, done: false };
    const list = (search: string) => backend.answer({ ...ask, search, offset: 0, limit: 100 });
    const answers = new Map(
      ['9', '99', '999', ''].map((text) => {
        const { todos, groups } = list(text);
        return [text, { todos: todos.slice(0, 100), total: todos.length, groups, more: false }];
      }),
    );
    backend.list = async ({ search }) => {
      await new Promise((wake) => setTimeout(wake, 15));
      const answer = answers.get(search);
      if (!answer) throw new Error(`no answer for ${search}`);
      return answer;
    };
    // From the key's own time to the frame after the one in which its rows are in the document.
    window.addEventListener(
      'keydown',
      (event) => {
        const shown = () => document.querySelector('[data-part="title"]')?.textContent ?? '';
        const wanted = `${document.querySelector<HTMLInputElement>('[data-part="search"]')?.value}${event.key}`;
        const look = () => {
          if (!shown().includes(`number ${wanted}`)) return requestAnimationFrame(look);
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => (window.painted = performance.now() - event.timeStamp);
          return port2.postMessage(null);
        };
        requestAnimationFrame(look);
      },
      true,
    );
  });
  const search = page.locator('[data-part="search"]');
  const figures: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await search.fill('');
    await page.waitForTimeout(200);
    await search.focus();
    let worst = 0;
    for (const key of ['9', '9', '9']) {
      await page.evaluate(() => (window.painted = undefined));
      await page.keyboard.press(key);
      await page.waitForFunction(() => window.painted !== undefined);
      worst = Math.max(worst, (await page.evaluate(() => window.painted)) ?? NaN);
    }
    figures.push(worst);
  }
  figure('from a key in the search to the painted rows, at most', Math.min(...figures), 50);
});

// The window has 700 ms from the click on the bell; this leaves 300 for everything before the page.
test('the first rows are painted within 400 ms', async () => {
  const first = await quietest(async () => {
    await visit('office');
    return page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    );
  });
  figure('from the address to the first paint, with the rows', first, 400);
});

test('the bundle is small', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'belldot-bundle-'));
  await build({
    root: UI,
    configFile: resolve(UI, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const zipped = files
    .filter((entry) => entry.isFile())
    .map((entry) => gzipSync(readFileSync(join(entry.parentPath, entry.name))).length);
  rmSync(folder, { recursive: true, force: true });
  const size = zipped.reduce((sum, bytes) => sum + bytes, 0) / 1000;
  figure('everything that a window loads, gzipped', size, 150, 'kB');
});
