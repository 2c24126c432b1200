import type { MessageId } from '../i18n/message-ids';
import type { Format } from '../backend/types/Format';
import type { JsonMap } from '../backend/types/JsonMap';
import type { Part } from '../backend/types/Part';
import type { Seen } from '../backend/types/Seen';
import { t } from '../i18n/locale.svelte';

/** A format by its name, the mapping of `json` aside; `taught` is one that was shown by example. */
export type FormatKind = Extract<Format, string> | 'json' | 'taught';

/** The labels of the formats. */
const KIND_LABELS: Record<FormatKind, MessageId> = {
  auto: 'settings-format-auto',
  todo: 'settings-format-todo',
  text: 'settings-format-text',
  taught: 'settings-format-taught',
  json: 'settings-format-json',
  cloudevents: 'settings-format-cloudevents',
  ntfy: 'settings-format-ntfy',
  mercure: 'settings-format-mercure',
  'home-assistant': 'settings-format-home-assistant',
  wikimedia: 'settings-format-wikimedia',
};

/** The labels of what messages were recognised as; `nothing` has none. */
export const SEEN_LABELS: Record<Exclude<Seen, 'nothing'>, MessageId> = {
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

/** The parts in the order in which one maps them. */
export const PART_LABELS: Record<Part, MessageId> = {
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

/** The formats to choose from; one that was shown by example only where there is one. */
export function formatOptions(now: Format): { value: FormatKind; label: string }[] {
  return Object.entries(KIND_LABELS)
    .map(([kind, messageId]) => ({ value: kind as FormatKind, label: t(messageId) }))
    .filter(({ value }) => value !== 'taught' || kindOf(now) === 'taught');
}

export function kindOf(format: Format): FormatKind {
  if (typeof format === 'string') return format;
  return format.json.guess ? 'taught' : 'json';
}

/**
 * The format of that name. A mapping by hand goes on from what is mapped now, or begins with a
 * title at `/title`.
 */
export function formatOf(kind: FormatKind, now: Format): Format {
  const known = typeof now === 'object' ? now.json : null;
  if (kind === 'taught') return now;
  if (kind !== 'json') return kind;
  return { json: known ? { ...known, guess: false } : { ...EMPTY_MAP, title: '/title' } };
}

/** Whether a text is a JSON Pointer (RFC 6901, section 3). */
export function isPointer(text: string): boolean {
  return /^(\/([^~/]|~[01])*)*$/.test(text);
}

/** Whether it leads to a part: a `#` before it starts at the whole event. */
export function isPartPointer(text: string): boolean {
  return isPointer(text.replace(/^#/, ''));
}

const EMPTY_MAP: JsonMap = {
  title: null,
  body: null,
  url: null,
  id: null,
  priority: null,
  due: null,
  status: null,
  read: null,
  sender: null,
  tags: null,
  created: null,
  count: null,
  events: [],
  skip: [],
};
