/** The page in WebKitGTK, the engine of the app's windows, with fake backends. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Harness, expectEventually } from './browser';
import { WebKit, skippedFor } from './webkit';

describe.skipIf(skippedFor)(
  `in WebKitGTK${skippedFor ? ` (skipped: ${skippedFor} is not there)` : ''}`,
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
      await expectEventually(() => webkit.value<number>(`${rows}.length`), /^[678]$/);
      await webkit.click('[data-todo-key] [data-part=row]');
      await expectEventually(() => webkit.value<string>(pane), /^Approve travel/);
      await webkit.picture('webkit-todo');
      await webkit.press('j', 'e');
      await expectEventually(
        () => webkit.value<string[]>('window.backend.acted.filter((act) => act.do === "done")'),
        /./,
      );
      await expectEventually(
        () => webkit.value<string>('document.querySelector(".snackbar")?.textContent ?? ""'),
        /Undo/,
      );
      await webkit.press('z');
      await expectEventually(
        () => webkit.value<boolean>('document.querySelector(".snackbar") === null'),
        true,
      );
      await webkit.press('?');
      await expectEventually(
        () => webkit.value<boolean>('document.querySelector("dialog")?.open ?? false'),
        true,
      );
    });

    test('hostile to-dos are text and harm nothing', async () => {
      await webkit.open(harness.address('hostile'));
      await expectEventually(() => webkit.value<number>(`${rows}.length`), 6);
      for (let k = 0; k < 6; k++) {
        await webkit.value(`${rows}[${k}].querySelector("[data-part=row]").click()`);
        await expectEventually(() => webkit.value<boolean>(`${pane} !== ""`), true);
      }
      const elements = 'document.querySelectorAll(":is(main, aside) :is(img, script, iframe, b)")';
      expect(await webkit.value(`${elements}.length`)).toBe(0);
      expect(await webkit.value('"harmed" in window')).toBe(false);
      await webkit.picture('webkit-hostile');
    });

    test('100,000 to-dos scroll to their end', async () => {
      await webkit.open(harness.address('many'));
      await expectEventually(() => webkit.value<number>(`${rows}.length`), /^[1-9]/);
      await webkit.press('\uE010');
      await expectEventually(
        () => webkit.value<string>('document.querySelector("[aria-current]")?.textContent ?? ""'),
        /number 100000 /,
      );
    });

    test('a stream is followed, and its report copied', async () => {
      await webkit.open(harness.address('office'));
      await expectEventually(() => webkit.value<number>(`${rows}.length`), /^[1-9]/);
      await webkit.click('footer [data-part=stream]');
      const text = (of: string) =>
        webkit.value<string>(`document.querySelector("${of}")?.textContent ?? ""`);
      await expectEventually(() => text('[data-part=stream-facts]'), /12,345/);
      await webkit.picture('webkit-stream');
      await webkit.click('[data-part=copy-report]');
      await expectEventually(() => text('dialog'), /Copied\./);
      await webkit.press('\uE00C');
      await expectEventually(
        () => webkit.value<number>('document.querySelectorAll("dialog").length'),
        0,
      );
      expect(await webkit.value('window.backend.desktop.called.length')).toBe(0);
    });

    test('a preview follows the format, and the new settings are there', async () => {
      await webkit.open(harness.address('quiet', 'en', 'settings'));
      const shown = '(document.querySelector("[data-part=decided]")?.textContent ?? "")';
      await expectEventually(() => webkit.value<string>(shown), /Recognised: to-dos/);
      await webkit.value('document.querySelector("[data-part=preview]").scrollIntoView()');
      await webkit.picture('webkit-preview');
      await webkit.click('[data-place=notifications]');
      await webkit.click('[data-day=friday]');
      await expectEventually(
        () => webkit.value<string[]>('window.backend.desktop.kept.notifications.quiet.days'),
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
      await expectEventually(() => count('[data-part=each]'), 1);
      await webkit.click('[data-part=each]');
      await expectEventually(() => count('[data-part=each][aria-pressed=true]'), 1);
      await webkit.click(hand('/biz/zzz/0/k2', 'title'));
      await expectEventually(() => count('.open [data-part=preview-title]'), 3);
      await webkit.click(hand('/biz/zzz/0/k3', 'due'));
      await expectEventually(() => count('.open time'), 2);
      await webkit.picture('webkit-taught');
      expect(await webkit.value('window.backend.desktop.kept.sources[0].format')).toEqual({
        json: { each: '/biz/zzz', title: '/k2', due: '/k3', guess: true },
      });
    });

    test('the settings work', async () => {
      await webkit.open(harness.address('office', 'zh-CN', 'settings'));
      await expectEventually(
        () => webkit.value<string>('document.querySelector("h1")?.textContent ?? ""'),
        '工作',
      );
      await webkit.click('[data-part=test]');
      await expectEventually(
        () =>
          webkit.value<string>(
            'document.querySelector("[data-part=probe-sentence]")?.textContent ?? ""',
          ),
        /Belldot 服务器/,
      );
      await webkit.picture('webkit-settings');
      await webkit.click('[data-place=general]');
      await webkit.click('[data-part=autostart]');
      await expectEventually(
        () => webkit.value<boolean>('window.backend.desktop.kept.general.autostart'),
        true,
      );
    });
  },
);
