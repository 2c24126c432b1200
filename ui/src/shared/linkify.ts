/** A piece of plain text: an address that may be opened, or just text. */
export interface Piece {
  text: string;
  link: boolean;
}

const ADDRESS =
  /https?:\/\/[^\s<>"'`\u0000-\u0020\u007f-\u00a0\u2000-\u206f\u3000-\u303f\uff00-\uffef]+/gi;
const TRAILING = /[.,;:!?)\]}*_~]+$/;

/** Splits plain text into text and http(s) links; nothing else ever becomes a link. */
export function linkify(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutTrailing(match[0]);
    if (!isHttpUrl(address)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index), link: false });
    found.push({ text: address, link: true });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), link: false });
  return found;
}

/** Whether a text is an http or https address with a host. */
export function isHttpUrl(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === 'http:' || protocol === 'https:') && hostname !== '';
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
