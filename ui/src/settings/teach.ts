/** What a person may say of the events that came. The app turns it into a mapping. */
import type { Format } from '../backend/types/Format';
import type { Node } from '../backend/types/Node';
import type { Part } from '../backend/types/Part';
import type { PreviewRow } from '../backend/types/PreviewRow';

/** What a value can be said to be, in the order in which one says it. */
export const TEACHABLE_PARTS: readonly Part[] = [
  'title',
  'body',
  'due',
  'id',
  'url',
  'sender',
  'priority',
  'status',
];

/** What is at hand as soon as a value is pointed at; the others are in its menu. */
export const QUICK_PARTS: readonly Part[] = TEACHABLE_PARTS.slice(0, 5);

/** What this value can be said to be. */
export function partsFor(node: Node): readonly Part[] {
  return node.kind === 'number' ? [...TEACHABLE_PARTS, 'count'] : TEACHABLE_PARTS;
}

/** Whether events are read as a person showed; what nobody said is guessed. */
export function isTaught(format: Format): boolean {
  return typeof format === 'object' && format.json.guess === true;
}

/** Whether a person can say what events mean: not where a protocol says it. */
export function isTeachable(format: Format): boolean {
  return format !== 'todo' && format !== 'ntfy';
}

/** Whether there is more in an event than was read: JSON that is shown as it stands, too. */
export function isMisread({ seen, tree, left_out }: PreviewRow): boolean {
  const structured = tree.kind === 'object' || tree.kind === 'list';
  return !left_out && (seen === 'not-understood' || (seen === 'text' && structured));
}

/**
 * The event whose values show by themselves, by its place: the latest that went astray, or of
 * which something was said; -1 where none has to.
 */
export function initiallyOpen(rows: readonly PreviewRow[], format: Format): number {
  const astray = rows.findLastIndex(isMisread);
  if (astray >= 0) return astray;
  return isTaught(format) ? rows.findLastIndex(({ tree }) => hasTaughtPart(tree)) : -1;
}

function hasTaughtPart(node: Node): boolean {
  return node.each || node.parts.length > 0 || node.inside.some(hasTaughtPart);
}
