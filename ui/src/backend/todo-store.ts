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
  readonly #todos = new Map<string, StoredTodo>();
  readonly #ids: string[] = [];
  #version = 0;
  #last: { query: string; todos: TodoView[]; groups: GroupCount[] } | null = null;

  /** `source` names the server for the user. */
  constructor(source: string) {
    this.#source = source;
  }

  /** Takes a to-do in as the protocol carries it; what is no to-do is left out. */
  put(wire: unknown): void {
    const read = readTodo(wire);
    if (!read) return;
    const existing = this.#todos.get(read.id);
    const key = existing?.key ?? this.#ids.push(read.id) - 1;
    const { snoozed_until = null, pinned = false } = existing ?? {};
    const source = { source: 'server', source_name: this.#source };
    this.#todos.set(read.id, { ...read, ...source, key, snoozed_until, pinned });
    this.#version++;
  }

  edit(
    key: TodoKey,
    as: Partial<Pick<TodoView, 'read' | 'status' | 'snoozed_until' | 'pinned'>>,
  ): void {
    const existing = this.get(key);
    if (!existing) return;
    this.#todos.set(existing.id, { ...existing, ...as });
    this.#version++;
  }

  get(key: TodoKey): StoredTodo | undefined {
    const id = this.#ids[key];
    return id === undefined ? undefined : this.#todos.get(id);
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
    const { todos, groups } = this.#last;
    return { todos: todos.slice(offset, offset + limit), total: todos.length, groups, more: false };
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
