import type { MessageId } from '../i18n/message-ids';

/** A time offered by the snooze menu, and the message id of its label. */
export interface SnoozeOption {
  words: MessageId;
  until: Date;
}

/** The times to snooze until: soon, this evening, tomorrow, next week. */
export function snoozeOptions(now: number): SnoozeOption[] {
  const evening = at(now, 0, 18);
  const options: SnoozeOption[] = [
    { words: 'page-snooze-minutes', until: new Date(now + 15 * 60_000) },
    { words: 'page-snooze-hour', until: new Date(now + 60 * 60_000) },
  ];
  if (evening.getTime() - now > 2 * 60 * 60_000) {
    options.push({ words: 'page-snooze-evening', until: evening });
  }
  options.push({ words: 'page-snooze-tomorrow', until: at(now, 1, 9) });
  if (daysToMonday(now) > 1) {
    options.push({ words: 'page-snooze-monday', until: at(now, daysToMonday(now), 9) });
  }
  return options;
}

function at(now: number, days: number, hour: number): Date {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour);
}

function daysToMonday(now: number): number {
  return (8 - new Date(now).getDay()) % 7 || 7;
}
