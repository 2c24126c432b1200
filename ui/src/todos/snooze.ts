/** One moment to put a to-do off to. */
export interface Later {
  words: string;
  until: Date;
}

/** When a to-do may come back, from now: soon, this evening, tomorrow, next week. */
export function choices(now: number): Later[] {
  const evening = at(now, 0, 18);
  const choices: Later[] = [
    { words: 'page-snooze-minutes', until: new Date(now + 15 * 60_000) },
    { words: 'page-snooze-hour', until: new Date(now + 60 * 60_000) },
  ];
  if (evening.getTime() - now > 2 * 60 * 60_000) {
    choices.push({ words: 'page-snooze-evening', until: evening });
  }
  choices.push({ words: 'page-snooze-tomorrow', until: at(now, 1, 9) });
  if (daysToMonday(now) > 1) {
    choices.push({ words: 'page-snooze-monday', until: at(now, daysToMonday(now), 9) });
  }
  return choices;
}

function at(now: number, days: number, hour: number): Date {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour);
}

function daysToMonday(now: number): number {
  return (8 - new Date(now).getDay()) % 7 || 7;
}
