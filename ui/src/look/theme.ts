import type { Theme } from '../backend/types/Theme';
import { keep, recall } from '../shared/kept';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let wish: Theme = 'system';

/** Shows the page in this theme, and begins with it the next time; `system` follows the desktop. */
export function wear(theme: Theme): void {
  wish = theme;
  keep('theme', theme);
  show();
}

/** Shows the page in the theme of the last time. */
export function wearAsRemembered(): void {
  const kept = recall('theme');
  wish = kept === 'light' || kept === 'dark' ? kept : 'system';
  show();
}

function show(): void {
  const shade = wish === 'system' ? (dark.matches ? 'dark' : 'light') : wish;
  document.documentElement.dataset.theme = shade;
}

dark.addEventListener('change', show);
