import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { TodoPageController } from '../src/todos/todo-page-controller.svelte';
import { TodoList } from '../src/todos/todo-list.svelte';
import { Selection } from '../src/todos/selection.svelte';
import { FakeBackend, todo } from './fake';

/** Nothing is drawn. */
const screenless = {
  reveal: () => undefined,
  pageSize: () => 10,
  focusSearch: () => {},
  focusDetails: () => {},
};

let backend: FakeBackend;
beforeEach(() => {
  backend = new FakeBackend();
  location.hash = '#todos';
});
afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

async function listed(count: number): Promise<{ list: TodoList; selection: Selection }> {
  backend.todos = Array.from({ length: count }, (_, k) => todo({ key: k + 1 }));
  const list = new TodoList(backend);
  await list.refresh();
  return { list, selection: new Selection(list) };
}

test('a range over pages that are not loaded is picked whole', async () => {
  const { list, selection } = await listed(400);
  selection.activate(1);
  await list.load(350);
  await selection.extend(list.layout.at(350)!);
  expect(selection.selected.size).toBe(351);
});

test('a range that is made shorter lets go of what it had picked', async () => {
  const { list, selection } = await listed(10);
  selection.activate(3);
  await selection.extend(list.layout.at(7)!);
  expect([...selection.selected.keys()]).toEqual([3, 4, 5, 6, 7, 8]);
  selection.activate(8);
  await selection.extend(list.layout.at(4)!);
  expect([...selection.selected.keys()]).toEqual([3, 4, 5]);
});

test('what was picked by hand stays when a range beside it changes', async () => {
  const { list, selection } = await listed(10);
  selection.toggle(list.layout.at(9)!);
  selection.activate(1);
  await selection.extend(list.layout.at(1)!);
  await selection.extend(list.layout.at(0)!);
  expect([...selection.selected.keys()]).toEqual([10, 1]);
});

test.each([
  ['r', { do: 'read', todos: [1, 2], read: true }, { do: 'read', todos: [1, 2], read: false }],
  ['p', { do: 'pin', todos: [1, 2], pinned: true }, { do: 'pin', todos: [1, 2], pinned: false }],
])('%s pressed again on what is picked takes it back', async (key, first, second) => {
  const user = userEvent.setup();
  backend.todos = [todo({ key: 1 }), todo({ key: 2 })];
  render(App, { backend });
  await waitFor(() => expect(document.querySelector('[data-todo-key="1"]')).not.toBeNull());
  await user.keyboard('jxjx');
  await screen.findByText('2 selected');
  await user.keyboard(key);
  await waitFor(() => expect(backend.acted.at(-1)).toEqual(first));
  await user.keyboard(key);
  await waitFor(() => expect(backend.acted.at(-1)).toEqual(second));
});

test.each([
  ['read', { read: true }, { read: false }],
  ['pin', { pinned: true }, { pinned: false }],
] as const)(
  '%s again takes it back for those that are not loaded as well',
  async (what, first, second) => {
    backend.todos = Array.from({ length: 400 }, (_, k) => todo({ key: k + 1 }));
    const controller = new TodoPageController(backend, screenless, null);
    await controller.list.refresh();
    controller.selection.activate(1);
    await controller.list.load(350);
    await controller.selection.extend(controller.list.layout.at(350)!);
    controller.execute(what);
    await waitFor(() => expect(backend.acted).toHaveLength(1));
    controller.execute(what);
    await waitFor(() => expect(backend.acted).toHaveLength(2));
    expect(backend.acted[0]).toMatchObject({ do: what, ...first });
    expect(backend.acted[1]).toMatchObject({ do: what, ...second });
    expect(backend.acted.map((action) => 'todos' in action && action.todos.length)).toEqual([
      351, 351,
    ]);
  },
);

test('what was refused is tried again, and not taken back', async () => {
  backend.todos = Array.from({ length: 400 }, (_, k) => todo({ key: k + 1 }));
  const controller = new TodoPageController(backend, screenless, null);
  await controller.list.refresh();
  controller.selection.activate(1);
  await controller.list.load(350);
  await controller.selection.extend(controller.list.layout.at(350)!);
  backend.refuse = 'The disk is full.';
  controller.execute('read');
  await waitFor(() => expect(controller.notices).toEqual(['The disk is full.']));
  controller.execute('read');
  await waitFor(() => expect(backend.acted).toHaveLength(1));
  expect(backend.acted[0]).toMatchObject({ do: 'read', read: true });
});
