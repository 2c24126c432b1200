/** The page in a real browser, against a real belldot-server. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { browser, open, expectEventually } from './browser';
import { Proxy } from './proxy';
import { Server } from './server';

let chromium: Browser;
let server: Server;
let pages: { page: Page; errors: string[] }[] = [];

beforeAll(async () => {
  chromium = await browser();
});
afterAll(() => chromium.close());

afterEach(async () => {
  for (const { page } of pages) await page.context().close();
  pages = [];
  await server.stop();
});

async function visit(how: BrowserContextOptions = {}): Promise<Page> {
  const opened = await open(chromium, server.address, { locale: 'en-GB', ...how });
  pages.push(opened);
  return opened.page;
}

const titles = (page: Page) => page.locator('[data-part="title"]').allTextContents();
const row = (page: Page, title: string) =>
  page.locator('[data-todo-key]').filter({ hasText: title });
const count = (page: Page) => page.locator('[data-part="unread-count"]').textContent();
const status = (page: Page) => page.locator('[data-part="status"]').innerText();

describe('to-dos', () => {
  test('that wait are there, and new ones arrive by themselves', async () => {
    server = await Server.start();
    await server.post({ title: 'Waiting already', sender: 'Chen Jing' });
    const page = await visit();
    await expectEventually(() => titles(page), ['Waiting already']);
    await expectEventually(async () => (await status(page)).includes('connected'), true);
    await server.post({ title: '请审批差旅报销', priority: 5 });
    await expectEventually(() => titles(page), ['请审批差旅报销', 'Waiting already']);
    await expectEventually(() => count(page), '2');
    expect(await page.title()).toBe('(2) My to-dos');
    expect(await page.locator('[data-part="bell"]').getAttribute('aria-label')).toBe(
      '2 unread to-dos',
    );
  });

  test('stand in the group of their due date', async () => {
    server = await Server.start();
    const hour = 3_600_000;
    await server.post({ title: 'Past', due: new Date(Date.now() - hour).toISOString() });
    await server.post({ title: 'Far', due: new Date(Date.now() + 72 * hour).toISOString() });
    await server.post({ title: 'Undated' });
    const page = await visit();
    await expectEventually(() => titles(page), ['Past', 'Far', 'Undated']);
    const headings = await page.locator('section h2').allInnerTexts();
    expect(headings.map((text) => text.replace(/\s*\d+$/, ''))).toEqual([
      'Overdue',
      'Later',
      'No date',
    ]);
  });

  test('done here are done on the server, and undone too', async () => {
    server = await Server.start();
    await server.post({ id: 'a', title: 'Sign the contract' });
    const page = await visit();
    await row(page, 'Sign').locator('[data-part="done"]').click();
    await expectEventually(async () => (await server.get('a')).status, 'done');
    await expectEventually(() => count(page), '0');
    await page.locator('[data-part="snackbar-action"]').click();
    await expectEventually(async () => (await server.get('a')).status, 'open');
    await expectEventually(() => count(page), '1');
  });

  test('done elsewhere leave the list', async () => {
    server = await Server.start();
    await server.post({ id: 'a', title: 'Sign' });
    const [one, other] = [await visit(), await visit()];
    await expectEventually(() => titles(other), ['Sign']);
    await row(one, 'Sign').locator('[data-part="done"]').click();
    await expectEventually(() => titles(other), []);
  });

  test('are all read by one request, and on another page as well', async () => {
    server = await Server.start();
    await Promise.all(
      Array.from({ length: 300 }, (_, k) => server.post({ id: `t${k}`, title: `To-do ${k}` })),
    );
    const [one, other] = [await visit(), await visit()];
    await expectEventually(() => count(one), '300');
    await expectEventually(() => count(other), '300');
    const requests: string[] = [];
    one.on('request', (request) => requests.push(`${request.method()} ${request.url()}`));
    await one.getByRole('button', { name: 'More' }).click();
    await one.getByRole('menuitem', { name: 'Mark all as read' }).click();
    await expectEventually(() => count(one), '0');
    await expectEventually(() => count(other), '0');
    expect(requests).toEqual([`POST ${server.address}/api/v1/read`]);
    expect((await server.get('t7')).read).toBe(true);
    await server.post({ title: 'Later' });
    await expectEventually(() => count(one), '1');
  });

  test('opened are read on the server, and open in a tab of their own', async () => {
    server = await Server.start();
    await server.post({ id: 'a', title: 'Look', url: 'http://127.0.0.1:9/there' });
    const page = await visit();
    await row(page, 'Look').hover();
    const popup = page.context().waitForEvent('page');
    await row(page, 'Look').getByRole('button', { name: 'Open' }).click();
    expect((await popup).url()).toMatch(/127\.0\.0\.1:9|about:blank|chrome-error/);
    await expectEventually(async () => (await server.get('a')).read, true);
  });

  test('can be dealt with by keyboard only', async () => {
    server = await Server.start();
    for (const id of ['c', 'b', 'a']) await server.post({ id, title: `To-do ${id}` });
    const page = await visit();
    await expectEventually(() => titles(page), ['To-do a', 'To-do b', 'To-do c']);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await expectEventually(async () => (await server.get('b')).status, 'done');
    await page.keyboard.press('r');
    await expectEventually(async () => (await server.get('c')).read, true);
    await page.keyboard.press('/');
    await page.keyboard.type('do a');
    await expectEventually(() => titles(page), ['To-do a']);
    await page.keyboard.press('Enter');
    await page.keyboard.press('e');
    await expectEventually(async () => (await server.get('a')).status, 'done');
  });

  test('that are done can be looked up', async () => {
    server = await Server.start();
    await server.post({ id: 'a', title: 'Old one' });
    const page = await visit();
    await row(page, 'Old one').locator('[data-part="done"]').click();
    await expectEventually(async () => (await server.get('a')).status, 'done');
    const later = await visit();
    await later.locator('[data-part="more"]').click();
    await later.getByRole('menuitem', { name: 'Completed' }).click();
    await expectEventually(() => titles(later), ['Old one']);
  });

  test('in a burst of a thousand all arrive', async () => {
    server = await Server.start();
    const page = await visit();
    await expectEventually(async () => (await status(page)).includes('connected'), true);
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(
        Array.from({ length: 50 }, (_, k) => server.post({ title: `To-do ${batch * 50 + k}` })),
      );
    }
    await expectEventually(() => count(page), '999+');
    await expectEventually(() => page.locator('section h2').innerText(), /1,000/);
  });
});

describe('the connection', () => {
  test('is closed and opened by hand', async () => {
    server = await Server.start();
    const page = await visit();
    await page.locator('[data-part="disconnect"]').click();
    await expectEventually(() => page.getByRole('heading', { name: 'Not connected' }).count(), 1);
    await server.post({ title: 'Meanwhile' });
    await page.locator('[data-part="connect"]').click();
    await expectEventually(() => titles(page), ['Meanwhile']);
  });

  test('is not tried again by itself when the server is full', async () => {
    server = await Server.start(['--max-connections', '1']);
    await visit().then((page) =>
      expectEventually(async () => (await status(page)).includes('connected'), true),
    );
    const second = await visit();
    await expectEventually(async () => (await status(second)).includes('the server is full'), true);
    await pages[0]?.page.context().close();
    pages.shift();
    await second.waitForTimeout(3_000);
    expect(await status(second)).toContain('the server is full');
    await second.locator('[data-part="try-again"]').click();
    await expectEventually(async () => (await status(second)).includes('connected'), true);
  });

  test('comes back after the server was killed, with what was missed', async () => {
    server = await Server.start();
    await server.post({ title: 'Before' });
    const page = await visit();
    await expectEventually(() => titles(page), ['Before']);
    await server.kill();
    await expectEventually(async () => (await status(page)).includes('tries again'), true);
    await server.run();
    await server.post({ title: 'After' });
    await expectEventually(() => titles(page), ['After', 'Before']);
  });

  test('wants a token where the server does', async () => {
    const users = '[[tokens]]\ntoken = "s3cret"\nuser = "chen"\n';
    server = await Server.start([], users);
    await server.post({ title: 'For Chen' }, 's3cret');
    const page = await visit();
    await expectEventually(() => page.getByRole('heading', { name: 'Sign in' }).count(), 1);
    await page.locator('[data-part="token"]').fill('wrong');
    await page.keyboard.press('Enter');
    await expectEventually(
      () => page.getByRole('alert').allInnerTexts(),
      /does not accept this token/,
    );
    await page.locator('[data-part="token"]').fill('s3cret');
    await page.keyboard.press('Enter');
    await expectEventually(() => titles(page), ['For Chen']);
    await page.reload();
    await expectEventually(() => titles(page), ['For Chen']);
  });
});

describe('several tabs', () => {
  test('share one stream, and go on when any of them is closed', async () => {
    server = await Server.start();
    const first = await visit();
    const tabs = [first];
    for (let k = 1; k < 8; k++) {
      const tab = await first.context().newPage();
      await tab.goto(server.address);
      tabs.push(tab);
    }
    for (const tab of tabs)
      await expectEventually(async () => (await status(tab)).includes('connected'), true);
    expect(await server.streams()).toBe(1);

    await server.post({ id: 'a', title: 'For all' });
    for (const tab of tabs) await expectEventually(() => titles(tab), ['For all']);
    // Actions arrive: a stream for each tab would leave no connection for them.
    for (const [k, tab] of tabs.entries()) {
      await server.post({ id: `own ${k}`, title: `Own ${k}` });
      await row(tab, `Own ${k}`).locator('[data-part="done"]').click();
      await expectEventually(async () => (await server.get(`own ${k}`)).status, 'done');
    }

    const closed = Date.now();
    await first.close();
    await server.post({ title: 'After the first' });
    const rest = tabs.slice(1);
    const has = async (tab: Page, title: string) =>
      (await titles(tab)).filter((shown) => shown === title).length;
    await Promise.all(rest.map((tab) => expectEventually(() => has(tab, 'After the first'), 1)));
    expect(Date.now() - closed).toBeLessThan(2_000);
    expect(await server.streams()).toBe(1);

    for (const tab of rest.slice(1)) await tab.close();
    await server.post({ title: 'For the last' });
    for (const title of ['For the last', 'After the first', 'For all'])
      await expectEventually(() => has(rest[0] as Page, title), 1);
    await rest[0]?.goto('about:blank');
    await expectEventually(() => server.streams(), 0);
  });

  test('have their snoozes and pins in common, and say where those are kept', async () => {
    server = await Server.start();
    await server.post({ title: 'Look later' });
    const first = await visit();
    const second = await first.context().newPage();
    await second.goto(server.address);
    await expectEventually(() => titles(second), ['Look later']);
    await row(first, 'Look later').hover();
    await row(first, 'Look later').getByRole('button', { name: 'Snooze' }).click();
    await expectEventually(() => first.getByText('are kept in this browser only').count(), 1);
    await first.getByRole('menuitem', { name: '1 hour' }).click();
    await expectEventually(() => titles(second), []);
    await second.reload();
    await expectEventually(() => second.getByRole('heading', { name: 'All done' }).count(), 1);
  });
});

describe('behind a proxy', () => {
  test('that answers 502 for a while the page comes back by itself', async () => {
    server = await Server.start();
    await server.post({ title: 'Before' });
    const proxy = await Proxy.start(() => server.address);
    try {
      const opened = await open(chromium, proxy.address, { locale: 'en-GB' });
      pages.push(opened);
      await expectEventually(() => titles(opened.page), ['Before']);
      proxy.breakOff();
      await expectEventually(() => status(opened.page), /the server answered 502/);
      await server.post({ title: 'Meanwhile' });
      proxy.mend();
      await expectEventually(() => titles(opened.page), ['Meanwhile', 'Before']);
    } finally {
      await proxy.stop();
    }
  });
});

test('the tab has a bell with the count', async () => {
  server = await Server.start();
  const page = await visit();
  const icon = async () =>
    decodeURIComponent((await page.locator('link[rel="icon"]').getAttribute('href')) ?? '');
  await expectEventually(async () => (await status(page)).includes('connected'), true);
  await expectEventually(icon, /^data:image\/svg\+xml,<svg(?!.*<text)/);
  await server.post({ title: 'New' });
  await expectEventually(icon, /<text[^>]*>1<\/text>/);
  expect(pages[0]?.errors).toEqual([]);
});

test('notifications are shown to who asks for them, once for all tabs', async () => {
  server = await Server.start();
  const first = await visit();
  const context = first.context();
  await context.grantPermissions(['notifications']);
  await context.addInitScript(() => {
    const shown: string[] = [];
    class Recorded extends EventTarget {
      static permission = 'granted';
      static requestPermission = async () => 'granted';
      onclick = () => {};
      close = () => {};
      constructor(title: string) {
        super();
        shown.push(title);
        Object.assign(window, { last: this });
      }
    }
    Object.assign(window, { Notification: Recorded, shown });
    // Nobody looks at a browser without a screen.
    document.hasFocus = () => false;
  });
  await first.reload();
  const second = await context.newPage();
  await second.goto(server.address);
  await first.getByRole('button', { name: 'Show notifications' }).click();
  await second.reload();
  for (const tab of [first, second])
    await expectEventually(async () => (await status(tab)).includes('connected'), true);
  // What comes at first is what waited already.
  await first.waitForTimeout(1_100);
  await server.post({ title: 'Now', priority: 5 });
  const shown = async () =>
    (
      await Promise.all(
        [first, second].map((tab) =>
          tab.evaluate(() => (window as unknown as { shown: string[] }).shown),
        ),
      )
    ).flat();
  await expectEventually(shown, ['!! Now']);
  const clicked = await second.evaluate(() => {
    const { last } = window as unknown as { last?: { onclick: () => void } };
    last?.onclick();
    return last !== undefined;
  });
  if (!clicked)
    await first.evaluate(() =>
      (window as unknown as { last: { onclick: () => void } }).last.onclick(),
    );
  await expectEventually(
    () => (clicked ? second : first).locator('[data-part="pane"] h2').innerText(),
    'Now',
  );
});

test('the page speaks the browser’s language, and another one on request', async () => {
  server = await Server.start();
  const page = await visit({ locale: 'zh-CN' });
  await expectEventually(() => page.locator('h1').innerText(), '我的待办');
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await page.getByRole('button', { name: '语言' }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await expectEventually(() => page.locator('h1').innerText(), 'My to-dos');
  await page.reload();
  await expectEventually(() => page.locator('h1').innerText(), 'My to-dos');
});

test('nothing of this is an error in the browser’s console', async () => {
  server = await Server.start();
  await server.post({ title: '<script>window.harmed = 1</script>', body: '<img src=x onerror=1>' });
  const page = await visit();
  await page.locator('[data-part="row"]').click();
  await expectEventually(() => page.locator('[data-part="pane"] h2').innerText(), /<script>/);
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
  expect(pages[0]?.errors).toEqual([]);
});
