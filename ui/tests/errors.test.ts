import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import App from '../src/App.svelte';
import { webBackend } from '../src/backend/web';
import { listenForErrors, setErrorLog, captureError } from '../src/platform/errors';
import { NO_FILTER } from '../src/todos/filter';
import { t } from '../src/i18n/locale.svelte';
import { FakeBackend, todo } from './fake';

let backend: FakeBackend;
beforeEach(() => {
  backend = new FakeBackend();
  location.hash = '#todos';
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  setErrorLog(null);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

test('a list that cannot be read is never called done', async () => {
  backend.down = 'The inbox cannot be read.';
  backend.todos = [todo({ key: 1 })];
  render(App, { backend });
  await screen.findByText('The inbox cannot be read.');
  expect(screen.queryByRole('heading', { name: 'All done' })).toBeNull();
});

test('settings that cannot be had are said, until they can be', async () => {
  const desktop = backend.desktop!;
  const real = desktop.settings.bind(desktop);
  desktop.settings = () => Promise.reject('The settings cannot be read.');
  render(App, { backend });
  await screen.findByText('The settings cannot be read.');
  desktop.settings = real;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(screen.queryByText('The settings cannot be read.')).toBeNull());
});

describe('no promise is rejected into nothing', () => {
  const rejected: unknown[] = [];
  const listener = (reason: unknown) => rejected.push(reason);
  beforeEach(() => {
    rejected.length = 0;
    process.on('unhandledRejection', listener);
  });
  afterEach(async () => {
    await new Promise((next) => setTimeout(next));
    process.off('unhandledRejection', listener);
    expect(rejected).toEqual([]);
  });

  test('by the to-dos', async () => {
    backend.desktop!.settings = () => Promise.reject('no settings');
    backend.desktop!.initialTodo = () => Promise.reject('no to-do');
    backend.onShowTodo = () => Promise.reject('no clicks on toasts');
    backend.news = () => Promise.reject('no news');
    backend.todos = [todo({ key: 1 })];
    render(App, { backend }).unmount();
    render(App, { backend });
    await screen.findByText('no to-do');
    await screen.findByText('no clicks on toasts');
  });

  test('by the settings', async () => {
    location.hash = '#settings';
    backend.desktop!.initialAbout = () => Promise.reject('no start');
    backend.desktop!.onShowAbout = () => Promise.reject('no later news');
    render(App, { backend }).unmount();
    render(App, { backend });
    await screen.findByText('no later news');
  });

  test('by a window that cannot be closed', async () => {
    location.hash = '#settings';
    backend.desktop!.closeWindow = () => Promise.reject('The window stays.');
    render(App, { backend });
    await screen.findByRole('heading', { level: 1 });
    await userEvent.keyboard('{Escape}');
    await screen.findByText('The window stays.');
  });
});

test('a page that hears of nothing new says so, and hears again', async () => {
  const real = backend.onNews.bind(backend);
  backend.onNews = () => Promise.reject('Nothing new can be heard of.');
  backend.todos = [todo({ key: 1 })];
  render(App, { backend });
  const error = () => document.querySelector('[data-part="app-trouble"]');
  await waitFor(() => expect(error()?.textContent).toContain('Nothing new can be heard of.'));
  backend.onNews = real;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(error()).toBeNull());
  backend.desktop!.kept.general.theme = 'dark';
  backend.tell({ settings_changed: true });
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
});

test('an error while drawing leaves a sentence and a way back', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  backend.todos = [todo({ key: 1, title: null as unknown as string })];
  render(App, { backend });
  await screen.findByRole('heading', { name: 'This page has met an error' });
  backend.todos = [todo({ key: 1 })];
  await userEvent.click(screen.getByRole('button', { name: 'Show it again' }));
  await waitFor(() => expect(document.querySelector('[data-todo-key="1"]')).not.toBeNull());
});

test('what nobody caught is heard', () => {
  const heard: unknown[] = [];
  const end = listenForErrors((fault) => heard.push(fault));
  window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: 'one' }));
  window.dispatchEvent(Object.assign(new Event('error'), { error: 'two', message: '' }));
  end();
  window.dispatchEvent(Object.assign(new Event('error'), { error: 'three', message: '' }));
  expect(heard).toEqual(['one', 'two']);
});

describe('the app’s log', () => {
  const logged: [string, string][] = [];
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    logged.length = 0;
    setErrorLog(async (what, at) => void logged.push([what, at]));
  });
  afterEach(() => vi.useRealTimers());

  test('hears of what nobody caught, and where it was', () => {
    const end = listenForErrors();
    const error = new TypeError("undefined is not an object (evaluating 'todo.title.length')");
    error.stack =
      'fits@tauri://localhost/assets/index-Bq3.js:1:204\n@tauri://localhost/assets/index-Bq3.js:7:9';
    window.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: error }));
    end();
    expect(logged).toEqual([
      [
        "TypeError: undefined is not an object (evaluating 'todo.title.length')",
        'index-Bq3.js:1:204 < index-Bq3.js:7:9',
      ],
    ]);
  });

  test('hears of an error while drawing', async () => {
    backend.todos = [todo({ key: 1, title: null as unknown as string })];
    render(App, { backend });
    await screen.findByRole('heading', { name: 'This page has met an error' });
    expect(logged[0]?.[0]).toMatch(/^TypeError: /);
  });

  test.each([
    new SyntaxError(`Unexpected token 'S', "Salary of Mei" is not valid JSON`),
    new SyntaxError('JSON Parse error: Unexpected identifier "Salary"'),
    new Error('Keyed each block has duplicate key `Salary of Mei` at indexes 0 and 1'),
    new Error("no to-do 'Salary of Mei'"),
    new Error("no to-do 'Salary'"),
    new Error("no to-do 'Mei's salary', Salary"),
    new Error(`${'x'.repeat(480)} "Salary of Mei and of all others"`),
    new Error('“Salary of Mei” was refused'),
    'Salary of Mei was refused',
    { title: 'Salary of Mei' },
  ])('hears nothing of a to-do in %s', (fault) => {
    captureError(fault);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toMatch(/salary|Mei/i);
  });

  test('is not filled by a page that fails all the time, and hears of it again later', () => {
    vi.useFakeTimers();
    for (let k = 0; k < 1_000; k++) captureError(new Error('again'));
    expect(logged).toHaveLength(10);
    vi.advanceTimersByTime(60_000);
    captureError(new Error('x'.repeat(100_000)));
    expect(logged).toHaveLength(11);
    expect(logged.at(-1)?.[0].length).toBeLessThan(600);
  });

  test('that cannot be reached is no fault of its own', async () => {
    const rejected: unknown[] = [];
    const listener = (reason: unknown) => rejected.push(reason);
    process.on('unhandledRejection', listener);
    setErrorLog(() => Promise.reject('no app'));
    captureError(new Error('one'));
    await new Promise((next) => setTimeout(next));
    process.off('unhandledRejection', listener);
    expect(rejected).toEqual([]);
  });
});

test('a message that lacks a value is said as far as it goes', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(t('page-unread-count')).toContain('unread');
  expect(said).toHaveBeenCalled();
});

test('a to-do that is gone is said to be gone', async () => {
  backend.desktop!.first = 99;
  backend.todos = [todo({ key: 1 })];
  render(App, { backend });
  await screen.findByText('This to-do is no longer here.');
});

test('the done ones are asked for again after a failure', async () => {
  // What it plans for later would find no window any more.
  vi.useFakeTimers();
  class Stream extends EventTarget {
    close() {}
  }
  vi.stubGlobal('EventSource', Stream);
  let asked = 0;
  vi.stubGlobal('fetch', async () => {
    asked++;
    if (asked === 1) throw new TypeError('Failed to fetch');
    if (asked === 2) return new Response('', { status: 502 });
    return Response.json({ todos: [{ id: 'x', title: 'Old', status: 'done' }], next: null });
  });
  const backend = webBackend();
  const query = { ...NO_FILTER, done: true, offset: 0, limit: 10 };
  await expect(backend.list(query)).rejects.toThrow();
  await expect(backend.list(query)).rejects.toThrow();
  expect((await backend.list(query)).total).toBe(1);
});
