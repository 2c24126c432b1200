import type { Source } from '../../src/backend/types/Source';
import type { SourceView } from '../../src/backend/types/SourceView';
import type { StreamReport } from '../../src/backend/types/StreamReport';
import type { TodoView } from '../../src/backend/types/TodoView';

let lastKey = 0;

/** A to-do; what is not said is dull. */
export function todo(as: Partial<TodoView> = {}): TodoView {
  const key = as.key ?? ++lastKey;
  return {
    key,
    source: 'work',
    source_name: 'Work',
    title: `To-do ${key}`,
    body: null,
    url: null,
    priority: 3,
    due: null,
    group: 'no-date',
    status: 'open',
    read: false,
    tags: [],
    sender: null,
    created: new Date(Date.now() - 120_000).toISOString(),
    snoozed_until: null,
    pinned: false,
    ...as,
  };
}

/** A source as the page sees it; connected unless said otherwise. */
export function source(as: Partial<SourceView> = {}): SourceView {
  return {
    id: 'work',
    name: 'Work',
    state: { state: 'open', since: new Date().toISOString() },
    words: 'connected',
    missing_since: null,
    ...as,
  };
}

/** A source as the settings keep it. */
export function configured(as: Partial<Source> = {}): Source {
  return {
    id: 'work',
    name: 'Work',
    url: 'https://todo.example.com/api/v1/events',
    format: 'auto',
    page: null,
    full_text: null,
    cool_down: { minutes: 10 },
    paused: false,
    allow_plain_http: false,
    ...as,
  };
}

/** What a stream has been doing; it is well unless said otherwise. */
export function report(as: Partial<StreamReport> = {}): StreamReport {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  return {
    history: [{ at: since, state: { state: 'open', since }, words: 'connected' }],
    attempts: 1,
    opened: 1,
    events: 42,
    events_last_minute: 3,
    skipped: 0,
    heartbeats: 240,
    heartbeat_gap: 15,
    bytes: 20_480,
    last_heard: new Date(Date.now() - 4_000).toISOString(),
    last_id: '4711',
    samples: [],
    text: 'Stream report: Work',
    ...as,
  };
}
