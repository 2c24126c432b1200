import { mount } from 'svelte';
import App from './App.svelte';
import type { Backend } from './backend/backend';
import { inApp, logFault, tauriBackend } from './backend/tauri';
import { hearFaults, logFaultsTo } from './shared/faults';
import { dress, start } from './start';
import './look/tokens.css';
import './look/base.css';

if (inApp()) logFaultsTo(logFault);
hearFaults();
dress();
const chosen = await backend();
const [first] = await Promise.all([start(chosen), dressed()]);
mount(App, { target: document.body, props: { backend: chosen, start: first } });

async function backend(): Promise<Backend> {
  if (inApp()) return tauriBackend();
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
