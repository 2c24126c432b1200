import { errorMessage } from '../platform/errors';
import type { App } from '../backend/backend';
import type { SourceId } from '../backend/types/SourceId';
import type { StreamReport } from '../backend/types/StreamReport';

/** A stream's report, asked for again and again while somebody looks at it. */
export class Watch {
  report = $state.raw<StreamReport | null>(null);
  /** Whether there was an answer. */
  ready = $state(false);
  trouble = $state<string | null>(null);

  readonly #ask: () => Promise<StreamReport | null>;

  constructor(app: Pick<App, 'streamReport'>, source: SourceId) {
    this.#ask = () => app.streamReport(source);
  }

  /** Asks now and every so many milliseconds, until the returned function is called. */
  run(every: number): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      // A window that nobody sees can wait.
      if (!document.hidden) await this.#look();
      if (!over) timer = setTimeout(() => void look(), every);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }

  async #look(): Promise<void> {
    try {
      const latest = await this.#ask();
      // What says the same is the same: nothing that was made of it is made again.
      if (JSON.stringify(latest) !== JSON.stringify(this.report)) this.report = latest;
      this.trouble = null;
    } catch (failure) {
      this.trouble = errorMessage(failure);
    }
    this.ready = true;
  }
}
