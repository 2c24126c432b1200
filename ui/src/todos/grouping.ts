import type { Grouping } from '../backend/types/Grouping';
import { setItem, getItem } from '../platform/storage';

/** The grouping stored on an earlier visit. */
export function loadGrouping(): Grouping {
  return getItem('grouping') === 'source' ? 'source' : 'due';
}

/** Stores the grouping for the next visit. */
export function saveGrouping(by: Grouping): void {
  setItem('grouping', by);
}
