import { t } from '../i18n/locale.svelte';
import { Api, parseJson, refusalMessage } from './api';
import type { Backend, Connection } from './backend';
import { TodoStore } from './todo-store';
import type { Action } from './types/Action';
import type { News } from './types/News';
import type { StreamState } from './types/StreamState';
import type { TodoKey } from './types/TodoKey';

/** The data of the unnamed event by which a server refuses further connections. */
const FULL_TEXT = 'Too many connections';
/** Changes within this time are announced together, in milliseconds. */
const NOTIFY_DELAY_MS = 40;
/** Where a server takes "mark all as read" in one request. */
const READ_ALL_PATH = 'api/v1/read';
/** How often due dates are compared with the clock, in milliseconds. */
const CLOCK_INTERVAL_MS = 15_000;

/** The server that served the page, through its API and the browser's own EventSource. */
export function webBackend(): Backend {
  return new WebBackend();
}

class WebBackend implements Backend {
  readonly desktop = null;
  readonly connection: Connection = {
    connect: (token) => this.#connect(token),
    disconnect: () => this.#disconnect(),
    state: () => {
      if (this.#signInNeeded) return this.#api.token === null ? 'sign-in' : 'wrong-token';
      return this.#stream ? 'on' : 'off';
    },
  };

  readonly #api = new Api();
  readonly #store = new TodoStore(location.host);
  readonly #listeners = new Set<(news: News) => void>();
  #stream: EventSource | null = null;
  #signInNeeded = false;
  /** The server's own count, for servers that send nothing else. */
  #serverUnread: number | null = null;
  #state: StreamState = { state: 'connecting', step: 'connection' };
  #stateMessage = 'state-connecting';
  #doneLoaded = false;
  /** The newest event that came: a number, where the server gives its events numbers. */
  #latestEventId: number | null = null;
  #todosChanged = false;
  #notifyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    let phase = '';
    setInterval(() => {
      const now = this.#store.phase(Date.now());
      if (now !== phase) this.#notify(true);
      phase = now;
    }, CLOCK_INTERVAL_MS);
    this.#connect(null);
  }

  async list(query: Parameters<Backend['list']>[0]) {
    if (query.done && !this.#doneLoaded) await this.#loadDone();
    return this.#store.list(query, Date.now());
  }

  async news(): Promise<News> {
    return this.#news(false);
  }

  async onNews(listener: (news: News) => void) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
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
        for (const key of action.todos) this.#store.edit(key, { snoozed_until: action.until });
        return this.#notify(true);
      case 'pin':
        for (const key of action.todos) this.#store.edit(key, { pinned: action.pinned });
        return this.#notify(true);
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
    const url = this.#store.get(key)?.url;
    // Before anything asynchronous: a browser would block it as a pop-up otherwise.
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
    this.#setState({ state: 'connecting', step: 'connection' }, 'state-connecting');
    stream.onopen = () =>
      this.#setState({ state: 'open', since: new Date().toISOString() }, 'state-open');
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) void this.#handleClosed(stream);
      else this.#setState({ state: 'connecting', step: 'connection' }, 'web-reconnecting');
    };
    stream.onmessage = ({ data }) => {
      if (data !== FULL_TEXT) return;
      this.#disconnect();
      this.#setState({ state: 'full', until: null }, 'state-full-never');
    };
    stream.addEventListener('todo', ({ data, lastEventId }) => {
      this.#store.put(parseJson(data));
      if (/^\d{1,15}$/.test(lastEventId))
        this.#latestEventId = Math.max(this.#latestEventId ?? 0, Number(lastEventId));
      this.#serverUnread = null;
      this.#notify(true);
    });
    stream.addEventListener('unread', ({ data }) => {
      const value = parseJson(data);
      const count =
        typeof value === 'object' && value !== null && 'count' in value ? value.count : value;
      if (typeof count === 'number' && count >= 0) this.#serverUnread = Math.floor(count);
      this.#notify(false);
    });
  }

  #disconnect(): void {
    this.#stream?.close();
    this.#stream = null;
    this.#setState({ state: 'paused' }, 'web-disconnected');
  }

  /** An EventSource does not say why it was refused: a request to the API does. */
  async #handleClosed(stream: EventSource): Promise<void> {
    const response = await this.#api.send('api/v1/todos?limit=1').catch(() => null);
    // The user has reconnected or disconnected meanwhile.
    if (this.#stream !== stream) return;
    this.#stream = null;
    this.#signInNeeded = response?.status === 401;
    const code = this.#signInNeeded ? 'sign-in' : 'closed';
    this.#setState({ state: 'stopped', cause: { code, detail: null } }, `cause-${code}`);
  }

  async #loadDone(): Promise<void> {
    let after: unknown = 0;
    while (typeof after === 'number') {
      const path = `api/v1/todos?status=done&limit=1000&after=${after}`;
      const page = (await this.#api.sendChecked(path)).body;
      if (typeof page !== 'object' || page === null || !('todos' in page))
        throw new Error(t('web-not-understood'));
      if (Array.isArray(page.todos)) for (const todo of page.todos) this.#store.put(todo);
      after = 'next' in page ? page.next : null;
    }
    this.#doneLoaded = true;
  }

  async #patch(
    keys: readonly TodoKey[],
    as: { read?: boolean; status?: 'open' | 'done' },
  ): Promise<void> {
    try {
      for (const key of keys) {
        const todo = this.#store.get(key);
        if (!todo) continue;
        const path = `api/v1/todos/${encodeURIComponent(todo.id)}`;
        await this.#api.sendChecked(path, { method: 'PATCH', body: as });
        this.#store.edit(key, as);
      }
    } finally {
      this.#notify(true);
    }
  }

  /** In one request; what arrives or changes meanwhile stays unread on both sides. */
  async #readAll(): Promise<void> {
    const unread = this.#store.unread().map((key) => ({ key, todo: this.#store.get(key) }));
    if (unread.length === 0) return;
    if (this.#latestEventId !== null) {
      const body = { up_to: this.#latestEventId };
      const response = await this.#api.send(READ_ALL_PATH, { method: 'POST', body });
      if (response.ok && hasCount(response.body)) {
        for (const { key, todo } of unread)
          if (this.#store.get(key) === todo) this.#store.edit(key, { read: true });
        return this.#notify(true);
      }
      // Other servers do not have this request, and may answer with an HTML page.
      if (!response.ok && response.status !== 404 && response.status !== 405)
        throw new Error(refusalMessage(response));
    }
    await this.#patch(
      unread.map(({ key }) => key),
      { read: true },
    );
  }

  #setState(state: StreamState, words: string): void {
    this.#state = state;
    this.#stateMessage = words;
    this.#notify(false);
  }

  #notify(todosChanged: boolean): void {
    this.#todosChanged ||= todosChanged;
    this.#notifyTimer ??= setTimeout(() => {
      const news = this.#news(this.#todosChanged);
      this.#notifyTimer = undefined;
      this.#todosChanged = false;
      for (const listener of this.#listeners) listener(news);
    }, NOTIFY_DELAY_MS);
  }

  #news(todos_changed: boolean): News {
    return {
      unread: this.#serverUnread ?? this.#store.unread().length,
      todos_changed,
      settings_changed: false,
      sources: [
        {
          id: 'server',
          name: location.host,
          state: this.#state,
          words: t(this.#stateMessage),
          missing_since: null,
        },
      ],
      pause: null,
      notices: [],
    };
  }
}

function hasCount(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'changed' in value &&
    typeof value.changed === 'number'
  );
}
