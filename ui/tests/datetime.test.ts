import { afterEach, describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatAgoExactly,
  daysBetween,
  formatDue,
  formatTimestamp,
  formatFull,
  countdown,
  formatNearby,
  formatDuration,
} from '../src/i18n/datetime';
import { formatBytes, formatNumber } from '../src/i18n/numbers';
import { formattingLocale } from '../src/i18n/formatting';
import { setLocale } from '../src/i18n/locale.svelte';

const NOW = Date.parse('2026-11-22T09:40:00Z');
const at = (text: string) => text;

afterEach(() => setLocale('en'));

describe('how long ago', () => {
  test.each([
    ['2026-11-22T09:39:30Z', 'just now'],
    ['2026-11-22T09:41:00Z', 'just now'],
    ['2026-11-22T09:38:00Z', '2 min. ago'],
    ['2026-11-22T06:40:00Z', '3 hr. ago'],
    ['2026-11-22T00:10:00Z', '9 hr. ago'],
    ['2026-11-21T09:00:00Z', 'yesterday'],
    ['2026-11-19T09:00:00Z', 'Nov 19'],
    ['2025-11-19T09:00:00Z', 'Nov 19, 2025'],
    ['not a date', ''],
  ])('%s was %s', (then, words) => {
    expect(formatAgo(at(then), NOW)).toBe(words);
  });

  test('before midnight is hours ago for a while', () => {
    const now = Date.parse('2026-11-22T01:00:00Z');
    expect(formatAgo('2026-11-21T23:00:00Z', now)).toBe('2 hr. ago');
  });

  test('in Chinese', () => {
    void setLocale('zh-CN');
    expect(formatAgo('2026-11-22T09:38:00Z', NOW)).toBe('2分钟前');
    expect(formatAgo('2026-11-22T09:39:30Z', NOW)).toBe('刚刚');
    expect(formatAgo('2026-11-19T09:00:00Z', NOW)).toBe('11月19日');
  });
});

describe('when something is due', () => {
  test.each([
    ['2026-11-22T17:00:00Z', '5:00 PM'],
    ['2026-11-21T18:00:00Z', 'yesterday 6:00 PM'],
    ['2026-11-20T18:00:00Z', 'Friday'],
    ['2026-11-23T08:00:00Z', 'tomorrow'],
    ['2026-11-26T08:00:00Z', 'Thursday'],
    ['2026-11-22T23:59:59Z', 'today'],
    ['2026-11-23T23:59:59Z', 'tomorrow'],
    ['2026-11-21T23:59:59Z', 'yesterday'],
    ['2026-11-26T23:59:59Z', 'Thursday'],
    ['2026-12-02T08:00:00Z', 'Dec 2'],
    ['2027-01-02T08:00:00Z', 'Jan 2, 2027'],
    ['+099999-01-01T00:00:00Z', 'Jan 1, 99999'],
    ['99999-99-99', ''],
  ])('%s reads %s', (then, words) => {
    expect(formatDue(then, NOW)).toBe(words);
  });

  test('in Chinese', () => {
    void setLocale('zh-CN');
    expect(formatDue('2026-11-20T18:00:00Z', NOW)).toBe('周五');
    expect(formatDue('2026-11-28T18:00:00Z', NOW)).toBe('周六');
    expect(formatDue('2026-11-21T18:00:00Z', NOW)).toBe('昨天 18:00');
  });
});

describe('what is left', () => {
  test.each([
    [581_000, '9:41'],
    [580_001, '9:41'],
    [5_000, '0:05'],
    [0, '0:00'],
    [-5_000, '0:00'],
    [3_723_000, '1:02:03'],
  ])('%i ms reads %s', (ms, words) => {
    expect(countdown(new Date(NOW + ms).toISOString(), NOW)).toBe(words);
  });

  test('of no date is nothing', () => {
    expect(countdown('never', NOW)).toBe('0:00');
  });
});

test('a moment nearby says its day unless it is today', () => {
  expect(formatNearby(Date.parse('2026-11-22T18:00:00Z'), NOW)).toBe('6:00 PM');
  expect(formatNearby(Date.parse('2026-11-23T09:00:00Z'), NOW)).toBe('tomorrow 9:00 AM');
  expect(formatNearby(Date.parse('2026-12-23T09:00:00Z'), NOW)).toBe('Dec 23 9:00 AM');
});

test('a moment in full leaves nothing to guess', () => {
  expect(formatFull('2026-11-28T17:00:00Z')).toBe('Saturday, November 28, 2026 at 5:00 PM');
});

test('days are calendar days, also where the clocks change', () => {
  expect(daysBetween(Date.parse('2026-03-28T23:59:00Z'), Date.parse('2026-03-30T00:01:00Z'))).toBe(
    2,
  );
});

test('numbers are grouped', () => {
  expect(formatNumber(10_000)).toBe('10,000');
});

test('dates follow the user’s own region where it speaks the language', () => {
  expect(formattingLocale(['de-DE', 'en-AU'])).toBe('en-AU');
  expect(formattingLocale(['de-DE'])).toBe('en-GB');
  void setLocale('zh-CN');
  expect(formattingLocale(['en-US', 'zh-SG'])).toBe('zh-SG');
  expect(formattingLocale(['en-US'])).toBe('zh-CN');
});

describe('a span', () => {
  test.each([
    [0.2, /^1 sec$/],
    [15, /^15 secs?$/],
    [90, /^1\.5 mins?$/],
    [1_500, /^25 mins?$/],
    [5_400, /^1\.5 hrs?$/],
    [172_800, /^2 days$/],
  ])('of %d seconds is %s', (seconds, words) => {
    expect(formatDuration(seconds)).toMatch(words);
  });
});

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [20_480, '20 kB'],
  [4_812_000, '4.8 MB'],
])('%d bytes are %s', (count, words) => {
  expect(formatBytes(count)).toBe(words);
});

test('a moment of the recent past is told to the second', () => {
  const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
  expect(formatAgoExactly(ago(4), NOW)).toBe('4 sec. ago');
  expect(formatAgoExactly(ago(-2), NOW)).toBe('now');
  expect(formatAgoExactly(ago(120), NOW)).toBe('2 min. ago');
  expect(formatTimestamp(ago(60), NOW)).toMatch(/^0?9:39:00/);
  expect(formatTimestamp(ago(86_400), NOW)).toMatch(/Nov.* 0?9:40:00/);
  expect(formatTimestamp('nonsense', NOW)).toBe('');
});
