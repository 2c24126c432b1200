/** The page before a scripted backend, for pictures and for what no server does on request. */
import { mount } from 'svelte';
import DesktopApi from '../src/App.svelte';
import '../src/styles/base.css';
import { applyTheme } from '../src/styles/theme';
import '../src/styles/tokens.css';
import type { FakeBackend } from '../tests/fake';
import { todo } from '../tests/fake';
import { scene } from './fixtures';

declare global {
  interface Window {
    world: FakeBackend;
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
applyTheme('system');
mount(DesktopApi, { target: document.body, props: { backend: window.world } });
