import { describe, expect, test } from 'vitest';
import {
  anchored,
  keyToKeep,
  moves,
  revealed,
  settled,
  type Stand,
} from '../src/todos/scroll-anchor';
import {
  GAP,
  HEADING,
  PAGE,
  ROW,
  Sheet,
  shelvesOf,
  sourceOf,
  type Held,
} from '../src/todos/list-layout';
import { todo } from './fake';

const TOP: Stand = { scroll: 0, above: 0, below: 0 };

/** A sheet of two groups with everything loaded; keys are 1, 2, 3, … in the listing's order. */
function sheet(overdue: number, later: number, held: Held[] = [], skip: number[] = []): Sheet {
  const todos = Array.from({ length: overdue + later + skip.length }, (_, k) =>
    todo({ key: k + 1, group: k < overdue ? 'overdue' : 'later' }),
  ).filter(({ key }) => !skip.includes(key));
  const pages = new Map<number, typeof todos>();
  for (let page = 0; page * PAGE < todos.length; page++) {
    pages.set(page, todos.slice(page * PAGE, (page + 1) * PAGE));
  }
  return new Sheet(
    [
      { shelf: 'overdue', count: overdue },
      { shelf: 'later', count: later },
    ],
    pages,
    held,
  );
}

const keys = (of: Sheet) => Array.from({ length: of.count }, (_, place) => of.at(place)?.key);

describe('a sheet', () => {
  test('knows where everything stands', () => {
    const it = sheet(2, 3);
    expect(it.topOf(0)).toBe(HEADING);
    expect(it.topOf(1)).toBe(HEADING + ROW);
    expect(it.topOf(2)).toBe(2 * HEADING + 2 * ROW + GAP);
    expect(it.height).toBe(2 * (HEADING + GAP) + 5 * ROW);
    expect(keys(it)).toEqual([1, 2, 3, 4, 5]);
    expect(it.placeOf(4)).toBe(3);
    expect(it.placeOf(99)).toBeUndefined();
  });

  test('leaves empty groups out', () => {
    const sections = sheet(0, 1).sections;
    expect(sections.map(({ shelf }) => shelf)).toEqual(['later']);
  });

  test('shows what is not grouped without a heading', () => {
    const it = new Sheet(shelvesOf({ groups: [], total: 2 }), new Map([[0, [todo(), todo()]]]));
    expect(it.sections.map(({ shelf }) => shelf)).toEqual(['all']);
    expect(it.topOf(0)).toBe(GAP);
  });

  test('says what can be seen between two heights', () => {
    const it = sheet(3, 3);
    const [overdue] = it.sections;
    expect(overdue && it.seen(overdue, HEADING + ROW, HEADING + 2 * ROW)).toEqual({
      from: 1,
      to: 2,
    });
    expect(overdue && it.seen(overdue, 0, 1)).toEqual({ from: 0, to: 0 });
  });

  test('keeps a held row between its neighbours', () => {
    const gone = todo({ key: 77, group: 'overdue' });
    const it = sheet(2, 1, [{ todo: gone, shelf: 'overdue', after: 1, above: [] }]);
    expect(keys(it)).toEqual([1, 77, 2, 3]);
    expect(it.placeOf(2)).toBe(2);
    expect(it.placeOf(77)).toBe(1);
    expect(it.placeOf(3)).toBe(3);
    expect(it.listedBefore(2)).toBe(1);
  });

  test('keeps a group alive for the rows held in it', () => {
    const gone = todo({ key: 77, group: 'overdue' });
    const it = sheet(0, 1, [{ todo: gone, shelf: 'overdue', after: 5, above: [] }]);
    expect(it.sections.map(({ shelf }) => shelf)).toEqual(['overdue', 'later']);
    expect(keys(it)).toEqual([77, 1]);
  });

  test('keeps a source alive for the rows held in it, below the one it stood below', () => {
    const gone = todo({ key: 77, source: 'b' });
    const it = new Sheet(
      [
        { shelf: 'source a', count: 1 },
        { shelf: 'source c', count: 1 },
      ],
      new Map([[0, [todo({ key: 1, source: 'a' }), todo({ key: 2, source: 'c' })]]]),
      [{ todo: gone, shelf: 'source b', after: 0, above: ['source a'] }],
    );
    expect(it.sections.map(({ shelf }) => sourceOf(shelf))).toEqual(['a', 'b', 'c']);
    expect(keys(it)).toEqual([1, 77, 2]);
  });

  test('asks only for pages that exist', () => {
    const it = new Sheet([{ shelf: 'all', count: PAGE + 1 }], new Map(), [
      { todo: todo(), shelf: 'all', after: PAGE + 1, above: [] },
    ]);
    expect(it.pagesBetween(0, it.height)).toEqual([0, 1]);
    expect(it.pagesBetween(it.height - ROW, it.height)).toEqual([1]);
    expect(new Sheet().pagesBetween(0, 1000)).toEqual([]);
  });

  test('of 100,000 to-dos is made at once', () => {
    const it = new Sheet([{ shelf: 'all', count: 100_000 }], new Map([[0, [todo({ key: 5 })]]]));
    expect(it.count).toBe(100_000);
    expect(it.at(0)?.key).toBe(5);
    expect(it.at(99_999)).toBeUndefined();
    expect(it.pagesBetween(GAP + 50_000 * ROW, GAP + 50_010 * ROW)).toEqual([500]);
  });
});

describe('a new sheet', () => {
  const HEIGHT = 300;
  const yOf = (it: Sheet, stand: Stand, key: number) =>
    it.topOf(it.placeOf(key) ?? NaN) + stand.above - stand.scroll;

  test('leaves the pointed row where it is when rows arrive above it', () => {
    const before = sheet(2, 20);
    const moved = new Sheet(
      [
        { shelf: 'overdue', count: 5 },
        { shelf: 'later', count: 20 },
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
    const stand = anchored(before, moved, TOP, 4, HEIGHT);
    expect(yOf(moved, stand, 4)).toBe(yOf(before, TOP, 4));
    expect(stand.scroll).toBe(3 * ROW);
  });

  test('leaves it even where the sheet cannot scroll that far', () => {
    const before = sheet(5, 5);
    const after = sheet(3, 5, [], [1, 2]);
    const stand = anchored(before, after, TOP, 4, HEIGHT);
    expect(yOf(after, stand, 4)).toBe(yOf(before, TOP, 4));
    expect(stand).toEqual({ scroll: 0, above: 2 * ROW, below: 0 });
  });

  test('leaves it at the lower end too', () => {
    const before = sheet(0, 20);
    const end = { scroll: before.height - HEIGHT, above: 0, below: 0 };
    const after = sheet(0, 17, [], [18, 19, 20]);
    const stand = anchored(before, after, end, 16, HEIGHT);
    expect(yOf(after, stand, 16)).toBe(yOf(before, end, 16));
    expect(stand.scroll + HEIGHT).toBe(after.height + stand.below);
  });

  test('moves what is in sight where a row arrives above it, leaves, or changes places', () => {
    const now = sheet(2, 4);
    expect(moves(now, sheet(2, 4), TOP, TOP, HEIGHT)).toBe(false);
    expect(moves(now, sheet(3, 4), TOP, TOP, HEIGHT)).toBe(true);
    expect(moves(now, sheet(1, 4, [], [2]), TOP, TOP, HEIGHT)).toBe(true);
  });

  test('moves nothing where a row arrives below what is in sight', () => {
    expect(moves(sheet(2, 20), sheet(2, 21), TOP, TOP, HEIGHT)).toBe(false);
    const stand = { scroll: 10 * ROW, above: 0, below: 0 };
    const now = sheet(20, 20);
    const next = sheet(21, 20);
    expect(moves(now, next, stand, stand, HEIGHT)).toBe(false);
    expect(moves(now, next, stand, { ...stand, scroll: stand.scroll + 1 }, HEIGHT)).toBe(true);
  });

  test('takes the extra room back when the pointer is gone', () => {
    const it = sheet(3, 5);
    expect(settled(it, { scroll: 0, above: 2 * ROW, below: 0 }, HEIGHT)).toEqual(TOP);
    const low = settled(it, { scroll: it.height, above: 0, below: 200 }, HEIGHT);
    expect(low).toEqual({ scroll: it.height - HEIGHT, above: 0, below: 0 });
  });

  test('keeps the pointed row, else the focused one, else the first whole one in sight', () => {
    const it = sheet(0, 50);
    const scrolled = { scroll: 500, above: 0, below: 0 };
    expect(keyToKeep(it, scrolled, HEIGHT, 10, 11)).toBe(10);
    expect(keyToKeep(it, scrolled, HEIGHT, null, 11)).toBe(11);
    expect(keyToKeep(it, scrolled, HEIGHT, null, 40)).toBe(9);
  });

  test('shows what is new when the list is at its top and nobody points', () => {
    expect(keyToKeep(sheet(0, 50), TOP, HEIGHT, null, null)).toBeNull();
  });
});

describe('to reveal a row', () => {
  const HEIGHT = 300;

  test('nothing moves that is in sight already', () => {
    expect(revealed(sheet(0, 50), { ...TOP, scroll: 100 }, HEIGHT, 3)).toBe(100);
  });

  test('the sheet moves as little as it can', () => {
    const it = sheet(0, 50);
    expect(revealed(it, TOP, HEIGHT, 10)).toBe(HEADING + 11 * ROW - HEIGHT);
    expect(revealed(it, { ...TOP, scroll: 900 }, HEIGHT, 10)).toBe(HEADING + 10 * ROW);
  });

  test('a group’s first row brings its heading', () => {
    expect(revealed(sheet(0, 50), { ...TOP, scroll: 900 }, HEIGHT, 0)).toBe(0);
  });
});
