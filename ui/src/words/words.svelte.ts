import { FluentBundle, type FluentVariable } from '@fluent/bundle';
import english from '../../../locales/en.ftl';
import chinese from '../../../locales/zh-CN.ftl';
import { report } from '../shared/faults';
import { keep, recall } from '../shared/kept';

/** The languages that Belldot speaks, as BCP 47 tags. */
export type Tongue = 'en' | 'zh-CN';

export type Args = Record<string, FluentVariable>;

const sources: Record<Tongue, string> = { en: english, 'zh-CN': chinese };
const bundles = new Map<Tongue, FluentBundle>();

let current = $state<Tongue>(nearestTongue(navigator.languages));

/** The language in use. */
export function tongue(): Tongue {
  return current;
}

/** Speaks another language from now on: every sentence on the page follows. */
export function speak(tag: string): void {
  current = nearestTongue([tag]);
  document.documentElement.lang = current;
}

/** Speaks this language and does so next time too; for a page without settings. */
export function remember(tongue: Tongue): void {
  speak(tongue);
  keep('language', current);
}

/** Speaks the language that was chosen last time, or the browser's. */
export function speakAsRemembered(): void {
  speak(recall('language') ?? nearestTongue(navigator.languages));
}

/** The message `key` in the language in use. */
export function say(key: string, args?: Args): string {
  const spoken = bundle(current);
  const pattern = spoken.getMessage(key)?.value;
  if (!pattern) return key;
  // Given a place for them, Fluent puts faults there instead of throwing, and says what it can.
  const faults: Error[] = [];
  const said = spoken.formatPattern(pattern, args, faults);
  for (const fault of faults) report(new Error(`${key}: ${fault.message}`));
  return said;
}

/** Whether there is such a message. */
export function knows(key: string): boolean {
  return bundle(current).hasMessage(key);
}

/** The language of ours that suits the first wish it can. */
export function nearestTongue(wishes: readonly string[]): Tongue {
  for (const wish of wishes) {
    if (/^zh\b/i.test(wish)) return 'zh-CN';
    if (/^en\b/i.test(wish)) return 'en';
  }
  return 'en';
}

/** The words of a language, read when it is first spoken. */
function bundle(tongue: Tongue): FluentBundle {
  let known = bundles.get(tongue);
  if (!known) {
    // What servers send is isolated where it is shown, by <bdi>; the marks would only get in the
    // way of copying and of screen readers.
    known = new FluentBundle(tongue, { useIsolating: false });
    known.addResource({ body: JSON.parse(sources[tongue]) });
    bundles.set(tongue, known);
  }
  return known;
}
