import type { Theme } from '../backend/types/Theme';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let wish: Theme = 'system';

/** Shows the page in this theme; `system` follows the desktop. */
export function wear(theme: Theme): void {
  wish = theme;
  const shade = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shade;
}

dark.addEventListener('change', () => wear(wish));
