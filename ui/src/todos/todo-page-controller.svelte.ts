import { tick } from 'svelte';
import { errorMessage } from '../platform/errors';
import type { Backend } from '../backend/backend';
import type { Grouping } from '../backend/types/Grouping';
import type { Listing } from '../backend/types/Listing';
import type { News } from '../backend/types/News';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import { Deeds } from './todo-actions.svelte';
import { EVERYTHING, narrows, toggle, type Filter } from './filter';
import { saveGrouping, loadGrouping } from './grouping';
import type { Command } from './keyboard';
import { TodoList } from './todo-list.svelte';
import { Selection } from './selection.svelte';
import { t } from '../i18n/locale.svelte';
import type { Wish } from './wish';

/** What the desk moves on the screen; absent while it is not there. */
export interface Screen {
  /** Brings the row at a place into sight, and the focus to it. */
  reveal(place: number, focus: boolean): Promise<void> | undefined;
  /** How many rows fit. */
  reach(): number;
  focusSearch(): void;
  focusPane(): void;
}

/** To-dos for which a menu is open, and where. */
export interface Asking {
  todos: readonly TodoView[];
  beside: DOMRect;
}

/** The to-do page without its looks: what every key, click and message leads to. */
export class Desk {
  readonly list: TodoList;
  readonly selection: Selection;
  readonly deeds: Deeds;

  /** Sentences to be seen once. */
  notices = $state.raw<readonly string[]>([]);
  /** Whether the to-do stands beside the list. */
  wide = $state(false);
  /** Where it does not: whether it covers the list. */
  showing = $state(false);
  /** Whether the help is open. */
  keys = $state(false);
  snoozing = $state.raw<Asking | null>(null);

  readonly #backend: Backend;
  readonly #screen: Screen;

  constructor(backend: Backend, screen: Screen, first: Listing | null) {
    this.#backend = backend;
    this.#screen = screen;
    this.list = new TodoList(backend, loadGrouping(), first);
    this.selection = new Selection(this.list);
    this.deeds = new Deeds(backend, this.list, (error) => this.tell(error));
  }

  hear(news: News): void {
    if (news.todos_changed) void this.list.refresh();
    for (const notice of news.notices) this.tell(notice);
  }

  tell(notice: string): void {
    if (!this.notices.includes(notice)) this.notices = [...this.notices, notice];
  }

  forget(notice: string): void {
    this.notices = this.notices.filter((other) => other !== notice);
  }

  /** Tells why something did not work. */
  attempt(deed: Promise<void> | undefined): void {
    deed?.catch((failure: unknown) => this.tell(errorMessage(failure)));
  }

  filter(filter: Filter): void {
    this.selection.clear();
    void this.list.show(filter);
  }

  /** Groups by due or by source, now and the next time. */
  group(by: Grouping): void {
    saveGrouping(by);
    void this.list.group(by);
  }

  /** Selects the to-do at a place. */
  async go(place: number): Promise<void> {
    const to = Math.max(0, Math.min(place, this.list.sheet.count - 1));
    await this.#screen.reveal(to, false);
    if (!this.list.sheet.at(to)) await this.list.load(to);
    const todo = this.list.sheet.at(to);
    if (!todo) return;
    this.selection.select(todo.key);
    await this.#screen.reveal(to, true);
  }

  /** Shows a to-do from wherever it is: among the open, the snoozed or the done ones. */
  async bring(key: TodoKey): Promise<void> {
    for (const filter of [EVERYTHING, toggle.snoozed(EVERYTHING), toggle.done(EVERYTHING)]) {
      const place = await this.#find(filter, key);
      if (place === null) continue;
      await this.go(place);
      return this.show();
    }
    await this.list.show(EVERYTHING);
    this.tell(t('page-todo-gone'));
  }

  /** The place of a to-do under a filter, which is shown then. */
  async #find(filter: Filter, key: TodoKey): Promise<number | null> {
    const desktop = this.#backend.desktop;
    // What arrives between the answers moves it: a second look finds it.
    for (let look = 0; desktop && look < 3; look++) {
      const index = await desktop.position(
        { ...filter, by: this.list.by, offset: 0, limit: 1 },
        key,
      );
      if (index === null) return null;
      await this.list.show(filter);
      const place = await this.list.find(key, index);
      if (place !== null) return place;
    }
    return null;
  }

  /** Shows the selected to-do whole, and takes it as read. */
  async show(): Promise<void> {
    const todo = this.selection.todo;
    if (!todo) return;
    void this.deeds.read([todo], true);
    if (this.wide) return;
    this.showing = true;
    await tick();
    this.#screen.focusPane();
  }

  async back(): Promise<void> {
    this.showing = false;
    await tick();
    const place = this.selection.place;
    if (place !== undefined) await this.#screen.reveal(place, true);
  }

  /** Opens a to-do's address in the browser, or the to-do itself where it has none. */
  open(todo: TodoView): void {
    this.selection.select(todo.key);
    if (todo.url === null) return void this.show();
    this.attempt(this.deeds.open(todo));
  }

  wish(wish: Wish, todo: TodoView, event: MouseEvent): void {
    switch (wish) {
      case 'show':
        if (event.shiftKey) return this.attempt(this.selection.extend(todo));
        if (event.ctrlKey || event.metaKey) return this.selection.pick(todo);
        this.selection.clear();
        this.selection.select(todo.key);
        return void this.show();
      case 'open':
        return this.open(todo);
      case 'done':
        void this.deeds.done([todo], todo.status === 'open');
        if (this.showing) void this.back();
        return;
      case 'pin':
        return void this.deeds.pin([todo], !todo.pinned);
      case 'snooze':
        this.snooze([todo], event.currentTarget as Element);
    }
  }

  /** Asks until when, beside an element. */
  snooze(todos: readonly TodoView[], beside: Element | null): void {
    if (todos.length === 0) return;
    this.snoozing = { todos, beside: (beside ?? document.body).getBoundingClientRect() };
  }

  /** Answers what `snooze` asked; `null` brings them back now. */
  snoozeUntil(until: Date | null): void {
    if (this.snoozing) void this.deeds.snooze(this.snoozing.todos, until);
    this.selection.clear();
  }

  do(command: Command): void {
    const { selection, list } = this;
    const todo = selection.todo;
    switch (command) {
      case 'next':
        return void this.go((selection.place ?? -1) + 1);
      case 'previous':
        return void this.go((selection.place ?? list.sheet.count) - 1);
      case 'first':
        return void this.go(0);
      case 'last':
        return void this.go(list.sheet.count - 1);
      case 'screen-down':
        return void this.go((selection.place ?? 0) + this.#screen.reach());
      case 'screen-up':
        return void this.go((selection.place ?? 0) - this.#screen.reach());
      case 'extend-next':
        return this.attempt(this.#extend(1));
      case 'extend-previous':
        return this.attempt(this.#extend(-1));
      case 'pick':
        return todo ? selection.pick(todo) : undefined;
      case 'open':
        return todo ? this.open(todo) : undefined;
      case 'show':
        return void this.show();
      case 'back':
        return this.showing ? void this.back() : undefined;
      case 'done':
        return void this.finish();
      case 'read':
        return void this.#read(selection.targets);
      case 'snooze':
        return this.snooze(selection.targets, document.activeElement);
      case 'pin':
        return void this.#pin(selection.targets);
      case 'undo':
        return void this.deeds.undo();
      case 'search':
        this.showing = false;
        return void tick().then(() => this.#screen.focusSearch());
      case 'help':
        this.keys = true;
        return;
      case 'settings':
        return this.attempt(this.#backend.desktop?.openSettings());
      case 'close':
        return this.attempt(this.#backend.desktop?.closeWindow());
      case 'dismiss':
        return this.#dismiss();
    }
  }

  /** Done with the picked ones or the selected one; the next one is at hand. */
  async finish(): Promise<void> {
    const { selection } = this;
    const targets = selection.targets;
    const next = selection.picked.size > 0 ? undefined : selection.neighbour();
    void this.deeds.done(
      targets,
      targets.some((target) => target.status === 'open'),
    );
    selection.clear();
    if (this.showing) await this.back();
    else if (next !== undefined) await this.go(next);
  }

  /** All of them read, or all unread where they are read already. */
  async #read(targets: readonly TodoView[]): Promise<void> {
    const read = targets.some((target) => !target.read);
    const forget = this.selection.note({ read });
    if (!(await this.deeds.read(targets, read))) forget();
  }

  async #pin(targets: readonly TodoView[]): Promise<void> {
    const pinned = targets.some((target) => !target.pinned);
    const forget = this.selection.note({ pinned });
    if (!(await this.deeds.pin(targets, pinned))) forget();
  }

  async #extend(by: number): Promise<void> {
    const { selection } = this;
    if (selection.todo && selection.picked.size === 0) selection.pick(selection.todo);
    await this.go((selection.place ?? -by) + by);
    if (selection.todo) await selection.extend(selection.todo);
  }

  /** The innermost thing goes first; in the end it is the window. */
  #dismiss(): void {
    if (this.selection.picked.size > 0) this.selection.clear();
    else if (this.showing) void this.back();
    else if (narrows(this.list.filter)) this.filter(EVERYTHING);
    else this.attempt(this.#backend.desktop?.closeWindow());
  }
}
