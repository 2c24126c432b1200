/** Teaching a format by example: the user labels values of received events, the app derives a mapping. */
import type { Format } from '../backend/types/Format';
import type { Node } from '../backend/types/Node';
import type { Part } from '../backend/types/Part';
import type { PreviewRow } from '../backend/types/PreviewRow';

/** The parts of a to-do that a value can be labelled as, in the order of the menu. */
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

/** The parts offered on hover; the others are in the menu. */
export const QUICK_PARTS: readonly Part[] = TEACHABLE_PARTS.slice(0, 5);

/** The parts that this value can be labelled as. */
export function partsFor(node: Node): readonly Part[] {
  return node.kind === 'number' ? [...TEACHABLE_PARTS, 'count'] : TEACHABLE_PARTS;
}

/** Whether a format was taught by example; unlabelled parts are guessed. */
export function isTaught(format: Format): boolean {
  return typeof format === 'object' && format.json.guess === true;
}

/** Whether a format can be taught: not where a protocol defines it. */
export function isTeachable(format: Format): boolean {
  return format !== 'todo' && format !== 'ntfy';
}

/** Whether an event was probably misread: not understood, or JSON shown as text. */
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
