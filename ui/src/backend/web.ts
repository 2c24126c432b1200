import type { Backend } from './backend';

/** The server that served the page, through the browser's own EventSource. */
export function webBackend(): Backend {
  throw new Error('Belldot runs as a desktop app only, so far.');
}
