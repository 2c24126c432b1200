export type Theme = 'system' | 'light' | 'dark';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let current: Theme = 'system';

/** Shows the page in this theme; `system` follows the desktop. */
export function applyTheme(theme: Theme): void {
  current = theme;
  const shown = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shown;
}

dark.addEventListener('change', () => applyTheme(current));
