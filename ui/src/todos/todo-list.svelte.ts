import type { Backend } from '../backend/backend';
import type { Grouping } from '../backend/types/Grouping';
import type { Listing } from '../backend/types/Listing';
import type { Query } from '../backend/types/Query';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';
import { errorMessage } from '../platform/errors';
import { NO_FILTER, type Filter } from './filter';
import {
  PAGE_SIZE,
  ListLayout,
  sectionCountsOf,
  type RetainedRow,
  type SectionId,
} from './list-layout';

/** Pages at most so far from the visible ones stay loaded. */
const KEPT_PAGES = 10;

type Pages = ReadonlyMap<number, readonly TodoView[]>;

/**
 * The to-dos of a filter, loaded page by page as they scroll into view.
 *
 * Changes by the user show at once, before the backend responds; and a row that thereby leaves the
 * listing (done, read among the unread) is *retained* where it was until `release`.
 */
export class TodoList {
  /** What is shown. */
  layout = $state.raw(new ListLayout());
  filter = $state.raw<Filter>(NO_FILTER);
  /** How open to-dos are grouped. */
  by = $state<Grouping>('due');
  /** Whether the listing of the filter has arrived, or failed, at least once. */
  ready = $state(false);
  /** Whether a search found more than it lists. */
  more = $state(false);
  /** The message of the last failure; `null` while the list is up to date. */
  error = $state<string | null>(null);

  readonly #backend: Pick<Backend, 'list'>;
  #listing: Omit<Listing, 'todos'> = { total: 0, groups: [], more: false };
  #pages: Pages = new Map();
  #overrides = new Map<TodoKey, TodoView>();
  #visiblePages: readonly number[] = [0];
  #stale = false;
  #loading: Promise<void> | null = null;

  /** `first` is the first page, if it is loaded already. */
  constructor(backend: Pick<Backend, 'list'>, by: Grouping = 'due', first: Listing | null = null) {
    this.#backend = backend;
    this.by = by;
    if (first) this.#applyPages([0], [first], true);
  }

  /** Lists other to-dos, from the top. */
  show(filter: Filter): Promise<void> {
    this.filter = filter;
    this.ready = false;
    this.#overrides.clear();
    this.#visiblePages = [0];
    return this.refresh();
  }

  /** Groups the same to-dos differently, from the top. */
  group(by: Grouping): Promise<void> {
    this.by = by;
    return this.show({ ...this.filter });
  }

  /** Reloads the visible pages. Concurrent calls are merged into one or two requests. */
  refresh(): Promise<void> {
    this.#stale = true;
    return this.#run();
  }

  /** Loads these pages, if they are not. */
  setVisiblePages(pages: readonly number[]): void {
    this.#visiblePages = pages.length > 0 ? pages : [0];
    if (this.#missing().length > 0) void this.#run();
  }

  /** Loads the page of a row, if it is not. */
  async load(rowIndex: number): Promise<void> {
    const section = this.layout.sectionOf(rowIndex);
    if (!section) return;
    const index = section.listingIndex + this.layout.listedBefore(rowIndex);
    this.setVisiblePages([
      Math.min(Math.floor(index / PAGE_SIZE), Math.floor((this.layout.listed - 1) / PAGE_SIZE)),
    ]);
    await this.#loading;
  }

  /** Shows a to-do as the user changed it, until `release`. */
  change(todo: TodoView, as: Partial<TodoView>): void {
    this.#overrides.set(todo.key, { ...(this.#overrides.get(todo.key) ?? todo), ...as });
    this.#rebuild();
  }

  /** Drops changes made by `change`: the backend's data show again, and retained rows leave. */
  release(keys: Iterable<TodoKey>): void {
    let gone = false;
    for (const key of keys) gone = this.#overrides.delete(key) || gone;
    if (gone) this.#rebuild();
  }

  /** A to-do as it is listed now, if it is loaded. */
  current(key: TodoKey): TodoView | undefined {
    const rowIndex = this.layout.rowIndexOf(key);
    return rowIndex === undefined ? undefined : this.layout.at(rowIndex);
  }

  /** The to-dos from one row to another, both included; pages that are not loaded are requested. */
  async between(from: number, to: number): Promise<TodoView[]> {
    const { filter, by, layout } = this;
    const requested = new Map<number, readonly TodoView[]>();
    const found: TodoView[] = [];
    for (let rowIndex = from; rowIndex <= to; rowIndex++) {
      let todo = layout.at(rowIndex);
      const section = layout.sectionOf(rowIndex);
      if (!todo && section) {
        const index = section.listingIndex + layout.listedBefore(rowIndex);
        const page = Math.floor(index / PAGE_SIZE);
        const known = requested.get(page);
        const todos = known ?? (await this.#backend.list(queryOf(filter, by, page))).todos;
        requested.set(page, todos);
        todo = todos[index % PAGE_SIZE];
      }
      if (todo) found.push(todo);
    }
    return found;
  }

  /** Every to-do that is loaded. */
  *loaded(): Iterable<TodoView> {
    for (const todos of this.#pages.values()) yield* todos;
  }

  /** Loads the page of an index of the listing; resolves to the to-do's row if it is there. */
  async find(key: TodoKey, index: number): Promise<number | null> {
    this.setVisiblePages([Math.floor(index / PAGE_SIZE)]);
    await this.#loading;
    return this.layout.rowIndexOf(key) ?? null;
  }

  #run(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #load(): Promise<void> {
    while (this.#stale || this.#missing().length > 0) {
      const { filter, by } = this;
      const reload = this.#stale;
      const pages = reload ? withNeighbours(this.#visiblePages, this.#pages) : this.#missing();
      this.#stale = false;
      try {
        const listings = await Promise.all(
          pages.map((page) => this.#backend.list(queryOf(filter, by, page))),
        );
        if (filter !== this.filter) continue;
        this.#applyPages(pages, listings, reload);
      } catch (failure) {
        if (filter !== this.filter) continue;
        this.error = errorMessage(failure);
        this.ready = true;
        return;
      }
    }
  }

  #applyPages(pages: readonly number[], listings: readonly Listing[], reload: boolean): void {
    const last = listings.at(-1);
    if (!last) return;
    const moved = !reload && !sameGroups(last, this.#listing);
    const kept: Pages = reload ? new Map() : this.#pagesNearby();
    const merged = new Map(kept);
    pages.forEach((page, k) => merged.set(page, listings[k]?.todos ?? []));

    const known = reload && this.ready ? new Set([...this.loaded()].map((todo) => todo.key)) : null;
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
    this.#rebuild(fresh);
    // The listing changed between two responses: what was loaded earlier may have moved.
    if (moved) this.#stale = true;
  }

  #rebuild(fresh: ReadonlySet<TodoKey> = new Set()): void {
    const listed = new Map<TodoKey, number>();
    const pages = new Map<number, readonly TodoView[]>();
    for (const [page, todos] of this.#pages) {
      const shown = todos.map((todo, k) => {
        listed.set(todo.key, page * PAGE_SIZE + k);
        const changed = this.#overrides.get(todo.key);
        return changed ? { ...changed, group: todo.group } : todo;
      });
      pages.set(page, shown);
    }
    this.layout = new ListLayout(
      sectionCountsOf(this.#listing),
      pages,
      this.#retained(listed),
      fresh,
    );
  }

  /** The changed rows that are no longer listed, each after the same neighbour as before. */
  #retained(listed: ReadonlyMap<TodoKey, number>): RetainedRow[] {
    const starts = new Map<SectionId, number>();
    let start = 0;
    for (const { sectionId, count } of sectionCountsOf(this.#listing)) {
      starts.set(sectionId, start);
      start += count;
    }
    const retained: (RetainedRow & { rowIndex: number })[] = [];
    for (const [key, todo] of this.#overrides) {
      const rowIndex = this.layout.rowIndexOf(key);
      if (listed.has(key) || rowIndex === undefined) continue;
      const section = this.layout.sectionOf(rowIndex);
      if (!section) continue;
      const { sectionId } = section;
      let after = 0;
      for (let above = rowIndex - 1; above >= section.first; above--) {
        const index = listed.get(this.layout.at(above)?.key ?? -1);
        if (index === undefined) continue;
        after = Math.max(0, index - (starts.get(sectionId) ?? index) + 1);
        break;
      }
      const sections = this.layout.sections;
      const above = sections.slice(0, sections.indexOf(section)).map((other) => other.sectionId);
      retained.push({ todo, sectionId, after, above, rowIndex });
    }
    return retained.sort((a, b) => a.rowIndex - b.rowIndex);
  }

  #missing(): number[] {
    const end = Math.max(1, this.#listing.total);
    return this.#visiblePages.filter((page) => !this.#pages.has(page) && page * PAGE_SIZE < end);
  }

  #pagesNearby(): Pages {
    const middle = this.#visiblePages[0] ?? 0;
    return new Map([...this.#pages].filter(([page]) => Math.abs(page - middle) <= KEPT_PAGES));
  }
}

/** The query for a page of the to-dos of a filter. */
export function queryOf(filter: Filter, by: Grouping, page: number): Query {
  return { ...filter, by, offset: page * PAGE_SIZE, limit: PAGE_SIZE };
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
