/** The page before a scripted backend, for pictures and for what no server does on request. */
import { mount } from 'svelte';
import App from '../src/App.svelte';
import '../src/look/base.css';
import { wear } from '../src/look/theme';
import '../src/look/tokens.css';
import type { Scripted } from '../tests/scripted';
import { todo } from '../tests/scripted';
import { scene } from './scenes';

declare global {
  interface Window {
    world: Scripted;
    todo: typeof todo;
    harmed?: unknown;
    /** How long the last painting took, in milliseconds. */
    painted?: number | undefined;
  }
}

const asked = new URLSearchParams(location.search);
window.world = scene(
  asked.get('scene') ?? 'office',
  asked.get('language') === 'zh-CN' ? 'zh-CN' : 'en',
);
window.todo = todo;
wear('system');
mount(App, { target: document.body, props: { backend: window.world } });
