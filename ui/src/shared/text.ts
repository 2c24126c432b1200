/** Characters that show nothing but could make a text look like another one. */
const TRICKS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The beginning of a text that a server made, cut between characters with an ellipsis, and
 * without control characters and overrides of the writing direction.
 */
export function truncate(text: string, most: number): string {
  if (text.length <= most) return text.replace(TRICKS, '');
  const cut = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.replace(TRICKS, '')}…`;
}
