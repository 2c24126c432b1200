import { getSessionItem, setSessionItem } from '../platform/storage';
import { hasMessage, t } from '../i18n/locale.svelte';
import type { MessageId } from '../i18n/message-ids';
import { Api, refusalMessage } from './api';
import type { Backend, Connection } from './backend';
import { BrowserNotifications } from './browser-notifications';
import { member } from './json';
import { LocalMarks } from './local-marks';
import { connectToHub } from './shared-stream';
import type { StreamMessage, StreamStatus } from './stream-messages';
import { TodoStore } from './todo-store';
import type { Action } from './types/Action';
import type { News } from './types/News';
import type { StreamState } from './types/StreamState';
import type { TodoKey } from './types/TodoKey';

/** Changes within this time are announced together, in milliseconds. */
const NOTIFY_DELAY_MS = 40;
/** Where a server takes "mark all as read" in one request. */
const READ_ALL_PATH = 'api/v1/read';
/** How often due dates are compared with the clock, in milliseconds. */
const CLOCK_INTERVAL_MS = 15_000;

/** The server that served the page, through its API and one event stream for all tabs. */
export function webBackend(): Backend {
  return new WebBackend();
}

class WebBackend implements Backend {
  readonly desktop = null;
  readonly connection: Connection = {
    connect: (token) => this.#connect(token),
    disconnect: () => this.#disconnect(),
    state: () => {
      if (needsSignIn(this.#status)) return this.#api.token === null ? 'sign-in' : 'wrong-token';
      return isWanted(this.#status) ? 'on' : 'off';
    },
    notifications: () => this.#notifications.state,
    setNotifications: (wanted) => this.#setNotifications(wanted),
  };

  readonly #api = new Api();
  readonly #store: TodoStore;
  readonly #listeners = new Set<(news: News) => void>();
  readonly #todoListeners = new Set<(key: TodoKey) => void>();
  readonly #notifications = new BrowserNotifications((key) => {
    for (const show of this.#todoListeners) show(key);
  });
  readonly #send = connectToHub((message) => this.#receive(message));
  /** `null`: the user has disconnected. */
  #status: StreamStatus | null = null;
  /** The server's own count, for servers that send nothing else. */
  #serverUnread: number | null = null;
  #doneLoaded = false;
  /** The newest event that came: a number, where the server gives its events numbers. */
  #latestEventId: number | null = null;
  #todosChanged = false;
  #notifyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const marks = new LocalMarks(() => {
      this.#store.updateMarks();
      this.#notify(true);
    });
    this.#store = new TodoStore(location.host, marks);
    let phase = '';
    setInterval(() => {
      const now = this.#store.phase(Date.now());
      if (now !== phase) this.#notify(true);
      phase = now;
    }, CLOCK_INTERVAL_MS);
    this.#sendAttention();
    window.addEventListener('focus', () => this.#sendAttention());
    window.addEventListener('blur', () => this.#sendAttention());
    window.addEventListener('pagehide', () => this.#send({ type: 'leave' }));
    // Back from the browser's cache of pages, which keeps them as they were.
    window.addEventListener('pageshow', (event) => {
      if (event.persisted && isWanted(this.#status)) this.#connect(null);
    });
    this.#connect(getSessionItem('token'));
  }

  async list(query: Parameters<Backend['list']>[0]) {
    await this.#loadFor(query);
    return this.#store.list(query, Date.now());
  }

  async position(query: Parameters<Backend['list']>[0], key: TodoKey) {
    await this.#loadFor(query);
    return this.#store.position(query, key, Date.now());
  }

  async news(): Promise<News> {
    return this.#news(false);
  }

  async onNews(listener: (news: News) => void) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async onShowTodo(show: (key: TodoKey) => void) {
    this.#todoListeners.add(show);
    return () => void this.#todoListeners.delete(show);
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
        for (const key of action.todos) this.#store.mark(key, { snoozed_until: action.until });
        return this.#notify(true);
      case 'pin':
        for (const key of action.todos) this.#store.mark(key, { pinned: action.pinned });
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
    this.#status = { state: 'connecting', again: false };
    this.#notify(false);
    const url = new URL('api/v1/events', document.baseURI).href;
    this.#send({ type: 'follow', url, token: this.#api.token });
  }

  #disconnect(): void {
    this.#send({ type: 'leave' });
    this.#status = null;
    this.#notify(false);
  }

  #receive(message: StreamMessage): void {
    // Sent before the hub knew that this tab left.
    if (this.#status === null && message.type !== 'announce') return;
    switch (message.type) {
      case 'snapshot':
        this.#store.reset(message.todos);
        this.#doneLoaded = false;
        this.#latestEventId = message.latest;
        this.#serverUnread = message.unread;
        this.#setStatus(message.status);
        return this.#notify(true);
      case 'status':
        return this.#setStatus(message.status);
      case 'todo':
        this.#store.put(message.todo);
        this.#latestEventId = message.latest;
        this.#serverUnread = null;
        return this.#notify(true);
      case 'unread':
        this.#serverUnread = message.count;
        return this.#notify(false);
      case 'announce': {
        const todos = message.todos.map((todo) => this.#store.find(member(todo, 'id')));
        return this.#notifications.announce(todos.filter((todo) => todo !== undefined));
      }
    }
  }

  #setStatus(status: StreamStatus): void {
    this.#status = status;
    // A token is worth keeping until the tab is closed once the server has taken it.
    if (status.state === 'open') setSessionItem('token', this.#api.token);
    else if (needsSignIn(status)) setSessionItem('token', null);
    this.#notify(false);
  }

  async #setNotifications(wanted: boolean): Promise<void> {
    if (wanted) await this.#notifications.turnOn();
    else this.#notifications.turnOff();
    this.#sendAttention();
    this.#notify(false);
  }

  #sendAttention(): void {
    const notify = this.#notifications.state === 'on';
    this.#send({ type: 'attention', notify, focused: document.hasFocus() });
  }

  async #loadFor({ done }: Parameters<Backend['list']>[0]): Promise<void> {
    if (done && !this.#doneLoaded) await this.#loadDone();
  }

  async #loadDone(): Promise<void> {
    let after: unknown = 0;
    while (typeof after === 'number') {
      const path = `api/v1/todos?status=done&limit=1000&after=${after}`;
      const page = (await this.#api.sendChecked(path)).body;
      const todos = member(page, 'todos');
      if (todos === undefined) throw new Error(t('web-not-understood'));
      if (Array.isArray(todos)) for (const todo of todos) this.#store.put(todo);
      after = member(page, 'next');
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
    const up_to = this.#latestEventId;
    if (up_to !== null) {
      const response = await this.#api.send(READ_ALL_PATH, { method: 'POST', body: { up_to } });
      if (response.ok && typeof member(response.body, 'changed') === 'number') {
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
          state: stateOf(this.#status),
          words: t(messageOf(this.#status)),
          missing_since: null,
        },
      ],
      pause: null,
      notices: [],
    };
  }
}

function needsSignIn(status: StreamStatus | null): boolean {
  return status?.state === 'stopped' && status.cause.code === 'sign-in';
}

function isWanted(status: StreamStatus | null): boolean {
  return status !== null && status.state !== 'stopped' && status.state !== 'full';
}

function stateOf(status: StreamStatus | null): StreamState {
  if (status === null) return { state: 'paused' };
  if (status.state === 'connecting') return { state: 'connecting', step: 'connection' };
  if (status.state === 'full') return { state: 'full', until: null };
  return status;
}

/** The message that says what the stream is doing. */
function messageOf(status: StreamStatus | null): MessageId {
  switch (status?.state) {
    case undefined:
      return 'web-disconnected';
    case 'connecting':
      return status.again ? 'web-reconnecting' : 'state-connecting';
    case 'open':
      return 'state-open';
    // Followed by the cause and the time of the next attempt.
    case 'waiting':
      return 'web-reconnecting';
    case 'full':
      return 'state-full-never';
    case 'stopped': {
      const key = `cause-${status.cause.code}`;
      return hasMessage(key) ? key : 'cause-other';
    }
  }
}
