import type { Format } from '../backend/types/Format';
import type { JsonMap } from '../backend/types/JsonMap';
import type { Seen } from '../backend/types/Seen';
import { say } from '../words/words.svelte';

/** A format by its name; the mapping of `json` aside. */
export type Kind = Extract<Format, string> | 'json';

/** What the formats are called. */
const KINDS: Record<Kind, string> = {
  auto: 'settings-format-auto',
  todo: 'settings-format-todo',
  text: 'settings-format-text',
  json: 'settings-format-json',
  cloudevents: 'settings-format-cloudevents',
  ntfy: 'settings-format-ntfy',
  mercure: 'settings-format-mercure',
  'home-assistant': 'settings-format-home-assistant',
  wikimedia: 'settings-format-wikimedia',
};

/** What messages turned out to be; `nothing` says nothing. */
export const SEEN: Record<Exclude<Seen, 'nothing'>, string> = {
  todo: 'settings-seen-todo',
  count: 'settings-seen-count',
  text: 'settings-seen-text',
  json: 'settings-seen-json',
  cloudevents: 'settings-seen-cloudevents',
  ntfy: 'settings-seen-ntfy',
  'home-assistant': 'settings-seen-home-assistant',
  wikimedia: 'settings-seen-wikimedia',
  'not-understood': 'settings-seen-not-understood',
};

/** A part of a to-do that a JSON Pointer leads to. */
export type Part = Exclude<keyof JsonMap, 'events' | 'skip'>;

/** The parts in the order in which one maps them. */
export const PARTS: Record<Part, string> = {
  title: 'settings-map-title',
  body: 'settings-map-body',
  url: 'settings-map-url',
  id: 'settings-map-id',
  priority: 'settings-map-priority',
  due: 'settings-map-due',
  status: 'settings-map-status',
  read: 'settings-map-read',
  sender: 'settings-map-sender',
  tags: 'settings-map-tags',
  created: 'settings-map-created',
  count: 'settings-map-count',
};

/** The formats to choose from. */
export function kinds(): { value: Kind; label: string }[] {
  return Object.entries(KINDS).map(([kind, words]) => ({ value: kind as Kind, label: say(words) }));
}

export function kindOf(format: Format): Kind {
  return typeof format === 'string' ? format : 'json';
}

/** The format of that name; a mapping begins with a title at `/title`. */
export function formatOf(kind: Kind): Format {
  return kind === 'json' ? { json: { ...NOWHERE, title: '/title' } } : kind;
}

/** Whether a text is a JSON Pointer (RFC 6901, section 3). */
export function isPointer(text: string): boolean {
  return /^(\/([^~/]|~[01])*)*$/.test(text);
}

const NOWHERE: JsonMap = {
  title: null,
  body: null,
  url: null,
  id: null,
  priority: null,
  due: null,
  status: null,
  read: null,
  tags: null,
  sender: null,
  created: null,
  count: null,
  events: [],
  skip: [],
};
