import { formattingLocale, memoized, unitFormat } from './formatting';
import { locale, t } from './locale.svelte';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago something was, in the short form of a row: `2 min ago`, `yesterday`, `19 Nov`. */
export function formatAgo(then: string, now: number): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  const elapsed = now - moment;
  if (elapsed < MINUTE) return t('page-just-now');
  if (elapsed < HOUR) return relative().format(-Math.floor(elapsed / MINUTE), 'minute');
  const days = daysBetween(moment, now);
  if (days === 0 || elapsed < 6 * HOUR) {
    return relative().format(-Math.floor(elapsed / HOUR), 'hour');
  }
  if (days === 1) return relative().format(-1, 'day');
  return formatDate(moment, now);
}

/** How long ago something was, to the second while that is of interest: `4 sec. ago`. */
export function formatAgoExactly(then: string, now: number): string {
  const elapsed = now - Date.parse(then);
  if (!(elapsed < MINUTE)) return formatAgo(then, now);
  return relative().format(-Math.max(0, Math.floor(elapsed / SECOND)), 'second');
}

/**
 * When something is due, in the short form of a row: `17:00`, `tomorrow`, `Friday`, `28 Nov`. A
 * whole day is shown as one.
 */
export function formatDue(then: string, now: number): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  const days = daysBetween(now, moment);
  if (isDay(moment) && Math.abs(days) < 2) return relative().format(days, 'day');
  if (days === 0) return formatTime(moment);
  if (days === -1) {
    return t('page-day-and-time', { day: relative().format(-1, 'day'), time: formatTime(moment) });
  }
  if (days === 1) return relative().format(1, 'day');
  if (Math.abs(days) < 7) return formatLongWeekday(moment);
  return formatDate(moment, now);
}

/**
 * A moment in full, for the to-do itself: `Saturday, 28 November 2026 at 17:00`; of a day without
 * a time the day.
 */
export function formatFull(then: string): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  return formatMoment(
    { dateStyle: 'full', ...(isDay(moment) ? {} : { timeStyle: 'short' }) },
    moment,
  );
}

/** A moment of the recent past, to the second: `17:00:12`, or with its day. */
export function formatTimestamp(then: string, now: number): string {
  const moment = Date.parse(then);
  if (Number.isNaN(moment)) return '';
  const clock = formatMoment({ hour: 'numeric', minute: '2-digit', second: '2-digit' }, moment);
  if (daysBetween(moment, now) === 0) return clock;
  return t('page-day-and-time', { day: formatDate(moment, now), time: clock });
}

/** A moment near now, for a sentence: `17:00`, or with its day where that is not today. */
export function formatNearby(then: number, now: number): string {
  const days = daysBetween(now, then);
  if (days === 0) return formatTime(then);
  const day = Math.abs(days) === 1 ? relative().format(days, 'day') : formatLongWeekday(then);
  if (Math.abs(days) < 7) return t('page-day-and-time', { day, time: formatTime(then) });
  return t('page-day-and-time', { day: formatDate(then, now), time: formatTime(then) });
}

/** What is left until a moment, counting down: `9:41`, `1:02:03`; never below `0:00`. */
export function countdown(until: string, now: number): string {
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
export function formatWeekday(day: number, style: 'short' | 'long'): string {
  // The first of January 2024 was a Monday.
  return formatMoment({ weekday: style }, new Date(2024, 0, 1 + day).getTime());
}

/** A span of so many seconds, in the unit that suits: `15 sec`, `1.5 min`, `3 days`. */
export function formatDuration(seconds: number): string {
  const [, size, unit] = SPANS.find(([below]) => seconds < below) ?? LONGEST;
  const count = Math.max(size === 1 ? 1 : 0, seconds) / size;
  const maximumFractionDigits = size > 1 && count < 10 ? 1 : 0;
  return unitFormat(formattingLocale(), { unit, maximumFractionDigits }).format(count);
}

const LONGEST = [Infinity, 86_400, 'day'] as const;
/** Below so many seconds, a unit of so many suits. */
const SPANS: readonly (readonly [number, number, string])[] = [
  [59.5, 1, 'second'],
  [3_600, 60, 'minute'],
  [172_800, 3_600, 'hour'],
];

/** Whether a moment stands for a whole day: such a due date is over at the day's last second. */
function isDay(moment: number): boolean {
  const at = new Date(moment);
  return at.getHours() === 23 && at.getMinutes() === 59 && at.getSeconds() === 59;
}

function formatTime(moment: number): string {
  return formatMoment({ hour: 'numeric', minute: '2-digit' }, moment);
}

function formatLongWeekday(moment: number): string {
  return formatMoment({ weekday: locale() === 'zh-CN' ? 'short' : 'long' }, moment);
}

function formatDate(moment: number, now: number): string {
  const sameYear = new Date(moment).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  return formatMoment({ day: 'numeric', month: 'short', ...year }, moment);
}

function midnight(moment: number): number {
  const day = new Date(moment);
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
}

function relative(): Intl.RelativeTimeFormat {
  return relatives(formattingLocale());
}

function formatMoment(options: Intl.DateTimeFormatOptions, moment: number): string {
  return dates(formattingLocale(), options).format(moment);
}

const relatives = memoized(
  (locale: string) => new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' }),
);
const dates = memoized(
  (locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
);
