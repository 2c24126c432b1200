import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Backend } from '../src/backend/backend';
import type { News } from '../src/backend/types/News';
import { webBackend } from '../src/backend/web';
import { NO_FILTER } from '../src/todos/filter';
import { FakeSource } from './fake-source';

let backend: Backend;
let news: News;
const fetched = vi.fn<(url: URL, how?: RequestInit) => Promise<Response>>();
const source = () => FakeSource.opened.at(-1) ?? new FakeSource(new URL('about:blank'));
const state = () => news.sources[0]?.state.state;
const list = () => backend.list({ ...NO_FILTER, offset: 0, limit: 100 });

async function settle() {
  await vi.advanceTimersByTimeAsync(100);
}

beforeEach(async () => {
  vi.useFakeTimers();
  FakeSource.opened = [];
  fetched.mockReset().mockImplementation(async () => Response.json({}));
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('fetch', fetched);
  backend = webBackend();
  await backend.onNews((latest) => (news = latest));
  await settle();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('in a browser', () => {
  test('the page connects by itself and says so', async () => {
    expect(source().url.pathname).toBe('/api/v1/events');
    expect(source().url.search).toBe('');
    expect(state()).toBe('connecting');
    source().open();
    await settle();
    expect(state()).toBe('open');
  });

  test('to-dos arrive, and a burst is told once', async () => {
    let told = 0;
    await backend.onNews(() => told++);
    for (let k = 0; k < 500; k++) source().send('todo', { id: `t${k}`, title: `To-do ${k}` });
    await settle();
    expect(told).toBe(1);
    expect(news).toMatchObject({ unread: 500, todos_changed: true });
    expect((await list()).total).toBe(500);
  });

  test('what is not JSON harms nothing', async () => {
    source().dispatchEvent(new MessageEvent('todo', { data: '{"id":' }));
    source().dispatchEvent(new MessageEvent('unread', { data: 'many' }));
    await settle();
    expect(news.unread).toBe(0);
  });

  test.each([[5], [{ count: 5 }]])('the server’s own count %j is believed', async (said) => {
    source().send('unread', said);
    await settle();
    expect(news.unread).toBe(5);
  });

  test('a full server is left alone until somebody tries again', async () => {
    const first = source();
    first.onmessage({ data: 'Too many connections' });
    await settle();
    expect(first.readyState).toBe(FakeSource.CLOSED);
    expect(news.sources[0]?.state).toEqual({ state: 'full', until: null });
    expect(backend.connection?.state()).toBe('off');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(FakeSource.opened).toHaveLength(1);
    await backend.act({ do: 'try-again', source: 'server' });
    expect(FakeSource.opened).toHaveLength(2);
  });

  test('a lost connection is left to the browser', async () => {
    source().open();
    source().fail(0);
    await settle();
    expect(state()).toBe('connecting');
    expect(news.sources[0]?.words).toContain('tries again');
    expect(FakeSource.opened).toHaveLength(1);
  });

  test('a server that wants a token is asked why, and gets it in the address', async () => {
    fetched.mockImplementation(async () => new Response('', { status: 401 }));
    source().fail(2);
    await settle();
    expect(backend.connection?.state()).toBe('sign-in');
    expect(news.sources[0]?.state).toMatchObject({ state: 'stopped', cause: { code: 'sign-in' } });

    backend.connection?.connect('a&b');
    expect(source().url.searchParams.get('access_token')).toBe('a&b');
    expect(backend.connection?.state()).toBe('on');
  });

  test('disconnecting closes the stream, and connecting opens one', async () => {
    source().open();
    backend.connection?.disconnect();
    await settle();
    expect([source().readyState, state(), backend.connection?.state()]).toEqual([
      2,
      'paused',
      'off',
    ]);
    backend.connection?.connect(null);
    expect(FakeSource.opened).toHaveLength(2);
  });
});

describe('what is done in a browser', () => {
  let key: number;

  beforeEach(async () => {
    source().send('todo', { id: 'a/b', title: 'Sign', url: 'https://a.example/' });
    await settle();
    key = (await list()).todos[0]?.key ?? -1;
  });

  const sent = () => {
    const [url, how] = fetched.mock.calls.at(-1) ?? [];
    return [how?.method, url?.pathname, how?.body];
  };

  test('goes to the server', async () => {
    await backend.act({ do: 'done', todos: [key], done: true });
    expect(sent()).toEqual(['PATCH', '/api/v1/todos/a%2Fb', '{"status":"done"}']);
    await backend.act({ do: 'read', todos: [key], read: true });
    expect(sent()).toEqual(['PATCH', '/api/v1/todos/a%2Fb', '{"read":true}']);
    await settle();
    expect((await list()).total).toBe(0);
  });

  test('carries the token', async () => {
    backend.connection?.connect('secret');
    await backend.act({ do: 'read-all' });
    const headers = new Headers(fetched.mock.calls.at(-1)?.[1]?.headers);
    expect(headers.get('authorization')).toBe('Bearer secret');
  });

  test('is refused in the server’s own words', async () => {
    fetched.mockImplementation(async () =>
      Response.json({ title: 'Not Found', detail: 'There is no to-do a/b.' }, { status: 404 }),
    );
    await expect(backend.act({ do: 'done', todos: [key], done: true })).rejects.toThrow(
      'There is no to-do a/b.',
    );
    expect((await list()).total).toBe(1);
  });

  test('says when the server cannot be reached', async () => {
    fetched.mockImplementation(async () => {
      throw new TypeError('Failed to fetch');
    });
    await expect(backend.act({ do: 'done', todos: [key], done: true })).rejects.toThrow(
      'The server cannot be reached.',
    );
  });

  test('opens an address in a tab of its own and marks it read', async () => {
    const opened = vi.spyOn(window, 'open').mockReturnValue(null);
    await backend.openTodo(key);
    expect(opened).toHaveBeenCalledWith('https://a.example/', '_blank', 'noopener,noreferrer');
    expect((await list()).todos[0]?.read).toBe(true);
  });

  test('shows what was done earlier, on request', async () => {
    fetched.mockImplementation(async (url) =>
      Response.json(
        url.searchParams.get('after') === '0'
          ? { todos: [{ id: 'x', title: 'Old', status: 'done' }], next: 7 }
          : { todos: [{ id: 'y', title: 'Older', status: 'done' }], next: null },
      ),
    );
    const done = await backend.list({ ...NO_FILTER, done: true, offset: 0, limit: 10 });
    expect(done.todos.map((todo) => todo.title).sort()).toEqual(['Old', 'Older']);
  });
});
