import type { Grouping } from '../backend/types/Grouping';
import { setItem, getItem } from '../platform/storage';

/** How the list was grouped the last time. */
export function loadGrouping(): Grouping {
  return getItem('grouping') === 'source' ? 'source' : 'due';
}

/** Groups the list the same way the next time. */
export function saveGrouping(by: Grouping): void {
  setItem('grouping', by);
}
