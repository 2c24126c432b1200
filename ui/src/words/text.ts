/** Characters that show nothing but could make a text look like another one. */
const TRICKS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The beginning of a text that a server made, cut between characters with an ellipsis, and
 * without control characters and overrides of the writing direction.
 */
export function brief(text: string, most: number): string {
  if (text.length <= most) return text.replace(TRICKS, '');
  const cut = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.replace(TRICKS, '')}…`;
}

/** A piece of plain text: an address that may be opened, or just text. */
export interface Piece {
  text: string;
  link: boolean;
}

const ADDRESS =
  /https?:\/\/[^\s<>"'`\u0000-\u0020\u007f-\u00a0\u2000-\u206f\u3000-\u303f\uff00-\uffef]+/gi;
const TRAILING = /[.,;:!?)\]}*_~]+$/;

/** Plain text with its http and https addresses told apart; nothing else ever becomes a link. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    if (!isAddress(address)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), link: false });
    found.push({ text: address, link: true });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), link: false });
  return found;
}

/** Whether a text is an http or https address with a host. */
export function isAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
  } catch {
    return false;
  }
}

/** The time of day that somebody means who writes `21:30`, `9.30`, `930`, `9` or `9:30 pm`. */
export function timeOf(text: string): string | null {
  const said = /^(\d{1,2})(?:[:.：时h]?([0-5]\d))?\s*(am|pm)?\.?$/i.exec(text.trim());
  if (!said) return null;
  const [, hours, minutes = '00', half] = said;
  let hour = Number(hours);
  if (half && (hour < 1 || hour > 12)) return null;
  if (half) hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return hour < 24 ? `${String(hour).padStart(2, '0')}:${minutes}` : null;
}

/** Whether a text is the address of a proxy. */
export function isProxy(text: string): boolean {
  try {
    const { protocol, hostname, host } = new URL(text);
    // A browser knows no host of what it has no scheme for, where there is no `//`.
    return /^(https?|socks5h?):$/.test(protocol) && (hostname || host) !== '';
  } catch {
    return false;
  }
}

/** A sentence ends after an address, and brackets close that opened before it. */
function withoutTrailing(address: string): string {
  const bare = address.replace(TRAILING, '');
  const cut = address.slice(bare.length);
  return cut.startsWith(')') && bare.includes('(') ? `${bare})` : bare;
}
