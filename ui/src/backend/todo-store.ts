import type { LocalMarks, Marks } from './local-marks';
import type { Group } from './types/Group';
import type { GroupCount } from './types/GroupCount';
import type { Listing } from './types/Listing';
import type { Query } from './types/Query';
import type { TodoKey } from './types/TodoKey';
import type { TodoView } from './types/TodoView';

const GROUPS: readonly Group[] = ['pinned', 'overdue', 'today', 'later', 'no-date'];
/** Sorts behind every date. */
const UNDATED = 'undated';
const STATUSES: readonly TodoView['status'][] = ['open', 'done', 'cancelled'];

/** A to-do of the protocol as it was read, with its defaults. */
type StoredTodo = Omit<TodoView, 'group'> & { id: string };

/**
 * The to-dos of one server, in memory: what the inbox is to the desktop app. The server's latest
 * version of an id wins; a key stays with its id.
 */
export class TodoStore {
  readonly #source: string;
  readonly #marks: Pick<LocalMarks, 'get' | 'set'>;
  readonly #todos = new Map<string, StoredTodo>();
  readonly #ids: string[] = [];
  readonly #keys = new Map<string, TodoKey>();
  #version = 0;
  #last: { query: string; todos: TodoView[]; groups: GroupCount[] } | null = null;

  /** `source` names the server for the user; `marks` holds what the protocol does not carry. */
  constructor(source: string, marks: Pick<LocalMarks, 'get' | 'set'>) {
    this.#source = source;
    this.#marks = marks;
  }

  /** Forgets every to-do, and takes these in. */
  reset(wire: readonly unknown[]): void {
    this.#todos.clear();
    this.#version++;
    for (const todo of wire) this.put(todo);
  }

  /** Takes a to-do in as the protocol carries it; what is no to-do is left out. */
  put(wire: unknown): void {
    const read = readTodo(wire);
    if (!read) return;
    const source = { source: 'server', source_name: this.#source };
    const key = this.#keyOf(read.id);
    this.#todos.set(read.id, { ...read, ...source, ...this.#marks.get(read.id), key });
    this.#version++;
  }

  /** Reads the marks again, which another tab has changed. */
  updateMarks(): void {
    for (const [id, todo] of this.#todos) this.#todos.set(id, { ...todo, ...this.#marks.get(id) });
    this.#version++;
  }

  /** Snoozes or pins a to-do. */
  mark(key: TodoKey, as: Partial<Marks>): void {
    const existing = this.get(key);
    if (!existing) return;
    this.#marks.set(existing.id, as);
    this.#todos.set(existing.id, { ...existing, ...as });
    this.#version++;
  }

  edit(key: TodoKey, as: Partial<Pick<TodoView, 'read' | 'status'>>): void {
    const existing = this.get(key);
    if (!existing) return;
    this.#todos.set(existing.id, { ...existing, ...as });
    this.#version++;
  }

  /** The stored form of a to-do as the protocol carries it, by its id. */
  find(id: unknown): StoredTodo | undefined {
    return typeof id === 'string' ? this.#todos.get(id) : undefined;
  }

  get(key: TodoKey): StoredTodo | undefined {
    const id = this.#ids[key];
    return id === undefined ? undefined : this.#todos.get(id);
  }

  #keyOf(id: string): TodoKey {
    const known = this.#keys.get(id);
    if (known !== undefined) return known;
    const key = this.#ids.push(id) - 1;
    this.#keys.set(id, key);
    return key;
  }

  /** The keys of every open to-do that was not read. */
  unread(): TodoKey[] {
    const unread: TodoKey[] = [];
    for (const todo of this.#todos.values()) {
      if (todo.status === 'open' && !todo.read) unread.push(todo.key);
    }
    return unread;
  }

  list({ offset, limit, ...filter }: Query, now: number): Listing {
    const { todos, groups } = this.#listed(filter, now);
    return { todos: todos.slice(offset, offset + limit), total: todos.length, groups, more: false };
  }

  /** The index of a to-do in a listing; `null` if it is not in it. */
  position({ offset: _, limit: __, ...filter }: Query, key: TodoKey, now: number): number | null {
    const index = this.#listed(filter, now).todos.findIndex((todo) => todo.key === key);
    return index < 0 ? null : index;
  }

  #listed(
    filter: Omit<Query, 'offset' | 'limit'>,
    now: number,
  ): { todos: TodoView[]; groups: GroupCount[] } {
    const today = new Date(now);
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1).getTime();
    const query = JSON.stringify([filter, this.#version, Math.floor(now / 1000)]);
    if (this.#last?.query !== query) {
      const todos: TodoView[] = [];
      for (const todo of this.#todos.values()) {
        if (matches(todo, filter, now))
          todos.push({ ...todo, group: groupOf(todo, now, midnight) });
      }
      if (filter.snoozed)
        todos.sort((a, b) => (a.snoozed_until ?? '').localeCompare(b.snoozed_until ?? ''));
      else if (filter.done) todos.sort(newestFirst);
      else todos.sort(filter.by === 'source' ? byDue : byGroup);
      const grouped = filter.done || filter.snoozed ? [] : todos;
      this.#last = { query, todos, groups: groupsOf(grouped, filter.by) };
    }
    return this.#last;
  }

  /** Changes when the mere passing of time moves a to-do to another group or back into sight. */
  phase(now: number): string {
    const midnight = new Date(now).toDateString();
    let passed = 0;
    for (const todo of this.#todos.values()) {
      if (todo.due !== null && Date.parse(todo.due) < now) passed++;
      if (todo.snoozed_until !== null && Date.parse(todo.snoozed_until) <= now) passed++;
    }
    return `${midnight} ${passed}`;
  }
}

function matches(todo: StoredTodo, filter: Omit<Query, 'offset' | 'limit'>, now: number): boolean {
  if ((todo.status === 'open') === filter.done) return false;
  const away = todo.snoozed_until !== null && Date.parse(todo.snoozed_until) > now;
  if (!filter.done && away !== Boolean(filter.snoozed)) return false;
  if (filter.unread && todo.read) return false;
  if (filter.priority !== null && todo.priority < filter.priority) return false;
  if (filter.tag !== null && !todo.tags.includes(filter.tag)) return false;
  const words = filter.search.trim().toLowerCase();
  if (words === '') return true;
  return [todo.title, todo.body, todo.sender, ...todo.tags].some((text) =>
    text?.toLowerCase().includes(words),
  );
}

function groupOf(todo: StoredTodo, now: number, midnight: number): Group {
  if (todo.pinned) return 'pinned';
  if (todo.due === null) return 'no-date';
  const due = Date.parse(todo.due);
  if (due < now) return 'overdue';
  return due < midnight ? 'today' : 'later';
}

function groupsOf(todos: readonly TodoView[], by: Query['by']): GroupCount[] {
  if (by === 'source' && todos.length > 0)
    return [{ group: 'source', source: 'server', count: todos.length }];
  const counts = new Map<Group, number>();
  for (const { group } of todos) counts.set(group, (counts.get(group) ?? 0) + 1);
  return [...counts].map(([group, count]) => ({ group, count }));
}

function byGroup(a: TodoView, b: TodoView): number {
  return GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || byDue(a, b);
}

function byDue(a: TodoView, b: TodoView): number {
  return (
    (a.due ?? UNDATED).localeCompare(b.due ?? UNDATED) ||
    b.priority - a.priority ||
    b.created.localeCompare(a.created) ||
    b.key - a.key
  );
}

function newestFirst(a: TodoView, b: TodoView): number {
  return b.created.localeCompare(a.created) || b.key - a.key;
}

function readTodo(
  wire: unknown,
): Omit<StoredTodo, 'key' | 'source' | 'source_name' | 'snoozed_until' | 'pinned'> | null {
  if (typeof wire !== 'object' || wire === null) return null;
  const fields = wire as Record<string, unknown>;
  const id = nonEmptyString(fields.id);
  const title = nonEmptyString(fields.title);
  if (id === null || title === null) return null;
  const status = STATUSES.find((existing) => existing === fields.status) ?? 'open';
  const priority = typeof fields.priority === 'number' ? fields.priority : 3;
  const url = nonEmptyString(fields.url);
  return {
    id,
    title,
    body: nonEmptyString(fields.body),
    url: url !== null && /^https?:\/\//i.test(url) ? url : null,
    priority: Math.min(5, Math.max(1, Math.round(priority) || 3)),
    due: isoTime(fields.due),
    status,
    read: fields.read === true,
    tags: Array.isArray(fields.tags) ? fields.tags.filter((tag) => typeof tag === 'string') : [],
    sender: nonEmptyString(fields.sender),
    created: isoTime(fields.created) ?? new Date().toISOString(),
  };
}

function nonEmptyString(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A timestamp in one notation, so that timestamps compare as text. */
function isoTime(value: unknown): string | null {
  const parsed = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? null : new Date(parsed).toISOString();
}
