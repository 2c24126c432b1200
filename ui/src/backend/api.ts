import { t } from '../i18n/locale.svelte';

/** How long an answer may take, in milliseconds. */
export const PATIENCE = 15_000;

/** What a server answered. */
export interface Answer {
  ok: boolean;
  status: number;
  /** The body, if it is JSON. */
  said: unknown;
}

/** The JSON API of the server that served the page. Every answer comes in time or not at all. */
export class Api {
  /** Who asks; nobody is named without it. */
  token: string | null = null;

  /**
   * Rejects with a sentence where no whole answer comes in time. What the server makes of a change
   * is not known then.
   */
  async ask(path: string, change?: { method: 'PATCH' | 'POST'; body: unknown }): Promise<Answer> {
    const headers = new Headers();
    if (this.token !== null) headers.set('authorization', `Bearer ${this.token}`);
    if (change) headers.set('content-type', 'application/json');
    const how: RequestInit = change
      ? { method: change.method, body: JSON.stringify(change.body), headers }
      : { headers };
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE);
    try {
      const answer = await fetch(new URL(path, document.baseURI), { ...how, signal: late.signal });
      return { ok: answer.ok, status: answer.status, said: parsed(await answer.text()) };
    } catch {
      if (!late.signal.aborted) throw new Error(t('web-unreachable'));
      const seconds = PATIENCE / 1_000;
      throw new Error(t(change ? 'web-late-change' : 'web-late', { seconds }));
    } finally {
      clearTimeout(timer);
    }
  }

  /** As `ask`; rejects with the server's own sentence where it refuses. */
  async must(...asked: Parameters<Api['ask']>): Promise<Answer> {
    const answer = await this.ask(...asked);
    if (!answer.ok) throw new Error(refusal(answer));
    return answer;
  }
}

/** Why a server refused, as a sentence: its own where it has one. */
export function refusal({ said, status }: Answer): string {
  const detail = typeof said === 'object' && said !== null && 'detail' in said ? said.detail : null;
  if (typeof detail === 'string' && detail !== '') return detail;
  return t('web-refused', { status });
}

/** JSON, or nothing that is known. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
