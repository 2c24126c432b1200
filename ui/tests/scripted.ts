import type { App, Backend, Connection } from '../src/backend/backend';
import type { Action } from '../src/backend/types/Action';
import type { Draft } from '../src/backend/types/Draft';
import type { Export } from '../src/backend/types/Export';
import type { Format } from '../src/backend/types/Format';
import type { Group } from '../src/backend/types/Group';
import type { Lesson } from '../src/backend/types/Lesson';
import type { Listing } from '../src/backend/types/Listing';
import type { Locked } from '../src/backend/types/Locked';
import type { News } from '../src/backend/types/News';
import type { Node } from '../src/backend/types/Node';
import type { Preview } from '../src/backend/types/Preview';
import type { ProbeReport } from '../src/backend/types/ProbeReport';
import type { ProbeStep } from '../src/backend/types/ProbeStep';
import type { Query } from '../src/backend/types/Query';
import type { Sample } from '../src/backend/types/Sample';
import type { Settings } from '../src/backend/types/Settings';
import type { SettingsView } from '../src/backend/types/SettingsView';
import type { SignIn } from '../src/backend/types/SignIn';
import type { Source } from '../src/backend/types/Source';
import type { SourceView } from '../src/backend/types/SourceView';
import type { StreamReport } from '../src/backend/types/StreamReport';
import type { TodoView } from '../src/backend/types/TodoView';

const GROUPS: readonly Group[] = ['pinned', 'overdue', 'today', 'later', 'no-date'];

/** A backend whose world a test writes: it keeps to-dos in memory and remembers what was asked. */
export class Scripted implements Backend {
  todos: TodoView[] = [];
  sources: SourceView[] = [source()];
  pause: News['pause'] = null;
  /** Everything the page did, in order. */
  readonly acted: Action[] = [];
  readonly opened: number[] = [];
  readonly asked: Query[] = [];
  /** The sentence with which the next act is refused. */
  refuse: string | null = null;
  /** Whether a listing is said to be cut. */
  more = false;
  /** The sentence with which every listing is refused. */
  down: string | null = null;
  connection: Connection | null = null;
  app: ScriptedApp | null = new ScriptedApp(this);

  /** The last answer, as an inbox would keep it in an index. */
  #listed: {
    from: TodoView[];
    asked: string;
    todos: TodoView[];
    groups: Listing['groups'];
  } | null = null;
  readonly #ears = new Set<(news: News) => void>();

  async list(query: Query): Promise<Listing> {
    this.asked.push(query);
    if (this.down !== null) throw new Error(this.down);
    const { todos, groups } = this.answer(query);
    return {
      todos: todos.slice(query.offset, query.offset + query.limit),
      total: todos.length,
      groups,
      more: this.more,
    };
  }

  /** Everything that a query is about, in order. */
  answer(query: Query): { todos: TodoView[]; groups: Listing['groups'] } {
    const { offset: _, limit: __, ...filter } = query;
    const asked = JSON.stringify(filter);
    if (this.#listed?.from !== this.todos || this.#listed.asked !== asked) {
      const bySource = query.by === 'source';
      const order: readonly string[] = bySource ? this.sources.map(({ id }) => id) : GROUPS;
      const shelf = (todo: TodoView) => order.indexOf(bySource ? todo.source : todo.group);
      const todos = this.todos
        .filter((todo) => fits(todo, query))
        .sort((a, b) => shelf(a) - shelf(b));
      const groups = order
        .map((name, k) => ({
          ...(bySource
            ? { group: 'source' as const, source: name }
            : { group: GROUPS[k] ?? 'no-date' }),
          count: todos.filter((todo) => shelf(todo) === k).length,
        }))
        .filter(({ count }) => count > 0 && !query.done && !query.snoozed);
      this.#listed = { from: this.todos, asked, todos, groups };
    }
    return this.#listed;
  }

  async news(): Promise<News> {
    return this.#news({});
  }

  async onNews(hear: (news: News) => void) {
    this.#ears.add(hear);
    return () => void this.#ears.delete(hear);
  }

  async act(action: Action): Promise<void> {
    if (this.refuse !== null) {
      const sentence = this.refuse;
      this.refuse = null;
      throw sentence;
    }
    this.acted.push(action);
    if (action.do === 'read') this.#edit(action.todos, { read: action.read });
    if (action.do === 'done') this.#edit(action.todos, { status: action.done ? 'done' : 'open' });
    if (action.do === 'snooze') this.#edit(action.todos, { snoozed_until: action.until });
    if (action.do === 'read-all')
      this.#edit(
        this.todos.map((todo) => todo.key),
        { read: true },
      );
    if (action.do === 'pin') this.#pin(action.todos, action.pinned);
    if (action.do === 'resume') this.pause = null;
    this.tell();
  }

  async openTodo(key: number): Promise<void> {
    this.opened.push(key);
    this.#edit([key], { read: true });
    this.tell();
  }

  /** Lets to-dos arrive. */
  arrive(...todos: TodoView[]): void {
    this.todos = [...todos, ...this.todos];
    this.tell();
  }

  /** Publishes what is; `more` overrides. */
  tell(more: Partial<News> = {}): void {
    const news = this.#news({ todos_changed: true, ...more });
    for (const hear of this.#ears) hear(news);
  }

  #pin(keys: readonly number[], pinned: boolean): void {
    this.#edit(keys, { pinned, group: pinned ? 'pinned' : 'no-date' });
  }

  #edit(keys: readonly number[], as: Partial<TodoView>): void {
    this.todos = this.todos.map((todo) => (keys.includes(todo.key) ? { ...todo, ...as } : todo));
  }

  #news(more: Partial<News>): News {
    return {
      unread: this.todos.filter((todo) => !todo.read && todo.status === 'open').length,
      todos_changed: false,
      settings_changed: false,
      sources: this.sources,
      pause: this.pause,
      notices: [],
      ...more,
    };
  }
}

/** The desktop app of a scripted world. */
export class ScriptedApp implements App {
  kept: Settings = {
    general: { language: 'system', theme: 'system', autostart: false },
    notifications: {
      enabled: true,
      private: false,
      quiet: { enabled: false, from: '20:00:00', to: '08:00:00', days: [], except: 5 },
      sounds: { low: 'desktop', normal: 'desktop', high: 'desktop' },
    },
    network: { proxy: 'system', extra_ca: [], client_certificate: null },
    sources: [],
  };
  language = 'en';
  locked: Locked = { paths: [], reason: null };
  readonly tokens = new Map<string, string>();
  proxyPassword: string | null = null;
  /** What each stream has been doing, by source. */
  readonly streams = new Map<string, StreamReport>();
  /** What the last preview was asked for. */
  previewed: { format: Format; samples: Sample[] } | null = null;
  /** What was said of events, in order. */
  readonly said: { which: number; lesson: Lesson }[] = [];
  /** The formats that are learned from it, one after the other. */
  learned: Format[] = [];
  /** Whether the settings open for what Belldot is. */
  about = false;
  showAbout: () => void = () => {};
  /** What was called besides saving, in order. */
  readonly called: string[] = [];
  report: ProbeReport = {
    found: 'belldot',
    sentence: 'A Belldot server. It replays what you missed and takes back what you finish.',
    steps: [
      step('name', 'Name and address', true, 'todo.example.com → 10.20.0.7', 4),
      step('stream', 'Stream', true, 'open', 21),
      step('replay', 'Replay', null, 'there was nothing to send again', null),
      step('event', 'First event', true, '“Approve travel expenses”', 1210),
    ],
    first: ['Approve travel expenses', 'Read the new travel policy'],
    samples: [],
  };
  /** Whether tokens outlive the program. */
  keyring = true;
  first: number | null = null;
  refuse: string | null = null;
  showTodo: (key: number) => void = () => {};

  constructor(readonly world: Pick<Scripted, 'tell' | 'answer'>) {}

  async settings(): Promise<SettingsView> {
    return {
      settings: structuredClone(this.kept),
      signed_in: [...this.tokens.keys()],
      language: this.language,
      version: '0.1.0',
      settings_path: '/home/chen/.config/belldot/settings.toml',
      inbox_path: '/home/chen/.local/share/belldot/inbox.db',
      log_path: '/home/chen/.local/state/belldot/logs',
      proxy_signed_in: this.proxyPassword !== null,
      locked: structuredClone(this.locked),
    };
  }

  async saveSettings(settings: Settings): Promise<void> {
    if (this.refuse !== null) throw this.refuse;
    this.kept = structuredClone(settings);
    if (settings.general.language !== 'system') this.language = settings.general.language;
    this.world.tell({ settings_changed: true, todos_changed: false });
  }

  async setToken(id: string, token: string | null): Promise<boolean> {
    if (token === null) this.tokens.delete(id);
    else this.tokens.set(id, token);
    this.world.tell({ settings_changed: true, todos_changed: false });
    return this.keyring;
  }

  /** Knows addresses, and names with a dot. */
  async address(text: string): Promise<string> {
    if (/^https?:/.test(text)) return text;
    if (/^\w+(\.\w+)+/.test(text)) return `https://${text}`;
    throw 'That is not an address of a server. An address looks like https://…';
  }

  async probe(
    url: string,
    signIn: SignIn,
    secret: string | null,
    source: string | null,
  ): Promise<ProbeReport> {
    const way = signIn === 'token' ? null : JSON.stringify(signIn);
    this.called.push(
      ['probe', url, way, secret, source && `(${source})`].filter(Boolean).join(' '),
    );
    return this.report;
  }

  async position(query: Query, key: number): Promise<number | null> {
    const at = this.world.answer(query).todos.findIndex((todo) => todo.key === key);
    return at < 0 ? null : at;
  }

  /** Knows JSON with a title, a number and plain text. */
  async preview(format: Format, samples: Sample[]): Promise<Preview> {
    this.previewed = { format, samples };
    const rows = samples.map(({ kind, data }) => {
      const json = parsed(data);
      const row = {
        kind,
        tree: tree(json === undefined ? data : json),
        left_out: false,
        seen: 'text' as Preview['decided'],
        todos: [] as Draft[],
      };
      const mapped = typeof format === 'object';
      const pointer = mapped ? format.json.title : '/title';
      const title = at(json, pointer ?? '');
      if (format === 'text' || json === undefined)
        return { ...row, todos: [{ title: data, priority: 3 }] };
      if (at(json, '/ping') !== undefined) return { ...row, seen: 'nothing' as const };
      if (typeof json === 'number') return { ...row, seen: 'count' as const };
      if (typeof title !== 'string') return { ...row, seen: 'not-understood' as const };
      const draft = { priority: 3, ...(json as object), title };
      return { ...row, seen: 'todo' as const, todos: [draft] };
    });
    const told = rows.find(({ seen }) => seen !== ('nothing' as string));
    return { decided: told?.seen ?? 'nothing', rows, unread: null };
  }

  /** Learns what a test says that it learns. */
  async teach(format: Format, _: Sample[], which: number, lesson: Lesson): Promise<Format> {
    this.said.push({ which, lesson });
    return this.learned.shift() ?? format;
  }

  async streamReport(source: string): Promise<StreamReport | null> {
    return this.streams.get(source) ?? null;
  }

  async diagnosis(): Promise<string> {
    this.called.push('diagnosis');
    return 'Belldot 0.1.0\nWork: connected';
  }

  async exportInbox(kind: Export): Promise<string> {
    this.called.push(`export inbox ${kind}`);
    if (this.refuse !== null) throw this.refuse;
    return `Written to /home/chen/Downloads/belldot-inbox.${kind === 'json' ? 'json' : 'ics'}.`;
  }

  async exportSettings(): Promise<string> {
    this.called.push('export settings');
    if (this.refuse !== null) throw this.refuse;
    return 'Written to /home/chen/Downloads/belldot-settings.toml.';
  }

  async importSettings(text: string): Promise<void> {
    this.called.push(`import settings ${text}`);
    if (this.refuse !== null) throw this.refuse;
    this.world.tell({ settings_changed: true, todos_changed: false });
  }

  async openFolder(which: 'settings' | 'inbox' | 'logs'): Promise<void> {
    this.called.push(`open folder ${which}`);
    if (this.refuse !== null) throw this.refuse;
  }

  async setProxyPassword(password: string | null): Promise<boolean> {
    this.proxyPassword = password;
    this.world.tell({ settings_changed: true, todos_changed: false });
    return this.keyring;
  }

  async initialAbout(): Promise<boolean> {
    return this.about;
  }

  async onShowAbout(show: () => void) {
    this.showAbout = show;
    return () => {};
  }

  openSettings = this.#call('open settings');
  openTodos = this.#call('open todos');
  closeWindow = this.#call('close window');
  startDemo = this.#call('start demo');
  testToast = this.#call('test toast');

  async initialTodo() {
    return this.first;
  }

  async onShowTodo(show: (key: number) => void) {
    this.showTodo = show;
    return () => {};
  }

  #call(name: string) {
    return async () => {
      this.called.push(name);
      if (this.refuse !== null) throw this.refuse;
    };
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** A tree as the app draws it, of values without anything said of them. */
export function tree(value: unknown, at = '', name = ''): Node {
  const kinds = { string: 'text', number: 'number', boolean: 'truth' } as const;
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, inner]) =>
          tree(inner, `${at}/${key}`, Array.isArray(value) ? String(Number(key) + 1) : key),
        )
      : [];
  const kind = Array.isArray(value)
    ? 'list'
    : value === null
      ? 'null'
      : (kinds[typeof value as keyof typeof kinds] ?? 'object');
  return {
    at,
    name,
    kind,
    text: typeof value === 'object' ? '' : String(value),
    inside,
    more: 0,
    several: kind === 'list' && inside.length > 0,
    each: false,
    parts: [],
  };
}

/** What a JSON Pointer leads to; without its escapes. */
function at(json: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((it, name) => (it as Record<string, unknown> | null)?.[name], json);
}

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
function step(
  code: string,
  name: string,
  ok: boolean | null,
  detail: string,
  millis: number | null,
): ProbeStep {
  return { code, name, ok, detail, millis };
}

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

function fits(todo: TodoView, query: Query): boolean {
  const words = query.search.trim().toLowerCase();
  return (
    (todo.status === 'open') === !query.done &&
    (todo.snoozed_until !== null) === Boolean(query.snoozed) &&
    (!query.unread || !todo.read) &&
    todo.priority >= (query.priority ?? 1) &&
    (query.source === null || todo.source === query.source) &&
    (query.tag === null || todo.tags.includes(query.tag)) &&
    `${todo.title} ${todo.body ?? ''} ${todo.sender ?? ''}`.toLowerCase().includes(words)
  );
}
