import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tauriBackend } from '../src/backend/tauri';
import { EVERYTHING } from '../src/todos/filter';

const called: [string, unknown][] = [];

beforeEach(() => {
  called.length = 0;
  mockIPC(
    (command, args) => {
      called.push([command, args]);
      return null;
    },
    { shouldMockEvents: true },
  );
});
afterEach(clearMocks);

test('every wish is a command of the app', async () => {
  const { app, ...backend } = tauriBackend();
  const query = { ...EVERYTHING, offset: 0, limit: 100 };
  const settings = {
    general: { language: 'en', theme: 'dark', autostart: true },
    notifications: { enabled: true, private: false },
    sources: [],
  } as const;
  await backend.list(query);
  await backend.news();
  await backend.act({ do: 'read-all' });
  await backend.openTodo(7);
  await app?.settings();
  await app?.saveSettings({ ...settings, sources: [] });
  await app?.setToken('work', 'secret');
  await app?.probe('https://a.example', null, 'work');
  await app?.openSettings();
  await app?.openTodos();
  await app?.closeWindow();
  await app?.startDemo();
  await app?.testToast();
  await app?.initialTodo();
  expect(called).toEqual([
    ['list', { query }],
    ['news', {}],
    ['act', { action: { do: 'read-all' } }],
    ['open_todo', { key: 7 }],
    ['settings', {}],
    ['save_settings', { settings }],
    ['set_token', { source: 'work', token: 'secret' }],
    ['probe', { url: 'https://a.example', token: null, source: 'work' }],
    ['open_settings', {}],
    ['open_todos', {}],
    ['close_window', {}],
    ['start_demo', {}],
    ['test_toast', {}],
    ['initial_todo', {}],
  ]);
});

test('news and to-dos to show are heard until they are forgotten', async () => {
  const backend = tauriBackend();
  const heard: unknown[] = [];
  const forget = await backend.onNews((news) => heard.push(news));
  await backend.app?.onShowTodo((key) => heard.push(key));
  await emit('news', { unread: 3 });
  await emit('show-todo', 12);
  expect(heard).toEqual([{ unread: 3 }, 12]);
  forget();
  await emit('news', { unread: 4 });
  expect(heard).toHaveLength(2);
});
