import { afterEach, describe, expect, test } from 'vitest';
import {
  ago,
  agoExactly,
  bytes,
  daysBetween,
  due,
  exactly,
  inFull,
  left,
  nearby,
  number,
  regional,
  span,
} from '../src/words/when';
import { speak } from '../src/words/words.svelte';

const NOW = Date.parse('2026-11-22T09:40:00Z');
const at = (text: string) => text;

afterEach(() => speak('en'));

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
    expect(ago(at(then), NOW)).toBe(words);
  });

  test('before midnight is hours ago for a while', () => {
    const now = Date.parse('2026-11-22T01:00:00Z');
    expect(ago('2026-11-21T23:00:00Z', now)).toBe('2 hr. ago');
  });

  test('in Chinese', () => {
    speak('zh-CN');
    expect(ago('2026-11-22T09:38:00Z', NOW)).toBe('2分钟前');
    expect(ago('2026-11-22T09:39:30Z', NOW)).toBe('刚刚');
    expect(ago('2026-11-19T09:00:00Z', NOW)).toBe('11月19日');
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
    expect(due(then, NOW)).toBe(words);
  });

  test('in Chinese', () => {
    speak('zh-CN');
    expect(due('2026-11-20T18:00:00Z', NOW)).toBe('周五');
    expect(due('2026-11-28T18:00:00Z', NOW)).toBe('周六');
    expect(due('2026-11-21T18:00:00Z', NOW)).toBe('昨天 18:00');
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
    expect(left(new Date(NOW + ms).toISOString(), NOW)).toBe(words);
  });

  test('of no date is nothing', () => {
    expect(left('never', NOW)).toBe('0:00');
  });
});

test('a moment nearby says its day unless it is today', () => {
  expect(nearby(Date.parse('2026-11-22T18:00:00Z'), NOW)).toBe('6:00 PM');
  expect(nearby(Date.parse('2026-11-23T09:00:00Z'), NOW)).toBe('tomorrow 9:00 AM');
  expect(nearby(Date.parse('2026-12-23T09:00:00Z'), NOW)).toBe('Dec 23 9:00 AM');
});

test('a moment in full leaves nothing to guess', () => {
  expect(inFull('2026-11-28T17:00:00Z')).toBe('Saturday, November 28, 2026 at 5:00 PM');
});

test('days are calendar days, also where the clocks change', () => {
  expect(daysBetween(Date.parse('2026-03-28T23:59:00Z'), Date.parse('2026-03-30T00:01:00Z'))).toBe(
    2,
  );
});

test('numbers are grouped', () => {
  expect(number(10_000)).toBe('10,000');
});

test('dates follow the user’s own region where it speaks the language', () => {
  expect(regional(['de-DE', 'en-AU'])).toBe('en-AU');
  expect(regional(['de-DE'])).toBe('en-GB');
  speak('zh-CN');
  expect(regional(['en-US', 'zh-SG'])).toBe('zh-SG');
  expect(regional(['en-US'])).toBe('zh-CN');
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
    expect(span(seconds)).toMatch(words);
  });
});

test.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [20_480, '20 kB'],
  [4_812_000, '4.8 MB'],
])('%d bytes are %s', (count, words) => {
  expect(bytes(count)).toBe(words);
});

test('a moment of the recent past is told to the second', () => {
  const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
  expect(agoExactly(ago(4), NOW)).toBe('4 sec. ago');
  expect(agoExactly(ago(-2), NOW)).toBe('now');
  expect(agoExactly(ago(120), NOW)).toBe('2 min. ago');
  expect(exactly(ago(60), NOW)).toMatch(/^0?9:39:00/);
  expect(exactly(ago(86_400), NOW)).toMatch(/Nov.* 0?9:40:00/);
  expect(exactly('nonsense', NOW)).toBe('');
});
