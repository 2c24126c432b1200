/** The page in WebKitGTK, the engine of the app's windows, before scripted backends. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness, until } from './browser';
import { WebKit, missing } from './webkit';

describe.skipIf(missing)(
  `in WebKitGTK${missing ? ` (skipped: ${missing} is not there)` : ''}`,
  () => {
    let webkit: WebKit;
    let harness: Harness;

    beforeAll(async () => {
      [webkit, harness] = await Promise.all([WebKit.start(), Harness.open()]);
    });
    afterAll(async () => {
      await webkit?.stop();
      await harness?.close();
    });

    const rows = '[...document.querySelectorAll("[data-todo-key]")]';
    const pane = '(document.querySelector("[data-part=pane] h2")?.textContent ?? "")';

    test('the list, a to-do and its actions work', async () => {
      await webkit.open(harness.address('office'));
      await until(() => webkit.value<number>(`${rows}.length`), /^[678]$/);
      await webkit.click('[data-todo-key] [data-part=row]');
      await until(() => webkit.value<string>(pane), /^Approve travel/);
      await webkit.picture('webkit-todo');
      await webkit.press('j', 'e');
      await until(
        () => webkit.value<string[]>('window.world.acted.filter((act) => act.do === "done")'),
        /./,
      );
      await until(
        () => webkit.value<string>('document.querySelector(".snackbar")?.textContent ?? ""'),
        /Undo/,
      );
      await webkit.press('z');
      await until(
        () => webkit.value<boolean>('document.querySelector(".snackbar") === null'),
        true,
      );
      await webkit.press('?');
      await until(
        () => webkit.value<boolean>('document.querySelector("dialog")?.open ?? false'),
        true,
      );
    });

    test('hostile to-dos are text and harm nothing', async () => {
      await webkit.open(harness.address('hostile'));
      await until(() => webkit.value<number>(`${rows}.length`), 6);
      for (let k = 0; k < 6; k++) {
        await webkit.value(`${rows}[${k}].querySelector("[data-part=row]").click()`);
        await until(() => webkit.value<boolean>(`${pane} !== ""`), true);
      }
      const elements = 'document.querySelectorAll(":is(main, aside) :is(img, script, iframe, b)")';
      expect(await webkit.value(`${elements}.length`)).toBe(0);
      expect(await webkit.value('"harmed" in window')).toBe(false);
      await webkit.picture('webkit-hostile');
    });

    test('100,000 to-dos scroll to their end', async () => {
      await webkit.open(harness.address('many'));
      await until(() => webkit.value<number>(`${rows}.length`), /^[1-9]/);
      await webkit.press('\uE010');
      await until(
        () => webkit.value<string>('document.querySelector("[aria-current]")?.textContent ?? ""'),
        /number 100000 /,
      );
    });

    test('a stream is followed, and its report copied', async () => {
      await webkit.open(harness.address('office'));
      await until(() => webkit.value<number>(`${rows}.length`), /^[1-9]/);
      await webkit.click('footer [data-part=stream]');
      const text = (of: string) =>
        webkit.value<string>(`document.querySelector("${of}")?.textContent ?? ""`);
      await until(() => text('[data-part=stream-facts]'), /12,345/);
      await webkit.picture('webkit-stream');
      await webkit.click('[data-part=copy-report]');
      await until(() => text('dialog'), /Copied\./);
      await webkit.press('\uE00C');
      await until(() => webkit.value<number>('document.querySelectorAll("dialog").length'), 0);
      expect(await webkit.value('window.world.app.called.length')).toBe(0);
    });

    test('a preview follows the format, and the new settings are there', async () => {
      await webkit.open(harness.address('quiet', 'en', 'settings'));
      const shown = '(document.querySelector("[data-part=decided]")?.textContent ?? "")';
      await until(() => webkit.value<string>(shown), /Recognised: to-dos/);
      await webkit.value('document.querySelector("[data-part=preview]").scrollIntoView()');
      await webkit.picture('webkit-preview');
      await webkit.click('[data-place=notifications]');
      await webkit.click('[data-day=friday]');
      await until(
        () => webkit.value<string[]>('window.world.app.kept.notifications.quiet.days'),
        ['friday', 'saturday', 'sunday'],
      );
      await webkit.picture('webkit-notifications');
      await webkit.click('[data-place=network]');
      await webkit.picture('webkit-network');
    });

    test('an unknown envelope with a list becomes right to-dos with three clicks', async () => {
      await webkit.open(harness.address('unknown', 'en', 'settings'));
      const count = (of: string) =>
        webkit.value<number>(`document.querySelectorAll("${of}").length`);
      const hand = (at: string, part: string) => `[data-at='${at}'] + * [data-say=${part}]`;
      await until(() => count('[data-part=each]'), 1);
      await webkit.click('[data-part=each]');
      await until(() => count('[data-part=each][aria-pressed=true]'), 1);
      await webkit.click(hand('/biz/zzz/0/k2', 'title'));
      await until(() => count('.open [data-part=preview-title]'), 3);
      await webkit.click(hand('/biz/zzz/0/k3', 'due'));
      await until(() => count('.open time'), 2);
      await webkit.picture('webkit-taught');
      expect(await webkit.value('window.world.app.kept.sources[0].format')).toEqual({
        json: { each: '/biz/zzz', title: '/k2', due: '/k3', guess: true },
      });
    });

    test('the settings work', async () => {
      await webkit.open(harness.address('office', 'zh-CN', 'settings'));
      await until(
        () => webkit.value<string>('document.querySelector("h1")?.textContent ?? ""'),
        '工作',
      );
      await webkit.click('[data-part=test]');
      await until(
        () =>
          webkit.value<string>(
            'document.querySelector("[data-part=probe-sentence]")?.textContent ?? ""',
          ),
        /Belldot 服务器/,
      );
      await webkit.picture('webkit-settings');
      await webkit.click('[data-place=general]');
      await webkit.click('[data-part=autostart]');
      await until(() => webkit.value<boolean>('window.world.app.kept.general.autostart'), true);
    });
  },
);
