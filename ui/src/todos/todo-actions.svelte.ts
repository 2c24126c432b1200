import { errorMessage } from '../platform/errors';
import type { Backend } from '../backend/backend';
import type { Action } from '../backend/types/Action';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import { truncate } from '../shared/text';
import { formatNearby } from '../i18n/datetime';
import { t } from '../i18n/locale.svelte';
import type { TodoList } from './todo-list.svelte';

/** How long an action can be undone, and its rows stay, in milliseconds. */
export const UNDO_MS = 8_000;

/** How long the listing may take to show what the backend has acknowledged, in milliseconds. */
const RECONCILE_MS = 1_000;

/** How long the backend may take before the page says that it is being saved, in milliseconds. */
const SAVING_AFTER_MS = 300;

/** The last action, while it can be undone. */
export interface UndoableAction {
  kind: 'done' | 'snooze' | 'read';
  todos: readonly TodoView[];
  message: string;
}

/**
 * What the user does to to-dos. It shows at once, goes to the backend, and can be undone for a
 * while. If the backend refuses, the message is shown and the row returns to what it was.
 */
export class TodoActions {
  /** The action that undo would take back. */
  last = $state.raw<UndoableAction | null>(null);
  /** Whether the backend is taking its time with an action: it is not done before it said so. */
  saving = $state(false);

  readonly #backend: Pick<Backend, 'act' | 'openTodo'>;
  readonly #list: TodoList;
  readonly #showMessage: (message: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Rows whose changes need no more time: the listing decides about them again. */
  #settled = new Set<TodoKey>();
  #pending = 0;

  constructor(
    backend: Pick<Backend, 'act' | 'openTodo'>,
    list: TodoList,
    showMessage: (message: string) => void,
  ) {
    this.#backend = backend;
    this.#list = list;
    this.#showMessage = showMessage;
  }

  async setDone(todos: readonly TodoView[], done: boolean): Promise<void> {
    if (todos.length === 0) return;
    if (done) this.#recordUndo('done', todos);
    else if (this.last?.kind === 'done') this.#dropFromUndo(todos);
    const status = done ? 'done' : 'open';
    await this.#act(todos, { status }, { do: 'done', todos: keys(todos), done });
  }

  /** Resolves to whether the backend accepted it. */
  async setRead(todos: readonly TodoView[], read: boolean): Promise<boolean> {
    const others = todos.filter((todo) => todo.read !== read);
    if (others.length === 0) return true;
    return this.#act(others, { read }, { do: 'read', todos: keys(others), read });
  }

  /** Marks every to-do as read; `unread` are those that undo makes unread again. */
  async readAll(unread: readonly TodoView[]): Promise<void> {
    if (unread.length > 0) this.#recordUndo('read', unread);
    await this.#act(unread, { read: true }, { do: 'read-all' });
  }

  /** Opens its address in the browser, which marks it as read. */
  async open(todo: TodoView): Promise<void> {
    await this.#backend.openTodo(todo.key);
    this.#list.change(todo, { read: true });
    setTimeout(() => this.#markSettled([todo.key]), RECONCILE_MS);
  }

  /** Resolves to whether the backend accepted it. */
  async setPinned(todos: readonly TodoView[], pinned: boolean): Promise<boolean> {
    if (todos.length === 0) return true;
    return this.#act(todos, { pinned }, { do: 'pin', todos: keys(todos), pinned });
  }

  /** Snoozes to-dos; `null` ends snoozing now. */
  async snooze(todos: readonly TodoView[], until: Date | null): Promise<void> {
    if (todos.length === 0) return;
    const snoozed_until = until?.toISOString() ?? null;
    if (until) this.#recordUndo('snooze', todos, until);
    await this.#act(
      todos,
      { snoozed_until },
      { do: 'snooze', todos: keys(todos), until: snoozed_until },
    );
  }

  /** Takes the last action back. */
  async undo(): Promise<void> {
    const action = this.last;
    if (!action) return;
    this.#clearUndo();
    if (action.kind === 'done') {
      const back: Action = { do: 'done', todos: keys(action.todos), done: false };
      await this.#act(action.todos, { status: 'open' }, back);
      // Done implies read: what was unread becomes unread again.
      const unread = action.todos.filter((todo) => !todo.read);
      const again: Action = { do: 'read', todos: keys(unread), read: false };
      if (unread.length > 0) await this.#act(unread, { read: false }, again);
    } else if (action.kind === 'read') {
      const back: Action = { do: 'read', todos: keys(action.todos), read: false };
      await this.#act(action.todos, { read: false }, back);
    } else {
      const back: Action = { do: 'snooze', todos: keys(action.todos), until: null };
      await this.#act(action.todos, { snoozed_until: null }, back);
    }
  }

  /** Stops the time limit of undo, or starts it again. */
  pauseTimer(paused: boolean): void {
    clearTimeout(this.#timer);
    if (!paused && this.last) this.#timer = setTimeout(() => this.#clearUndo(), UNDO_MS);
  }

  /** Releases the settled rows, except those in use: hovered or active. */
  releaseSettled(inUse: readonly (TodoKey | null)[]): void {
    const undoable = keys(this.last?.todos ?? []);
    const free = [...this.#settled].filter(
      (key) => !inUse.includes(key) && !undoable.includes(key),
    );
    if (free.length === 0) return;
    for (const key of free) this.#settled.delete(key);
    this.#list.release(free);
  }

  /** Called whenever rows have settled. */
  onsettled: () => void = () => {};

  async #act(todos: readonly TodoView[], as: Partial<TodoView>, action: Action): Promise<boolean> {
    for (const todo of todos) this.#list.change(todo, as);
    const acted = keys(todos);
    const timer = setTimeout(() => (this.saving = true), SAVING_AFTER_MS);
    this.#pending++;
    try {
      await this.#backend.act(action);
      setTimeout(() => this.#markSettled(acted), RECONCILE_MS);
      return true;
    } catch (failure) {
      this.#dropFromUndo(todos);
      this.#list.release(acted);
      this.#showMessage(errorMessage(failure));
      return false;
    } finally {
      clearTimeout(timer);
      if (--this.#pending === 0) this.saving = false;
    }
  }

  /** Consecutive actions "done" become one, so that one undo takes all of them back. */
  #recordUndo(kind: UndoableAction['kind'], todos: readonly TodoView[], until?: Date): void {
    const earlier = this.last?.kind === kind && kind === 'done' ? this.last.todos : [];
    if (this.last && earlier.length === 0) this.#clearUndo();
    const added = keys(todos);
    const all = [...earlier.filter((todo) => !added.includes(todo.key)), ...todos];
    this.last = { kind, todos: all, message: undoMessage(kind, all, until) };
    this.pauseTimer(false);
  }

  #dropFromUndo(todos: readonly TodoView[]): void {
    const gone = keys(todos);
    const rest = this.last?.todos.filter((todo) => !gone.includes(todo.key)) ?? [];
    if (rest.length === 0) this.#clearUndo();
    else if (this.last)
      this.last = { ...this.last, todos: rest, message: undoMessage(this.last.kind, rest) };
  }

  #clearUndo(): void {
    clearTimeout(this.#timer);
    const settled = keys(this.last?.todos ?? []);
    this.last = null;
    this.#markSettled(settled);
  }

  #markSettled(keys: readonly TodoKey[]): void {
    for (const key of keys) this.#settled.add(key);
    this.onsettled();
  }
}

function keys(todos: readonly TodoView[]): TodoKey[] {
  return todos.map((todo) => todo.key);
}

function undoMessage(
  kind: UndoableAction['kind'],
  todos: readonly TodoView[],
  until?: Date,
): string {
  const title = truncate(todos[0]?.title ?? '', 60);
  const count = todos.length;
  if (kind === 'done') return t('page-did-done', { count, title });
  if (kind === 'read') return t('page-did-read', { count });
  const when = until ? formatNearby(until.getTime(), Date.now()) : '';
  return t('page-did-snooze', { count, title, when });
}
