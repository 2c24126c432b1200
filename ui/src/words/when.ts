import { say, tongue, type Tongue } from './words.svelte';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was, as briefly as a row says it: `2 min ago`, `yesterday`, `19 Nov`. */
export function ago(then: string, now: number): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  const elapsed = now - moment;
  if (elapsed < MINUTE) return say('page-just-now');
  if (elapsed < HOUR) return relative().format(-Math.floor(elapsed / MINUTE), 'minute');
  const days = daysBetween(moment, now);
  if (days === 0 || elapsed < 6 * HOUR) {
    return relative().format(-Math.floor(elapsed / HOUR), 'hour');
  }
  if (days === 1) return relative().format(-1, 'day');
  return date(moment, now);
}

/** How long ago something was, to the second while that is of interest: `4 sec. ago`. */
export function agoExactly(then: string, now: number): string {
  const elapsed = now - Date.parse(then);
  if (!(elapsed < MINUTE)) return ago(then, now);
  return relative().format(-Math.max(0, Math.floor(elapsed / SECOND)), 'second');
}

/**
 * When something is due, as a row's edge says it: `17:00`, `tomorrow`, `Friday`, `28 Nov`. A day
 * without a time is said as one.
 */
export function due(then: string, now: number): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  const days = daysBetween(now, moment);
  if (isDay(moment) && Math.abs(days) < 2) return relative().format(days, 'day');
  if (days === 0) return time(moment);
  if (days === -1) {
    return say('page-day-and-time', { day: relative().format(-1, 'day'), time: time(moment) });
  }
  if (days === 1) return relative().format(1, 'day');
  if (Math.abs(days) < 7) return weekday(moment);
  return date(moment, now);
}

/**
 * A moment in full, for the to-do itself: `Saturday, 28 November 2026 at 17:00`; of a day without
 * a time the day.
 */
export function inFull(then: string): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  return format({ dateStyle: 'full', ...(isDay(moment) ? {} : { timeStyle: 'short' }) }, moment);
}

/** A moment of the recent past, to the second: `17:00:12`, or with its day. */
export function exactly(then: string, now: number): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  const clock = format({ hour: 'numeric', minute: '2-digit', second: '2-digit' }, moment);
  if (daysBetween(moment, now) === 0) return clock;
  return say('page-day-and-time', { day: date(moment, now), time: clock });
}

/** A moment near now, for a sentence: `17:00`, or with its day where that is not today. */
export function nearby(then: number, now: number): string {
  const days = daysBetween(now, then);
  if (days === 0) return time(then);
  const day = Math.abs(days) === 1 ? relative().format(days, 'day') : weekday(then);
  if (Math.abs(days) < 7) return say('page-day-and-time', { day, time: time(then) });
  return say('page-day-and-time', { day: date(then, now), time: time(then) });
}

/** What is left until a moment, counting down: `9:41`, `1:02:03`; never below `0:00`. */
export function left(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / SECOND)) || 0;
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const [first, ...rest] = hours > 0 ? [hours, ...parts] : parts;
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

/** Calendar days from one moment to another, in the user's time zone. */
export function daysBetween(from: number, to: number): number {
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

/** A day of the week, counted from Monday. */
export function dayName(day: number, style: 'short' | 'long'): string {
  // The first of January 2024 was a Monday.
  return format({ weekday: style }, new Date(2024, 0, 1 + day).getTime());
}

/** A count as the language writes it: `10,000`. */
export function number(count: number): string {
  return numbers(regional()).format(count);
}

/** A span of so many seconds, in the unit that suits: `15 sec`, `1.5 min`, `3 days`. */
export function span(seconds: number): string {
  const [, size, unit] = SPANS.find(([below]) => seconds < below) ?? LONGEST;
  const count = Math.max(size === 1 ? 1 : 0, seconds) / size;
  const maximumFractionDigits = size > 1 && count < 10 ? 1 : 0;
  return units(regional(), { unit, maximumFractionDigits }).format(count);
}

const LONGEST = [Infinity, 86_400, 'day'] as const;
/** Below so many seconds, a unit of so many suits. */
const SPANS: readonly (readonly [number, number, string])[] = [
  [59.5, 1, 'second'],
  [3_600, 60, 'minute'],
  [172_800, 3_600, 'hour'],
];

/** So many bytes, in the unit that suits: `20 kB`. */
export function bytes(count: number): string {
  const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const size = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const options = { unit: sizes[size] ?? 'byte', maximumSignificantDigits: size === 0 ? 3 : 2 };
  return units(regional(), options).format(count / 1000 ** size);
}

/** The user's own flavour of the language in use, for dates; English without one is British. */
export function regional(wishes: readonly string[] = navigator.languages): string {
  const spoken = tongue();
  const language = spoken.slice(0, 2);
  const own = wishes.find((wish) => wish.slice(0, 2).toLowerCase() === language);
  return own && own.length > 2 ? own : PLAIN[spoken];
}

const PLAIN: Record<Tongue, string> = { en: 'en-GB', 'zh-CN': 'zh-CN' };

/** Whether a moment stands for a whole day: such a due date is over at the day's last second. */
function isDay(moment: number): boolean {
  const at = new Date(moment);
  return at.getHours() === 23 && at.getMinutes() === 59 && at.getSeconds() === 59;
}

function time(moment: number): string {
  return format({ hour: 'numeric', minute: '2-digit' }, moment);
}

function weekday(moment: number): string {
  return format({ weekday: tongue() === 'zh-CN' ? 'short' : 'long' }, moment);
}

function date(moment: number, now: number): string {
  const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  return format({ day: 'numeric', month: 'short', ...year }, moment);
}

function midnight(moment: number): number {
  const day = new Date(moment);
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
}

function relative(): Intl.RelativeTimeFormat {
  return relatives(regional());
}

function format(options: Intl.DateTimeFormatOptions, moment: number): string {
  return dates(regional(), options).format(moment);
}

const relatives = remembered(
  (locale: string) => new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' }),
);
const numbers = remembered((locale: string) => new Intl.NumberFormat(locale));
const units = remembered(
  (locale: string, options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, { style: 'unit', unitDisplay: 'short', ...options }),
);
const dates = remembered(
  (locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);

/** Formatters cost far more to make than to use. */
function remembered<From extends unknown[], Made>(make: (...from: From) => Made) {
  const made = new Map<string, Made>();
  return (...from: From): Made => {
    const key = JSON.stringify(from);
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(...from);
    made.set(key, fresh);
    return fresh;
  };
}
