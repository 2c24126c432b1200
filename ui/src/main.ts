import { mount } from 'svelte';
import App from './App.svelte';
import type { Backend } from './backend/backend';
import './look/tokens.css';
import './look/base.css';
import { wear } from './look/theme';

wear('system');
mount(App, { target: document.body, props: { backend: await backend() } });

async function backend(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) {
    return (await import('./backend/tauri')).tauriBackend();
  }
  return (await import('./backend/web')).webBackend();
}
