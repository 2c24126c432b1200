import type { Backend, Connection } from '../../src/backend/backend';
import type { Action } from '../../src/backend/types/Action';
import type { Group } from '../../src/backend/types/Group';
import type { Listing } from '../../src/backend/types/Listing';
import type { News } from '../../src/backend/types/News';
import type { Query } from '../../src/backend/types/Query';
import type { SourceView } from '../../src/backend/types/SourceView';
import type { TodoView } from '../../src/backend/types/TodoView';
import { FakeDesktop } from './desktop';
import { source } from './data';

const GROUPS: readonly Group[] = ['pinned', 'overdue', 'today', 'later', 'no-date'];

/** A backend controlled by a test: it holds to-dos in memory and records the requests. */
export class FakeBackend implements Backend {
  todos: TodoView[] = [];
  sources: SourceView[] = [source()];
  pause: News['pause'] = null;
  /** Everything the page did, in order. */
  readonly acted: Action[] = [];
  readonly opened: number[] = [];
  readonly asked: Query[] = [];
  /** The sentence with which the next act is refused. */
  refuse: string | null = null;
  /** Whether a listing is said to be cut. */
  more = false;
  /** The sentence with which every listing is refused. */
  down: string | null = null;
  connection: Connection | null = null;
  showTodo: (key: number) => void = () => {};
  desktop: FakeDesktop | null = new FakeDesktop(this);

  /** The last answer, as an inbox would keep it in an index. */
  #listed: {
    from: TodoView[];
    asked: string;
    todos: TodoView[];
    groups: Listing['groups'];
  } | null = null;
  readonly #listeners = new Set<(news: News) => void>();

  async list(query: Query): Promise<Listing> {
    this.asked.push(query);
    if (this.down !== null) throw new Error(this.down);
    const { todos, groups } = this.answer(query);
    return {
      todos: todos.slice(query.offset, query.offset + query.limit),
      total: todos.length,
      groups,
      more: this.more,
    };
  }

  /** Everything that a query is about, in order. */
  answer(query: Query): { todos: TodoView[]; groups: Listing['groups'] } {
    const { offset: _, limit: __, ...filter } = query;
    const asked = JSON.stringify(filter);
    if (this.#listed?.from !== this.todos || this.#listed.asked !== asked) {
      const bySource = query.by === 'source';
      const order: readonly string[] = bySource ? this.sources.map(({ id }) => id) : GROUPS;
      const shelf = (todo: TodoView) => order.indexOf(bySource ? todo.source : todo.group);
      const todos = this.todos
        .filter((todo) => fits(todo, query))
        .sort((a, b) => shelf(a) - shelf(b));
      const groups = order
        .map((name, k) => ({
          ...(bySource
            ? { group: 'source' as const, source: name }
            : { group: GROUPS[k] ?? 'no-date' }),
          count: todos.filter((todo) => shelf(todo) === k).length,
        }))
        .filter(({ count }) => count > 0 && !query.done && !query.snoozed);
      this.#listed = { from: this.todos, asked, todos, groups };
    }
    return this.#listed;
  }

  async news(): Promise<News> {
    return this.#news({});
  }

  async onNews(listener: (news: News) => void) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async act(action: Action): Promise<void> {
    if (this.refuse !== null) {
      const sentence = this.refuse;
      this.refuse = null;
      throw sentence;
    }
    this.acted.push(action);
    if (action.do === 'read') this.#edit(action.todos, { read: action.read });
    if (action.do === 'done') this.#edit(action.todos, { status: action.done ? 'done' : 'open' });
    if (action.do === 'snooze') this.#edit(action.todos, { snoozed_until: action.until });
    if (action.do === 'read-all')
      this.#edit(
        this.todos.map((todo) => todo.key),
        { read: true },
      );
    if (action.do === 'pin') this.#pin(action.todos, action.pinned);
    if (action.do === 'resume') this.pause = null;
    this.tell();
  }

  async openTodo(key: number): Promise<void> {
    this.opened.push(key);
    this.#edit([key], { read: true });
    this.tell();
  }

  async position(query: Query, key: number): Promise<number | null> {
    const at = this.answer(query).todos.findIndex((todo) => todo.key === key);
    return at < 0 ? null : at;
  }

  async onShowTodo(show: (key: number) => void) {
    this.showTodo = show;
    return () => {};
  }

  /** Lets to-dos arrive. */
  arrive(...todos: TodoView[]): void {
    this.todos = [...todos, ...this.todos];
    this.tell();
  }

  /** Publishes what is; `more` overrides. */
  tell(more: Partial<News> = {}): void {
    const news = this.#news({ todos_changed: true, ...more });
    for (const listener of this.#listeners) listener(news);
  }

  #pin(keys: readonly number[], pinned: boolean): void {
    this.#edit(keys, { pinned, group: pinned ? 'pinned' : 'no-date' });
  }

  #edit(keys: readonly number[], as: Partial<TodoView>): void {
    this.todos = this.todos.map((todo) => (keys.includes(todo.key) ? { ...todo, ...as } : todo));
  }

  #news(more: Partial<News>): News {
    return {
      unread: this.todos.filter((todo) => !todo.read && todo.status === 'open').length,
      todos_changed: false,
      settings_changed: false,
      sources: this.sources,
      pause: this.pause,
      notices: [],
      ...more,
    };
  }
}

function fits(todo: TodoView, query: Query): boolean {
  const words = query.search.trim().toLowerCase();
  return (
    (todo.status === 'open') === !query.done &&
    (todo.snoozed_until !== null) === Boolean(query.snoozed) &&
    (!query.unread || !todo.read) &&
    todo.priority >= (query.priority ?? 1) &&
    (query.source === null || todo.source === query.source) &&
    (query.tag === null || todo.tags.includes(query.tag)) &&
    `${todo.title} ${todo.body ?? ''} ${todo.sender ?? ''}`.toLowerCase().includes(words)
  );
}
