/** The page with a fake backend, for pictures and for what no server does on request. */
import { mount } from 'svelte';
import App from '../src/App.svelte';
import '../src/styles/base.css';
import { applyTheme } from '../src/styles/theme';
import '../src/styles/tokens.css';
import type { FakeBackend } from '../tests/fake';
import { todo } from '../tests/fake';
import { setLocale } from '../src/i18n/locale.svelte';
import { fixture } from './fixtures';

declare global {
  interface Window {
    backend: FakeBackend;
    todo: typeof todo;
    harmed?: unknown;
    /** How long the last painting took, in milliseconds. */
    painted?: number | undefined;
  }
}

const asked = new URLSearchParams(location.search);
window.backend = fixture(
  asked.get('fixture') ?? 'office',
  asked.get('language') === 'zh-CN' ? 'zh-CN' : 'en',
);
window.todo = todo;
applyTheme('system');
await setLocale(asked.get('language') ?? 'en');
mount(App, { target: document.body, props: { backend: window.backend } });
