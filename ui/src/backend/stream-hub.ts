import { EventStream } from './event-stream';
import { member, parseJson } from './json';
import type { StreamMessage, StreamRequest, StreamStatus } from './stream-messages';

/** To-dos that arrive within this time are announced together, in milliseconds. */
const ANNOUNCE_DELAY_MS = 400;
/** A stream without a cursor begins with what waits already; that is what comes within this time. */
const REPLAY_MS = 1_000;

/** A tab, as the hub knows it. */
interface Tab {
  post: (message: StreamMessage) => void;
  notify: boolean;
  focused: boolean;
}

/**
 * One stream for all tabs with the same token: a browser has six connections for a server without
 * HTTP/2, and eight tabs with a stream each would leave none for the ninth, or for any request.
 *
 * It runs in a worker that the tabs share, so that no tab has to lead the others and none is
 * missed when it closes; where a browser has no such workers, in each tab.
 */
export class StreamHub {
  readonly #streams = new Map<string, SharedStream>();

  /** Adds a tab; returns what to call with its requests. */
  connect(post: (message: StreamMessage) => void): (request: StreamRequest) => void {
    const tab: Tab = { post, notify: false, focused: true };
    let following: string | null = null;
    const leave = () => {
      if (following === null) return;
      if (this.#streams.get(following)?.leave(tab) === 0) this.#streams.delete(following);
      following = null;
    };
    return (request) => {
      switch (request.type) {
        case 'follow': {
          const key = JSON.stringify([request.url, request.token]);
          if (following !== key) leave();
          const stream = this.#streams.get(key) ?? new SharedStream(request.url, request.token);
          this.#streams.set(key, stream);
          following = key;
          return stream.follow(tab);
        }
        case 'leave':
          return leave();
        case 'attention':
          tab.notify = request.notify;
          tab.focused = request.focused;
      }
    };
  }
}

/** One stream, the tabs that follow it, and what a further tab has to know. */
class SharedStream {
  readonly #stream: EventStream;
  readonly #tabs = new Set<Tab>();
  /** The open to-dos, by id. */
  readonly #todos = new Map<string, unknown>();
  #latest: number | null = null;
  #unread: number | null = null;
  #status: StreamStatus = { state: 'connecting', again: false };
  /** When what arrives is new, and not what waited already; milliseconds since 1970. */
  #newsFrom = Infinity;
  #arrived = new Map<string, unknown>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, token: string | null) {
    this.#stream = new EventStream(url, token, {
      status: (status) => this.#setStatus(status),
      event: (type, data, id) => this.#receive(type, data, id),
    });
  }

  /** Tells a tab all there is; tries again at once where nothing is under way. */
  follow(tab: Tab): void {
    const idle = this.#tabs.size === 0 || this.#status.state !== 'connecting';
    if (idle && this.#status.state !== 'open') this.#stream.open();
    this.#tabs.add(tab);
    tab.post({
      type: 'snapshot',
      todos: [...this.#todos.values()],
      latest: this.#latest,
      unread: this.#unread,
      status: this.#status,
    });
  }

  /** Returns how many tabs still follow; after the last one the stream is closed. */
  leave(tab: Tab): number {
    this.#tabs.delete(tab);
    if (this.#tabs.size === 0) {
      clearTimeout(this.#timer);
      this.#stream.close();
    }
    return this.#tabs.size;
  }

  #setStatus(status: StreamStatus): void {
    this.#status = status;
    if (status.state === 'open' && this.#newsFrom === Infinity)
      this.#newsFrom = Date.now() + REPLAY_MS;
    this.#post({ type: 'status', status });
  }

  #receive(type: 'todo' | 'unread', data: string, id: string): void {
    const value = parseJson(data);
    if (type === 'unread') {
      const count = member(value, 'count') ?? value;
      if (typeof count !== 'number' || count < 0) return;
      this.#unread = Math.floor(count);
      return this.#post({ type, count: this.#unread });
    }
    if (/^\d{1,15}$/.test(id)) this.#latest = Math.max(this.#latest ?? 0, Number(id));
    this.#unread = null;
    const todoId = member(value, 'id');
    if (typeof todoId !== 'string') return;
    const isNew = !this.#todos.has(todoId);
    if ((member(value, 'status') ?? 'open') === 'open') {
      this.#todos.set(todoId, value);
      if (isNew && member(value, 'read') !== true) this.#announce(todoId, value);
    } else {
      this.#todos.delete(todoId);
      this.#arrived.delete(todoId);
    }
    this.#post({ type, todo: value, latest: this.#latest });
  }

  #announce(id: string, todo: unknown): void {
    if (Date.now() < this.#newsFrom) return;
    this.#arrived.set(id, todo);
    this.#timer ??= setTimeout(() => {
      const todos = [...this.#arrived.values()];
      this.#timer = undefined;
      this.#arrived.clear();
      const tabs = [...this.#tabs];
      if (todos.length === 0 || tabs.some((tab) => tab.focused)) return;
      tabs.findLast((tab) => tab.notify)?.post({ type: 'announce', todos });
    }, ANNOUNCE_DELAY_MS);
  }

  #post(message: StreamMessage): void {
    for (const tab of this.#tabs) tab.post(message);
  }
}
