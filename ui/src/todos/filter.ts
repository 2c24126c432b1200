import type { Query } from '../backend/types/Query';
import type { SourceId } from '../backend/types/SourceId';
import type { TodoView } from '../backend/types/TodoView';

/** What the user wants to see. */
export type Filter = Omit<Query, 'by' | 'offset' | 'limit'>;

/** Everything that is open. */
export const EVERYTHING: Filter = {
  search: '',
  unread: false,
  priority: null,
  source: null,
  tag: null,
  done: false,
  snoozed: false,
};

/** From this priority on, a to-do is urgent. */
export const URGENT = 4;

/** Whether a filter hides anything that is open. */
export function narrows(filter: Filter): boolean {
  return filter.search.trim() !== '' || chosen(filter);
}

/** Whether any chip but "All" is pressed. */
export function chosen(filter: Filter): boolean {
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
    priority: filter.priority === null ? URGENT : null,
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

/** The tags seen so far with how often, the frequent ones first. */
export class Tags {
  #seen = new Map<string, Set<number>>();

  /** Takes the tags of these to-dos in; says whether any was new. */
  learn(todos: Iterable<TodoView>): boolean {
    let news = false;
    for (const todo of todos) {
      for (const tag of todo.tags) {
        const keys = this.#seen.get(tag);
        if (!keys) {
          this.#seen.set(tag, new Set([todo.key]));
          news = true;
        } else if (keys.size < 1000) {
          keys.add(todo.key);
        }
      }
      if (this.#seen.size > 1000) break;
    }
    return news;
  }

  /** The most frequent ones, at most `most`. */
  frequent(most: number): string[] {
    return [...this.#seen]
      .sort(([a, left], [b, right]) => right.size - left.size || a.localeCompare(b))
      .slice(0, most)
      .map(([tag]) => tag);
  }
}
