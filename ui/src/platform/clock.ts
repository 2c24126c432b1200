import { createSubscriber } from 'svelte/reactivity';

/** The current time as reactive state: ticks only while something reads it. */
class Clock {
  readonly #subscribe: () => void;

  constructor(every: number) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, every);
      return () => clearInterval(timer);
    });
  }

  /** Milliseconds since 1970. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

/** For relative times. */
export const minutes = new Clock(20_000);
/** For what counts down. */
export const seconds = new Clock(1_000);
