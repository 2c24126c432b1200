import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { emit } from '@tauri-apps/api/event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { logError, tauriBackend } from '../src/backend/tauri';
import { NO_FILTER } from '../src/todos/filter';
import { FakeBackend, FakeDesktop } from './fake';

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
  const { desktop, ...backend } = tauriBackend();
  const query = { ...NO_FILTER, offset: 0, limit: 100 };
  const { kept: settings } = new FakeDesktop(new FakeBackend());
  const samples = [{ kind: 'message', data: 'Sign', id: '1' }];
  await backend.list(query);
  await backend.news();
  await backend.act({ do: 'read-all' });
  await backend.openTodo(7);
  await desktop?.settings();
  await desktop?.saveSettings(settings);
  await desktop?.setToken('work', 'secret');
  await desktop?.address('a.example');
  await desktop?.probe('https://a.example', 'token', null, 'work');
  await desktop?.openSettings();
  await desktop?.openTodos();
  await desktop?.closeWindow();
  await desktop?.startDemo();
  await desktop?.testToast();
  await desktop?.initialTodo();
  await backend.position(query, 7);
  await desktop?.preview('auto', samples);
  const lesson = { say: 'leave-out' as const };
  await desktop?.teach('auto', samples, 0, lesson);
  await desktop?.streamReport('work');
  await desktop?.diagnosis();
  await desktop?.exportInbox('calendar');
  await desktop?.exportSettings();
  await desktop?.importSettings('sources = []');
  await desktop?.openFolder('logs');
  await desktop?.setProxyPassword('secret');
  await desktop?.initialAbout();
  expect(called).toEqual([
    ['list', { query }],
    ['news', {}],
    ['act', { action: { do: 'read-all' } }],
    ['open_todo', { key: 7 }],
    ['settings', {}],
    ['save_settings', { settings }],
    ['set_token', { source: 'work', token: 'secret' }],
    ['address', { text: 'a.example' }],
    ['probe', { url: 'https://a.example', signIn: 'token', secret: null, source: 'work' }],
    ['open_settings', {}],
    ['open_todos', {}],
    ['close_window', {}],
    ['start_demo', {}],
    ['test_toast', {}],
    ['initial_todo', {}],
    ['position', { query, key: 7 }],
    ['preview', { format: 'auto', samples }],
    ['teach', { format: 'auto', samples, which: 0, lesson }],
    ['stream_report', { source: 'work' }],
    ['diagnosis', {}],
    ['export_inbox', { kind: 'calendar' }],
    ['export_settings', {}],
    ['import_settings', { text: 'sources = []' }],
    ['open_folder', { which: 'logs' }],
    ['set_proxy_password', { password: 'secret' }],
    ['initial_about', {}],
  ]);
});

test('news and to-dos to show are heard until they are forgotten', async () => {
  const backend = tauriBackend();
  const heard: unknown[] = [];
  const forget = await backend.onNews((news) => heard.push(news));
  await backend.onShowTodo((key) => heard.push(key));
  await backend.desktop?.onShowAbout(() => heard.push('about'));
  await emit('news', { unread: 3 });
  await emit('show-todo', 12);
  await emit('show-about');
  expect(heard).toEqual([{ unread: 3 }, 12, 'about']);
  forget();
  await emit('news', { unread: 4 });
  expect(heard).toHaveLength(3);
});

test('what holds is asked for only once its news can be heard', async () => {
  let begin = (_id: number) => {};
  mockIPC((command) => {
    called.push([command, null]);
    return command === 'plugin:event|listen' ? new Promise<number>((done) => (begin = done)) : null;
  });
  const backend = tauriBackend();
  void backend.onNews(() => {});
  const news = backend.news();
  await new Promise((later) => setTimeout(later));
  expect(called).toEqual([['plugin:event|listen', null]]);
  begin(1);
  await news;
  expect(called.at(-1)).toEqual(['news', null]);
});

test('a fault of the page goes to the app’s log', async () => {
  await logError('Error: no', 'index.js:1:2');
  expect(called).toEqual([['page_fault', { what: 'Error: no', at: 'index.js:1:2' }]]);
});
