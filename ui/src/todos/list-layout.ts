import type { Group } from '../backend/types/Group';
import type { Listing } from '../backend/types/Listing';
import type { SourceId } from '../backend/types/SourceId';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';

/** Heights in CSS pixels; the same for every row, so that a place can be computed. */
export const ROW = 58;
export const HEADING = 40;
export const GAP = 8;

/** What a section of the sheet holds; `all` where the backend does not group. */
export type Shelf = Exclude<Group, 'source'> | `source ${SourceId}` | 'all';

/** How many to-dos are asked for at once. */
export const PAGE = 100;

/** A row that the backend lists no more and that stays for a while where it was. */
export interface Held {
  todo: TodoView;
  shelf: Shelf;
  /** How many listed to-dos of its shelf stand before it. */
  after: number;
  /** The shelves that stood above its own when it was last listed. */
  above: readonly Shelf[];
}

/** One group on the sheet. */
export interface Section {
  shelf: Shelf;
  /** From the top of the sheet, in pixels. */
  top: number;
  height: number;
  /** How much of that is above the first row. */
  heading: number;
  /** The place of its first row, counted over all groups. */
  first: number;
  /** How many rows it has, held ones included. */
  count: number;
  /** Where its first to-do stands in the backend's listing. */
  index: number;
  /** Its held rows by their position in the group. */
  held: { at: number; todo: TodoView }[];
}

/**
 * The whole list as geometry: where each to-do stands, though only the visible ones exist in the
 * document and only a few pages are loaded. A row's *place* counts rows from the top over all
 * groups. Sheets never change; news makes a new one.
 */
export class Sheet {
  readonly sections: readonly Section[];
  readonly height: number;
  /** How many rows there are. */
  readonly count: number;
  /** How many of them the backend lists. */
  readonly listed: number;
  #pages: ReadonlyMap<number, readonly TodoView[]>;
  #places: Map<TodoKey, number> | null = null;

  constructor(
    shelves: readonly ShelfCount[] = [],
    pages: ReadonlyMap<number, readonly TodoView[]> = new Map(),
    held: readonly Held[] = [],
    /** The to-dos that arrived with this sheet. */
    readonly fresh: ReadonlySet<TodoKey> = new Set(),
  ) {
    this.#pages = pages;
    const sections: Section[] = [];
    let [top, first, index] = [0, 0, 0];
    for (const { shelf, count: listed } of withHeldShelves(shelves, held)) {
      const kept = held
        .filter((row) => row.shelf === shelf)
        .sort((a, b) => a.after - b.after)
        .map((row, k) => ({ at: Math.min(row.after, listed) + k, todo: row.todo }));
      const count = listed + kept.length;
      if (count > 0) {
        const heading = shelf === 'all' ? GAP : HEADING;
        const height = heading + count * ROW + GAP;
        sections.push({ shelf, top, height, heading, first, count, index, held: kept });
        top += height;
        first += count;
      }
      index += listed;
    }
    this.sections = sections;
    this.height = top;
    this.count = first;
    this.listed = index;
  }

  /** The to-do at a place; absent while its page is not loaded. */
  at(place: number): TodoView | undefined {
    const section = this.sectionOf(place);
    if (!section) return undefined;
    const kept = section.held.find((row) => row.at === place - section.first);
    return kept?.todo ?? this.#listed(this.#indexOf(section, place));
  }

  /** The place of a to-do, if it is loaded. */
  placeOf(key: TodoKey): number | undefined {
    this.#places ??= this.#allPlaces();
    return this.#places.get(key);
  }

  /** The top of the row at a place, in pixels. */
  topOf(place: number): number {
    const section = this.sectionOf(place);
    return section ? section.top + section.heading + (place - section.first) * ROW : 0;
  }

  sectionOf(place: number): Section | undefined {
    return this.sections.find(
      (section) => place >= section.first && place < section.first + section.count,
    );
  }

  /** The places of a section that can be seen between two heights of the sheet. */
  seen(section: Section, from: number, to: number): { from: number; to: number } {
    const top = section.top + section.heading;
    const start = Math.max(0, Math.floor((from - top) / ROW));
    const end = Math.min(section.count, Math.ceil((to - top) / ROW));
    return { from: section.first + start, to: section.first + Math.max(start, end) };
  }

  /** The pages that hold the rows between two heights. */
  pagesBetween(from: number, to: number): number[] {
    const pages = new Set<number>();
    for (const section of this.sections) {
      if (section.top > to || section.top + section.height < from) continue;
      const seen = this.seen(section, from, to);
      if (seen.to <= seen.from) continue;
      const first = Math.floor(this.#indexOf(section, seen.from) / PAGE);
      const end = Math.min(this.#indexOf(section, seen.to - 1), this.listed - 1);
      const last = Math.floor(end / PAGE);
      for (let page = first; page <= last; page++) pages.add(page);
    }
    return [...pages];
  }

  /** How many listed to-dos of its group stand before a place. */
  listedBefore(place: number): number {
    const section = this.sectionOf(place);
    return section ? this.#indexOf(section, place) - section.index : 0;
  }

  #indexOf(section: Section, place: number): number {
    const position = place - section.first;
    const heldBefore = section.held.filter((row) => row.at < position).length;
    return section.index + position - heldBefore;
  }

  #listed(index: number): TodoView | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  #allPlaces(): Map<TodoKey, number> {
    const places = new Map<TodoKey, number>();
    for (const [page, todos] of this.#pages) {
      todos.forEach((todo, k) => {
        const place = this.#placeOfIndex(page * PAGE + k);
        if (place !== undefined) places.set(todo.key, place);
      });
    }
    for (const section of this.sections) {
      for (const row of section.held) places.set(row.todo.key, section.first + row.at);
    }
    return places;
  }

  #placeOfIndex(index: number): number | undefined {
    for (const section of this.sections) {
      const listed = section.count - section.held.length;
      if (index < section.index || index >= section.index + listed) continue;
      let position = index - section.index;
      for (const row of section.held) {
        if (row.at <= position) position++;
      }
      return section.first + position;
    }
    return undefined;
  }
}

/** How many to-dos a shelf has. */
export interface ShelfCount {
  shelf: Shelf;
  count: number;
}

/** The shelves of a listing. */
export function shelvesOf({ groups, total }: Pick<Listing, 'groups' | 'total'>): ShelfCount[] {
  if (groups.length === 0 && total > 0) return [{ shelf: 'all', count: total }];
  return groups.map(({ group, source, count }) => ({
    shelf: group === 'source' ? (`source ${source ?? ''}` as const) : group,
    count,
  }));
}

/** The source that a shelf is about, if it is about one. */
export function sourceOf(shelf: Shelf): SourceId | null {
  return shelf.startsWith('source ') ? shelf.slice('source '.length) : null;
}

/** The shelves in the backend's order, with those that only held rows keep alive put in. */
function withHeldShelves(shelves: readonly ShelfCount[], held: readonly Held[]): ShelfCount[] {
  const all = [...shelves];
  for (const { shelf, above } of held) {
    if (all.some((known) => known.shelf === shelf)) continue;
    const last = all.findLastIndex((known) => above.includes(known.shelf));
    all.splice(last + 1, 0, { shelf, count: 0 });
  }
  return all;
}
