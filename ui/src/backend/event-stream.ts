import type { StreamStatus } from './stream-messages';
import type { Cause } from './types/Cause';

/** The data of the unnamed event by which a server refuses further connections. */
const FULL_TEXT = 'Too many connections';
/** How long a new stream may take to open, and a response to begin, in milliseconds. */
export const OPEN_TIMEOUT_MS = 30_000;
/** The longest time to the first attempt after a failure, in milliseconds; it doubles each time … */
const FIRST_DELAY_MS = 1_000;
/** … up to this. */
const MAX_DELAY_MS = 60_000;
/** Responses after which a client does not come back by itself: a token, or an address, is wrong. */
const FINAL: Readonly<Record<number, string>> = {
  204: 'closed',
  401: 'sign-in',
  403: 'closed',
  404: 'closed',
  410: 'gone',
};

/** Who hears what comes. */
export interface EventListener {
  status(status: StreamStatus): void;
  event(type: 'todo' | 'unread', data: string, id: string): void;
}

/**
 * A browser's EventSource that does not give up: the browser itself does after any response but
 * 200, even after the 502 of a proxy whose server is just being restarted.
 */
export class EventStream {
  readonly #url: string;
  readonly #token: string | null;
  readonly #listener: EventListener;
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How many attempts failed since the stream was last open. */
  #failures = 0;
  #lastId = '';

  constructor(url: string, token: string | null, listener: EventListener) {
    this.#url = url;
    this.#token = token;
    this.#listener = listener;
  }

  /** Opens it at once, whatever it was doing. */
  open(): void {
    this.close();
    const source = new EventSource(this.#address());
    this.#source = source;
    this.#listener.status({ state: 'connecting', again: this.#failures > 0 });
    this.#timer = setTimeout(() => this.#retry(timeout), OPEN_TIMEOUT_MS);
    source.onopen = () => {
      clearTimeout(this.#timer);
      this.#failures = 0;
      this.#listener.status({ state: 'open', since: new Date().toISOString() });
    };
    source.onerror = () => {
      clearTimeout(this.#timer);
      if (source.readyState === EventSource.CLOSED) void this.#askWhy(source);
      else this.#listener.status({ state: 'connecting', again: true });
    };
    source.onmessage = ({ data, lastEventId }) => {
      if (data !== FULL_TEXT) return this.#note(lastEventId);
      this.close();
      this.#listener.status({ state: 'full' });
    };
    for (const type of ['todo', 'unread'] as const) {
      source.addEventListener(type, ({ data, lastEventId }) => {
        this.#note(lastEventId);
        this.#listener.event(type, data, lastEventId);
      });
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #address(): URL {
    const address = new URL(this.#url);
    if (this.#token !== null) address.searchParams.set('access_token', this.#token);
    if (this.#lastId !== '') address.searchParams.set('last_event_id', this.#lastId);
    return address;
  }

  #note(id: string): void {
    if (id !== '') this.#lastId = id;
  }

  /** An EventSource does not say why it was refused: the same request does. */
  async #askWhy(source: EventSource): Promise<void> {
    const answer = await this.#ask();
    // Opened or closed by the user meanwhile.
    if (this.#source !== source) return;
    const code = answer && FINAL[answer.status];
    if (code !== null && code !== undefined) {
      this.close();
      return this.#listener.status({ state: 'stopped', cause: { code, detail: null } });
    }
    this.#retry(answer ? causeOf(answer) : broken, answer ? retryAfter(answer) : 0);
  }

  async #ask(): Promise<Response | null> {
    const headers = new Headers({ accept: 'text/event-stream' });
    if (this.#token !== null) headers.set('authorization', `Bearer ${this.#token}`);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), OPEN_TIMEOUT_MS);
    try {
      return await fetch(new URL(this.#url), { headers, signal: abort.signal });
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
      // Only the head was wanted: the body of a stream would not end.
      abort.abort();
    }
  }

  /** Waits for a random time, longer each time, so that many pages do not come back at once. */
  #retry(cause: Cause, atLeast = 0): void {
    this.close();
    const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#failures);
    const delay = Math.max(atLeast, (longest * (1 + Math.random())) / 2);
    this.#failures++;
    this.#timer = setTimeout(() => this.open(), delay);
    const until = new Date(Date.now() + delay).toISOString();
    this.#listener.status({ state: 'waiting', until, attempt: this.#failures, cause });
  }
}

const timeout: Cause = { code: 'timeout', detail: null };
const broken: Cause = { code: 'broken', detail: null };

function causeOf({ ok, status, statusText }: Response): Cause {
  // It is there again, or it answered with something else than a stream.
  if (ok) return broken;
  return { code: 'status', detail: `${status} ${statusText}`.trim() };
}

/** What the server asks for in seconds, in milliseconds, within reason. */
function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3_600) * 1_000 : 0;
}
