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
  sessionStorage.clear();
  localStorage.clear();
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

describe('a stream that the browser gave up', () => {
  const refuse = async (status: number, headers: Record<string, string> = {}) => {
    fetched.mockImplementation(
      async () => new Response(status === 204 ? null : '', { status, headers }),
    );
    source().fail(FakeSource.CLOSED);
    await settle();
  };

  test.each([429, 500, 502, 503, 504])('after status %i is opened again', async (status) => {
    await refuse(status);
    expect(news.sources[0]?.state).toMatchObject({
      state: 'waiting',
      attempt: 1,
      cause: { code: 'status', detail: expect.stringContaining(String(status)) },
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSource.opened).toHaveLength(2);
    source().open();
    await settle();
    expect(state()).toBe('open');
  });

  test.each([204, 401, 403, 404, 410])('after status %i is left alone', async (status) => {
    await refuse(status);
    expect(state()).toBe('stopped');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(FakeSource.opened).toHaveLength(1);
  });

  test('where nothing answers is opened again', async () => {
    fetched.mockImplementation(async () => Promise.reject(new TypeError('Failed to fetch')));
    source().fail(FakeSource.CLOSED);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(FakeSource.opened).toHaveLength(2);
  });

  test('is tried more and more rarely, up to once a minute', async () => {
    const waits: number[] = [];
    for (let k = 0; k < 10; k++) {
      await refuse(502);
      const { until = '' } = news.sources[0]?.state as { until?: string };
      const left = Date.parse(until) - Date.now();
      waits.push(left);
      await vi.advanceTimersByTimeAsync(left + 1);
      expect(FakeSource.opened).toHaveLength(k + 2);
    }
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    expect(waits.at(-1)).toBeGreaterThan(29_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(60_000);
  });

  test('is left alone for as long as the server asks', async () => {
    await refuse(503, { 'retry-after': '120' });
    await vi.advanceTimersByTimeAsync(119_000);
    expect(FakeSource.opened).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(FakeSource.opened).toHaveLength(2);
  });

  test('goes on after the last event that came', async () => {
    source().send('todo', { id: 'a', title: 'A' }, '41');
    await refuse(502);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(source().url.searchParams.get('last_event_id')).toBe('41');
  });

  test('that never opens is given up and tried again', async () => {
    await vi.advanceTimersByTimeAsync(31_100);
    expect(FakeSource.opened[0]?.readyState).toBe(FakeSource.CLOSED);
    expect(FakeSource.opened).toHaveLength(2);
  });
});

describe('a token', () => {
  test('that the server took is used after the page is loaded anew', () => {
    backend.connection?.connect('secret');
    source().open();
    backend = webBackend();
    expect(source().url.searchParams.get('access_token')).toBe('secret');
  });

  test('that the server refused is forgotten', async () => {
    fetched.mockImplementation(async () => new Response('', { status: 401 }));
    backend.connection?.connect('wrong');
    source().fail(FakeSource.CLOSED);
    await settle();
    expect(backend.connection?.state()).toBe('wrong-token');
    backend = webBackend();
    expect(source().url.searchParams.has('access_token')).toBe(false);
  });

  test('of somebody else shows their to-dos and no others', async () => {
    source().send('todo', { id: 'a', title: 'Mine' });
    backend.connection?.connect('theirs');
    source().send('todo', { id: 'b', title: 'Theirs' });
    await settle();
    expect((await list()).todos.map((todo) => todo.title)).toEqual(['Theirs']);
  });
});

describe('snoozes and pins', () => {
  test('are there after the page is loaded anew', async () => {
    const arrive = () => {
      source().send('todo', { id: 'a', title: 'A' });
      source().send('todo', { id: 'b', title: 'B' });
    };
    arrive();
    const [b, a] = (await list()).todos;
    await backend.act({ do: 'snooze', todos: [b?.key ?? -1], until: '2999-01-01T00:00:00Z' });
    await backend.act({ do: 'pin', todos: [a?.key ?? -1], pinned: true });
    backend = webBackend();
    arrive();
    expect((await list()).todos).toMatchObject([{ title: 'A', pinned: true }]);
  });

  test('of another tab show here at once', async () => {
    source().send('todo', { id: 'a', title: 'A' });
    const marks = JSON.stringify([['a', { snoozed_until: null, pinned: true }]]);
    localStorage.setItem('belldot-marks', marks);
    window.dispatchEvent(new StorageEvent('storage', { key: 'belldot-marks' }));
    await settle();
    expect((await list()).todos).toMatchObject([{ title: 'A', pinned: true, group: 'pinned' }]);
  });

  test('that cannot be read harm nothing', async () => {
    localStorage.setItem('belldot-marks', '[["a"], 7, {"b": 1}, ["c", {"snoozed_until": "soon"}]]');
    backend = webBackend();
    source().send('todo', { id: 'c', title: 'C' });
    expect((await list()).todos).toMatchObject([{ pinned: false, snoozed_until: null }]);
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
    source().send('todo', { id: 'c', title: 'Theirs' }, '7');
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
