import { beforeEach, describe, expect, test } from 'vitest';
import { NO_FILTER } from '../src/todos/filter';
import { TodoList } from '../src/todos/todo-list.svelte';
import { PAGE_SIZE } from '../src/todos/list-layout';
import { FakeBackend, todo } from './fake';

let backend: FakeBackend;
let list: TodoList;

const keys = () => Array.from({ length: list.layout.count }, (_, k) => list.layout.at(k)?.key);

beforeEach(() => {
  backend = new FakeBackend();
  list = new TodoList(backend);
});

function many(count: number) {
  backend.todos = Array.from({ length: count }, (_, k) => todo({ key: k + 1 }));
}

describe('the list', () => {
  test('loads its first page and knows how long it is', async () => {
    many(1000);
    await list.refresh();
    expect(backend.asked).toEqual([{ ...NO_FILTER, by: 'due', offset: 0, limit: PAGE_SIZE }]);
    expect(list.layout.count).toBe(1000);
    expect(list.layout.at(PAGE_SIZE - 1)?.key).toBe(PAGE_SIZE);
    expect(list.layout.at(PAGE_SIZE)).toBeUndefined();
  });

  test('loads the page of a place on request', async () => {
    many(1000);
    await list.refresh();
    await list.load(750);
    expect(list.layout.at(750)?.key).toBe(751);
  });

  test('asks again only for what is in sight', async () => {
    many(1000);
    await list.refresh();
    await list.load(750);
    backend.asked.length = 0;
    await list.refresh();
    expect(backend.asked.map(({ offset }) => offset)).toEqual([700]);
  });

  test('makes many wishes to refresh into few questions', async () => {
    many(10);
    await Promise.all(Array.from({ length: 50 }, () => list.refresh()));
    expect(backend.asked.length).toBeLessThanOrEqual(2);
  });

  test('notices that everything moved between two pages', async () => {
    many(250);
    await list.refresh();
    backend.todos = [todo({ key: 900 }), ...backend.todos];
    await list.load(150);
    expect(list.layout.count).toBe(251);
    expect(list.layout.at(150)?.key).toBe(150);
  });

  test('says which to-dos are new', async () => {
    many(3);
    await list.refresh();
    expect(list.layout.fresh.size).toBe(0);
    backend.todos = [todo({ key: 50 }), ...backend.todos];
    await list.refresh();
    expect([...list.layout.fresh]).toEqual([50]);
  });

  test('shows another filter from the top, without an old answer in between', async () => {
    many(300);
    backend.todos[7] = todo({ key: 8, read: true });
    await list.refresh();
    await list.show({ ...NO_FILTER, unread: true });
    expect(list.layout.count).toBe(299);
    expect(backend.asked.at(-1)).toMatchObject({ unread: true, offset: 0 });
  });

  test('tells why it is not up to date, and that it is again', async () => {
    many(3);
    await list.refresh();
    backend.down = 'The disk is full.';
    await list.refresh();
    expect(list.error).toBe('The disk is full.');
    expect(list.layout.count).toBe(3);
    backend.down = null;
    await list.refresh();
    expect(list.error).toBeNull();
  });

  test('loads only what is around a to-do that is far down', async () => {
    many(450);
    await list.refresh();
    expect(await list.find(420, 419)).toBe(419);
    expect(backend.asked.at(-1)?.offset).toBe(400);
    expect(await list.find(9999, 10)).toBeNull();
  });
});

describe('what the user changes', () => {
  beforeEach(async () => {
    many(5);
    await list.refresh();
  });

  const at = (rowIndex: number) => list.layout.at(rowIndex) ?? todo();

  test('shows at once', () => {
    list.change(at(1), { status: 'done' });
    expect(list.layout.at(1)?.status).toBe('done');
  });

  test('stays in its place when the backend lists it no more', async () => {
    list.change(at(1), { status: 'done' });
    await backend.act({ do: 'done', todos: [2], done: true });
    await list.refresh();
    expect(keys()).toEqual([1, 2, 3, 4, 5]);
    expect(list.layout.at(1)?.status).toBe('done');
  });

  test('stays in its place beside others that stay', async () => {
    for (const key of [3, 2, 4]) {
      list.change(at(key - 1), { status: 'done' });
      await backend.act({ do: 'done', todos: [key], done: true });
      await list.refresh();
    }
    expect(keys()).toEqual([1, 2, 3, 4, 5]);
    backend.todos = [todo({ key: 90 }), ...backend.todos];
    await list.refresh();
    expect(keys()).toEqual([90, 1, 2, 3, 4, 5]);
  });

  test('goes when it is let go', async () => {
    list.change(at(1), { status: 'done' });
    await backend.act({ do: 'done', todos: [2], done: true });
    await list.refresh();
    list.release([2]);
    expect(keys()).toEqual([1, 3, 4, 5]);
  });

  test('is as the backend says once it is let go', () => {
    list.change(at(1), { status: 'done' });
    list.release([2]);
    expect(list.layout.at(1)?.status).toBe('open');
  });
});
