import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import App from '../src/App.svelte';
import type { Source } from '../src/backend/types/Source';
import { SettingsStore } from '../src/settings/settings-store.svelte';
import { FakeBackend, FakeDesktop, configured, source } from './fake';

let backend: FakeBackend;
let desktop: FakeDesktop;
beforeEach(() => {
  backend = new FakeBackend();
  desktop = backend.desktop!;
  location.hash = '#settings';
});
afterEach(() => {
  cleanup();
  document.body.innerHTML = '';
});

const title = () => screen.getByRole('heading', { level: 1 }).textContent;

/** The settings window at the source Work, beside which there is HR. */
async function atWork(): Promise<HTMLInputElement> {
  desktop.kept.sources = [configured(), configured({ id: 'hr', name: 'HR' })];
  backend.sources = [source(), source({ id: 'hr', name: 'HR' })];
  render(App, { backend });
  await waitFor(() => expect(title()).toBe('Work'));
  return screen.getByLabelText<HTMLInputElement>('Name');
}

function hrBreaks() {
  const cause = { code: 'sign-in', detail: null };
  const broken = source({ id: 'hr', name: 'HR', state: { state: 'stopped', cause } });
  backend.sources = [source(), broken];
  backend.tell({ todos_changed: false });
}

test('a refused change does not take the next one with it', async () => {
  desktop.saveSettings = async (settings) => {
    await Promise.resolve();
    if (settings.general.theme === 'dark') throw 'Dark is refused.';
    desktop.kept = structuredClone(settings);
  };
  const store = new SettingsStore(desktop);
  await store.load();
  const [dark, start] = await Promise.all([
    store.tryChange((s) => ({ ...s, general: { ...s.general, theme: 'dark' } })),
    store.tryChange((s) => ({ ...s, general: { ...s.general, autostart: true } })),
  ]);
  expect([dark, start]).toEqual(['Dark is refused.', null]);
  expect(desktop.kept.general).toMatchObject({ theme: 'system', autostart: true });
  expect(store.settings?.general).toMatchObject({ theme: 'system', autostart: true });
});

test('a load that failed is no longer told when one went well', async () => {
  const store = new SettingsStore(desktop);
  const real = desktop.settings.bind(desktop);
  desktop.settings = () => Promise.reject('The settings cannot be read.');
  await store.load();
  expect(store.error).toBe('The settings cannot be read.');
  desktop.settings = real;
  await store.load();
  expect(store.error).toBeNull();
});

test('the window stays at a source while another one breaks', async () => {
  const name = await atWork();
  await userEvent.clear(name);
  await userEvent.type(name, 'Offi');
  hrBreaks();
  await waitFor(() => expect(document.querySelectorAll('[data-part="trouble"]')).toHaveLength(0));
  expect(title()).not.toBe('HR');
  expect(name.isConnected).toBe(true);
});

test('a name that is being typed lands on its own source', async () => {
  const name = await atWork();
  await userEvent.clear(name);
  await userEvent.type(name, 'Office');
  hrBreaks();
  await waitFor(() => expect(desktop.kept.sources[0]?.name).toBe('Office'), { timeout: 10_000 });
  expect(desktop.kept.sources.map(({ name }: Source) => name)).toEqual(['Office', 'HR']);
});

test('the secret of a removed source is not that of a new one with its name', async () => {
  desktop.kept.sources = [configured({ name: 'Work' })];
  desktop.tokens.set('work', 'old-secret');
  const store = new SettingsStore(desktop);
  await store.load();
  await store.removeSource('work');
  expect(store.newId('Work')).toBe('work-2');
});
