/** What a person asks of a to-do. */
export type Wish = 'show' | 'open' | 'done' | 'snooze' | 'pin';
