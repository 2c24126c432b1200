import { describe, expect, test } from 'vitest';
import {
  anchorScroll,
  pickAnchorKey,
  shiftsVisibleRows,
  scrollTopToReveal,
  withoutPadding,
  type ScrollState,
} from '../src/todos/scroll-anchor';
import {
  SECTION_GAP,
  HEADING_HEIGHT,
  PAGE_SIZE,
  ROW_HEIGHT,
  ListLayout,
  sectionCountsOf,
  sourceOf,
  type RetainedRow,
} from '../src/todos/list-layout';
import { todo } from './fake';

const TOP: ScrollState = { scrollTop: 0, paddingAbove: 0, paddingBelow: 0 };

/** A sheet of two groups with everything loaded; keys are 1, 2, 3, … in the listing's order. */
function layout(
  overdue: number,
  later: number,
  retained: RetainedRow[] = [],
  skip: number[] = [],
): ListLayout {
  const todos = Array.from({ length: overdue + later + skip.length }, (_, k) =>
    todo({ key: k + 1, group: k < overdue ? 'overdue' : 'later' }),
  ).filter(({ key }) => !skip.includes(key));
  const pages = new Map<number, typeof todos>();
  for (let page = 0; page * PAGE_SIZE < todos.length; page++) {
    pages.set(page, todos.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE));
  }
  return new ListLayout(
    [
      { sectionId: 'overdue', count: overdue },
      { sectionId: 'later', count: later },
    ],
    pages,
    retained,
  );
}

const keys = (of: ListLayout) =>
  Array.from({ length: of.count }, (_, rowIndex) => of.at(rowIndex)?.key);

describe('a sheet', () => {
  test('knows where everything stands', () => {
    const it = layout(2, 3);
    expect(it.topOf(0)).toBe(HEADING_HEIGHT);
    expect(it.topOf(1)).toBe(HEADING_HEIGHT + ROW_HEIGHT);
    expect(it.topOf(2)).toBe(2 * HEADING_HEIGHT + 2 * ROW_HEIGHT + SECTION_GAP);
    expect(it.height).toBe(2 * (HEADING_HEIGHT + SECTION_GAP) + 5 * ROW_HEIGHT);
    expect(keys(it)).toEqual([1, 2, 3, 4, 5]);
    expect(it.rowIndexOf(4)).toBe(3);
    expect(it.rowIndexOf(99)).toBeUndefined();
  });

  test('leaves empty groups out', () => {
    const sections = layout(0, 1).sections;
    expect(sections.map(({ sectionId }) => sectionId)).toEqual(['later']);
  });

  test('shows what is not grouped without a heading', () => {
    const it = new ListLayout(
      sectionCountsOf({ groups: [], total: 2 }),
      new Map([[0, [todo(), todo()]]]),
    );
    expect(it.sections.map(({ sectionId }) => sectionId)).toEqual(['all']);
    expect(it.topOf(0)).toBe(SECTION_GAP);
  });

  test('says what can be seen between two heights', () => {
    const it = layout(3, 3);
    const [overdue] = it.sections;
    expect(
      overdue &&
        it.visibleRows(overdue, HEADING_HEIGHT + ROW_HEIGHT, HEADING_HEIGHT + 2 * ROW_HEIGHT),
    ).toEqual({
      from: 1,
      to: 2,
    });
    expect(overdue && it.visibleRows(overdue, 0, 1)).toEqual({ from: 0, to: 0 });
  });

  test('keeps a held row between its neighbours', () => {
    const gone = todo({ key: 77, group: 'overdue' });
    const it = layout(2, 1, [{ todo: gone, sectionId: 'overdue', after: 1, above: [] }]);
    expect(keys(it)).toEqual([1, 77, 2, 3]);
    expect(it.rowIndexOf(2)).toBe(2);
    expect(it.rowIndexOf(77)).toBe(1);
    expect(it.rowIndexOf(3)).toBe(3);
    expect(it.listedBefore(2)).toBe(1);
  });

  test('keeps a group alive for the rows held in it', () => {
    const gone = todo({ key: 77, group: 'overdue' });
    const it = layout(0, 1, [{ todo: gone, sectionId: 'overdue', after: 5, above: [] }]);
    expect(it.sections.map(({ sectionId }) => sectionId)).toEqual(['overdue', 'later']);
    expect(keys(it)).toEqual([77, 1]);
  });

  test('keeps a source alive for the rows held in it, below the one it stood below', () => {
    const gone = todo({ key: 77, source: 'b' });
    const it = new ListLayout(
      [
        { sectionId: 'source a', count: 1 },
        { sectionId: 'source c', count: 1 },
      ],
      new Map([[0, [todo({ key: 1, source: 'a' }), todo({ key: 2, source: 'c' })]]]),
      [{ todo: gone, sectionId: 'source b', after: 0, above: ['source a'] }],
    );
    expect(it.sections.map(({ sectionId }) => sourceOf(sectionId))).toEqual(['a', 'b', 'c']);
    expect(keys(it)).toEqual([1, 77, 2]);
  });

  test('asks only for pages that exist', () => {
    const it = new ListLayout([{ sectionId: 'all', count: PAGE_SIZE + 1 }], new Map(), [
      { todo: todo(), sectionId: 'all', after: PAGE_SIZE + 1, above: [] },
    ]);
    expect(it.pagesBetween(0, it.height)).toEqual([0, 1]);
    expect(it.pagesBetween(it.height - ROW_HEIGHT, it.height)).toEqual([1]);
    expect(new ListLayout().pagesBetween(0, 1000)).toEqual([]);
  });

  test('of 100,000 to-dos is made at once', () => {
    const it = new ListLayout(
      [{ sectionId: 'all', count: 100_000 }],
      new Map([[0, [todo({ key: 5 })]]]),
    );
    expect(it.count).toBe(100_000);
    expect(it.at(0)?.key).toBe(5);
    expect(it.at(99_999)).toBeUndefined();
    expect(
      it.pagesBetween(SECTION_GAP + 50_000 * ROW_HEIGHT, SECTION_GAP + 50_010 * ROW_HEIGHT),
    ).toEqual([500]);
  });
});

describe('a new sheet', () => {
  const HEIGHT = 300;
  const yOf = (it: ListLayout, scrollState: ScrollState, key: number) =>
    it.topOf(it.rowIndexOf(key) ?? NaN) + scrollState.paddingAbove - scrollState.scrollTop;

  test('leaves the pointed row where it is when rows arrive above it', () => {
    const before = layout(2, 20);
    const moved = new ListLayout(
      [
        { sectionId: 'overdue', count: 5 },
        { sectionId: 'later', count: 20 },
      ],
      new Map([
        [
          0,
          [
            todo({ key: 101 }),
            todo({ key: 102 }),
            todo({ key: 103 }),
            ...Array.from({ length: 22 }, (_, k) => todo({ key: k + 1 })),
          ],
        ],
      ]),
    );
    const scrollState = anchorScroll(before, moved, TOP, 4, HEIGHT);
    expect(yOf(moved, scrollState, 4)).toBe(yOf(before, TOP, 4));
    expect(scrollState.scrollTop).toBe(3 * ROW_HEIGHT);
  });

  test('leaves it even where the sheet cannot scroll that far', () => {
    const before = layout(5, 5);
    const after = layout(3, 5, [], [1, 2]);
    const scrollState = anchorScroll(before, after, TOP, 4, HEIGHT);
    expect(yOf(after, scrollState, 4)).toBe(yOf(before, TOP, 4));
    expect(scrollState).toEqual({ scrollTop: 0, paddingAbove: 2 * ROW_HEIGHT, paddingBelow: 0 });
  });

  test('leaves it at the lower end too', () => {
    const before = layout(0, 20);
    const end = { scrollTop: before.height - HEIGHT, paddingAbove: 0, paddingBelow: 0 };
    const after = layout(0, 17, [], [18, 19, 20]);
    const scrollState = anchorScroll(before, after, end, 16, HEIGHT);
    expect(yOf(after, scrollState, 16)).toBe(yOf(before, end, 16));
    expect(scrollState.scrollTop + HEIGHT).toBe(after.height + scrollState.paddingBelow);
  });

  test('moves what is in sight where a row arrives above it, leaves, or changes places', () => {
    const now = layout(2, 4);
    expect(shiftsVisibleRows(now, layout(2, 4), TOP, TOP, HEIGHT)).toBe(false);
    expect(shiftsVisibleRows(now, layout(3, 4), TOP, TOP, HEIGHT)).toBe(true);
    expect(shiftsVisibleRows(now, layout(1, 4, [], [2]), TOP, TOP, HEIGHT)).toBe(true);
  });

  test('moves nothing where a row arrives below what is in sight', () => {
    expect(shiftsVisibleRows(layout(2, 20), layout(2, 21), TOP, TOP, HEIGHT)).toBe(false);
    const scrollState = { scrollTop: 10 * ROW_HEIGHT, paddingAbove: 0, paddingBelow: 0 };
    const now = layout(20, 20);
    const next = layout(21, 20);
    expect(shiftsVisibleRows(now, next, scrollState, scrollState, HEIGHT)).toBe(false);
    expect(
      shiftsVisibleRows(
        now,
        next,
        scrollState,
        { ...scrollState, scrollTop: scrollState.scrollTop + 1 },
        HEIGHT,
      ),
    ).toBe(true);
  });

  test('takes the extra room back when the pointer is gone', () => {
    const it = layout(3, 5);
    expect(
      withoutPadding(it, { scrollTop: 0, paddingAbove: 2 * ROW_HEIGHT, paddingBelow: 0 }, HEIGHT),
    ).toEqual(TOP);
    const low = withoutPadding(
      it,
      { scrollTop: it.height, paddingAbove: 0, paddingBelow: 200 },
      HEIGHT,
    );
    expect(low).toEqual({ scrollTop: it.height - HEIGHT, paddingAbove: 0, paddingBelow: 0 });
  });

  test('keeps the pointed row, else the focused one, else the first whole one in sight', () => {
    const it = layout(0, 50);
    const scrollTop = HEADING_HEIGHT + 7.5 * ROW_HEIGHT;
    const scrolled = { scrollTop, paddingAbove: 0, paddingBelow: 0 };
    expect(pickAnchorKey(it, scrolled, HEIGHT, 10, 11)).toBe(10);
    expect(pickAnchorKey(it, scrolled, HEIGHT, null, 11)).toBe(11);
    expect(pickAnchorKey(it, scrolled, HEIGHT, null, 40)).toBe(9);
  });

  test('shows what is new when the list is at its top and nobody points', () => {
    expect(pickAnchorKey(layout(0, 50), TOP, HEIGHT, null, null)).toBeNull();
  });
});

describe('to reveal a row', () => {
  const HEIGHT = 300;

  test('nothing moves that is in sight already', () => {
    expect(scrollTopToReveal(layout(0, 50), { ...TOP, scrollTop: 100 }, HEIGHT, 3)).toBe(100);
  });

  test('the sheet moves as little as it can', () => {
    const it = layout(0, 50);
    expect(scrollTopToReveal(it, TOP, HEIGHT, 10)).toBe(HEADING_HEIGHT + 11 * ROW_HEIGHT - HEIGHT);
    expect(scrollTopToReveal(it, { ...TOP, scrollTop: 900 }, HEIGHT, 10)).toBe(
      HEADING_HEIGHT + 10 * ROW_HEIGHT,
    );
  });

  test('a group’s first row brings its heading', () => {
    expect(scrollTopToReveal(layout(0, 50), { ...TOP, scrollTop: 900 }, HEIGHT, 0)).toBe(0);
  });
});
