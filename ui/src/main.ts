import { mount } from 'svelte';
import App from './App.svelte';
import type { Backend } from './backend/backend';
import { isInDesktopApp, logError, tauriBackend } from './backend/tauri';
import { listenForErrors, setErrorLog } from './platform/errors';
import { applyUrlPreferences, loadFirstPage } from './start';
import './styles/tokens.css';
import './styles/base.css';

if (isInDesktopApp()) setErrorLog(logError);
listenForErrors();
// The messages are under way while the rest is loaded.
const locale = applyUrlPreferences();
const backend = await createBackend();
const [first] = await Promise.all([loadFirstPage(backend), stylesheetsLoaded(), locale]);
mount(App, { target: document.body, props: { backend, start: first } });

async function createBackend(): Promise<Backend> {
  if (isInDesktopApp()) return tauriBackend();
  return (await import('./backend/web')).webBackend();
}

/** WebKit starts modules before the style sheets beside them are loaded: nothing shows unstyled. */
async function stylesheetsLoaded(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  const pending = links.filter((link) => !link.sheet);
  await Promise.all(
    pending.map((link) => new Promise((done) => (link.onload = link.onerror = done))),
  );
}
