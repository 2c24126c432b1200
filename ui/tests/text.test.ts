import { describe, expect, test } from 'vitest';
import { truncate } from '../src/shared/text';
import { isHttpUrl, linkify } from '../src/shared/linkify';
import { isProxyUrl, parseTimeOfDay } from '../src/settings/inputs';

const links = (text: string) => linkify(text).flatMap((piece) => (piece.link ? [piece.text] : []));

describe('addresses in a text', () => {
  test.each([
    ['see https://a.example/b?c=d#e now', ['https://a.example/b?c=d#e']],
    ['(https://a.example/b).', ['https://a.example/b']],
    ['https://a.example/wiki/Bell_(dot), and', ['https://a.example/wiki/Bell_(dot)']],
    ['请看https://a.example/审批。谢谢', ['https://a.example/审批']],
    ['请看 https://a.example/b，谢谢', ['https://a.example/b']],
    ['http://a.example HTTPS://B.EXAMPLE', ['http://a.example', 'HTTPS://B.EXAMPLE']],
    ['https://a.example/\u202Emoc.live', ['https://a.example/']],
  ])('are found in %j', (text, found) => {
    expect(links(text)).toEqual(found);
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,<script>',
    'file:///etc/passwd',
    'ftp://a.example',
    'https://',
    'xhttps:/a',
    '<img src=x>',
  ])('are never made of %j', (text) => {
    expect(links(text)).toEqual([]);
  });

  test('leave the rest of the text as it is', () => {
    const text = 'a <b> https://a.example/, c\n\nhttp://d.example';
    expect(
      linkify(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });
});

describe('a brief text', () => {
  test('is the text where that is brief', () => {
    expect(truncate('Bell', 4)).toBe('Bell');
  });

  test('ends with an ellipsis and never within a character', () => {
    expect(truncate('ab😀cd', 3)).toBe('ab…');
    expect(truncate('ab😀cd', 4)).toBe('ab😀…');
  });

  test('cannot pose as another one by overrides of the writing direction', () => {
    expect(truncate('invoice_\u202Efdp.exe', 80)).toBe('invoice_fdp.exe');
    expect(truncate('\u0007bell\u001b[31m', 80)).toBe('bell[31m');
  });

  test('keeps lines and tabs', () => {
    expect(truncate('a\n\tb', 80)).toBe('a\n\tb');
  });
});

test.each([
  ['https://a.example', true],
  ['http://[::1]:8787/x', true],
  ['a.example', false],
  ['', false],
  ['javascript:1', false],
])('%j is an address: %s', (text, is) => {
  expect(isHttpUrl(text)).toBe(is);
});

test.each([
  ['21:30', '21:30'],
  ['9:05', '09:05'],
  [' 9.30 ', '09:30'],
  ['930', '09:30'],
  ['2130', '21:30'],
  ['7', '07:00'],
  ['9:30 pm', '21:30'],
  ['12 am', '00:00'],
  ['24:00', null],
  ['9:75', null],
  ['13 pm', null],
  ['late', null],
  ['', null],
])('somebody who writes %j means the time %s', (text, time) => {
  expect(parseTimeOfDay(text)).toBe(time);
});

test.each([
  ['http://proxy.example.com:3128', true],
  ['socks5h://10.0.0.1:1080', true],
  ['socks5://[::1]:1080', true],
  ['https://proxy', true],
  ['ftp://proxy', false],
  ['proxy.example.com:3128', false],
  ['http://', false],
])('%j is the address of a proxy: %s', (text, is) => {
  expect(isProxyUrl(text)).toBe(is);
});
