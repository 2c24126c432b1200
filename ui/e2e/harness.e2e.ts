/** The page in a real browser, with fake backends: what no server does on request. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NORMAL, Harness, browser, open, expectEventually } from './browser';
import { teach } from './views';

let chromium: Browser;
let harness: Harness;
let page: Page;
let errors: string[];

beforeAll(async () => {
  [chromium, harness] = await Promise.all([browser(), Harness.open()]);
});
afterAll(async () => {
  await chromium.close();
  await harness.close();
});
afterEach(() => page.context().close());

async function visit(fixture: string, window = 'todos', viewport?: typeof NORMAL) {
  ({ page, errors } = await open(chromium, harness.address(fixture, 'en', window), {
    locale: 'en-GB',
    ...(viewport ? { viewport } : {}),
  }));
  await page.locator('h1').first().waitFor();
}

const rows = () => page.locator('[data-todo-key]');
const top = (key: string | null) =>
  page.locator(`[data-todo-key="${key}"]`).evaluate((row) => row.getBoundingClientRect().top);

describe('under the pointer', () => {
  test('no row moves when others arrive, leave or are read above it', async () => {
    await visit('office');
    const row = rows().nth(3);
    const key = await row.getAttribute('data-todo-key');
    await row.hover();
    const before = await top(key);
    await page.evaluate(() => {
      for (let k = 0; k < 5; k++) window.backend.arrive(window.todo({ group: 'overdue' }));
    });
    await expectEventually(() => page.locator('h2').first().innerText(), /7/);
    expect(await top(key)).toBe(before);
    await page.evaluate(() => {
      const { backend } = window;
      backend.todos = backend.todos.filter((todo) => todo.group !== 'overdue');
      backend.tell();
    });
    await expectEventually(() => page.locator('h2').first().innerText(), /Today/);
    expect(await top(key)).toBe(before);
    await page.mouse.move(5, 5);
    await expectEventually(async () => (await top(key)) < before, true);
  });

  test('a row that arrives just before a click does not take it', async () => {
    await visit('office');
    const circle = rows().nth(2).locator('[data-part="done"]');
    const key = await rows().nth(2).getAttribute('data-todo-key');
    const box = await circle.boundingBox();
    if (!box) throw new Error('no circle');
    await page.mouse.move(200, 60);
    await page.mouse.move(180, 90);
    await page.evaluate(() =>
      window.backend.arrive(window.todo({ title: 'Just now', group: 'overdue' })),
    );
    await page.waitForTimeout(150);
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await expectEventually(
      () => page.evaluate(() => window.backend.acted),
      [{ do: 'done', todos: [Number(key)], done: true }],
    );
    await expectEventually(() => page.locator('[data-part="title"]').allInnerTexts(), /Just now/);
  });

  test('a to-do that is done stays struck until the pointer leaves', async () => {
    await visit('office');
    const row = rows().nth(1);
    const key = await row.getAttribute('data-todo-key');
    await row.locator('[data-part="done"]').click();
    await expectEventually(
      () => row.locator('[data-part="done"]').getAttribute('aria-checked'),
      'true',
    );
    await page.locator('[data-part="snackbar-action"]').waitFor({ state: 'detached' });
    expect(await rows().nth(1).getAttribute('data-todo-key')).toBe(key);
    await page.mouse.move(5, 5);
    await expectEventually(async () => await page.locator(`[data-todo-key="${key}"]`).count(), 0);
  });

  test('the newest is seen when nobody points and the list is at its top', async () => {
    await visit('many');
    await page.evaluate(() =>
      window.backend.arrive(window.todo({ title: 'Just now', group: 'overdue' })),
    );
    await expectEventually(
      () => page.locator('[data-part="title"]').first().innerText(),
      'Just now',
    );
    expect(await page.locator('.scroller').evaluate((list) => list.scrollTop)).toBe(0);
  });
});

describe('100,000 to-dos', () => {
  test('are a list of a few elements that scrolls to its end', async () => {
    await visit('many');
    expect(await rows().count()).toBeLessThan(40);
    await page.keyboard.press('End');
    await expectEventually(
      () => page.locator('[aria-current="true"] [data-part="title"]').allInnerTexts(),
      ['To-do number 100000 of a long list'],
    );
    expect(await rows().count()).toBeLessThan(60);
    await page.keyboard.press('Home');
    await expectEventually(
      () => page.locator('[aria-current="true"] [data-part="title"]').allInnerTexts(),
      ['To-do number 1 of a long list'],
    );
  });
});

test('hostile to-dos are text and harm nothing', async () => {
  await visit('hostile', 'todos', NORMAL);
  const count = await rows().count();
  expect(count).toBe(6);
  for (let k = 0; k < count; k++) {
    await rows().nth(k).locator('[data-part="row"]').click();
    await page.locator('[data-part="pane"] h2').waitFor();
    expect(await page.locator('[data-part="pane"] :is(img, script, iframe, b)').count()).toBe(0);
    const links = await page
      .locator('[data-part="pane"] a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links.every((link) => /^https?:\/\//.test(link ?? ''))).toBe(true);
    const heights = await rows().evaluateAll((all) => all.map((row) => row.clientHeight));
    expect(new Set(heights)).toEqual(new Set([48]));
  }
  expect(await page.evaluate(() => window.harmed)).toBeUndefined();
  expect(await page.locator('body').innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  expect(errors).toEqual([]);
});

describe('an unknown envelope with a list', () => {
  const titles = () => page.locator('[data-part="event"].open [data-part="preview-title"]');
  const format = () =>
    page.evaluate(() => JSON.stringify(window.backend.desktop?.kept.sources[0]?.format));

  test('becomes right to-dos with three clicks', async () => {
    await visit('unknown', 'settings');
    let clicks = 0;
    await page.exposeFunction('clicked', () => clicks++);
    await page.evaluate(() =>
      addEventListener('pointerdown', () => (window as never as { clicked: () => void }).clicked()),
    );
    await page.locator('[data-part="each"][data-at="/biz/zzz"]').click();
    await page.locator('[data-part="each"][aria-pressed="true"]').waitFor();
    await teach(page, '/biz/zzz/0/k2', 'title');
    await expectEventually(
      () => titles().allInnerTexts(),
      ['Sign the contract', 'Pay the bill of the caterer', 'Book a room'],
    );
    await teach(page, '/biz/zzz/1/k1', 'id');
    await expectEventually(
      format,
      JSON.stringify({ json: { each: '/biz/zzz', title: '/k2', id: '/k1', guess: true } }),
    );
    expect(clicks).toBe(3);
    expect(errors).toEqual([]);
  });

  test('needs two for title and date, and nothing moves under the pointer', async () => {
    await visit('unknown', 'settings');
    const due = page.locator('[data-part="value"][data-at="/biz/zzz/0/k3"]');
    await due.waitFor();
    await due.scrollIntoViewIfNeeded();
    await teach(page, '/biz/zzz/0/k2', 'title');
    const before = await due.boundingBox();
    await expectEventually(() => titles().count(), 3);
    expect((await due.boundingBox())?.y).toBe(before?.y);
    await teach(page, '/biz/zzz/0/k3', 'due');
    await expectEventually(() => page.locator('[data-part="event"].open time').count(), 2);
    await page.locator('[data-part="teach-over"]').click();
    await expectEventually(format, '"auto"');
  });

  test('is taught with the keyboard alone', async () => {
    await visit('unknown', 'settings');
    await page.locator('[data-part="value"][data-at="/biz/zzz/0/k1"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Title' }).waitFor();
    await page.keyboard.press('Enter');
    await expectEventually(() => titles().count(), 3);
    await page.locator('[data-part="teach-undo"]').focus();
    await page.keyboard.press('Enter');
    await expectEventually(format, '"auto"');
  });

  test('has beside it what is left out, until it is taken in again', async () => {
    await visit('unknown', 'settings');
    const tick = page.locator('[data-part="event"]').nth(1);
    await tick.locator('[data-part="teach-leave-out"]').click();
    await expectEventually(() => tick.locator('.none').innerText(), 'Left out, as you said');
    await expectEventually(format, /"skip":\[\{/);
    await tick.locator('[data-part="teach-leave-out"]').click();
    await expectEventually(format, '"auto"');
  });
});

describe('the first run', () => {
  test('leads from an address to a source', async () => {
    await visit('first', 'settings', NORMAL);
    await page.keyboard.insertText('https://todo.example.com/api/v1/events');
    await page.keyboard.press('Enter');
    await expectEventually(
      () => page.locator('[data-part="probe-sentence"]').innerText(),
      /^A Belldot server/,
    );
    await page.locator('[data-part="name"]').fill('Office');
    await page.locator('[data-part="token"]').fill('s3cret');
    await page.locator('[data-part="add"]').click();
    await expectEventually(() => page.locator('h1').innerText(), 'Office');
    expect(
      await page.evaluate(() => window.backend.desktop?.kept.sources.map(({ id }) => id)),
    ).toEqual(['office']);
    expect(await page.evaluate(() => window.backend.desktop?.tokens.get('office'))).toBe('s3cret');
  });
});

describe('a wide window', () => {
  test('shows the to-do beside the list, and what is looked at becomes read', async () => {
    await visit('office', 'todos', NORMAL);
    await rows().first().waitFor();
    await page.keyboard.press('j');
    await expectEventually(
      () => page.locator('[data-part="pane"] h2').innerText(),
      /^Approve travel/,
    );
    await expectEventually(() => page.locator('[data-part="unread-count"]').innerText(), '4');
    await page.keyboard.press('j');
    await expectEventually(() => page.locator('[data-part="pane"] h2').innerText(), /^Supplier/);
  });

  test('becomes narrow without losing the place', async () => {
    await visit('office', 'todos', NORMAL);
    await rows().nth(2).locator('[data-part="row"]').click();
    await page.setViewportSize({ width: 440, height: 720 });
    await expectEventually(() => page.locator('[data-part="pane"]').count(), 0);
    await expectEventually(
      () => page.locator('[aria-current="true"]').innerText(),
      /Production release/,
    );
  });
});

describe('a narrow window', () => {
  test('shows the to-do over the list, and Escape leads back to its row', async () => {
    await visit('office');
    await rows().nth(2).locator('[data-part="row"]').click();
    await expectEventually(
      () => page.locator('[data-part="pane"] h2').innerText(),
      /^Production release/,
    );
    await page.keyboard.press('Escape');
    await expectEventually(() => page.locator('[data-part="pane"]').count(), 0);
    expect(
      await page.evaluate(() => document.activeElement?.closest('[data-todo-key]')?.textContent),
    ).toContain('Production release');
  });
});

describe('the keyboard', () => {
  const called = () => page.evaluate(() => window.backend.desktop?.called);
  const dialogs = () => page.locator('dialog').count();

  test('Escape closes the innermost first, and the window last', async () => {
    await visit('office');
    await rows().first().locator('[data-part="row"]').click();
    await page.locator('[data-part="pane"]').waitFor();
    await page.keyboard.press('?');
    await expectEventually(dialogs, 1);
    await page.keyboard.press('Escape');
    await expectEventually(dialogs, 0);
    expect(await page.locator('[data-part="pane"]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await expectEventually(() => page.locator('[data-part="pane"]').count(), 0);
    await page.locator('[data-part="stream"]').click();
    await page.locator('[data-part="stream-facts"]').waitFor();
    await page.keyboard.press('Escape');
    await expectEventually(dialogs, 0);
    expect(await called()).toEqual([]);
    await page.keyboard.press('Escape');
    await expectEventually(called, ['close window']);
  });

  test('Escape leads out of the settings in steps too', async () => {
    await visit('office', 'settings');
    await page.locator('[data-part="stream"]').click();
    await page.locator('[data-part="stream-facts"]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-part="url"]').waitFor();
    await page.locator('[data-part="new-source"]').click();
    await expectEventually(() => page.locator('h1').innerText(), 'Connect to your server');
    await page.keyboard.press('Escape');
    await expectEventually(() => page.locator('h1').innerText(), 'Work');
    expect(await called()).toEqual([]);
    await page.keyboard.press('Escape');
    await expectEventually(called, ['close window']);
  });

  test('Ctrl+W closes the window from anywhere, Ctrl+, opens the settings', async () => {
    await visit('office');
    await rows().first().waitFor();
    await page.keyboard.press('Control+,');
    await expectEventually(called, ['open settings']);
    await page.keyboard.press('?');
    await expectEventually(dialogs, 1);
    await page.keyboard.press('Control+w');
    await expectEventually(called, ['open settings', 'close window']);
    await page.keyboard.press('Escape');
    await page.locator('[data-part="more"]').click();
    await expectEventually(dialogs, 1);
    await page.keyboard.press('Control+w');
    await expectEventually(called, ['open settings', 'close window', 'close window']);
  });
});

describe('a stream', () => {
  test('is followed while it is looked at, and given as a report', async () => {
    await visit('office', 'settings', NORMAL);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('[data-part="stream"]').click();
    await expectEventually(() => page.locator('[data-part="stream-facts"]').innerText(), /12,345/);
    await page.evaluate(() => {
      const { desktop } = window.backend;
      const report = desktop?.streams.get('work');
      if (report) desktop?.streams.set('work', { ...report, events: 12_346, text: 'Fresh report' });
    });
    await expectEventually(() => page.locator('[data-part="stream-facts"]').innerText(), /12,346/);
    await page.locator('[data-part="copy-report"]').click();
    await expectEventually(() => page.locator('main').innerText(), /Copied\./);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Fresh report');
  });

  test('is copied the old way where the clipboard is closed to pages', async () => {
    await visit('office');
    await rows().first().waitFor();
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
      document.addEventListener('copy', () => {
        document.title = `copied ${String(document.getSelection())}`;
      });
    });
    await page.locator('[data-part="stream"]').click();
    await page.locator('[data-part="copy-report"]').click();
    await expectEventually(() => page.locator('dialog').innerText(), /Copied\./);
    expect(await page.title()).toBe('copied Stream report: Work');
  });
});

test('a preview follows the format as it is chosen', async () => {
  await visit('office', 'settings', NORMAL);
  const preview = page.locator('[data-part="preview"]');
  await expectEventually(() => preview.innerText(), /Recognised: to-dos in Belldot’s own format/);
  await page.locator('[data-part="format"]').selectOption('json');
  await page.locator('[data-part="map-title"]').fill('/sender');
  await page.keyboard.press('Tab');
  await expectEventually(
    () => preview.locator('[data-part="preview-title"]').first().innerText(),
    'Chen Jing',
  );
});

test('settings are replaced by a file only once that is confirmed', async () => {
  await visit('office', 'settings', NORMAL);
  await page.locator('[data-place="about"]').click();
  const file = { name: 'office.toml', mimeType: 'text/plain', buffer: Buffer.from('x = 1') };
  await page.locator('[data-part="import-file"]').setInputFiles(file);
  await page.keyboard.press('Escape');
  await expectEventually(() => page.locator('dialog').count(), 0);
  expect(await page.evaluate(() => window.backend.desktop?.called)).toEqual([]);
  await page.locator('[data-part="import-file"]').setInputFiles(file);
  await page.locator('[data-part="confirm-import"]').click();
  await expectEventually(() => page.locator('[data-part="outcome"]').innerText(), /office\.toml/);
  expect(await page.evaluate(() => window.backend.desktop?.called)).toEqual([
    'import settings x = 1',
  ]);
});

test('what the administrator fixed cannot be changed', async () => {
  await visit('locked', 'settings', NORMAL);
  expect(await page.locator('[data-part="url"]').isDisabled()).toBe(true);
  expect(await page.locator('[data-part="remove"]').isDisabled()).toBe(true);
  expect(await page.locator('[data-part="new-source"]').isDisabled()).toBe(true);
  await page.locator('[data-source="own"]').click();
  await expectEventually(() => page.locator('h1').innerText(), 'My own');
  expect(await page.locator('[data-part="url"]').isDisabled()).toBe(false);
  await page.locator('[data-place="general"]').click();
  expect(await page.locator('[data-part="autostart"]').isDisabled()).toBe(true);
  expect(await page.locator('[data-part="theme"]').isDisabled()).toBe(false);
});

test('the whole page can be walked by Tab, and the focus is always seen', async () => {
  await visit('office');
  await rows().first().waitFor();
  const stops: string[] = [];
  for (let k = 0; k < 30; k++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const it = document.activeElement;
      if (!it || it === document.body) return null;
      const style = getComputedStyle(it);
      const after = getComputedStyle(it, '::after');
      const field = it.closest('.field');
      const shown =
        style.outlineStyle !== 'none' ||
        after.outlineStyle !== 'none' ||
        (field !== null && getComputedStyle(field).boxShadow !== 'none');
      return `${shown ? '' : 'unseen '}${it.getAttribute('aria-label') ?? it.textContent?.trim().slice(0, 20)}`;
    });
    if (stop === null) break;
    stops.push(stop);
  }
  expect(stops.length).toBeGreaterThan(8);
  expect(stops.filter((stop) => stop.startsWith('unseen'))).toEqual([]);
});

test('at 200 % the page still fits its window', async () => {
  await visit('office');
  await page.setViewportSize({ width: 220, height: 360 });
  await expectEventually(
    () => page.evaluate(() => document.body.scrollWidth <= window.innerWidth),
    true,
  );
  expect(await rows().first().isVisible()).toBe(true);
});

test('where more contrast is wanted, small words and edges are as strong as titles', async () => {
  await visit('office');
  const colour = (name: string) =>
    page.evaluate((name) => getComputedStyle(document.body).getPropertyValue(name), name);
  expect(await colour('--second')).not.toBe(await colour('--ink'));
  await page.emulateMedia({ contrast: 'more' });
  for (const name of ['--second', '--edge', '--outline']) {
    expect(await colour(name)).toBe(await colour('--ink'));
  }
});
