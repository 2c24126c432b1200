import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import type { TodoList } from './todo-list.svelte';

/** Which to-do the user is at, and which ones are picked to be dealt with together. */
export class Selection {
  selected = $state.raw<TodoKey | null>(null);
  /** The picked to-dos as they were then, or were made since; the list knows better what it lists. */
  picked = $state.raw<ReadonlyMap<TodoKey, TodoView>>(new Map());

  readonly #list: TodoList;
  /** The range that Shift picked last, from where it began: a shorter one takes its place. */
  #range: { from: number; keys: readonly TodoKey[] } | null = null;
  /** Remembered, since a to-do may leave the list while the user reads it. */
  #last: TodoView | null = null;
  readonly #todo = $derived.by(() => this.#current());

  constructor(list: TodoList) {
    this.#list = list;
  }

  /** The selected to-do, as last seen. */
  get todo(): TodoView | null {
    return this.#todo;
  }

  /** The place of the selected to-do, while it is listed. */
  get place(): number | undefined {
    return this.selected === null ? undefined : this.#list.sheet.placeOf(this.selected);
  }

  /** What a command is about: the picked ones, else the selected one. */
  get targets(): readonly TodoView[] {
    if (this.picked.size > 0) {
      return [...this.picked.values()].map((todo) => this.#list.current(todo.key) ?? todo);
    }
    return this.todo ? [this.todo] : [];
  }

  select(key: TodoKey | null): void {
    this.selected = key;
  }

  pick(todo: TodoView): void {
    this.#range = null;
    const picked = new Map(this.picked);
    if (!picked.delete(todo.key)) picked.set(todo.key, todo);
    this.picked = picked;
  }

  /** Picks everything from where the range began, else from the selected to-do, to this one. */
  async extend(todo: TodoView): Promise<void> {
    const to = this.#list.sheet.placeOf(todo.key);
    const from = this.#range?.from ?? this.place ?? to;
    if (from === undefined || to === undefined) return;
    const before = this.#range?.keys ?? [];
    const between = await this.#list.between(Math.min(from, to), Math.max(from, to));
    const picked = new Map(this.picked);
    for (const key of before) picked.delete(key);
    for (const each of between) picked.set(each.key, each);
    this.#range = { from, keys: between.map(({ key }) => key) };
    this.picked = picked;
  }

  /**
   * Remembers what was just made of the picked ones, which the list knows of those only that it has
   * loaded. Returns what forgets it again.
   */
  note(as: Partial<TodoView>): () => void {
    const before = this.picked;
    const noted = new Map([...before].map(([key, todo]) => [key, { ...todo, ...as }] as const));
    this.picked = noted;
    return () => {
      if (this.picked === noted) this.picked = before;
    };
  }

  clear(): void {
    this.#range = null;
    this.picked = new Map();
  }

  /** The nearest open to-do after the selected one, or before it. */
  neighbour(): number | undefined {
    const sheet = this.#list.sheet;
    const place = this.place;
    if (place === undefined) return undefined;
    for (const step of [1, -1]) {
      for (let near = place + step; near >= 0 && near < sheet.count; near += step) {
        const todo = sheet.at(near);
        if (!todo) break;
        if (todo.status === 'open' && todo.snoozed_until === null) return near;
      }
    }
    return undefined;
  }

  #current(): TodoView | null {
    if (this.selected === null) return null;
    const place = this.place;
    const listed = place === undefined ? undefined : this.#list.sheet.at(place);
    if (listed) this.#last = listed;
    return this.#last?.key === this.selected ? this.#last : null;
  }
}
