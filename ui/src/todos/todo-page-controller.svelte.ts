import { tick } from 'svelte';
import { errorMessage } from '../platform/errors';
import type { Backend } from '../backend/backend';
import type { Grouping } from '../backend/types/Grouping';
import type { Listing } from '../backend/types/Listing';
import type { News } from '../backend/types/News';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import { TodoActions } from './todo-actions.svelte';
import { NO_FILTER, isFiltered, toggle, type Filter } from './filter';
import { saveGrouping, loadGrouping } from './grouping';
import type { Command } from '../shared/keyboard';
import { TodoList } from './todo-list.svelte';
import { Selection } from './selection.svelte';
import { t } from '../i18n/locale.svelte';

/** How many to-dos at most become unread again by undo. */
const MAX_UNREAD = 500;

/** What a button of a row or of the details does to a to-do. */
export type RowAction = 'show' | 'open' | 'done' | 'snooze' | 'pin';

/** The parts of the view that the controller scrolls and focuses. */
export interface ListViewport {
  /** Scrolls a row into view; with `focus` it gets the focus as well. */
  reveal(rowIndex: number, focus: boolean): Promise<void> | undefined;
  /** How many rows fit: the step of PageUp and PageDown. */
  pageSize(): number;
  focusSearch(): void;
  focusDetails(): void;
}

/** The to-dos that the snooze menu is open for, and the element beside which it opens. */
export interface SnoozeRequest {
  todos: readonly TodoView[];
  beside: DOMRect;
}

/** The logic of the to-do page without its markup: what every key, click and update does. */
export class TodoPageController {
  readonly list: TodoList;
  readonly selection: Selection;
  readonly actions: TodoActions;

  /** Messages that stay until they are dismissed. */
  notices = $state.raw<readonly string[]>([]);
  /** Whether the details are shown beside the list. */
  wide = $state(false);
  /** Where they are not: whether they cover the list. */
  detailsOpen = $state(false);
  /** Whether the help is open. */
  helpOpen = $state(false);
  snoozeRequest = $state.raw<SnoozeRequest | null>(null);

  readonly #backend: Backend;
  readonly #viewport: ListViewport;

  constructor(backend: Backend, viewport: ListViewport, first: Listing | null) {
    this.#backend = backend;
    this.#viewport = viewport;
    this.list = new TodoList(backend, loadGrouping(), first);
    this.selection = new Selection(this.list);
    this.actions = new TodoActions(backend, this.list, (error) => this.showNotice(error));
  }

  handleNews(news: News): void {
    if (news.todos_changed) void this.list.refresh();
    for (const notice of news.notices) this.showNotice(notice);
  }

  showNotice(notice: string): void {
    if (!this.notices.includes(notice)) this.notices = [...this.notices, notice];
  }

  dismissNotice(notice: string): void {
    this.notices = this.notices.filter((other) => other !== notice);
  }

  /** Shows why a task failed. */
  run(task: Promise<void> | undefined): void {
    task?.catch((failure: unknown) => this.showNotice(errorMessage(failure)));
  }

  setFilter(filter: Filter): void {
    this.selection.clear();
    void this.list.show(filter);
  }

  /** Groups by due date or by source, also on the next visit. */
  setGrouping(by: Grouping): void {
    saveGrouping(by);
    void this.list.group(by);
  }

  /** Makes the to-do of a row the active one, and focuses it. */
  async selectRow(rowIndex: number): Promise<void> {
    const to = Math.max(0, Math.min(rowIndex, this.list.layout.count - 1));
    await this.#viewport.reveal(to, false);
    if (!this.list.layout.at(to)) await this.list.load(to);
    const todo = this.list.layout.at(to);
    if (!todo) return;
    this.selection.activate(todo.key);
    await this.#viewport.reveal(to, true);
  }

  /** Shows a to-do from wherever it is: among the open, the snoozed or the done ones. */
  async revealTodo(key: TodoKey): Promise<void> {
    for (const filter of [NO_FILTER, toggle.snoozed(NO_FILTER), toggle.done(NO_FILTER)]) {
      const rowIndex = await this.#findRow(filter, key);
      if (rowIndex === null) continue;
      await this.selectRow(rowIndex);
      return this.showDetails();
    }
    await this.list.show(NO_FILTER);
    this.showNotice(t('page-todo-gone'));
  }

  /** The row of a to-do under a filter, which is applied then. */
  async #findRow(filter: Filter, key: TodoKey): Promise<number | null> {
    // What arrives between the two responses moves it: the next attempt finds it.
    for (let attempt = 0; attempt < 3; attempt++) {
      const query = { ...filter, by: this.list.by, offset: 0, limit: 1 };
      const index = await this.#backend.position(query, key);
      if (index === null) return null;
      await this.list.show(filter);
      const rowIndex = await this.list.find(key, index);
      if (rowIndex !== null) return rowIndex;
    }
    return null;
  }

  /** Shows the details of the active to-do, and marks it as read. */
  async showDetails(): Promise<void> {
    const todo = this.selection.todo;
    if (!todo) return;
    void this.actions.setRead([todo], true);
    if (this.wide) return;
    this.detailsOpen = true;
    await tick();
    this.#viewport.focusDetails();
  }

  async closeDetails(): Promise<void> {
    this.detailsOpen = false;
    await tick();
    const rowIndex = this.selection.rowIndex;
    if (rowIndex !== undefined) await this.#viewport.reveal(rowIndex, true);
  }

  /** Opens a to-do's address in the browser, or the to-do itself where it has none. */
  open(todo: TodoView): void {
    this.selection.activate(todo.key);
    if (todo.url === null) return void this.showDetails();
    this.run(this.actions.open(todo));
  }

  handleRowAction(action: RowAction, todo: TodoView, event: MouseEvent): void {
    switch (action) {
      case 'show':
        if (event.shiftKey) return this.run(this.selection.extend(todo));
        if (event.ctrlKey || event.metaKey) return this.selection.toggle(todo);
        this.selection.clear();
        this.selection.activate(todo.key);
        return void this.showDetails();
      case 'open':
        return this.open(todo);
      case 'done':
        void this.actions.setDone([todo], todo.status === 'open');
        if (this.detailsOpen) void this.closeDetails();
        return;
      case 'pin':
        return void this.actions.setPinned([todo], !todo.pinned);
      case 'snooze':
        this.openSnoozeMenu([todo], event.currentTarget as Element);
    }
  }

  /** Opens the menu of snooze times beside an element. */
  openSnoozeMenu(todos: readonly TodoView[], beside: Element | null): void {
    if (todos.length === 0) return;
    this.snoozeRequest = { todos, beside: (beside ?? document.body).getBoundingClientRect() };
  }

  /** The choice of that menu; `null` ends snoozing now. */
  snoozeUntil(until: Date | null): void {
    if (this.snoozeRequest) void this.actions.snooze(this.snoozeRequest.todos, until);
    this.selection.clear();
  }

  execute(command: Command): void {
    const { selection, list } = this;
    const todo = selection.todo;
    switch (command) {
      case 'next':
        return void this.selectRow((selection.rowIndex ?? -1) + 1);
      case 'previous':
        return void this.selectRow((selection.rowIndex ?? list.layout.count) - 1);
      case 'first':
        return void this.selectRow(0);
      case 'last':
        return void this.selectRow(list.layout.count - 1);
      case 'screen-down':
        return void this.selectRow((selection.rowIndex ?? 0) + this.#viewport.pageSize());
      case 'screen-up':
        return void this.selectRow((selection.rowIndex ?? 0) - this.#viewport.pageSize());
      case 'extend-next':
        return this.run(this.#extendSelection(1));
      case 'extend-previous':
        return this.run(this.#extendSelection(-1));
      case 'select':
        return todo ? selection.toggle(todo) : undefined;
      case 'open':
        return todo ? this.open(todo) : undefined;
      case 'show':
        return void this.showDetails();
      case 'back':
        return this.detailsOpen ? void this.closeDetails() : undefined;
      case 'done':
        return void this.finishTargets();
      case 'read':
        return void this.#toggleRead(selection.targets);
      case 'snooze':
        return this.openSnoozeMenu(selection.targets, document.activeElement);
      case 'pin':
        return void this.#togglePinned(selection.targets);
      case 'undo':
        return void this.actions.undo();
      case 'search':
        this.detailsOpen = false;
        return void tick().then(() => this.#viewport.focusSearch());
      case 'help':
        this.helpOpen = true;
        return;
      case 'settings':
        return this.run(this.#backend.desktop?.openSettings());
      case 'close':
        return this.run(this.#backend.desktop?.closeWindow());
      case 'dismiss':
        return this.#dismiss();
    }
  }

  /** Marks every to-do as read; undo knows the newest and most urgent ones, up to a limit. */
  async readAll(): Promise<void> {
    const query = { ...NO_FILTER, unread: true, by: this.list.by, offset: 0, limit: MAX_UNREAD };
    const { todos } = await this.#backend.list(query);
    await this.actions.readAll(todos);
  }

  /** Marks the selected to-dos, or else the active one, as done; then activates the next one. */
  async finishTargets(): Promise<void> {
    const { selection } = this;
    const targets = selection.targets;
    const next = selection.selected.size > 0 ? undefined : selection.neighbour();
    void this.actions.setDone(
      targets,
      targets.some((target) => target.status === 'open'),
    );
    selection.clear();
    if (this.detailsOpen) await this.closeDetails();
    else if (next !== undefined) await this.selectRow(next);
  }

  /** Marks all of them as read, or as unread if they all are read already. */
  async #toggleRead(targets: readonly TodoView[]): Promise<void> {
    const read = targets.some((target) => !target.read);
    const revert = this.selection.patch({ read });
    if (!(await this.actions.setRead(targets, read))) revert();
  }

  async #togglePinned(targets: readonly TodoView[]): Promise<void> {
    const pinned = targets.some((target) => !target.pinned);
    const revert = this.selection.patch({ pinned });
    if (!(await this.actions.setPinned(targets, pinned))) revert();
  }

  async #extendSelection(by: number): Promise<void> {
    const { selection } = this;
    if (selection.todo && selection.selected.size === 0) selection.toggle(selection.todo);
    await this.selectRow((selection.rowIndex ?? -by) + by);
    if (selection.todo) await selection.extend(selection.todo);
  }

  /** Closes the innermost thing: the selection, the details, the filter, and last the window. */
  #dismiss(): void {
    if (this.selection.selected.size > 0) this.selection.clear();
    else if (this.detailsOpen) void this.closeDetails();
    else if (isFiltered(this.list.filter)) this.setFilter(NO_FILTER);
    else this.run(this.#backend.desktop?.closeWindow());
  }
}
