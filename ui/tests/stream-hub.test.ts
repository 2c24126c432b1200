import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StreamHub } from '../src/backend/stream-hub';
import type { StreamMessage } from '../src/backend/stream-messages';
import { FakeSource } from './fake-source';

const URL_OF_EVENTS = 'https://todo.example.com/api/v1/events';

let hub: StreamHub;

/** A tab, and what it was told. */
class Tab {
  readonly messages: StreamMessage[] = [];
  readonly send = hub.connect((message) => this.messages.push(message));

  static open(token: string | null = null): Tab {
    const tab = new Tab();
    tab.send({ type: 'follow', url: URL_OF_EVENTS, token });
    return tab;
  }

  /** The titles that it shows, of the snapshot and of what came later. */
  get titles(): unknown[] {
    const shown = new Map<unknown, unknown>();
    for (const message of this.messages) {
      if (message.type === 'snapshot') shown.clear();
      const todos = message.type === 'snapshot' ? message.todos : [];
      if (message.type === 'todo') todos.push(message.todo);
      for (const todo of todos) {
        const { id, title, status } = todo as { id: string; title: string; status?: string };
        if (status === 'done') shown.delete(id);
        else shown.set(id, title);
      }
    }
    return [...shown.values()];
  }

  get announced(): unknown[] {
    const found = this.messages.filter((message) => message.type === 'announce');
    return found.flatMap(({ todos }) => todos.map((todo) => (todo as { id: string }).id));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.opened = [];
  vi.stubGlobal('EventSource', FakeSource);
  hub = new StreamHub();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const todo = (id: string, as: object = {}) =>
  FakeSource.last.send('todo', { id, title: id, ...as });

describe('eight tabs', () => {
  test('share one stream, and each gets every to-do once', () => {
    const tabs = Array.from({ length: 8 }, () => Tab.open());
    FakeSource.last.open();
    todo('a');
    expect(FakeSource.opened).toHaveLength(1);
    for (const tab of tabs) expect(tab.titles).toEqual(['a']);
    for (const tab of tabs)
      expect(tab.messages.filter((message) => message.type === 'todo')).toHaveLength(1);
  });

  test('go on when the first one leaves', () => {
    const [first, ...others] = Array.from({ length: 8 }, () => Tab.open());
    FakeSource.last.open();
    first?.send({ type: 'leave' });
    todo('later');
    expect(FakeSource.last.readyState).toBe(1);
    expect(first?.titles).toEqual([]);
    for (const tab of others) expect(tab.titles).toEqual(['later']);
  });
});

test('a tab that comes later is told what is open, where the stream is, and how it is', () => {
  Tab.open();
  FakeSource.last.open();
  FakeSource.last.send('todo', { id: 'a', title: 'A' }, '41');
  FakeSource.last.send('todo', { id: 'b', title: 'B' }, '42');
  FakeSource.last.send('todo', { id: 'a', title: 'A', status: 'done' }, '43');
  expect(Tab.open().messages).toEqual([
    {
      type: 'snapshot',
      todos: [{ id: 'b', title: 'B' }],
      latest: 43,
      unread: null,
      status: { state: 'open', since: expect.any(String) },
    },
  ]);
});

test('tabs with another token have another stream', () => {
  const [mine, theirs] = [Tab.open('mine'), Tab.open('theirs')];
  expect(FakeSource.opened.map(({ url }) => url.searchParams.get('access_token'))).toEqual([
    'mine',
    'theirs',
  ]);
  todo('for them');
  expect(mine.titles).toEqual([]);
  expect(theirs.titles).toEqual(['for them']);
});

test('the stream ends with the last tab, and begins again with the next', () => {
  const tabs = [Tab.open(), Tab.open()];
  tabs[0]?.send({ type: 'leave' });
  expect(FakeSource.last.readyState).not.toBe(FakeSource.CLOSED);
  tabs[1]?.send({ type: 'leave' });
  expect(FakeSource.last.readyState).toBe(FakeSource.CLOSED);
  Tab.open();
  expect(FakeSource.opened).toHaveLength(2);
});

describe('a to-do that arrives', () => {
  let tabs: Tab[];

  beforeEach(() => {
    tabs = [Tab.open(), Tab.open()];
    for (const tab of tabs) tab.send({ type: 'attention', notify: true, focused: false });
    FakeSource.last.open();
    todo('waited already');
    vi.advanceTimersByTime(2_000);
  });

  test('is announced by one tab', () => {
    todo('a');
    todo('b');
    vi.advanceTimersByTime(400);
    expect(tabs.flatMap((tab) => tab.announced)).toEqual(['a', 'b']);
  });

  test('is not announced where it waited already, or is read, done or known', () => {
    todo('waited already', { title: 'Another title' });
    todo('b', { read: true });
    todo('c', { status: 'done' });
    todo('d');
    todo('d', { status: 'done' });
    vi.advanceTimersByTime(400);
    expect(tabs.flatMap((tab) => tab.announced)).toEqual([]);
  });

  test('is not announced while somebody looks at the page', () => {
    tabs[0]?.send({ type: 'attention', notify: true, focused: true });
    todo('a');
    vi.advanceTimersByTime(400);
    expect(tabs.flatMap((tab) => tab.announced)).toEqual([]);
  });

  test('is not announced where nobody wants it', () => {
    for (const tab of tabs) tab.send({ type: 'attention', notify: false, focused: false });
    todo('a');
    vi.advanceTimersByTime(400);
    expect(tabs.flatMap((tab) => tab.announced)).toEqual([]);
  });
});
