import { beforeEach, describe, expect, test } from 'vitest';
import { LocalMarks } from '../src/backend/local-marks';
import { TodoStore } from '../src/backend/todo-store';
import type { Query } from '../src/backend/types/Query';

const NOW = Date.parse('2026-11-22T09:40:00Z');
const ALL: Query = {
  search: '',
  unread: false,
  priority: null,
  source: null,
  tag: null,
  done: false,
  offset: 0,
  limit: 100,
};

let store: TodoStore;
const put = (id: string, as: object = {}) =>
  store.put({ id, title: `To-do ${id}`, created: '2026-11-22T09:00:00Z', ...as });
const titles = (query: Partial<Query> = {}) =>
  store.list({ ...ALL, ...query }, NOW).todos.map((todo) => todo.title);

beforeEach(() => {
  localStorage.clear();
  store = new TodoStore('todo.example.com', new LocalMarks(() => {}));
});

describe('the memory', () => {
  test('groups by when to-dos are due', () => {
    put('none');
    put('later', { due: '2026-11-23T00:00:00Z' });
    put('today', { due: '2026-11-22T23:59:59Z' });
    put('past', { due: '2026-11-22T09:39:59Z' });
    const listing = store.list(ALL, NOW);
    expect(listing.groups).toEqual([
      { group: 'overdue', count: 1 },
      { group: 'today', count: 1 },
      { group: 'later', count: 1 },
      { group: 'no-date', count: 1 },
    ]);
    expect(listing.todos.map((todo) => todo.group)).toEqual([
      'overdue',
      'today',
      'later',
      'no-date',
    ]);
  });

  test('orders a group by due, then priority, then newest', () => {
    put('c', { created: '2026-11-22T08:00:00Z' });
    put('b', { created: '2026-11-22T09:00:00Z' });
    put('a', { priority: 5, created: '2026-11-01T08:00:00Z' });
    put('due', { due: '2026-12-02T00:00:00Z' });
    put('sooner', { due: '2026-12-01T00:00:00Z', priority: 1 });
    expect(titles()).toEqual(['To-do sooner', 'To-do due', 'To-do a', 'To-do b', 'To-do c']);
  });

  test('is one group by source, in the same order', () => {
    put('none');
    put('due', { due: '2026-12-02T00:00:00Z' });
    put('past', { due: '2026-11-22T09:39:59Z' });
    const listing = store.list({ ...ALL, by: 'source' }, NOW);
    expect(listing.groups).toEqual([{ group: 'source', source: 'server', count: 3 }]);
    expect(listing.todos.map(({ title }) => title)).toEqual([
      'To-do past',
      'To-do due',
      'To-do none',
    ]);
  });

  test('takes an update for the same to-do', () => {
    put('a');
    const before = store.list(ALL, NOW).todos[0]?.key;
    put('a', { title: 'Changed' });
    expect(titles()).toEqual(['Changed']);
    expect(store.list(ALL, NOW).todos[0]?.key).toBe(before);
  });

  test('finds parts of words in any language', () => {
    put('a', { title: '审批：差旅报销' });
    put('b', { title: 'Other', body: 'about TRAVEL expenses' });
    expect(titles({ search: '差旅' })).toEqual(['审批：差旅报销']);
    expect(titles({ search: ' ravel ' })).toEqual(['Other']);
  });

  test('filters by unread, priority, tag, done', () => {
    put('a', { read: true });
    put('b', { priority: 4, tags: ['x'] });
    put('c', { status: 'done' });
    put('d', { status: 'cancelled' });
    expect(titles({ unread: true })).toEqual(['To-do b']);
    expect(titles({ priority: 4 })).toEqual(['To-do b']);
    expect(titles({ tag: 'x' })).toEqual(['To-do b']);
    expect(titles({ done: true })).toEqual(['To-do d', 'To-do c']);
    expect(store.list({ ...ALL, done: true }, NOW).groups).toEqual([]);
  });

  test('puts snoozed ones out of sight until their time', () => {
    put('a');
    const [a] = store.list(ALL, NOW).todos;
    store.mark(a?.key ?? -1, { snoozed_until: '2026-11-22T10:00:00Z' });
    expect(titles()).toEqual([]);
    expect(titles({ snoozed: true })).toEqual(['To-do a']);
    const before = store.phase(NOW);
    const later = Date.parse('2026-11-22T10:00:01Z');
    expect(store.list(ALL, later).todos).toHaveLength(1);
    expect(store.phase(later)).not.toBe(before);
  });

  test('puts pinned ones first', () => {
    put('a');
    put('b', { due: '2026-11-20T00:00:00Z' });
    store.mark(0, { pinned: true });
    expect(titles()).toEqual(['To-do a', 'To-do b']);
    expect(store.list(ALL, NOW).groups[0]).toEqual({ group: 'pinned', count: 1 });
  });

  test('answers a page at a time', () => {
    for (let k = 0; k < 10; k++) put(String(k));
    const page = store.list({ ...ALL, offset: 8, limit: 5 }, NOW);
    expect([page.todos.length, page.total]).toEqual([2, 10]);
  });

  test.each([
    null,
    'text',
    [],
    {},
    { id: 'a' },
    { id: '', title: 'x' },
    { id: 7, title: 'x' },
    { id: 'a', title: 7 },
  ])('leaves out what is no to-do: %j', (wire) => {
    store.put(wire);
    expect(titles()).toEqual([]);
  });

  test('makes the best of a to-do with nonsense in it', () => {
    put('a', {
      priority: 99,
      due: 'tomorrow',
      status: 'maybe',
      read: 'no',
      tags: ['ok', 7, null],
      url: 'javascript:alert(1)',
      sender: {},
      created: 12,
    });
    const [it] = store.list(ALL, NOW).todos;
    expect(it).toMatchObject({
      priority: 5,
      due: null,
      status: 'open',
      read: false,
      tags: ['ok'],
      url: null,
      sender: null,
    });
    expect(Date.parse(it?.created ?? '')).not.toBeNaN();
  });

  test('counts what is open and not read', () => {
    put('a');
    put('b', { read: true });
    put('c', { status: 'done' });
    expect(store.unread()).toHaveLength(1);
  });
});
