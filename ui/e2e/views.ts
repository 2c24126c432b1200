import type { Page } from 'playwright-core';

/** One view of the page: the fixture, the window, and how to get there. */
export interface View {
  name: string;
  fixture: string;
  window?: 'todos' | 'settings';
  /** What to do before the view is there. */
  reach?: (page: Page) => Promise<unknown>;
  /** Whether a change of the window's size ends it, so that it must be reached again. */
  again?: boolean;
}

const go = (place: string) => (page: Page) => page.locator(`[data-place="${place}"]`).click();
const first = (page: Page) => page.locator('[data-part="row"]').first();

/** Every view that a person can come to. */
export const VIEWS: readonly View[] = [
  { name: 'todos', fixture: 'office', reach: (page) => first(page).waitFor() },
  { name: 'one', fixture: 'one', reach: (page) => first(page).waitFor() },
  { name: 'selected', fixture: 'office', reach: (page) => press(page, ['j', 'j', 'j']) },
  { name: 'todo', fixture: 'office', reach: (page) => first(page).click() },
  { name: 'done', fixture: 'office', reach: (page) => press(page, ['j', 'e']) },
  { name: 'picked', fixture: 'office', reach: (page) => press(page, ['j', 'x', 'j', 'x']) },
  { name: 'snooze', fixture: 'office', again: true, reach: (page) => press(page, ['j', 's']) },
  {
    name: 'more',
    fixture: 'office',
    again: true,
    reach: (page) => page.locator('[data-part="more"]').click(),
  },
  { name: 'keys', fixture: 'office', reach: (page) => press(page, ['?']) },
  {
    name: 'search',
    fixture: 'office',
    reach: (page) => page.locator('[data-part="search"]').fill('2026'),
  },
  {
    name: 'no-match',
    fixture: 'office',
    reach: (page) => page.locator('[data-part="search"]').fill('nowhere'),
  },
  {
    name: 'by-source',
    fixture: 'sources',
    reach: async (page) => {
      await page.locator('[data-part="by-source"]').click();
      await page.getByRole('heading', { name: /Human resources|人力资源/ }).waitFor();
    },
  },
  { name: 'trouble', fixture: 'trouble', reach: (page) => first(page).waitFor() },
  { name: 'empty', fixture: 'empty' },
  { name: 'first', fixture: 'first' },
  { name: 'many', fixture: 'many', reach: (page) => first(page).waitFor() },
  {
    name: 'settings-source',
    fixture: 'trouble',
    window: 'settings',
    reach: (page) => page.locator('[data-part="test"]').click(),
  },
  {
    name: 'settings-new',
    fixture: 'first',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-part="url"]').fill('https://todo.example.com/api/v1/events');
      await page.locator('[data-part="test"]').click();
      await page.locator('[data-part="preview-title"]').first().waitFor();
    },
  },
  {
    name: 'settings-json',
    fixture: 'office',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-part="format"]').selectOption('json');
      await page.locator('[data-part="map-title"]').waitFor();
      await page.locator('fieldset').last().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-preview',
    fixture: 'office',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-part="preview-title"]').first().waitFor();
      await page.locator('[data-part="preview"]').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-unknown',
    fixture: 'unknown',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-part="value"]').first().waitFor();
      await page.locator('[data-part="preview"]').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-taught',
    fixture: 'unknown',
    window: 'settings',
    reach: async (page) => {
      if (await page.locator('[data-part="said"]').count()) return;
      await teach(page, '/biz/zzz/0/k2', 'title');
      await page.locator('[data-part="said"]').first().waitFor();
      await teach(page, '/biz/zzz/0/k3', 'due');
      await page.locator('[data-part="teach-leave-out"]').last().click();
      await page
        .locator('[data-part="value"][data-at="/biz/zzz/0/k1"] + * [data-say="id"]')
        .hover();
    },
  },
  {
    name: 'settings-teach-menu',
    fixture: 'unknown',
    window: 'settings',
    again: true,
    reach: async (page) => {
      await page.locator('[data-part="value"][data-at="/biz/zzz/0/k2"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('[role="menu"]').waitFor();
    },
  },
  {
    name: 'settings-not-understood',
    fixture: 'unknown',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-part="stream"]').click();
      await page.locator('[data-part="not-understood"]').waitFor();
    },
  },
  {
    name: 'settings-sign-in',
    fixture: 'locked',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-source="own"]').click();
      await page.locator('[data-part="sign-in"]').selectOption('basic');
      await page.locator('[data-part="sign-in-name"]').fill('chen.jing');
      await page.locator('[data-part="add-header"]').click();
      await page.locator('[data-part="header-name"]').fill('X-Tenant');
      await page.locator('[data-part="header-value"]').fill('finance');
    },
  },
  { name: 'settings-locked', fixture: 'locked', window: 'settings' },
  {
    name: 'settings-stream',
    fixture: 'office',
    window: 'settings',
    reach: async (page) => {
      await page.locator('[data-part="stream"]').click();
      await page.locator('[data-part="stream-history"]').waitFor();
    },
  },
  {
    name: 'stream',
    fixture: 'office',
    reach: async (page) => {
      await first(page).waitFor();
      await page.locator('[data-part="stream"]').click();
      await page.locator('[data-part="stream-history"]').waitFor();
    },
  },
  {
    name: 'settings-notifications-locked',
    fixture: 'locked',
    window: 'settings',
    reach: go('notifications'),
  },
  { name: 'settings-network', fixture: 'quiet', window: 'settings', reach: go('network') },
  {
    name: 'settings-notifications',
    fixture: 'quiet',
    window: 'settings',
    reach: async (page) => {
      await go('notifications')(page);
      await page.locator('[data-part="test-toast"]').click();
    },
  },
  { name: 'settings-general', fixture: 'office', window: 'settings', reach: go('general') },
  { name: 'settings-about', fixture: 'office', window: 'settings', reach: go('about') },
  {
    name: 'settings-import',
    fixture: 'office',
    window: 'settings',
    reach: async (page) => {
      await go('about')(page);
      const file = {
        name: 'belldot-settings.toml',
        mimeType: 'text/plain',
        buffer: Buffer.from(''),
      };
      await page.locator('[data-part="import-file"]').setInputFiles(file);
      await page.locator('[data-part="import-dialog"]').waitFor();
    },
  },
];

/** Points at a value and says what it is: one click. */
export async function teach(page: Page, at: string, part: string): Promise<void> {
  await page.locator(`[data-part="value"][data-at="${at}"] + * [data-say="${part}"]`).click();
}

async function press(page: Page, keys: readonly string[]): Promise<void> {
  await first(page).waitFor();
  for (const key of keys) await page.keyboard.press(key);
}
