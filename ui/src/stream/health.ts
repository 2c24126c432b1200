import type { SourceView } from '../backend/types/SourceView';
import type { StreamState } from '../backend/types/StreamState';
import { hasMessage, t } from '../i18n/locale.svelte';

/** The health of a stream: fine, recovering, in need of the user, or idle. */
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
      // The server accepted the request and has not sent anything yet.
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

/** Between two streams of which the server ended the first normally: no attempt failed. */
export function isRoutineReconnect(state: StreamState): boolean {
  return state.state === 'waiting' && state.attempt === 0;
}

/** When the next attempt is planned, if one is. */
export function nextAttempt(state: StreamState): string | null {
  return state.state === 'waiting' || state.state === 'full' ? state.until : null;
}

/** The state as a text. Where a countdown follows, without the time of the next attempt. */
export function stateLabel(source: SourceView): string {
  const { state } = source;
  if (state.state === 'full' && state.until !== null) return t('page-full');
  if (state.state !== 'waiting') return source.words;
  const { code, detail } = state.cause;
  const key = `cause-${code}`;
  return t(hasMessage(key) ? key : 'cause-other', { detail: detail ?? '' }).trim();
}
