import type { Retention } from '../backend/types/Retention';

/** How long and how much the inbox keeps by default, as in the app's own defaults. */
export const DEFAULT_RETENTION: Retention = { keep_done_days: 90, most_megabytes: 500 };

/** The default cool-down after "Too many connections", in minutes. */
export const DEFAULT_COOL_DOWN = 10;
