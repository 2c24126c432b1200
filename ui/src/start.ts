import type { Backend } from './backend/backend';
import type { Listing } from './backend/types/Listing';
import type { News } from './backend/types/News';
import { EVERYTHING } from './todos/filter';
import { recallGrouping } from './todos/grouping';
import { PAGE } from './todos/sheet';

/** What the to-do page shows at first. */
export interface Start {
  listing: Listing | null;
  news: News | null;
}

/**
 * Asks the app for it before the page is made, so that what is drawn first has the to-dos already.
 * What is not answered the page asks for itself, as it does for all that is newer.
 */
export async function start(backend: Backend): Promise<Start> {
  if (!backend.app || location.hash === '#settings') return { listing: null, news: null };
  const query = { ...EVERYTHING, by: recallGrouping(), offset: 0, limit: PAGE };
  const [listing, news] = await Promise.allSettled([backend.list(query), backend.news()]);
  return { listing: answer(listing), news: answer(news) };
}

function answer<T>(asked: PromiseSettledResult<T | null>): T | null {
  return asked.status === 'fulfilled' ? asked.value : null;
}
