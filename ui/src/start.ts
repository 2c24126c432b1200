import type { Backend } from './backend/backend';
import type { Listing } from './backend/types/Listing';
import type { News } from './backend/types/News';
import { applyTheme } from './styles/theme';
import { NO_FILTER } from './todos/filter';
import { loadGrouping } from './todos/grouping';
import { queryOf } from './todos/todo-list.svelte';
import { formatNumber } from './i18n/numbers';
import { setLocale, restoreLocale } from './i18n/locale.svelte';

/** Applies the theme and language in the page's address, where the app puts the settings' own. */
export async function applyUrlPreferences(): Promise<void> {
  const params = new URLSearchParams(location.search);
  const [theme, language] = [params.get('theme'), params.get('language')];
  applyTheme(theme === 'light' || theme === 'dark' ? theme : 'system');
  await (language === null ? restoreLocale() : setLocale(language));
}

/** What the to-do page shows at first. */
export interface FirstPage {
  listing: Listing | null;
  news: News | null;
}

/**
 * Requests the first listing before the page is mounted, so that the first frame shows to-dos. What
 * fails is `null`; the page requests it again itself.
 */
export async function loadFirstPage(backend: Backend): Promise<FirstPage> {
  if (!backend.desktop || location.hash === '#settings') return { listing: null, news: null };
  const query = queryOf(NO_FILTER, loadGrouping(), 0);
  const requests = Promise.allSettled([backend.list(query), backend.news()]);
  // The first number formatter takes WebKit as long as all the rows: it is created meanwhile.
  formatNumber(0);
  const [listing, news] = await requests;
  return { listing: valueOf(listing), news: valueOf(news) };
}

function valueOf<T>(result: PromiseSettledResult<T | null>): T | null {
  return result.status === 'fulfilled' ? result.value : null;
}
