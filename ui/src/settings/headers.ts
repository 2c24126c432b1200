/** Whether a text can be a header's name: a token (RFC 9110, section 5.6.2). */
export function isHeaderName(text: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text) && !/[^\x21-\x7e]/.test(text);
}

/** A header as it is written down, not necessarily to its end. */
export interface Header {
  name: string;
  value: string;
}

/** Headers as the settings keep them; those without a name or a value are not there yet. */
export function toRecord(headers: readonly Header[]): Record<string, string> {
  return Object.fromEntries(
    headers
      .filter(({ name, value }) => name !== '' && value !== '')
      .map((it) => [it.name, it.value]),
  );
}

/** Whether the header at `at` has a name that a header can have, once. */
export function isValidHeader(headers: readonly Header[], at: number): boolean {
  const name = headers[at]?.name ?? '';
  if (name === '') return true;
  const same = (other: Header) => other.name.toLowerCase() === name.toLowerCase();
  return isHeaderName(name) && headers.findIndex(same) === at;
}
