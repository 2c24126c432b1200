import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import type { TodoList } from './todo-list.svelte';

/** The active to-do, and the to-dos selected to be dealt with together. */
export class Selection {
  active = $state.raw<TodoKey | null>(null);
  /** The selected to-dos as they were then, or as `patch` made them; the list has newer data of those it lists. */
  selected = $state.raw<ReadonlyMap<TodoKey, TodoView>>(new Map());

  readonly #list: TodoList;
  /** The range last selected with Shift, from its anchor row: a new one replaces it. */
  #range: { from: number; keys: readonly TodoKey[] } | null = null;
  /** The active to-do as last listed: it may leave the list while the user reads it. */
  #last: TodoView | null = null;
  readonly #todo = $derived.by(() => this.#current());

  constructor(list: TodoList) {
    this.#list = list;
  }

  /** The active to-do, as last listed. */
  get todo(): TodoView | null {
    return this.#todo;
  }

  /** The row of the active to-do, while it is listed. */
  get rowIndex(): number | undefined {
    return this.active === null ? undefined : this.#list.layout.rowIndexOf(this.active);
  }

  /** What a command applies to: the selected to-dos, else the active one. */
  get targets(): readonly TodoView[] {
    if (this.selected.size > 0) {
      return [...this.selected.values()].map((todo) => this.#list.current(todo.key) ?? todo);
    }
    return this.todo ? [this.todo] : [];
  }

  activate(key: TodoKey | null): void {
    this.active = key;
  }

  toggle(todo: TodoView): void {
    this.#range = null;
    const selected = new Map(this.selected);
    if (!selected.delete(todo.key)) selected.set(todo.key, todo);
    this.selected = selected;
  }

  /** Selects the range from its anchor, else from the active to-do, to this one. */
  async extend(todo: TodoView): Promise<void> {
    const to = this.#list.layout.rowIndexOf(todo.key);
    const from = this.#range?.from ?? this.rowIndex ?? to;
    if (from === undefined || to === undefined) return;
    const before = this.#range?.keys ?? [];
    const between = await this.#list.between(Math.min(from, to), Math.max(from, to));
    const selected = new Map(this.selected);
    for (const key of before) selected.delete(key);
    for (const each of between) selected.set(each.key, each);
    this.#range = { from, keys: between.map(({ key }) => key) };
    this.selected = selected;
  }

  /**
   * Applies a change to the selected to-dos, of which the list knows only the loaded ones. Returns
   * a function that reverts it.
   */
  patch(as: Partial<TodoView>): () => void {
    const before = this.selected;
    const patched = new Map([...before].map(([key, todo]) => [key, { ...todo, ...as }] as const));
    this.selected = patched;
    return () => {
      if (this.selected === patched) this.selected = before;
    };
  }

  clear(): void {
    this.#range = null;
    this.selected = new Map();
  }

  /** The row of the nearest open to-do after the active one, or before it. */
  neighbour(): number | undefined {
    const layout = this.#list.layout;
    const rowIndex = this.rowIndex;
    if (rowIndex === undefined) return undefined;
    for (const step of [1, -1]) {
      for (let near = rowIndex + step; near >= 0 && near < layout.count; near += step) {
        const todo = layout.at(near);
        if (!todo) break;
        if (todo.status === 'open' && todo.snoozed_until === null) return near;
      }
    }
    return undefined;
  }

  #current(): TodoView | null {
    if (this.active === null) return null;
    const rowIndex = this.rowIndex;
    const listed = rowIndex === undefined ? undefined : this.#list.layout.at(rowIndex);
    if (listed) this.#last = listed;
    return this.#last?.key === this.active ? this.#last : null;
  }
}
