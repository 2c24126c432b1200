import type { Backend } from './backend/backend';
import type { Listing } from './backend/types/Listing';
import type { News } from './backend/types/News';
import { applyTheme } from './styles/theme';
import { EVERYTHING } from './todos/filter';
import { loadGrouping } from './todos/grouping';
import { queryOf } from './todos/todo-list.svelte';
import { formatNumber } from './i18n/numbers';
import { setLocale, restoreLocale } from './i18n/locale.svelte';

/** Has the page look, and speak, as its address says: the app knows the settings already. */
export function applyUrlPreferences(): void {
  const given = new URLSearchParams(location.search);
  const [theme, language] = [given.get('theme'), given.get('language')];
  applyTheme(theme === 'light' || theme === 'dark' ? theme : 'system');
  if (language === null) restoreLocale();
  else setLocale(language);
}

/** What the to-do page shows at first. */
export interface Start {
  listing: Listing | null;
  news: News | null;
}

/**
 * Asks the app for it before the page is made, so that what is drawn first has the to-dos already.
 * What is not answered the page asks for itself, as it does for all that is newer.
 */
export async function loadFirstPage(backend: Backend): Promise<Start> {
  if (!backend.app || location.hash === '#settings') return { listing: null, news: null };
  const query = queryOf(EVERYTHING, loadGrouping(), 0);
  const asked = Promise.allSettled([backend.list(query), backend.news()]);
  // The first number put into words takes WebKit as long as all the rows: it is made meanwhile.
  formatNumber(0);
  const [listing, news] = await asked;
  return { listing: answer(listing), news: answer(news) };
}

function answer<T>(asked: PromiseSettledResult<T | null>): T | null {
  return asked.status === 'fulfilled' ? asked.value : null;
}
