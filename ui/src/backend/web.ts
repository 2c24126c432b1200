import { t } from '../i18n/locale.svelte';
import { Api, parsed, refusal } from './api';
import type { Backend, Connection } from './backend';
import { Memory } from './todo-store';
import type { Action } from './types/Action';
import type { News } from './types/News';
import type { StreamState } from './types/StreamState';
import type { TodoKey } from './types/TodoKey';

/** The unnamed event with which a server says that it is full. */
const FULL = 'Too many connections';
/** News of a burst of events is told together, after so many milliseconds. */
const BURST = 40;
/** Where a server takes "mark all as read" in one request. */
const READ_ALL = 'api/v1/read';
/** How often the passing of time is looked at, in milliseconds. */
const LOOK = 15_000;

/** The server that served the page, through its API and the browser's own EventSource. */
export function webBackend(): Backend {
  return new Web();
}

class Web implements Backend {
  readonly app = null;
  readonly connection: Connection = {
    connect: (token) => this.#connect(token),
    disconnect: () => this.#disconnect(),
    state: () => {
      if (this.#signInNeeded) return this.#api.token === null ? 'sign-in' : 'wrong-token';
      return this.#stream ? 'on' : 'off';
    },
  };

  readonly #api = new Api();
  readonly #memory = new Memory(location.host);
  readonly #ears = new Set<(news: News) => void>();
  #stream: EventSource | null = null;
  #signInNeeded = false;
  /** The server's own count, for servers that send nothing else. */
  #counted: number | null = null;
  #state: StreamState = { state: 'connecting', step: 'connection' };
  #words = 'state-connecting';
  #doneAsked = false;
  /** The newest event that came: a number, where the server gives its events numbers. */
  #newest: number | null = null;
  #changed = false;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    let phase = '';
    setInterval(() => {
      const now = this.#memory.phase(Date.now());
      if (now !== phase) this.#tell(true);
      phase = now;
    }, LOOK);
    this.#connect(null);
  }

  async list(query: Parameters<Backend['list']>[0]) {
    if (query.done && !this.#doneAsked) await this.#askForDone();
    return this.#memory.list(query, Date.now());
  }

  async news(): Promise<News> {
    return this.#news(false);
  }

  async onNews(hear: (news: News) => void) {
    this.#ears.add(hear);
    return () => void this.#ears.delete(hear);
  }

  async act(action: Action): Promise<void> {
    switch (action.do) {
      case 'read':
        return this.#patch(action.todos, { read: action.read });
      case 'read-all':
        return this.#readAll();
      case 'done':
        return this.#patch(action.todos, { status: action.done ? 'done' : 'open' });
      case 'snooze':
        for (const key of action.todos) this.#memory.edit(key, { snoozed_until: action.until });
        return this.#tell(true);
      case 'pin':
        for (const key of action.todos) this.#memory.edit(key, { pinned: action.pinned });
        return this.#tell(true);
      case 'acknowledge':
        return;
      case 'try-again':
      case 'resume':
        return this.#connect(null);
      case 'pause':
        return this.#disconnect();
    }
  }

  async openTodo(key: TodoKey): Promise<void> {
    const url = this.#memory.get(key)?.url;
    // First of all: later, a browser would take it for a pop-up.
    if (url) window.open(url, '_blank', 'noopener,noreferrer');
    await this.#patch([key], { read: true });
  }

  #connect(token: string | null): void {
    this.#api.token = token ?? this.#api.token;
    this.#signInNeeded = false;
    this.#stream?.close();
    const address = new URL('api/v1/events', document.baseURI);
    if (this.#api.token !== null) address.searchParams.set('access_token', this.#api.token);
    const stream = new EventSource(address);
    this.#stream = stream;
    this.#be({ state: 'connecting', step: 'connection' }, 'state-connecting');
    stream.onopen = () =>
      this.#be({ state: 'open', since: new Date().toISOString() }, 'state-open');
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) void this.#refused(stream);
      else this.#be({ state: 'connecting', step: 'connection' }, 'web-reconnecting');
    };
    stream.onmessage = ({ data }) => {
      if (data !== FULL) return;
      this.#disconnect();
      this.#be({ state: 'full', until: null }, 'state-full-never');
    };
    stream.addEventListener('todo', ({ data, lastEventId }) => {
      this.#memory.put(parsed(data));
      if (/^\d{1,15}$/.test(lastEventId))
        this.#newest = Math.max(this.#newest ?? 0, Number(lastEventId));
      this.#counted = null;
      this.#tell(true);
    });
    stream.addEventListener('unread', ({ data }) => {
      const said = parsed(data);
      const count =
        typeof said === 'object' && said !== null && 'count' in said ? said.count : said;
      if (typeof count === 'number' && count >= 0) this.#counted = Math.floor(count);
      this.#tell(false);
    });
  }

  #disconnect(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#be({ state: 'paused' }, 'web-disconnected');
  }

  /** A browser tells no status: the API does. */
  async #refused(stream: EventSource): Promise<void> {
    const answer = await this.#api.ask('api/v1/todos?limit=1').catch(() => null);
    // Somebody has connected anew meanwhile, or wants no stream any more.
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#signInNeeded = answer?.status === 401;
    const code = this.#signInNeeded ? 'sign-in' : 'closed';
    this.#be({ state: 'stopped', cause: { code, detail: null } }, `cause-${code}`);
  }

  async #askForDone(): Promise<void> {
    let after: unknown = 0;
    while (typeof after === 'number') {
      const path = `api/v1/todos?status=done&limit=1000&after=${after}`;
      const page = (await this.#api.must(path)).said;
      if (typeof page !== 'object' || page === null || !('todos' in page))
        throw new Error(t('web-not-understood'));
      if (Array.isArray(page.todos)) for (const todo of page.todos) this.#memory.put(todo);
      after = 'next' in page ? page.next : null;
    }
    this.#doneAsked = true;
  }

  async #patch(
    keys: readonly TodoKey[],
    as: { read?: boolean; status?: 'open' | 'done' },
  ): Promise<void> {
    try {
      for (const key of keys) {
        const todo = this.#memory.get(key);
        if (!todo) continue;
        const path = `api/v1/todos/${encodeURIComponent(todo.id)}`;
        await this.#api.must(path, { method: 'PATCH', body: as });
        this.#memory.edit(key, as);
      }
    } finally {
      this.#tell(true);
    }
  }

  /** In one request; what comes or changes meanwhile stays unread, here as there. */
  async #readAll(): Promise<void> {
    const unread = this.#memory.unread().map((key) => ({ key, todo: this.#memory.get(key) }));
    if (unread.length === 0) return;
    if (this.#newest !== null) {
      const body = { up_to: this.#newest };
      const answer = await this.#api.ask(READ_ALL, { method: 'POST', body });
      if (answer.ok && hasCount(answer.said)) {
        for (const { key, todo } of unread)
          if (this.#memory.get(key) === todo) this.#memory.edit(key, { read: true });
        return this.#tell(true);
      }
      // Another server than Belldot's knows nothing of it, and may answer with a page of its own.
      if (!answer.ok && answer.status !== 404 && answer.status !== 405)
        throw new Error(refusal(answer));
    }
    await this.#patch(
      unread.map(({ key }) => key),
      { read: true },
    );
  }

  #be(state: StreamState, words: string): void {
    this.#state = state;
    this.#words = words;
    this.#tell(false);
  }

  #tell(todosChanged: boolean): void {
    this.#changed ||= todosChanged;
    this.#telling ??= setTimeout(() => {
      const news = this.#news(this.#changed);
      this.#telling = undefined;
      this.#changed = false;
      for (const hear of this.#ears) hear(news);
    }, BURST);
  }

  #news(todos_changed: boolean): News {
    return {
      unread: this.#counted ?? this.#memory.unread().length,
      todos_changed,
      settings_changed: false,
      sources: [
        {
          id: 'server',
          name: location.host,
          state: this.#state,
          words: t(this.#words),
          missing_since: null,
        },
      ],
      pause: null,
      notices: [],
    };
  }
}

function hasCount(said: unknown): boolean {
  return (
    typeof said === 'object' &&
    said !== null &&
    'changed' in said &&
    typeof said.changed === 'number'
  );
}
