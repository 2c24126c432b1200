import type { TodoKey } from '../backend/types/TodoKey';
import { ROW, type Sheet } from './list-layout';

/** Where the sheet stands in its window. */
export interface Stand {
  /** How far it is scrolled, in pixels. */
  scroll: number;
  /** Empty room above and below the sheet, which only keeps a row where it is. */
  above: number;
  below: number;
}

/**
 * How to show `next` so that the row of `key` stays exactly where it is now, even at the ends of
 * the sheet, where scrolling alone cannot do it. Without such a row, the stand stays as it is.
 */
export function anchored(
  now: Sheet,
  next: Sheet,
  stand: Stand,
  key: TodoKey | null,
  height: number,
): Stand {
  const from = key === null ? undefined : now.placeOf(key);
  const to = key === null ? undefined : next.placeOf(key);
  if (from === undefined || to === undefined) return settled(next, stand, height);
  const shift = next.topOf(to) - now.topOf(from);
  const scroll = stand.scroll - stand.above + shift;
  const above = Math.max(0, -scroll);
  const below = Math.max(0, scroll + height - next.height);
  // Room below a sheet that fits anyway would only make it scroll.
  return { scroll: Math.max(0, scroll), above, below: scroll > 0 ? below : 0 };
}

/** Whether any row in sight would stand elsewhere, or nowhere, with `next` and its stand. */
export function moves(now: Sheet, next: Sheet, from: Stand, to: Stand, height: number): boolean {
  const top = from.scroll - from.above;
  return now.sections.some((section) => {
    const seen = now.seen(section, top, top + height);
    for (let place = seen.from; place < seen.to; place++) {
      const key = now.at(place)?.key;
      if (key === undefined) continue;
      const then = next.placeOf(key);
      const y = now.topOf(place) - top;
      if (then === undefined || next.topOf(then) - to.scroll + to.above !== y) return true;
    }
    return false;
  });
}

/** The stand without the room that only kept a row in place. */
export function settled(sheet: Sheet, stand: Stand, height: number): Stand {
  const scroll = Math.max(0, stand.scroll - stand.above);
  return { scroll: Math.min(scroll, Math.max(0, sheet.height - height)), above: 0, below: 0 };
}

/** The row that should not move: the one under the pointer, else the first one in sight. */
export function keyToKeep(
  sheet: Sheet,
  stand: Stand,
  height: number,
  pointed: TodoKey | null,
  focused: TodoKey | null,
): TodoKey | null {
  for (const key of [pointed, focused]) {
    const place = key === null ? undefined : sheet.placeOf(key);
    if (place === undefined) continue;
    const top = sheet.topOf(place) - stand.scroll + stand.above;
    if (top > -ROW && top < height) return key;
  }
  // At the top what arrives may push the rest down: the newest should be seen.
  if (stand.scroll <= 0) return null;
  for (const section of sheet.sections) {
    const { from, to } = sheet.seen(section, stand.scroll + ROW, stand.scroll + height);
    for (let place = from; place < to; place++) {
      const todo = sheet.at(place);
      if (todo) return todo.key;
    }
  }
  return null;
}

/** How far to scroll so that the row at a place can be seen whole, with its heading if first. */
export function revealed(sheet: Sheet, stand: Stand, height: number, place: number): number {
  const section = sheet.sectionOf(place);
  const top = sheet.topOf(place) + stand.above - (section?.first === place ? section.heading : 0);
  const bottom = sheet.topOf(place) + stand.above + ROW;
  if (top < stand.scroll) return top;
  if (bottom > stand.scroll + height) return bottom - height;
  return stand.scroll;
}
