import { say } from '../words/words.svelte';
import type { Backend, Connection } from './backend';
import { Memory } from './memory';
import type { Action } from './types/Action';
import type { News } from './types/News';
import type { StreamState } from './types/StreamState';
import type { TodoKey } from './types/TodoKey';

/** The unnamed event with which a server says that it is full. */
const FULL = 'Too many connections';
/** News of a burst of events is told together, after so many milliseconds. */
const BURST = 40;
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
      if (this.#signInNeeded) return this.#token === null ? 'sign-in' : 'wrong-token';
      return this.#stream ? 'on' : 'off';
    },
  };

  readonly #memory = new Memory(location.host);
  readonly #ears = new Set<(news: News) => void>();
  #stream: EventSource | null = null;
  #token: string | null = null;
  #signInNeeded = false;
  /** The server's own count, for servers that send nothing else. */
  #counted: number | null = null;
  #state: StreamState = { state: 'connecting', step: 'connection' };
  #words = 'state-connecting';
  #doneAsked = false;
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
        return this.#patch(this.#memory.unread(), { read: true });
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
    this.#token = token ?? this.#token;
    this.#signInNeeded = false;
    this.#stream?.close();
    const address = new URL('api/v1/events', document.baseURI);
    if (this.#token !== null) address.searchParams.set('access_token', this.#token);
    const stream = new EventSource(address);
    this.#stream = stream;
    this.#be({ state: 'connecting', step: 'connection' }, 'state-connecting');
    stream.onopen = () =>
      this.#be({ state: 'open', since: new Date().toISOString() }, 'state-open');
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) void this.#refused();
      else this.#be({ state: 'connecting', step: 'connection' }, 'web-reconnecting');
    };
    stream.onmessage = ({ data }) => {
      if (data !== FULL) return;
      this.#disconnect();
      this.#be({ state: 'full', until: null }, 'state-full-never');
    };
    stream.addEventListener('todo', ({ data }) => {
      this.#memory.put(parsed(data));
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
  async #refused(): Promise<void> {
    this.#stream = null;
    const answer = await this.#ask('api/v1/todos?limit=1').catch(() => null);
    this.#signInNeeded = answer?.status === 401;
    const code = this.#signInNeeded ? 'sign-in' : 'closed';
    this.#be({ state: 'stopped', cause: { code, detail: null } }, `cause-${code}`);
  }

  async #askForDone(): Promise<void> {
    let after: unknown = 0;
    while (typeof after === 'number') {
      const answer = await this.#ask(`api/v1/todos?status=done&limit=1000&after=${after}`);
      if (!answer.ok) throw new Error(await problem(answer));
      const page: unknown = await answer.json();
      if (typeof page !== 'object' || page === null || !('todos' in page)) break;
      if (Array.isArray(page.todos)) for (const todo of page.todos) this.#memory.put(todo);
      after = 'next' in page ? page.next : null;
    }
    this.#doneAsked = true;
  }

  async #patch(
    keys: readonly TodoKey[],
    as: { read?: boolean; status?: 'open' | 'done' },
  ): Promise<void> {
    for (const key of keys) {
      const todo = this.#memory.get(key);
      if (!todo) continue;
      const answer = await this.#ask(`api/v1/todos/${encodeURIComponent(todo.id)}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(as),
      });
      if (!answer.ok) throw new Error(await problem(answer));
      this.#memory.edit(key, as);
    }
    this.#tell(true);
  }

  async #ask(path: string, how: RequestInit = {}): Promise<Response> {
    const headers = new Headers(how.headers);
    if (this.#token !== null) headers.set('authorization', `Bearer ${this.#token}`);
    try {
      return await fetch(new URL(path, document.baseURI), { ...how, headers });
    } catch {
      throw new Error(say('web-unreachable'));
    }
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
          words: say(this.#words),
          missing_since: null,
        },
      ],
      pause: null,
      notices: [],
    };
  }
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

async function problem(answer: Response): Promise<string> {
  const said: unknown = await answer.json().catch(() => null);
  const detail = typeof said === 'object' && said !== null && 'detail' in said ? said.detail : null;
  if (typeof detail === 'string' && detail !== '') return detail;
  return say('web-refused', { status: answer.status });
}
