import { FluentBundle, type FluentVariable } from '@fluent/bundle';
import english from '../../../locales/en.ftl';
import chinese from '../../../locales/zh-CN.ftl';
import { captureError } from '../platform/errors';
import { setItem, getItem } from '../platform/storage';

/** The supported languages, as BCP 47 tags. */
export type Locale = 'en' | 'zh-CN';

export type Args = Record<string, FluentVariable>;

const sources: Record<Locale, string> = { en: english, 'zh-CN': chinese };
const bundles = new Map<Locale, FluentBundle>();

let current = $state<Locale>(matchLocale(navigator.languages));

/** The language in use. */
export function locale(): Locale {
  return current;
}

/** Changes the language: every text on the page follows. */
export function setLocale(tag: string): void {
  current = matchLocale([tag]);
  document.documentElement.lang = current;
}

/** Changes the language and stores the choice; for a page without settings. */
export function rememberLocale(locale: Locale): void {
  setLocale(locale);
  setItem('language', current);
}

/** Uses the stored language, or else the browser's. */
export function restoreLocale(): void {
  setLocale(getItem('language') ?? matchLocale(navigator.languages));
}

/** The text of the message `key` in the language in use. */
export function t(key: string, args?: Args): string {
  const messages = bundle(current);
  const pattern = messages.getMessage(key)?.value;
  if (!pattern) return key;
  // With an array for them Fluent collects errors instead of throwing, and formats what it can.
  const errors: Error[] = [];
  const text = messages.formatPattern(pattern, args, errors);
  for (const error of errors) captureError(new Error(`${key}: ${error.message}`));
  return text;
}

/** Whether there is such a message. */
export function hasMessage(key: string): boolean {
  return bundle(current).hasMessage(key);
}

/** The supported language for the first of the preferred tags that has one. */
export function matchLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** The messages of a language, read at its first use. */
function bundle(locale: Locale): FluentBundle {
  let known = bundles.get(locale);
  if (!known) {
    // What servers send is isolated where it is shown, by <bdi>; the marks would only get in the
    // way of copying and of screen readers.
    known = new FluentBundle(locale, { useIsolating: false });
    known.addResource({ body: JSON.parse(sources[locale]) });
    bundles.set(locale, known);
  }
  return known;
}
