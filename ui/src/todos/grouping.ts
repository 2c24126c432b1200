import type { Grouping } from '../backend/types/Grouping';
import { keep, recall } from '../shared/kept';

/** How the list was grouped the last time. */
export function recallGrouping(): Grouping {
  return recall('grouping') === 'source' ? 'source' : 'due';
}

/** Groups the list the same way the next time. */
export function keepGrouping(by: Grouping): void {
  keep('grouping', by);
}
