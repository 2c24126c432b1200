import type { Backend } from '../backend/backend';
import type { Grouping } from '../backend/types/Grouping';
import type { Listing } from '../backend/types/Listing';
import type { Query } from '../backend/types/Query';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import { EVERYTHING, type Filter } from './filter';
import { PAGE, Sheet, shelvesOf, type Held, type Shelf } from './list-layout';

/** How many pages are kept besides the visible ones. */
const KEPT = 10;

type Pages = ReadonlyMap<number, readonly TodoView[]>;

/**
 * The to-dos of a filter, loaded a page at a time as they come into sight.
 *
 * What the user does here shows at once, before the backend answers; and a row that thereby
 * leaves the listing (done, read among the unread) is *held* where it was until `letGo`.
 */
export class TodoList {
  /** What is on screen. */
  sheet = $state.raw(new Sheet());
  filter = $state.raw<Filter>(EVERYTHING);
  /** How what is open is grouped. */
  by = $state<Grouping>('due');
  /** Whether the filter was answered at least once. */
  ready = $state(false);
  /** Whether a search found more than it lists. */
  more = $state(false);
  /** The sentence of the last failure; absent when the list is up to date. */
  error = $state<string | null>(null);

  readonly #backend: Pick<Backend, 'list'>;
  #listing: Omit<Listing, 'todos'> = { total: 0, groups: [], more: false };
  #pages: Pages = new Map();
  #changed = new Map<TodoKey, TodoView>();
  #wanted: readonly number[] = [0];
  #stale = false;
  #work: Promise<void> | null = null;

  /** Begins with what is known of the first page, if anything is. */
  constructor(backend: Pick<Backend, 'list'>, by: Grouping = 'due', first: Listing | null = null) {
    this.#backend = backend;
    this.by = by;
    if (first) this.#take([0], [first], true);
  }

  /** Lists other to-dos, from the top. */
  show(filter: Filter): Promise<void> {
    this.filter = filter;
    this.ready = false;
    this.#changed.clear();
    this.#wanted = [0];
    return this.refresh();
  }

  /** Groups the same to-dos in another way, from the top. */
  group(by: Grouping): Promise<void> {
    this.by = by;
    return this.show({ ...this.filter });
  }

  /** Asks again for what is in sight. Many calls at a time become one or two questions. */
  refresh(): Promise<void> {
    this.#stale = true;
    return this.#run();
  }

  /** Loads the pages that come into sight. */
  see(pages: readonly number[]): void {
    this.#wanted = pages.length > 0 ? pages : [0];
    if (this.#missing().length > 0) void this.#run();
  }

  /** Loads the page of a place, if it is not. */
  async load(place: number): Promise<void> {
    const section = this.sheet.sectionOf(place);
    if (!section) return;
    const index = section.index + this.sheet.listedBefore(place);
    this.see([Math.min(Math.floor(index / PAGE), Math.floor((this.sheet.listed - 1) / PAGE))]);
    await this.#work;
  }

  /** Shows a to-do as the user just made it, until the backend says the same. */
  change(todo: TodoView, as: Partial<TodoView>): void {
    this.#changed.set(todo.key, { ...(this.#changed.get(todo.key) ?? todo), ...as });
    this.#lay();
  }

  /** Takes changes back to what the backend says, and lets held rows go. */
  letGo(keys: Iterable<TodoKey>): void {
    let gone = false;
    for (const key of keys) gone = this.#changed.delete(key) || gone;
    if (gone) this.#lay();
  }

  /** A to-do as it is listed now, if it is loaded. */
  current(key: TodoKey): TodoView | undefined {
    const place = this.sheet.placeOf(key);
    return place === undefined ? undefined : this.sheet.at(place);
  }

  /** The to-dos from a place to another one, both included; those not loaded are asked for. */
  async between(from: number, to: number): Promise<TodoView[]> {
    const { filter, by, sheet } = this;
    const asked = new Map<number, readonly TodoView[]>();
    const found: TodoView[] = [];
    for (let place = from; place <= to; place++) {
      let todo = sheet.at(place);
      const section = sheet.sectionOf(place);
      if (!todo && section) {
        const index = section.index + sheet.listedBefore(place);
        const page = Math.floor(index / PAGE);
        const known = asked.get(page);
        const todos = known ?? (await this.#backend.list(queryOf(filter, by, page))).todos;
        asked.set(page, todos);
        todo = todos[index % PAGE];
      }
      if (todo) found.push(todo);
    }
    return found;
  }

  /** Every to-do that is loaded. */
  *loaded(): Iterable<TodoView> {
    for (const todos of this.#pages.values()) yield* todos;
  }

  /** Loads what is around an index of the listing; says the to-do's place if it is there. */
  async find(key: TodoKey, index: number): Promise<number | null> {
    this.see([Math.floor(index / PAGE)]);
    await this.#work;
    return this.sheet.placeOf(key) ?? null;
  }

  #run(): Promise<void> {
    this.#work ??= this.#load().finally(() => (this.#work = null));
    return this.#work;
  }

  async #load(): Promise<void> {
    while (this.#stale || this.#missing().length > 0) {
      const { filter, by } = this;
      const anew = this.#stale;
      const pages = anew ? withNeighbours(this.#wanted, this.#pages) : this.#missing();
      this.#stale = false;
      try {
        const answers = await Promise.all(
          pages.map((page) => this.#backend.list(queryOf(filter, by, page))),
        );
        if (filter !== this.filter) continue;
        this.#take(pages, answers, anew);
      } catch (failure) {
        if (filter !== this.filter) continue;
        this.error = failure instanceof Error ? failure.message : String(failure);
        this.ready = true;
        return;
      }
    }
  }

  #take(pages: readonly number[], answers: readonly Listing[], anew: boolean): void {
    const last = answers.at(-1);
    if (!last) return;
    const moved = !anew && !sameGroups(last, this.#listing);
    const kept: Pages = anew ? new Map() : this.#near();
    const merged = new Map(kept);
    pages.forEach((page, k) => merged.set(page, answers[k]?.todos ?? []));

    const known = anew && this.ready ? new Set([...this.loaded()].map((todo) => todo.key)) : null;
    const before = this.#pages;
    this.#pages = merged;
    this.#listing = last;
    this.more = last.more;
    this.error = null;
    this.ready = true;
    const fresh = new Set<TodoKey>();
    if (known) {
      for (const [page, todos] of merged) {
        if (!before.has(page)) continue;
        for (const todo of todos) if (!known.has(todo.key)) fresh.add(todo.key);
      }
    }
    this.#lay(fresh);
    // Something changed between two answers: what was loaded earlier may have moved.
    if (moved) this.#stale = true;
  }

  #lay(fresh: ReadonlySet<TodoKey> = new Set()): void {
    const listed = new Map<TodoKey, number>();
    const pages = new Map<number, readonly TodoView[]>();
    for (const [page, todos] of this.#pages) {
      const shown = todos.map((todo, k) => {
        listed.set(todo.key, page * PAGE + k);
        const changed = this.#changed.get(todo.key);
        return changed ? { ...changed, group: todo.group } : todo;
      });
      pages.set(page, shown);
    }
    this.sheet = new Sheet(shelvesOf(this.#listing), pages, this.#held(listed), fresh);
  }

  /** The changed rows that are listed no more, each behind the same neighbour as before. */
  #held(listed: ReadonlyMap<TodoKey, number>): Held[] {
    const starts = new Map<Shelf, number>();
    let start = 0;
    for (const { shelf, count } of shelvesOf(this.#listing)) {
      starts.set(shelf, start);
      start += count;
    }
    const held: (Held & { place: number })[] = [];
    for (const [key, todo] of this.#changed) {
      const place = this.sheet.placeOf(key);
      if (listed.has(key) || place === undefined) continue;
      const section = this.sheet.sectionOf(place);
      if (!section) continue;
      const { shelf } = section;
      let after = 0;
      for (let above = place - 1; above >= section.first; above--) {
        const index = listed.get(this.sheet.at(above)?.key ?? -1);
        if (index === undefined) continue;
        after = Math.max(0, index - (starts.get(shelf) ?? index) + 1);
        break;
      }
      const sections = this.sheet.sections;
      const above = sections.slice(0, sections.indexOf(section)).map((other) => other.shelf);
      held.push({ todo, shelf, after, above, place });
    }
    return held.sort((a, b) => a.place - b.place);
  }

  #missing(): number[] {
    const end = Math.max(1, this.#listing.total);
    return this.#wanted.filter((page) => !this.#pages.has(page) && page * PAGE < end);
  }

  #near(): Pages {
    const middle = this.#wanted[0] ?? 0;
    return new Map([...this.#pages].filter(([page]) => Math.abs(page - middle) <= KEPT));
  }
}

/** What to ask for a page of the to-dos of a filter. */
export function queryOf(filter: Filter, by: Grouping, page: number): Query {
  return { ...filter, by, offset: page * PAGE, limit: PAGE };
}

/** The visible pages, and their neighbours where loaded: a to-do may have moved across an edge. */
function withNeighbours(pages: readonly number[], loaded: Pages): number[] {
  const near = pages.flatMap((page) => [page - 1, page + 1]).filter((page) => loaded.has(page));
  return [...new Set([...pages, ...near])].sort((a, b) => a - b);
}

function sameGroups(a: Omit<Listing, 'todos'>, b: Omit<Listing, 'todos'>): boolean {
  return (
    a.total === b.total &&
    a.groups.length === b.groups.length &&
    a.groups.every(({ group, source, count }, k) => {
      const other = b.groups[k];
      return other?.group === group && other.source === source && other.count === count;
    })
  );
}
