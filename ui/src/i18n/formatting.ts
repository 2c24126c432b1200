import { locale, type Locale } from './locale.svelte';

/**
 * The locale in which dates and numbers are formatted: the user's regional variant of the language
 * in use. English without a region is British.
 */
export function formattingLocale(preferred: readonly string[] = navigator.languages): string {
  const current = locale();
  const language = current.slice(0, 2);
  const own = preferred.find((tag) => tag.slice(0, 2).toLowerCase() === language);
  return own && own.length > 2 ? own : DEFAULT_REGION[current];
}

const DEFAULT_REGION: Record<Locale, string> = { en: 'en-GB', 'zh-CN': 'zh-CN' };

/** The formatter of a number with its unit. */
export const unitFormat = memoized(
  (locale: string, options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(locale, { style: 'unit', unitDisplay: 'short', ...options }),
);

/** Caches by argument: a formatter costs far more to make than to use. */
export function memoized<From extends unknown[], Made>(make: (...from: From) => Made) {
  const made = new Map<string, Made>();
  return (...from: From): Made => {
    const key = JSON.stringify(from);
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(...from);
    made.set(key, fresh);
    return fresh;
  };
}
