import type { Group } from '../backend/types/Group';
import type { Listing } from '../backend/types/Listing';
import type { SourceId } from '../backend/types/SourceId';
import type { TodoKey } from '../backend/types/TodoKey';
import type { TodoView } from '../backend/types/TodoView';

/** Heights in CSS pixels, the only place that knows them; the same for every row. */
export const ROW_HEIGHT = 48;
export const HEADING_HEIGHT = 34;
export const SECTION_GAP = 8;

/** What a section of the list holds; `all` where the backend does not group. */
export type SectionId = Exclude<Group, 'source'> | `source ${SourceId}` | 'all';

/** How many to-dos are requested at once. */
export const PAGE_SIZE = 100;

/** A row that the backend no longer lists and that stays for a while where it was. */
export interface RetainedRow {
  todo: TodoView;
  sectionId: SectionId;
  /** How many listed to-dos of its section come before it. */
  after: number;
  /** The sections above its own when it was last listed. */
  above: readonly SectionId[];
}

/** One group of the list. */
export interface Section {
  sectionId: SectionId;
  /** From the top of the list, in pixels. */
  top: number;
  height: number;
  /** The height of the heading above the first row. */
  headingHeight: number;
  /** The index of its first row, counted over all sections. */
  first: number;
  /** How many rows it has, retained ones included. */
  count: number;
  /** The index of its first to-do in the backend's listing. */
  listingIndex: number;
  /** Its retained rows by their position in the section. */
  retained: { at: number; todo: TodoView }[];
}

/**
 * The geometry of a virtual list: the position of every to-do, though only the visible rows exist
 * in the document and only a few pages are loaded. A *row index* counts rows from the top over all
 * sections. A layout is immutable; an update makes a new one.
 */
export class ListLayout {
  readonly sections: readonly Section[];
  readonly height: number;
  /** How many rows there are. */
  readonly count: number;
  /** How many of them the backend lists. */
  readonly listed: number;
  #pages: ReadonlyMap<number, readonly TodoView[]>;
  #rowIndices: Map<TodoKey, number> | null = null;

  constructor(
    sectionCounts: readonly SectionCount[] = [],
    pages: ReadonlyMap<number, readonly TodoView[]> = new Map(),
    retained: readonly RetainedRow[] = [],
    /** The to-dos that arrived with this layout. */
    readonly fresh: ReadonlySet<TodoKey> = new Set(),
  ) {
    this.#pages = pages;
    const sections: Section[] = [];
    let [top, first, listingIndex] = [0, 0, 0];
    for (const { sectionId, count: listed } of withRetainedSections(sectionCounts, retained)) {
      const rows = retained
        .filter((row) => row.sectionId === sectionId)
        .sort((a, b) => a.after - b.after)
        .map((row, k) => ({ at: Math.min(row.after, listed) + k, todo: row.todo }));
      const count = listed + rows.length;
      if (count > 0) {
        const headingHeight = sectionId === 'all' ? SECTION_GAP : HEADING_HEIGHT;
        const height = headingHeight + count * ROW_HEIGHT + SECTION_GAP;
        sections.push({
          sectionId,
          top,
          height,
          headingHeight,
          first,
          count,
          listingIndex,
          retained: rows,
        });
        top += height;
        first += count;
      }
      listingIndex += listed;
    }
    this.sections = sections;
    this.height = top;
    this.count = first;
    this.listed = listingIndex;
  }

  /** The to-do of a row; `undefined` while its page is not loaded. */
  at(rowIndex: number): TodoView | undefined {
    const section = this.sectionOf(rowIndex);
    if (!section) return undefined;
    const retained = section.retained.find((row) => row.at === rowIndex - section.first);
    return retained?.todo ?? this.#listed(this.#listingIndexOf(section, rowIndex));
  }

  /** The row of a to-do, if it is loaded. */
  rowIndexOf(key: TodoKey): number | undefined {
    this.#rowIndices ??= this.#allRowIndices();
    return this.#rowIndices.get(key);
  }

  /** The top of a row, in pixels. */
  topOf(rowIndex: number): number {
    const section = this.sectionOf(rowIndex);
    return section
      ? section.top + section.headingHeight + (rowIndex - section.first) * ROW_HEIGHT
      : 0;
  }

  sectionOf(rowIndex: number): Section | undefined {
    return this.sections.find(
      (section) => rowIndex >= section.first && rowIndex < section.first + section.count,
    );
  }

  /** The rows of a section between two heights of the list. */
  visibleRows(section: Section, from: number, to: number): { from: number; to: number } {
    const top = section.top + section.headingHeight;
    const start = Math.max(0, Math.floor((from - top) / ROW_HEIGHT));
    const end = Math.min(section.count, Math.ceil((to - top) / ROW_HEIGHT));
    return { from: section.first + start, to: section.first + Math.max(start, end) };
  }

  /** The pages of the rows between two heights. */
  pagesBetween(from: number, to: number): number[] {
    const pages = new Set<number>();
    for (const section of this.sections) {
      if (section.top > to || section.top + section.height < from) continue;
      const visible = this.visibleRows(section, from, to);
      if (visible.to <= visible.from) continue;
      const first = Math.floor(this.#listingIndexOf(section, visible.from) / PAGE_SIZE);
      const end = Math.min(this.#listingIndexOf(section, visible.to - 1), this.listed - 1);
      const last = Math.floor(end / PAGE_SIZE);
      for (let page = first; page <= last; page++) pages.add(page);
    }
    return [...pages];
  }

  /** How many listed to-dos of its section come before a row. */
  listedBefore(rowIndex: number): number {
    const section = this.sectionOf(rowIndex);
    return section ? this.#listingIndexOf(section, rowIndex) - section.listingIndex : 0;
  }

  #listingIndexOf(section: Section, rowIndex: number): number {
    const position = rowIndex - section.first;
    const retainedBefore = section.retained.filter((row) => row.at < position).length;
    return section.listingIndex + position - retainedBefore;
  }

  #listed(index: number): TodoView | undefined {
    return this.#pages.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE];
  }

  #allRowIndices(): Map<TodoKey, number> {
    const rowIndices = new Map<TodoKey, number>();
    for (const [page, todos] of this.#pages) {
      todos.forEach((todo, k) => {
        const rowIndex = this.#rowIndexOfListed(page * PAGE_SIZE + k);
        if (rowIndex !== undefined) rowIndices.set(todo.key, rowIndex);
      });
    }
    for (const section of this.sections) {
      for (const row of section.retained) rowIndices.set(row.todo.key, section.first + row.at);
    }
    return rowIndices;
  }

  #rowIndexOfListed(index: number): number | undefined {
    for (const section of this.sections) {
      const listed = section.count - section.retained.length;
      if (index < section.listingIndex || index >= section.listingIndex + listed) continue;
      let position = index - section.listingIndex;
      for (const row of section.retained) {
        if (row.at <= position) position++;
      }
      return section.first + position;
    }
    return undefined;
  }
}

/** How many to-dos a section has. */
export interface SectionCount {
  sectionId: SectionId;
  count: number;
}

/** The sections of a listing. */
export function sectionCountsOf({
  groups,
  total,
}: Pick<Listing, 'groups' | 'total'>): SectionCount[] {
  if (groups.length === 0 && total > 0) return [{ sectionId: 'all', count: total }];
  return groups.map(({ group, source, count }) => ({
    sectionId: group === 'source' ? (`source ${source ?? ''}` as const) : group,
    count,
  }));
}

/** The source of a section, where the list is grouped by source. */
export function sourceOf(sectionId: SectionId): SourceId | null {
  return sectionId.startsWith('source ') ? sectionId.slice('source '.length) : null;
}

/** The sections in the backend's order, and those that exist only for retained rows. */
function withRetainedSections(
  sectionCounts: readonly SectionCount[],
  retained: readonly RetainedRow[],
): SectionCount[] {
  const all = [...sectionCounts];
  for (const { sectionId, above } of retained) {
    if (all.some((known) => known.sectionId === sectionId)) continue;
    const last = all.findLastIndex((known) => above.includes(known.sectionId));
    all.splice(last + 1, 0, { sectionId, count: 0 });
  }
  return all;
}
