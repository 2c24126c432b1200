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
applyUrlPreferences();
const chosen = await backend();
const [first] = await Promise.all([loadFirstPage(chosen), dressed()]);
mount(App, { target: document.body, props: { backend: chosen, start: first } });

async function backend(): Promise<Backend> {
  if (isInDesktopApp()) return tauriBackend();
  return (await import('./backend/web')).webBackend();
}

/** WebKit starts modules before the style sheets beside them are there: nothing shows undressed. */
async function dressed(): Promise<void> {
  const sheets = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')];
  const coming = sheets.filter((link) => !link.sheet);
  await Promise.all(
    coming.map((link) => new Promise((done) => (link.onload = link.onerror = done))),
  );
}
