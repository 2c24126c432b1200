import { FluentBundle, type FluentVariable } from '@fluent/bundle';
import { captureError } from '../platform/errors';
import { setItem, getItem } from '../platform/storage';
import type { MessageId } from './message-ids';

/** The supported languages, as BCP 47 tags. */
export type Locale = 'en' | 'zh-CN';

export type Args = Record<string, FluentVariable>;

/** The messages of each language are a file of their own: a window loads only those it shows. */
const files: Record<Locale, () => Promise<{ default: string }>> = {
  en: () => import('../../../locales/en.ftl'),
  'zh-CN': () => import('../../../locales/zh-CN.ftl'),
};
const bundles = new Map<Locale, FluentBundle>();

let current = $state<Locale>(matchLocale(navigator.languages));
/** The language that was asked for last. */
let wanted: Locale | null = null;

/** The language in use. */
export function locale(): Locale {
  return current;
}

/**
 * Changes the language: every text on the page follows. At once, if its messages are loaded;
 * rejects, and changes nothing, if they cannot be.
 */
export function setLocale(tag: string): Promise<void> {
  const locale = matchLocale([tag]);
  wanted = locale;
  if (bundles.has(locale)) {
    use(locale);
    return Promise.resolve();
  }
  return loadLocale(locale).then(() => {
    if (wanted === locale) use(locale);
  });
}

/** Loads the messages of a language. */
export async function loadLocale(locale: Locale): Promise<void> {
  const { default: body } = await files[locale]();
  // What servers send is isolated where it is shown, by <bdi>; the marks would only get in the
  // way of copying and of screen readers.
  const bundle = new FluentBundle(locale, { useIsolating: false });
  bundle.addResource({ body: JSON.parse(body) });
  bundles.set(locale, bundle);
}

function use(locale: Locale): void {
  current = locale;
  document.documentElement.lang = locale;
}

/** Changes the language and stores the choice; for a page without settings. */
export async function rememberLocale(locale: Locale): Promise<void> {
  setItem('language', locale);
  await setLocale(locale);
}

/** Uses the stored language, or else the browser's. */
export function restoreLocale(): Promise<void> {
  return setLocale(getItem('language') ?? matchLocale(navigator.languages));
}

/** The text of the message `key` in the language in use. */
export function t(key: MessageId, args?: Args): string {
  const messages = bundles.get(current);
  const pattern = messages?.getMessage(key)?.value;
  if (!messages || !pattern) return key;
  // With an array for them Fluent collects errors instead of throwing, and formats what it can.
  const errors: Error[] = [];
  const text = messages.formatPattern(pattern, args, errors);
  for (const error of errors) captureError(new Error(`${key}: ${error.message}`));
  return text;
}

/** Whether there is such a message. */
export function hasMessage(key: string): key is MessageId {
  return bundles.get(current)?.hasMessage(key) ?? false;
}

/** The supported language for the first of the preferred tags that has one. */
export function matchLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
