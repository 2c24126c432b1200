import type { Grouping } from '../backend/types/Grouping';

const KEPT = 'belldot-grouping';

/** How the list was grouped the last time. */
export function recallGrouping(): Grouping {
  try {
    return localStorage.getItem(KEPT) === 'source' ? 'source' : 'due';
  } catch {
    // A browser may forbid it.
    return 'due';
  }
}

/** Groups the list the same way the next time. */
export function keepGrouping(by: Grouping): void {
  try {
    localStorage.setItem(KEPT, by);
  } catch {
    // Then the choice lasts as long as the page.
  }
}
