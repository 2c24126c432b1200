import type { TodoView } from '../backend/types/TodoView';

/** Counts in how many to-dos each tag was seen. */
export class TagCounter {
  #seen = new Map<string, Set<number>>();

  /** Adds the tags of these to-dos; returns whether any was new. */
  add(todos: Iterable<TodoView>): boolean {
    let added = false;
    for (const todo of todos) {
      for (const tag of todo.tags) {
        const keys = this.#seen.get(tag);
        if (!keys) {
          this.#seen.set(tag, new Set([todo.key]));
          added = true;
        } else if (keys.size < 1000) {
          keys.add(todo.key);
        }
      }
      if (this.#seen.size > 1000) break;
    }
    return added;
  }

  /** The most frequent tags, at most `max` of them. */
  mostFrequent(max: number): string[] {
    return [...this.#seen]
      .sort(([a, left], [b, right]) => right.size - left.size || a.localeCompare(b))
      .slice(0, max)
      .map(([tag]) => tag);
  }
}
