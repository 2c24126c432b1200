import { createSubscriber } from 'svelte/reactivity';

/** The time, for whoever shows it: ticks only while it is read. */
class Clock {
  readonly #follow: () => void;

  constructor(every: number) {
    this.#follow = createSubscriber((update) => {
      const timer = setInterval(update, every);
      return () => clearInterval(timer);
    });
  }

  /** Milliseconds since 1970. */
  get now(): number {
    this.#follow();
    return Date.now();
  }
}

/** For relative times. */
export const minutes = new Clock(20_000);
/** For what counts down. */
export const seconds = new Clock(1_000);
