import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { applyTheme } from '../src/styles/theme';
import { applyUrlPreferences, loadFirstPage } from '../src/start';
import { ROW_HEIGHT } from '../src/todos/list-layout';
import { rememberLocale, setLocale } from '../src/i18n/locale.svelte';
import { FakeBackend, todo } from './fake';

let backend: FakeBackend;

beforeEach(() => {
  backend = new FakeBackend();
  backend.todos = [todo({ key: 1, title: 'Sign the contract' })];
  history.replaceState(null, '', '?#todos');
});

afterEach(() => {
  cleanup();
  void setLocale('en');
  applyTheme('system');
  localStorage.clear();
});

test('what was asked for before the page was made is there at its first drawing', async () => {
  const first = await loadFirstPage(backend);
  render(App, { backend: backend, start: first });
  expect(screen.getByText('Sign the contract')).toBeTruthy();
});

test('rows beyond the window are made after the first drawing', async () => {
  backend.todos = Array.from({ length: 50 }, (_, at) => todo({ key: at + 1 }));
  const first = await loadFirstPage(backend);
  render(App, { backend: backend, start: first });
  const rows = () => document.querySelectorAll('[data-todo-key]').length;
  const [atFirst, fitting] = [rows(), Math.ceil(window.innerHeight / ROW_HEIGHT)];
  expect(atFirst).toBeGreaterThan(0);
  expect(atFirst).toBeLessThanOrEqual(fitting);
  await waitFor(() => expect(rows()).toBeGreaterThan(fitting));
});

test('the page asks again, so what came meanwhile is not missed', async () => {
  const first = await loadFirstPage(backend);
  backend.todos = [...backend.todos, todo({ key: 2, title: 'Read the policy' })];
  render(App, { backend: backend, start: first });
  expect(await screen.findByText('Read the policy')).toBeTruthy();
});

test('the page begins grouped as it was left', async () => {
  localStorage.setItem('belldot-grouping', 'source');
  await loadFirstPage(backend);
  expect(backend.asked.map((query) => query.by)).toEqual(['source']);
});

test('what is not answered is left to the page', async () => {
  backend.down = 'The inbox is away.';
  const first = await loadFirstPage(backend);
  expect(first.listing).toBeNull();
  render(App, { backend: backend, start: first });
  expect(await screen.findByText('The inbox is away.')).toBeTruthy();
});

test('the settings and a browser begin with nothing', async () => {
  location.hash = '#settings';
  expect(await loadFirstPage(backend)).toEqual({ listing: null, news: null });
  location.hash = '#todos';
  backend.desktop = null;
  expect(await loadFirstPage(backend)).toEqual({ listing: null, news: null });
  expect(backend.asked).toEqual([]);
});

test('the page looks and speaks as its address says', () => {
  history.replaceState(null, '', '?language=zh-CN&theme=dark#todos');
  void applyUrlPreferences();
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(document.documentElement.dataset.theme).toBe('dark');
});

test('in a browser it speaks as was chosen the last time', () => {
  void rememberLocale('zh-CN');
  void setLocale('en');
  void applyUrlPreferences();
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(document.documentElement.dataset.theme).toBe('light');
});
