import type { TodoKey } from '../backend/types/TodoKey';
import { ROW_HEIGHT, type ListLayout } from './list-layout';

/** The scroll position of the list. */
export interface ScrollState {
  /** How far it is scrolled, in pixels. */
  scrollTop: number;
  /** Empty space above and below the list, which only keeps a row where it is. */
  paddingAbove: number;
  paddingBelow: number;
}

/**
 * Scroll anchoring: how to show `next` so that the row of `key` stays exactly where it is now, even
 * at the ends of the list, where scrolling alone cannot do it. Without such a row, the scroll
 * position stays as it is.
 */
export function anchorScroll(
  now: ListLayout,
  next: ListLayout,
  scrollState: ScrollState,
  key: TodoKey | null,
  height: number,
): ScrollState {
  const from = key === null ? undefined : now.rowIndexOf(key);
  const to = key === null ? undefined : next.rowIndexOf(key);
  if (from === undefined || to === undefined) return withoutPadding(next, scrollState, height);
  const shift = next.topOf(to) - now.topOf(from);
  const scrollTop = scrollState.scrollTop - scrollState.paddingAbove + shift;
  const paddingAbove = Math.max(0, -scrollTop);
  const paddingBelow = Math.max(0, scrollTop + height - next.height);
  // Space below a list that fits anyway would only make it scroll.
  return {
    scrollTop: Math.max(0, scrollTop),
    paddingAbove,
    paddingBelow: scrollTop > 0 ? paddingBelow : 0,
  };
}

/** Whether any visible row would move, or leave, with `next` and its scroll state. */
export function shiftsVisibleRows(
  now: ListLayout,
  next: ListLayout,
  from: ScrollState,
  to: ScrollState,
  height: number,
): boolean {
  const top = from.scrollTop - from.paddingAbove;
  return now.sections.some((section) => {
    const visible = now.visibleRows(section, top, top + height);
    for (let rowIndex = visible.from; rowIndex < visible.to; rowIndex++) {
      const key = now.at(rowIndex)?.key;
      if (key === undefined) continue;
      const then = next.rowIndexOf(key);
      const y = now.topOf(rowIndex) - top;
      if (then === undefined || next.topOf(then) - to.scrollTop + to.paddingAbove !== y)
        return true;
    }
    return false;
  });
}

/** The scroll state without the space that only kept a row in place. */
export function withoutPadding(
  layout: ListLayout,
  scrollState: ScrollState,
  height: number,
): ScrollState {
  const scrollTop = Math.max(0, scrollState.scrollTop - scrollState.paddingAbove);
  return {
    scrollTop: Math.min(scrollTop, Math.max(0, layout.height - height)),
    paddingAbove: 0,
    paddingBelow: 0,
  };
}

/** The row that should not move: the hovered one, the focused one, else the first visible one. */
export function pickAnchorKey(
  layout: ListLayout,
  scrollState: ScrollState,
  height: number,
  hoveredKey: TodoKey | null,
  focused: TodoKey | null,
): TodoKey | null {
  for (const key of [hoveredKey, focused]) {
    const rowIndex = key === null ? undefined : layout.rowIndexOf(key);
    if (rowIndex === undefined) continue;
    const top = layout.topOf(rowIndex) - scrollState.scrollTop + scrollState.paddingAbove;
    if (top > -ROW_HEIGHT && top < height) return key;
  }
  // At the top arrivals may push the rest down: the newest should be visible.
  if (scrollState.scrollTop <= 0) return null;
  for (const section of layout.sections) {
    const { from, to } = layout.visibleRows(
      section,
      scrollState.scrollTop + ROW_HEIGHT,
      scrollState.scrollTop + height,
    );
    for (let rowIndex = from; rowIndex < to; rowIndex++) {
      const todo = layout.at(rowIndex);
      if (todo) return todo.key;
    }
  }
  return null;
}

/** The scroll position at which a row is wholly visible, with its heading if it is the first. */
export function scrollTopToReveal(
  layout: ListLayout,
  scrollState: ScrollState,
  height: number,
  rowIndex: number,
): number {
  const section = layout.sectionOf(rowIndex);
  const top =
    layout.topOf(rowIndex) +
    scrollState.paddingAbove -
    (section?.first === rowIndex ? section.headingHeight : 0);
  const bottom = layout.topOf(rowIndex) + scrollState.paddingAbove + ROW_HEIGHT;
  if (top < scrollState.scrollTop) return top;
  if (bottom > scrollState.scrollTop + height) return bottom - height;
  return scrollState.scrollTop;
}
