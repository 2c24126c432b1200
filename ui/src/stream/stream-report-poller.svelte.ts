import { errorMessage } from '../platform/errors';
import type { DesktopApi } from '../backend/backend';
import type { SourceId } from '../backend/types/SourceId';
import type { StreamReport } from '../backend/types/StreamReport';

/** Polls a stream's report while it is shown. */
export class StreamReportPoller {
  report = $state.raw<StreamReport | null>(null);
  /** Whether a response has arrived, or failed. */
  ready = $state(false);
  error = $state<string | null>(null);

  readonly #ask: () => Promise<StreamReport | null>;

  constructor(desktop: Pick<DesktopApi, 'streamReport'>, source: SourceId) {
    this.#ask = () => desktop.streamReport(source);
  }

  /** Polls now and every so many milliseconds, until the returned function is called. */
  start(every: number): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const poll = async () => {
      // A hidden window does not poll.
      if (!document.hidden) await this.#poll();
      if (!stopped) timer = setTimeout(() => void poll(), every);
    };
    void poll();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }

  async #poll(): Promise<void> {
    try {
      const latest = await this.#ask();
      // An equal report keeps its identity: nothing derived from it is computed again.
      if (JSON.stringify(latest) !== JSON.stringify(this.report)) this.report = latest;
      this.error = null;
    } catch (failure) {
      this.error = errorMessage(failure);
    }
    this.ready = true;
  }
}
