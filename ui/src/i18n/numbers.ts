import { formattingLocale, memoized, unitFormat } from './formatting';

/** A count as the language writes it: `10,000`. */
export function formatNumber(count: number): string {
  return numbers(formattingLocale()).format(count);
}

/** So many bytes, in the unit that suits: `20 kB`. */
export function formatBytes(count: number): string {
  const sizes = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const size = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
  const options = { unit: sizes[size] ?? 'byte', maximumSignificantDigits: size === 0 ? 3 : 2 };
  return unitFormat(formattingLocale(), options).format(count / 1000 ** size);
}

const numbers = memoized((locale: string) => new Intl.NumberFormat(locale));
