/** The hub in a worker that all tabs of the page share. */
import { StreamHub } from './stream-hub';

const hub = new StreamHub();

// TypeScript's library has either the names of pages or those of workers.
(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports }) => {
  const port = ports[0];
  if (!port) return;
  const handle = hub.connect((message) => port.postMessage(message));
  port.onmessage = ({ data }) => handle(data);
  // A tab says that it leaves; one that crashed cannot.
  port.addEventListener('close', () => handle({ type: 'leave' }));
};
