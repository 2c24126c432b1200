import { FluentParser, Message, Visitor, type VariableReference } from '@fluent/syntax';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import english from '../../locales/en.ftl?raw';
import chinese from '../../locales/zh-CN.ftl?raw';
import { PAGE_MESSAGE } from '../plugins/fluent';
import { hasMessage, matchLocale, t, setLocale } from '../src/i18n/locale.svelte';

/** Every message with the variables that it speaks of. */
function messages(source: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const entry of new FluentParser().parse(source).body) {
    if (!(entry instanceof Message)) {
      expect(entry.type).not.toBe('Junk');
      continue;
    }
    const variables = new Set<string>();
    class Variables extends Visitor {
      override visitVariableReference(reference: VariableReference) {
        variables.add(reference.id.name);
      }
    }
    new Variables().visit(entry);
    found.set(entry.id.name, [...variables].sort());
  }
  return found;
}

const OWN = /^(page|settings|stream|web)-/;
const [spoken, written] = [messages(english), messages(chinese)];

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(svelte|ts)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

/** The keys that the page's sources name. */
const used = new Set(
  sources(resolve(import.meta.dirname, '../src')).flatMap((text) =>
    [...text.matchAll(/'((?:page|settings|stream|web|state|cause)-[a-z0-9-]+)'/g)].map(
      (match) => match[1] ?? '',
    ),
  ),
);

describe('the words', () => {
  afterEach(() => setLocale('en'));

  test('are the same messages in both languages', () => {
    expect([...written.keys()].sort()).toEqual([...spoken.keys()].sort());
  });

  test('speak of the same things in both languages', () => {
    for (const [key, variables] of spoken) {
      if (OWN.test(key)) expect([key, ...(written.get(key) ?? [])]).toEqual([key, ...variables]);
    }
  });

  test('are all there that the page uses', () => {
    expect([...used].filter((key) => !spoken.has(key))).toEqual([]);
  });

  test('are all used that are the page’s own', () => {
    const own = [...spoken.keys()].filter((key) => OWN.test(key));
    expect(own.length).toBeGreaterThan(100);
    expect(own.filter((key) => !used.has(key))).toEqual([]);
  });

  test('have names that are checked when the page is built', async () => {
    const own = [...spoken.keys()].filter((key) => PAGE_MESSAGE.test(key)).sort();
    const lines = own.map((key) => `\n  | '${key}'`).join('');
    await expect(
      `/** The messages of locales/en.ftl that the page shows; \`npm test -- -u\` writes this file. */\n` +
        `export type MessageId =${lines};\n`,
    ).toMatchFileSnapshot('../src/i18n/message-ids.ts');
  });

  test('of the page are loaded, and no others', () => {
    expect(hasMessage('page-title') && hasMessage('cause-refused')).toBe(true);
    expect(hasMessage('menu-quit')).toBe(false);
  });

  test('follow the rules for one and many', () => {
    expect(t('page-unread-count', { count: 1 })).toBe('1 unread to-do');
    expect(t('page-unread-count', { count: 2 })).toBe('2 unread to-dos');
    void setLocale('zh-CN');
    expect(t('page-unread-count', { count: 2 })).toBe('2 条未读待办');
  });

  test('tell the page which language it is in', () => {
    void setLocale('zh-CN');
    expect(document.documentElement.lang).toBe('zh-CN');
  });

  test.each([
    [['zh-Hans-SG', 'en'], 'zh-CN'],
    [['de-DE', 'zh-TW'], 'zh-CN'],
    [['en-US'], 'en'],
    [['de-DE'], 'en'],
    [[], 'en'],
  ])('for somebody who wants %j are in %s', (wishes, locale) => {
    expect(matchLocale(wishes)).toBe(locale);
  });
});
