/** The time of day that somebody means who writes `21:30`, `9.30`, `930`, `9` or `9:30 pm`. */
export function parseTimeOfDay(text: string): string | null {
  const said = /^(\d{1,2})(?:[:.：时h]?([0-5]\d))?\s*(am|pm)?\.?$/i.exec(text.trim());
  if (!said) return null;
  const [, hours, minutes = '00', half] = said;
  let hour = Number(hours);
  if (half && (hour < 1 || hour > 12)) return null;
  if (half) hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return hour < 24 ? `${String(hour).padStart(2, '0')}:${minutes}` : null;
}

/** Whether a text is the address of a proxy. */
export function isProxyUrl(text: string): boolean {
  try {
    const { protocol, hostname, host } = new URL(text);
    // A browser knows no host of what it has no scheme for, where there is no `//`.
    return /^(https?|socks5h?):$/.test(protocol) && (hostname || host) !== '';
  } catch {
    return false;
  }
}
