import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TIMEOUT_MS } from '../src/backend/api';
import type { Backend } from '../src/backend/backend';
import type { News } from '../src/backend/types/News';
import { webBackend } from '../src/backend/web';
import { NO_FILTER } from '../src/todos/filter';
import { FakeSource } from './fake-source';

let backend: Backend;
let news: News;
/** What the server answers, and what it was asked. */
let answer: (path: string) => Promise<Response> | Response;
const asked: { method: string; path: string; body: unknown }[] = [];

const settle = () => vi.advanceTimersByTimeAsync(100);
const readAll = () => backend.act({ do: 'read-all' });
const refusalMessage = (status: number) => () =>
  Response.json({ detail: `The server says ${status}.` }, { status });

/** As the browser's: it ends when it is told to. */
async function fakeFetch(url: URL, how: RequestInit = {}): Promise<Response> {
  const body: unknown = typeof how.body === 'string' ? JSON.parse(how.body) : null;
  asked.push({ method: how.method ?? 'GET', path: url.pathname, body });
  const aborted = new Promise<never>((_, reject) =>
    how.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))),
  );
  return Promise.race([answer(url.pathname), aborted]);
}

beforeEach(async () => {
  vi.useFakeTimers();
  FakeSource.opened = [];
  sessionStorage.clear();
  asked.length = 0;
  answer = () => Response.json({});
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('fetch', fakeFetch);
  backend = webBackend();
  await backend.onNews((latest) => (news = latest));
  for (const k of [1, 2, 3]) FakeSource.last.send('todo', { id: `t${k}`, title: 'T' }, `10${k}`);
  await settle();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('“mark all as read”', () => {
  test('is one request, up to the newest event that came', async () => {
    answer = () => Response.json({ changed: 3 });
    await readAll();
    await settle();
    expect(asked).toEqual([{ method: 'POST', path: '/api/v1/read', body: { up_to: 103 } }]);
    expect(news).toMatchObject({ unread: 0, todos_changed: true });
  });

  test('leaves alone what came after the click', async () => {
    answer = () => {
      FakeSource.last.send('todo', { id: 'later', title: 'Later' }, '104');
      return Response.json({ changed: 3 });
    };
    await readAll();
    await settle();
    expect(news.unread).toBe(1);
  });

  test('leaves alone what changed after the click', async () => {
    answer = () => {
      FakeSource.last.send('todo', { id: 't1', title: 'About something else' }, '104');
      return Response.json({ changed: 2 });
    };
    await readAll();
    await settle();
    expect(news.unread).toBe(1);
  });

  test('asks nothing where nothing is unread', async () => {
    answer = () => Response.json({ changed: 3 });
    await readAll();
    await readAll();
    expect(asked).toHaveLength(1);
  });

  test('shows nothing as read before the server has taken it', async () => {
    let take: (answer: Response) => void = () => {};
    answer = () => new Promise((done) => (take = done));
    const acted = readAll();
    await settle();
    expect(news.unread).toBe(3);
    take(Response.json({ changed: 3 }));
    await acted;
    await settle();
    expect(news.unread).toBe(0);
  });

  test.each([
    ['knows no such address', refusalMessage(404)],
    ['knows no such method', refusalMessage(405)],
    ['answers everything with a page', () => new Response('<!doctype html>')],
  ])('goes one by one to a server that %s', async (_, otherwise) => {
    answer = (path) => (path === '/api/v1/read' ? otherwise() : Response.json({}));
    await readAll();
    await settle();
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/read',
      'PATCH /api/v1/todos/t1',
      'PATCH /api/v1/todos/t2',
      'PATCH /api/v1/todos/t3',
    ]);
    expect(news.unread).toBe(0);
  });

  test('goes one by one to a server whose events have no numbers', async () => {
    backend = webBackend();
    await backend.onNews((latest) => (news = latest));
    FakeSource.last.send('todo', { id: 'a', title: 'A' }, 'a1b2');
    await settle();
    await readAll();
    expect(asked.map(({ path }) => path)).toEqual(['/api/v1/todos/a']);
  });

  test.each([401, 403, 500, 503])('that is refused with %i changes nothing', async (status) => {
    answer = refusalMessage(status);
    await expect(readAll()).rejects.toThrow(`The server says ${status}.`);
    await settle();
    expect(asked).toHaveLength(1);
    expect(news.unread).toBe(3);
  });
});

describe('a request', () => {
  const done = () => backend.act({ do: 'done', todos: [0, 1, 2], done: true });
  const never = () => new Promise<Response>(() => {});

  test('that is not answered is given up, with words of its own', async () => {
    answer = never;
    const acted = expect(done()).rejects.toThrow(/has not answered within 15 seconds.*the change/);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    await acted;
  });

  test('that asks for something is given up as well', async () => {
    answer = never;
    const listing = backend.list({ ...NO_FILTER, done: true, offset: 0, limit: 10 });
    const listed = expect(listing).rejects.toThrow(/has not answered.*Try again/);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS);
    await listed;
  });

  test('whose answer stops in the middle is given up', async () => {
    answer = () => {
      const response = new Response('');
      response.text = () => new Promise((_, reject) => setTimeout(reject, TIMEOUT_MS + 1));
      return response;
    };
    const acted = expect(readAll()).rejects.toThrow(/has not answered/);
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS + 1);
    await acted;
  });

  test('that failed halfway shows what the server took, and no more', async () => {
    answer = (path) => (path.endsWith('t2') ? refusalMessage(500)() : Response.json({}));
    await expect(done()).rejects.toThrow('The server says 500.');
    await settle();
    expect(news).toMatchObject({ unread: 2, todos_changed: true });
  });

  test('for what was done that is answered with nonsense is no empty list', async () => {
    answer = () => new Response('<!doctype html>');
    const listing = backend.list({ ...NO_FILTER, done: true, offset: 0, limit: 10 });
    await expect(listing).rejects.toThrow('does not understand');
  });

  test('why a stream was refused says nothing about a newer stream', async () => {
    let say: (answer: Response) => void = () => {};
    answer = () => new Promise((heard) => (say = heard));
    FakeSource.last.fail(FakeSource.CLOSED);
    backend.connection?.connect('token');
    FakeSource.last.open();
    say(new Response('', { status: 401 }));
    await settle();
    expect(backend.connection?.state()).toBe('on');
    expect(news.sources[0]?.state.state).toBe('open');
  });
});
