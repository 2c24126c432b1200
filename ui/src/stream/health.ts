import type { SourceView } from '../backend/types/SourceView';
import type { StreamState } from '../backend/types/StreamState';
import { hasMessage, t } from '../i18n/locale.svelte';

/** How a source's stream is: well, on its way, in need of a person, or at rest. */
export type Health = 'well' | 'unwell' | 'broken' | 'idle';

export function sourceHealth(source: SourceView): Health {
  const well = stateHealth(source.state);
  return well === 'well' && source.missing_since !== null ? 'unwell' : well;
}

/** The same for a state alone. */
export function stateHealth(state: StreamState): Health {
  switch (state.state) {
    case 'open':
      return 'well';
    case 'connecting':
      // The server took the request, and has nothing to say.
      return state.step === 'head' ? 'well' : 'unwell';
    case 'waiting':
      return isRoutineReconnect(state) ? 'idle' : 'unwell';
    case 'full':
      return 'unwell';
    case 'stopped':
      return 'broken';
    case 'paused':
      return 'idle';
  }
}

/** Between two streams, of which the server ended the first: no attempt failed. */
export function isRoutineReconnect(state: StreamState): boolean {
  return state.state === 'waiting' && state.attempt === 0;
}

/** When the next attempt is planned, if one is. */
export function nextAttempt(state: StreamState): string | null {
  return state.state === 'waiting' || state.state === 'full' ? state.until : null;
}

/** The state in words. Where a countdown follows, they do without the time of the next try. */
export function stateLabel(source: SourceView): string {
  const { state } = source;
  if (state.state === 'full' && state.until !== null) return t('page-full');
  if (state.state !== 'waiting') return source.words;
  const { code, detail } = state.cause;
  const key = `cause-${code}`;
  return t(hasMessage(key) ? key : 'cause-other', { detail: detail ?? '' }).trim();
}
