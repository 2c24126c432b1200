/** The settings window with a fake app, for the tests of what is in it. */
import { cleanup, render, screen, within } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, vi } from 'vitest';
import App from '../src/App.svelte';
import { setLocale } from '../src/i18n/locale.svelte';
import { FakeBackend, FakeDesktop, configured, source } from './fake';

export let backend: FakeBackend;
export let desktop: FakeDesktop;
export let user: UserEvent;

/** A window of its own for each test of a file. */
export function prepare(): void {
  beforeEach(() => {
    backend = new FakeBackend();
    desktop = backend.desktop ?? new FakeDesktop(backend);
    user = userEvent.setup();
    location.hash = '#settings';
  });
  afterEach(() => {
    vi.useRealTimers();
    cleanup();
    void setLocale('en');
    document.body.innerHTML = '';
  });
}

/** Opens it with these sources. */
export async function open(...sources: ReturnType<typeof configured>[]): Promise<void> {
  desktop.kept.sources = sources;
  backend.sources = sources.map(({ id, name }) => source({ id, name }));
  render(App, { backend });
  await screen.findByRole('heading', { level: 1 });
}

export function part(name: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

export const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name);

/** Writes into a field in place of what it holds, and leaves it. */
export async function write(name: string, text: string): Promise<void> {
  await user.clear(field(name));
  await user.type(field(name), `${text}{Tab}`);
}

/** Goes to a place in the settings. */
export const go = (name: string) =>
  user.click(within(screen.getByRole('navigation')).getByRole('button', { name }));
