import { errorMessage } from '../platform/errors';
import type { Backend } from '../backend/backend';
import type { Action } from '../backend/types/Action';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import { truncate } from '../shared/text';
import { formatNearby } from '../i18n/datetime';
import { t } from '../i18n/locale.svelte';
import type { TodoList } from './todo-list.svelte';

/** How long what was done can be taken back, and its row stays, in milliseconds. */
export const GRACE = 8_000;

/** How long the list may take to say what the backend answered already, in milliseconds. */
const MOMENT = 1_000;

/** What the user did last, while it can be taken back. */
export interface Deed {
  kind: 'done' | 'snooze';
  todos: readonly TodoView[];
  words: string;
}

/**
 * What the user does to to-dos: it shows at once, goes to the backend, and can be taken back for
 * a while. A refusal is told and the row is as it was.
 */
export class Deeds {
  last = $state.raw<Deed | null>(null);

  readonly #backend: Pick<Backend, 'act' | 'openTodo'>;
  readonly #list: TodoList;
  readonly #tell: (error: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = new Set<TodoKey>();

  constructor(
    backend: Pick<Backend, 'act' | 'openTodo'>,
    list: TodoList,
    tell: (error: string) => void,
  ) {
    this.#backend = backend;
    this.#list = list;
    this.#tell = tell;
  }

  async done(todos: readonly TodoView[], done: boolean): Promise<void> {
    if (todos.length === 0) return;
    if (done) this.#rememberLocale('done', todos);
    else if (this.last?.kind === 'done') this.#forget(todos);
    const status = done ? 'done' : 'open';
    await this.#act(todos, { status }, { do: 'done', todos: keys(todos), done });
  }

  /** Says whether it was taken. */
  async read(todos: readonly TodoView[], read: boolean): Promise<boolean> {
    const others = todos.filter((todo) => todo.read !== read);
    if (others.length === 0) return true;
    return this.#act(others, { read }, { do: 'read', todos: keys(others), read });
  }

  /** Opens its address in the browser; that makes it read. */
  async open(todo: TodoView): Promise<void> {
    await this.#backend.openTodo(todo.key);
    this.#list.change(todo, { read: true });
    setTimeout(() => this.#release([todo.key]), MOMENT);
  }

  /** Says whether it was taken. */
  async pin(todos: readonly TodoView[], pinned: boolean): Promise<boolean> {
    if (todos.length === 0) return true;
    return this.#act(todos, { pinned }, { do: 'pin', todos: keys(todos), pinned });
  }

  /** Puts to-dos off; `null` brings them back now. */
  async snooze(todos: readonly TodoView[], until: Date | null): Promise<void> {
    if (todos.length === 0) return;
    const snoozed_until = until?.toISOString() ?? null;
    if (until) this.#rememberLocale('snooze', todos, until);
    await this.#act(
      todos,
      { snoozed_until },
      { do: 'snooze', todos: keys(todos), until: snoozed_until },
    );
  }

  /** Takes the last deed back. */
  async undo(): Promise<void> {
    const deed = this.last;
    if (!deed) return;
    this.#end();
    if (deed.kind === 'done') {
      const back: Action = { do: 'done', todos: keys(deed.todos), done: false };
      await this.#act(deed.todos, { status: 'open' }, back);
      // Done is read as well: what was not comes back as it was.
      const unread = deed.todos.filter((todo) => !todo.read);
      const again: Action = { do: 'read', todos: keys(unread), read: false };
      if (unread.length > 0) await this.#act(unread, { read: false }, again);
    } else {
      const back: Action = { do: 'snooze', todos: keys(deed.todos), until: null };
      await this.#act(deed.todos, { snoozed_until: null }, back);
    }
  }

  /** Gives the user all the time in the world, or the usual time again. */
  linger(forever: boolean): void {
    clearTimeout(this.#timer);
    if (!forever && this.last) this.#timer = setTimeout(() => this.#end(), GRACE);
  }

  /** Lets the rows go whose time is over, but for those that the user is at. */
  settle(at: readonly (TodoKey | null)[]): void {
    const undoable = keys(this.last?.todos ?? []);
    const free = [...this.#over].filter((key) => !at.includes(key) && !undoable.includes(key));
    if (free.length === 0) return;
    for (const key of free) this.#over.delete(key);
    this.#list.letGo(free);
  }

  /** Called whenever there are rows to settle. */
  onover: () => void = () => {};

  async #act(todos: readonly TodoView[], as: Partial<TodoView>, action: Action): Promise<boolean> {
    for (const todo of todos) this.#list.change(todo, as);
    const acted = keys(todos);
    try {
      await this.#backend.act(action);
      setTimeout(() => this.#release(acted), MOMENT);
      return true;
    } catch (failure) {
      this.#forget(todos);
      this.#list.letGo(acted);
      this.#tell(errorMessage(failure));
      return false;
    }
  }

  /** Deeds of one kind in a row become one, so that one undo takes all of them back. */
  #rememberLocale(kind: Deed['kind'], todos: readonly TodoView[], until?: Date): void {
    const earlier = this.last?.kind === kind && kind === 'done' ? this.last.todos : [];
    if (this.last && earlier.length === 0) this.#end();
    const added = keys(todos);
    const all = [...earlier.filter((todo) => !added.includes(todo.key)), ...todos];
    this.last = { kind, todos: all, words: words(kind, all, until) };
    this.linger(false);
  }

  #forget(todos: readonly TodoView[]): void {
    const gone = keys(todos);
    const rest = this.last?.todos.filter((todo) => !gone.includes(todo.key)) ?? [];
    if (rest.length === 0) this.#end();
    else if (this.last)
      this.last = { ...this.last, todos: rest, words: words(this.last.kind, rest) };
  }

  #end(): void {
    clearTimeout(this.#timer);
    const over = keys(this.last?.todos ?? []);
    this.last = null;
    this.#release(over);
  }

  #release(keys: readonly TodoKey[]): void {
    for (const key of keys) this.#over.add(key);
    this.onover();
  }
}

function keys(todos: readonly TodoView[]): TodoKey[] {
  return todos.map((todo) => todo.key);
}

function words(kind: Deed['kind'], todos: readonly TodoView[], until?: Date): string {
  const title = truncate(todos[0]?.title ?? '', 60);
  const count = todos.length;
  if (kind === 'done') return t('page-did-done', { count, title });
  const when = until ? formatNearby(until.getTime(), Date.now()) : '';
  return t('page-did-snooze', { count, title, when });
}
