import { t } from '../i18n/locale.svelte';
import { member, parseJson } from './json';

/** How long a response may take, in milliseconds. */
export const TIMEOUT_MS = 15_000;

/** A server's response. */
export interface ApiResponse {
  ok: boolean;
  status: number;
  /** The body, if it is JSON. */
  body: unknown;
}

/** The JSON API of the server that served the page. Every request ends within `TIMEOUT_MS`. */
export class Api {
  /** The bearer token; requests are anonymous without it. */
  token: string | null = null;

  /**
   * Rejects with a message to be shown when no complete response arrives in time. Whether the
   * server has made a change is unknown then.
   */
  async send(
    path: string,
    change?: { method: 'PATCH' | 'POST'; body: unknown },
  ): Promise<ApiResponse> {
    const headers = new Headers();
    if (this.token !== null) headers.set('authorization', `Bearer ${this.token}`);
    if (change) headers.set('content-type', 'application/json');
    const init: RequestInit = change
      ? { method: change.method, body: JSON.stringify(change.body), headers }
      : { headers };
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const answer = await fetch(new URL(path, document.baseURI), {
        ...init,
        signal: abort.signal,
      });
      return { ok: answer.ok, status: answer.status, body: parseJson(await answer.text()) };
    } catch {
      if (!abort.signal.aborted) throw new Error(t('web-unreachable'));
      const seconds = TIMEOUT_MS / 1_000;
      throw new Error(t(change ? 'web-late-change' : 'web-late', { seconds }));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Like `send`, but rejects with the server's own message where it refuses. */
  async sendChecked(...asked: Parameters<Api['send']>): Promise<ApiResponse> {
    const answer = await this.send(...asked);
    if (!answer.ok) throw new Error(refusalMessage(answer));
    return answer;
  }
}

/** Why a server refused, as a message to be shown: its own where it has one. */
export function refusalMessage({ body, status }: ApiResponse): string {
  const detail = member(body, 'detail');
  if (typeof detail === 'string' && detail !== '') return detail;
  return t('web-refused', { status });
}
