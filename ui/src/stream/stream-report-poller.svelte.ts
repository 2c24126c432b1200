import { errorMessage } from '../platform/errors';
import type { DesktopApi } from '../backend/backend';
import type { SourceId } from '../backend/types/SourceId';
import type { StreamReport } from '../backend/types/StreamReport';

/** A stream's report, asked for again and again while somebody looks at it. */
export class StreamReportPoller {
  report = $state.raw<StreamReport | null>(null);
  /** Whether there was an answer. */
  ready = $state(false);
  error = $state<string | null>(null);

  readonly #ask: () => Promise<StreamReport | null>;

  constructor(desktop: Pick<DesktopApi, 'streamReport'>, source: SourceId) {
    this.#ask = () => desktop.streamReport(source);
  }

  /** Asks now and every so many milliseconds, until the returned function is called. */
  start(every: number): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const poll = async () => {
      // A window that nobody sees can wait.
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
      // What says the same is the same: nothing that was made of it is made again.
      if (JSON.stringify(latest) !== JSON.stringify(this.report)) this.report = latest;
      this.error = null;
    } catch (failure) {
      this.error = errorMessage(failure);
    }
    this.ready = true;
  }
}
