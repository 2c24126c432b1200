import type { Query } from '../backend/types/Query';
import type { SourceId } from '../backend/types/SourceId';

/** Which to-dos are listed. */
export type Filter = Omit<Query, 'by' | 'offset' | 'limit'>;

/** Every open to-do. */
export const NO_FILTER: Filter = {
  search: '',
  unread: false,
  priority: null,
  source: null,
  tag: null,
  done: false,
  snoozed: false,
};

/** The priority of what is urgent … */
export const URGENT = 5;
/** … and from which on a to-do is important. */
export const IMPORTANT = 4;

/** Whether a filter hides anything that is open. */
export function isFiltered(filter: Filter): boolean {
  return filter.search.trim() !== '' || hasActiveChip(filter);
}

/** Whether any chip but "All" is pressed. */
export function hasActiveChip(filter: Filter): boolean {
  return (
    filter.unread ||
    filter.priority !== null ||
    filter.source !== null ||
    filter.tag !== null ||
    filter.done ||
    filter.snoozed === true
  );
}

/** The same filter with one chip pressed or released. */
export const toggle = {
  unread: (filter: Filter): Filter => ({ ...filter, unread: !filter.unread }),
  urgent: (filter: Filter): Filter => ({
    ...filter,
    priority: filter.priority === null ? IMPORTANT : null,
  }),
  done: (filter: Filter): Filter => ({ ...filter, done: !filter.done, snoozed: false }),
  snoozed: (filter: Filter): Filter => ({ ...filter, snoozed: !filter.snoozed, done: false }),
  source: (filter: Filter, source: SourceId): Filter => ({
    ...filter,
    source: filter.source === source ? null : source,
  }),
  tag: (filter: Filter, tag: string): Filter => ({
    ...filter,
    tag: filter.tag === tag ? null : tag,
  }),
};
