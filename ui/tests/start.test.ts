import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test } from 'vitest';
import App from '../src/App.svelte';
import { wear, wearAsRemembered } from '../src/look/theme';
import { start } from '../src/start';
import { speak } from '../src/words/words.svelte';
import { Scripted, todo } from './scripted';

let world: Scripted;

beforeEach(() => {
  world = new Scripted();
  world.todos = [todo({ key: 1, title: 'Sign the contract' })];
  location.hash = '#todos';
});

afterEach(() => {
  cleanup();
  speak('en');
  wear('system');
  localStorage.clear();
});

test('what was asked for before the page was made is there at its first drawing', async () => {
  const first = await start(world);
  render(App, { backend: world, start: first });
  expect(screen.getByText('Sign the contract')).toBeTruthy();
});

test('the page asks again, so what came meanwhile is not missed', async () => {
  const first = await start(world);
  world.todos = [...world.todos, todo({ key: 2, title: 'Read the policy' })];
  render(App, { backend: world, start: first });
  expect(await screen.findByText('Read the policy')).toBeTruthy();
});

test('the page begins grouped as it was left', async () => {
  localStorage.setItem('belldot-grouping', 'source');
  await start(world);
  expect(world.asked.map((query) => query.by)).toEqual(['source']);
});

test('what is not answered is left to the page', async () => {
  world.down = 'The inbox is away.';
  const first = await start(world);
  expect(first.listing).toBeNull();
  render(App, { backend: world, start: first });
  expect(await screen.findByText('The inbox is away.')).toBeTruthy();
});

test('the settings and a browser begin with nothing', async () => {
  location.hash = '#settings';
  expect(await start(world)).toEqual({ listing: null, news: null });
  location.hash = '#todos';
  world.app = null;
  expect(await start(world)).toEqual({ listing: null, news: null });
  expect(world.asked).toEqual([]);
});

test('a window begins in the language and the theme of the last one', async () => {
  const { app } = world;
  if (app) {
    app.language = 'zh-CN';
    app.kept.general.theme = 'dark';
  }
  render(App, { backend: world });
  await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
  cleanup();
  speak('en');
  document.documentElement.dataset.theme = 'light';

  world.app = null;
  wearAsRemembered();
  render(App, { backend: world });
  expect(document.documentElement.lang).toBe('zh-CN');
  expect(document.documentElement.dataset.theme).toBe('dark');
});
